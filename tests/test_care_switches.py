"""Off means off: for a while, for the shift or for good, through a restart, and without nagging."""

from __future__ import annotations

import pytest
from care_samples import NOON_S

from voicecare.care.diary import Diary
from voicecare.care.switches import AGAIN_S, FEATURES, Switches, feature_of
from voicecare.errors import UsageError

MONTH_S = 30 * 86_400.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "care.db"


def test_off_for_good_survives_a_restart_and_a_month(path):
    with Diary(path) as diary:
        Switches(diary).off("breaks", "good", NOON_S)
    with Diary(path) as diary:
        switches = Switches(diary)
        switches.shift_over(NOON_S + MONTH_S)
        assert not switches.is_on("breaks", NOON_S + MONTH_S)
        switches.on("breaks", NOON_S + MONTH_S)
        assert switches.is_on("breaks", NOON_S + MONTH_S)


def test_a_quarter_of_an_hour_ends_by_itself_and_only_for_what_was_on(path):
    with Diary(path) as diary:
        switches = Switches(diary)
        switches.off("breaks", "15min", NOON_S)
        switches.off("moments", "15min", NOON_S)
        assert not switches.is_on("breaks", NOON_S + 899)
        assert switches.is_on("breaks", NOON_S + 900)
        assert not switches.is_on("moments", NOON_S + 900)


def test_the_shift_ends_what_was_off_for_it(path):
    with Diary(path) as diary:
        switches = Switches(diary)
        switches.off("all", "shift", NOON_S)
        assert not any(switches.is_on(feature, NOON_S + 7_000) for feature in FEATURES)
        switches.shift_over(NOON_S + 80_000)
        assert switches.is_on("breaks", NOON_S + 80_000)


def test_all_off_leaves_each_as_it_was(path):
    with Diary(path) as diary:
        switches = Switches(diary)
        switches.on("thanks", NOON_S)
        switches.off("breaks", "good", NOON_S)
        switches.off("all", "good", NOON_S)
        assert not switches.is_on("thanks", NOON_S)
        switches.on("all", NOON_S)
        assert switches.is_on("thanks", NOON_S)
        assert not switches.is_on("breaks", NOON_S)


def test_whoever_answered_is_never_asked_again_and_whoever_did_not_after_a_month(path):
    with Diary(path) as diary:
        switches = Switches(diary)
        assert switches.may_ask(NOON_S)
        switches.asked(NOON_S, answered=False)
        assert not switches.may_ask(NOON_S + AGAIN_S - 1)
        assert switches.may_ask(NOON_S + AGAIN_S)
        switches.asked(NOON_S, answered=True)
        assert not switches.may_ask(NOON_S + 100 * AGAIN_S)


def test_whoever_switched_all_off_is_not_asked_at_all(path):
    with Diary(path) as diary:
        switches = Switches(diary)
        switches.off("all", "good", NOON_S)
        assert not switches.may_ask(NOON_S + 100 * AGAIN_S)


def test_what_is_no_part_of_care_is_named():
    assert feature_of("thanks") == "thanks"
    with pytest.raises(UsageError, match="choose all, breaks"):
        feature_of("mood")
