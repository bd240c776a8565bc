"""Does it help: how many calls it takes, said first; then the difference, and nothing of small groups."""

from __future__ import annotations

import random

import pytest

from voicecare.errors import InputError, UsageError
from voicecare.qa.helps import Outcome, effect, need, read_outcomes


def outcomes(calls: int, shift: float, agents: int = 20, own: float = 0.0, seed: int = 1):
    draw = random.Random(seed)
    leaning = [draw.gauss(0, own) for _ in range(2 * agents)]
    found = []
    for n in range(calls):
        for place, group in enumerate(("shadow", "shown")):
            agent = 2 * (n % agents) + place
            value = 3.5 + (shift if group == "shown" else 0) + leaning[agent] + draw.gauss(0, 1)
            found.append(Outcome(f"{group}{n}", f"agent{agent}", group, value))
    return found


def test_the_number_of_calls_is_that_of_the_textbook():
    wanted = need(outcomes(2000, 0.0), 0.2)
    assert wanted.spread == pytest.approx(1.0, abs=0.05)
    assert wanted.calls == pytest.approx(16 * 1.0**2 / 0.2**2, rel=0.12)  # Lehr's rule


def test_agents_who_are_alike_make_it_take_more_calls():
    alone, alike = need(outcomes(400, 0.0), 0.2), need(outcomes(400, 0.0, own=0.5), 0.2)
    assert alike.design > 2 > alone.design >= 1
    assert alike.calls > 2 * alone.calls


def test_what_has_no_spread_says_nothing_of_the_number():
    assert need([], 0.3).calls is None
    assert need([Outcome("a", None, "shown", 1.0), Outcome("b", None, "shadow", 1.0)], 0.3).calls is None


@pytest.mark.parametrize("difference", [0.0, -1.0, float("nan"), float("inf")])
def test_a_difference_that_does_not_matter_is_refused(difference):
    with pytest.raises(UsageError, match="above 0"):
        need(outcomes(10, 0.0), difference)


def test_a_real_difference_is_found_and_its_interval_leaves_zero_out():
    found = effect(outcomes(600, 0.5), 0.3)
    assert found.enough
    assert found.by_agent
    assert 0.0 < found.difference.low < 0.5 < found.difference.high


def test_no_difference_is_within_the_interval_19_times_in_20():
    held = [effect(outcomes(150, 0.0, own=0.3, seed=seed), 0.3, draws=400) for seed in range(40)]
    assert sum(e.difference.low <= 0 <= e.difference.high for e in held) >= 34


@pytest.mark.parametrize("sample", [outcomes(4, 1.0), outcomes(40, 1.0, agents=4)])
def test_nothing_is_told_of_a_group_under_five(sample):
    found = effect(sample, 0.3)
    assert found.means is None
    assert found.difference.value is None


def test_outcomes_are_read_by_their_names_and_empty_cells_left_out():
    assert read_outcomes("\ufeffCall, CSAT ,agent\r\na,4,x\r\nb,,y\r\nc,2.5,z\r\n", "csat") == {"a": 4.0, "c": 2.5}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("call,nps\na,1\n", 'no column "csat"'),
        ("csat\n1\n", 'no column "call"'),
        ("call,csat\na,good\n", "line 2: 'good'"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_one_line(text, said):
    with pytest.raises(InputError, match=said):
        read_outcomes(text, "csat")
