"""Whether it helps is asked of the agent once a week, and of a site in groups only."""

from __future__ import annotations

import random
import statistics

import pytest

from voicecare.care.helps import Group, effect, is_due, needed
from voicecare.errors import UsageError


def test_the_question_is_due_once_a_week():
    assert is_due(None, 0.0)
    assert not is_due(0.0, 6.9 * 86_400)
    assert is_due(0.0, 7 * 86_400)


def test_how_many_agents_are_needed_is_the_textbooks_number():
    assert [needed(d) for d in (0.2, 0.35, 0.5, 0.8)] == [393, 129, 63, 25]  # Cohen 1988, less the t correction
    with pytest.raises(UsageError, match="standard deviations"):
        needed(0.0)


def test_the_interval_of_a_known_comparison():
    found = effect(Group(20, 3.8, 0.9), Group(25, 3.2, 1.1))
    assert (found.difference, found.least, found.most) == (
        0.6,
        pytest.approx(-0.0, abs=0.01),
        pytest.approx(1.2, abs=0.01),
    )
    assert found.g == pytest.approx(0.58, abs=0.01)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = random.Random(3)
    held = 0
    for _ in range(800):
        a, b = ([rng.gauss(mean, 1.0) for _ in range(15)] for mean in (0.4, 0.0))
        groups = (Group(len(x), statistics.mean(x), statistics.stdev(x)) for x in (a, b))
        found = effect(*groups)
        held += found.least <= 0.4 <= found.most
    assert 0.93 <= held / 800 <= 0.97


def test_a_group_that_is_nearly_one_agent_is_refused():
    with pytest.raises(UsageError, match="9 agents"):
        effect(Group(9, 3.0, 1.0), Group(30, 3.0, 1.0))
