"""How turns are scored: what happened by definition, and what a system made of it."""

import dataclasses

import pytest

from scripts.bench.calls.happened import Heard, Said, kind, overlap_s, reference, utterances
from scripts.bench.scores.turns import Score

HOUR_S = 3_600.0


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0.0, 9.0), (0.2, 3.0), "dual_start"),
        ((0.0, 9.0), (3.0, 4.0), "backchannel"),
        ((0.0, 9.0), (3.0, 4.5), "interruption"),
        ((0.0, 9.0), (8.6, 12.0), "early_reply"),
        ((0.0, 9.0), (8.2, 9.1), "interruption"),
        ((0.0, 9.0), (0.6, 3.0), "dual_start"),
    ],
)
def test_each_kind_by_its_definition(a, b, expected):
    assert kind(*a, *b) == expected
    assert [e.kind for e in reference({"agent": [b], "caller": [a]})] == [expected]


def test_utterances_join_over_less_than_half_a_second():
    assert utterances([(0.0, 1.0), (1.49, 2.0), (2.5, 3.0)]) == [(0.0, 2.0), (2.5, 3.0)]


def test_a_perfect_hearing_scores_one_and_a_swapped_one_scores_wrong_parties():
    truth = {"agent": [(3.0, 6.0)], "caller": [(0.0, 9.0)]}
    perfect = Heard(truth, overlap_s(truth), (Said("interruption", "agent", 3.0, 4.1),))
    score = Score()
    score.add(truth, perfect, 10.0)
    row = score.row()
    assert (row["f1"], row["overlap_error"], row["voice_recall"], row["voice_false_alarms"]) == (1.0, 0.0, 1.0, 0.0)
    assert row["delay_median_s"] == pytest.approx(1.1)
    swapped = Score()
    swapped.add(truth, dataclasses.replace(perfect, events=(Said("interruption", "caller", 3.0),)), 10.0)
    assert (swapped.row()["f1"], swapped.row()["wrong_party"]) == (0.0, 1.0)


def test_one_event_answers_for_one_interruption_only():
    truth = {"agent": [(3.0, 6.0)], "caller": [(0.0, 9.0)]}
    twice = (Said("interruption", "agent", 3.0), Said("interruption", "agent", 3.1))
    score = Score()
    score.add(truth, Heard(truth, 3.0, twice), HOUR_S)
    assert (score.row()["precision"], score.row()["recall"], score.row()["false_per_hour"]) == (0.5, 1.0, 1.0)
