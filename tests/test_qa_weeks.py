"""Week against week, and what is worth a look: figures of groups, and reasons with their moments."""

from __future__ import annotations

import random

import pytest
import report_samples as calls
from test_qa_exports import call

from voicecare.errors import UsageError
from voicecare.qa.store.records import Listed
from voicecare.qa.weeks import compare, named, week_of
from voicecare.qa.worth import GOOD, why
from voicecare.report.document import document


def week(number: int, rate: float, seed: int, agents: int = 12, queue: str = "Roadside") -> list[Listed]:
    draw = random.Random(seed)
    found = []
    for n in range(number):
        rises = int(draw.random() < rate)
        figures = {"agent_interruptions": draw.randrange(4), "rises": rises, "rises_unanswered": rises * (n % 2)}
        found.append(Listed(call(id=seed * 10_000 + n, agent=f"A{n % agents}", queue=queue), figures))
    return found


def figures(group) -> dict:
    return {row.name: row for row in group.figures}


def test_figures_are_means_and_shares_of_all_calls_that_know_them():
    first, second = week(200, 0.2, 1), week(200, 0.6, 2)
    second.append(Listed(call(id=9, agent="A0", queue="Roadside"), {}))  # nothing is known of it
    (whole, roadside) = compare(first, second)
    rises = [listed.figures["rises"] for listed in second if listed.figures]
    assert whole.calls == (200, 201)
    assert figures(whole)["rises"].second == pytest.approx(sum(rises) / len(rises))
    unanswered = sum(listed.figures["rises_unanswered"] for listed in second if listed.figures)
    assert figures(whole)["acknowledged"].second == pytest.approx(1 - unanswered / sum(rises))
    assert figures(whole)["peak"].first is None
    assert roadside.name == "Roadside"


def test_a_real_difference_has_an_interval_without_zero_and_none_has_one_with():
    (whole, *_) = compare(week(300, 0.2, 1), week(300, 0.6, 2))
    found = figures(whole)
    assert 0 < found["rises"].difference.low < 0.4 < found["rises"].difference.high
    assert found["interruptions"].difference.low < 0 < found["interruptions"].difference.high


def test_what_is_too_small_in_one_week_is_hidden_in_that_week_alone():
    groups = {g.name: g for g in compare(week(60, 0.3, 1), [*week(3, 0.3, 2), *week(60, 0.3, 3, queue="Billing")])}
    assert groups["Roadside"].calls == (60, None)
    assert groups["Billing"].calls == (None, None)  # beside the total it would give the three away
    assert figures(groups["Roadside"])["rises"].second is None


def test_weeks_are_iso_weeks():
    begins, ends = week_of("2026-W48")
    assert (begins.date().isoformat(), (ends - begins).days) == ("2026-11-23", 7)
    assert named(begins) == "2026-W48"
    with pytest.raises(UsageError, match="2026-W54"):
        week_of("2026-W54")


def test_reasons_to_look_name_their_moment_and_good_ones_are_among_them():
    reasons = {each.code: each for each in why(document(calls.heated())["summary"])}
    assert reasons.keys() == {"recovered"}
    assert reasons["recovered"].at_s == 42.6
    assert set(reasons) <= set(GOOD)
    assert why(document(calls.calm())["summary"]) == []
    assert why(document(calls.empty())["summary"]) == []


def test_a_rise_nobody_acknowledged_is_worth_a_look():
    import dataclasses

    from voicecare.types import Phrase

    session = calls.heated()
    silent = dataclasses.replace(session, events=tuple(e for e in session.events if not isinstance(e, Phrase)))
    assert [each.code for each in why(document(silent)["summary"])] == ["unacknowledged"]
