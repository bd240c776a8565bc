"""Exchanges with marked secrets: nothing marked is left, nothing ordinary is hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import absent

from scripts.bench.corpora.exchanges import LATER, OWN, outcome, read_cases, read_written, scored
from voicecare.backends.phones import PhoneNumbers

PHONES = PhoneNumbers()


@pytest.fixture(scope="module")
def cases_dir(data_dir) -> Path:
    folder = data_dir.parent / "cases" / "redaction"
    if not folder.is_dir():
        absent(f"there are no cases at {folder}")
    return folder


@pytest.mark.data
def test_of_the_kept_exchanges_no_secret_word_is_left(cases_dir):
    results = [outcome(case, PHONES) for case in read_cases(cases_dir, "secrets")]
    assert len(results) == 119
    assert [(str(result.case), result.left) for result in results if result.left] == []


@pytest.mark.data
def test_of_the_kept_ordinary_talk_nothing_is_hidden(cases_dir):
    results = [outcome(case, PHONES) for case in read_cases(cases_dir, "ordinary")]
    assert len(results) == 76
    assert [(str(result.case), result.hidden) for result in results if result.hidden] == []


@pytest.mark.parametrize(("folder", "most"), [(OWN, 2), (LATER[0], 1), (LATER[1], 0)])
def test_of_our_own_exchanges_no_more_is_left_than_is_known(folder, most):
    left = [str(case) for case in read_cases(folder, "secrets") if outcome(case, PHONES).left]
    assert len(left) <= most, left


@pytest.mark.parametrize(("folder", "most"), [(OWN, 0), (LATER[0], 1), (LATER[1], 0)])
def test_of_our_own_ordinary_talk_no_more_is_hidden_than_is_known(folder, most):
    hidden = [str(case) for case in read_cases(folder, "ordinary") if outcome(case, PHONES).hidden]
    assert len(hidden) <= most, hidden


def test_a_secret_that_is_left_is_noticed(tmp_path):
    path = tmp_path / "secrets.txt"
    path.write_text("name\tC: this is {Jack} | A: hello\ncard@zh\tC: #卡號{4111111111111111}\n", encoding="utf-8")
    named, card = (outcome(case, PHONES) for case in read_written(path))
    assert (named.left, named.hidden) == (("Jack",), ())
    assert card.left == ()
    assert scored([named, card]) == {"promised before": "1/2", "card": "1/1", "name": "0/1"}


def test_what_is_hidden_for_nothing_is_noticed(tmp_path):
    path = tmp_path / "ordinary.txt"
    path.write_text("C: my card number is 4111 1111 1111 1111\n", encoding="utf-8")
    assert outcome(read_written(path)[0], PHONES).hidden == ("4111", "1111", "1111", "1111")
