"""The bench of care counts what it says: built calls, shifts by a counted clock, labelled lines."""

from __future__ import annotations

import pytest

from scripts.bench.corpora.thanks_set import Line, lines
from scripts.bench.scores import care_feedback, care_shifts, care_told
from scripts.bench.scores.care_calls import HeardCall, heard_calls
from scripts.bench.scores.care_figures import least, most
from voicecare.care.recovery import is_hard


def heard(kind, top, *, friendly=False):
    """A call of 200 s: strain at `top` from 60 s to 110 s, and a cue in it."""
    strain = tuple((float(at_s), top if 65 <= at_s < 112 else 0.3) for at_s in range(10, 200, 2))
    aroused = ((60.0, 110.0),) if kind in ("heated", "fearful") else ()
    codes = ("strain_high", "stays_though_friendly") if friendly else ("strain_high",)
    cues = ((70.0,), (70.0,), (70.0,), (), (), ()) if top > 0.62 else ((),) * 6
    return HeardCall(kind, 200.0, aroused, strain, cues, ((70.0, codes),) if top > 0.62 else ())


CALLS = [heard("heated", 0.9), heard("elated", 0.9, friendly=True), heard("joyful", 0.3), heard("calm", 0.3)]


def test_shifts_show_nothing_in_calls_and_offer_breaks_after_hard_ones():
    pool = care_shifts.prototypes(CALLS)
    assert [(one.kind, is_hard(one.seen)) for one in pool][:3] == [
        ("heated", False),
        ("heated, left so", True),
        ("heated, long", True),
    ]
    tally = care_shifts.simulate(pool, [300.0, 500.0], 4, 1)
    assert tally.in_call == 0
    assert tally.calls > 100
    assert sum(map(len, tally.offers)) > 3
    assert all(figure.met is not False for figure in care_shifts.figures(tally, pool))


def test_a_recovery_is_told_of_whole_calls_and_of_no_merry_caller():
    first, second = care_told.recoveries(CALLS)
    assert "right 1, missed 0, false 0" in first.got
    assert "right 1, missed 0, false 0" in second.got


def test_answers_take_false_cues_away_and_never_two_steps_a_week():
    measured = care_feedback.rates([*CALLS, heard("fearful", 0.9)])
    year = care_feedback.year(measured, care_feedback.ANIMATED, 12, 3)
    assert year.levels[-1] >= 3
    assert care_feedback.most_steps_a_week(year.levels) == 1
    assert year.false_after < year.false_before


def test_what_was_heard_is_read_back_as_it_was(tmp_path):
    import dataclasses
    import json

    file = tmp_path / "heard.json"
    file.write_text(json.dumps([dataclasses.asdict(call) for call in CALLS]))
    assert heard_calls(tmp_path, 1, 1, file) == CALLS


def test_a_figure_says_whether_it_is_met():
    assert least("C1", "x", 0.9, 0.9).met
    assert not most("C1", "x", 4, 5).met
    assert "MISSED" in str(most("C1", "x", 4, 5))


@pytest.mark.data
def test_the_labelled_lines_are_enough_each_once_and_of_every_kind(data_dir):
    every = lines(data_dir)
    assert len(every) >= 500
    assert len({(line.language, line.text.lower()) for line in every}) == len(every)
    for language in ("en", "zh-Hant"):
        assert {line.kind for line in every if line.language == language} == {"thanks", "polite", "sarcasm", "other"}
    assert 0.4 < sum(line.chosen for line in every) / len(every) < 0.6
    assert Line("thank you bye", "en", "polite", "own") in every
