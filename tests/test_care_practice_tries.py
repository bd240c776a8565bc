"""Of a try a story and three numbers stay, where the agent asked for it; a new one takes its place."""

from __future__ import annotations

import stat

import pytest

from voicecare.care.practice.tries import Try, erase, forget, keep, kept, last, path_of
from voicecare.errors import InputError
from voicecare.types import Reason

ONE = Try((Reason("strain_rose", (16_000,)), Reason("still_up")), 2, None, "hot", "warm")
TWO = Try((Reason("calm_call"),), 0, 7.5, "warm", "calm")


def test_a_try_comes_back_as_it_was_and_only_the_last_one_stays(tmp_path):
    folder = tmp_path / "practice"
    assert last(folder, "outage") is None
    keep(folder, "outage", ONE)
    assert last(folder, "outage") == ONE
    file = keep(folder, "outage", TWO)
    assert last(folder, "outage") == TWO
    assert [p.name for p in folder.iterdir()] == ["outage.json"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_all_of_it_can_be_forgotten(tmp_path):
    assert forget(tmp_path / "none") == 0
    keep(tmp_path, "a", ONE)
    keep(tmp_path, "b", TWO)
    assert forget(tmp_path) == 2
    assert last(tmp_path, "a") is None


@pytest.mark.parametrize("text", ["", "[]", '{"story": 1}', "[" * 9000])
def test_a_file_that_is_none_of_ours_is_named(tmp_path, text):
    path_of(tmp_path, "x").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="--forget"):
        last(tmp_path, "x")


def test_a_name_leads_nowhere_else(tmp_path):
    assert path_of(tmp_path, "../../etc/passwd").parent == tmp_path


def test_tries_are_listed_and_erased_and_other_files_are_left(tmp_path):
    for name in ("outage", "billing"):
        path_of(tmp_path, name).write_text("{}")
    (tmp_path / "notes.txt").write_text("the agent's own")
    assert [path.stem for path in kept(tmp_path)] == ["billing", "outage"]
    assert len(erase(tmp_path)) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
