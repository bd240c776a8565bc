"""Response gaps, long silences and monologues."""

from __future__ import annotations

import pytest
from talk import kinds, last_sayings, talk, turn_events

from voicecare.timebase import RATE_HZ, Span, samples


def of(events, kind):
    return [e for e in last_sayings(events) if e.kind == kind]


def test_a_response_gap_runs_from_the_end_of_one_to_the_start_of_the_other():
    (first, second) = of(turn_events(talk(agent="0-2 6-8", caller="2.7-5")), "response_gap")
    assert (first.by, first.span) == ("caller", Span(samples(2.0), samples(2.7)))
    assert (second.by, second.span) == ("agent", Span(samples(5.0), samples(6.0)))


def test_going_on_after_ones_own_pause_is_no_response():
    assert of(turn_events(talk(agent="0-2 4-6")), "response_gap") == []


def test_an_overlapping_start_is_no_response_gap():
    assert of(turn_events(talk(agent="0-4", caller="3-6")), "response_gap") == []


@pytest.mark.parametrize(("gap_s", "count"), [(4.9, 0), (5.1, 1)])
def test_a_silence_counts_from_five_seconds(gap_s, count):
    events = turn_events(talk(agent="0-2", caller=f"{2 + gap_s}-9"))
    assert len(of(events, "long_silence")) == count


def test_a_long_silence_lasts_from_the_last_word_to_the_next():
    (silence,) = of(turn_events(talk(agent="1-2", caller="10-11")), "long_silence")
    assert silence.span == Span(samples(2.0), samples(10.0))
    assert silence.closed
    assert silence.by is None


def test_a_silence_that_lasts_to_the_end_of_the_call_is_told():
    (silence,) = of(turn_events(talk(agent="0-2"), end=10 * RATE_HZ), "long_silence")
    assert silence.span.start == samples(2.0)
    assert abs(silence.span.end - 10 * RATE_HZ) <= samples(0.04)


def test_a_monologue_is_a_minute_without_the_other_holding_the_floor():
    events = turn_events(talk(agent="0-30 30.8-70", caller="20-20.6 71-75"))
    assert kinds(events, "monologue") == [("monologue", "agent", 0.0)]
    (monologue,) = of(events, "monologue")
    assert monologue.span.end == samples(70.0)


def test_the_other_holding_the_floor_ends_a_monologue():
    assert of(turn_events(talk(agent="0-30 34-70", caller="31-33")), "monologue") == []
