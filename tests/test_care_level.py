"""A level learns from answers: bounded, one step a week, reversible, and nothing but a change of settings."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.care.level import ENOUGH, FRIENDLY_S, MOST_STEPS, WEEK_S, Answered, Move, next_move, steps, with_level
from voicecare.config import SENSITIVITY_HIGH, Config, with_sensitivity
from voicecare.session import recorded_config

USUAL = Config()


def answers(count, unneeded, about="strain", start_s=0.0):
    return [Answered(start_s + n, about, "not_needed" if n < unneeded else "helped") for n in range(count)]


def test_nineteen_answers_move_nothing_and_twenty_one_step():
    assert next_move(answers(ENOUGH - 1, ENOUGH - 1), [], 100.0, USUAL) is None
    assert next_move(answers(ENOUGH, 12), [], 100.0, USUAL) == Move("strain", 1, 100.0, ENOUGH, 12)


def test_a_usual_share_of_cues_that_were_not_needed_moves_nothing():
    assert next_move(answers(40, 8), [], 100.0, USUAL) is None


def test_at_most_one_step_a_week_and_only_from_new_answers():
    first = Move("strain", 1, 100.0, ENOUGH, 12)
    later = answers(ENOUGH, ENOUGH, start_s=200.0)
    assert next_move(later, [first], 100.0 + WEEK_S - 1, USUAL) is None
    assert next_move(later, [first], 100.0 + WEEK_S, USUAL) == Move("strain", 2, 100.0 + WEEK_S, ENOUGH, ENOUGH)
    assert next_move(answers(ENOUGH, ENOUGH), [first], 100.0 + WEEK_S, USUAL) is None


def test_it_comes_back_when_the_answers_do_and_never_below_the_usual():
    raised = [Move("strain", 1, 0.0, ENOUGH, 12)]
    helped = answers(40, 0, start_s=10.0)
    assert next_move(helped, raised, WEEK_S, USUAL) == Move("strain", 0, WEEK_S, 40, 0)
    assert next_move(helped, [], WEEK_S, USUAL) is None


def test_that_somebody_was_spoken_over_is_a_fact_and_moves_nothing():
    assert next_move(answers(60, 60, about="interruption"), [], 100.0, USUAL) is None


@pytest.mark.parametrize("sensitivity", ["low", "normal", "high"])
@settings(deadline=None)
@given(step=st.integers(-3, 40), pace=st.integers(-3, 40))
def test_no_level_leaves_the_range_of_the_sensitivities(sensitivity, step, pace):
    usual = with_sensitivity(Config(), sensitivity)
    cues = with_level(usual, {"strain": step, "pace": pace}).cues
    assert usual.cues.high <= cues.high <= max(SENSITIVITY_HIGH.values())
    assert usual.cues.pleased_s <= cues.pleased_s <= cues.joyful_s <= FRIENDLY_S
    assert usual.cues.pace_ratio <= cues.pace_ratio <= 1.45
    assert with_level(usual, {"strain": 0}) == usual


def test_beyond_the_last_step_there_is_none():
    raised = [Move("strain", MOST_STEPS, 0.0)]
    assert next_move(answers(40, 40, start_s=1.0), raised, 2 * WEEK_S, USUAL) is None
    assert steps(raised) == {"strain": MOST_STEPS, "pace": 0}


def test_a_session_stores_the_level_so_its_replay_is_exact():
    levelled = with_level(USUAL, {"strain": 2, "pace": 1})
    assert recorded_config(dataclasses.asdict(levelled)) == levelled
