"""Looking back at a call gives the same kinds as following it, and shows the numbers that decided."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from talk import EXACT, Talk, last_sayings, talk, turn_events

from voicecare.config import TurnConfig
from voicecare.explain.verdicts import Verdict, utterances, verdicts
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import PARTIES

JUDGED = ("interruption", "backchannel", "early_reply", "dual_start")


def looked_back(speech: Talk, config: TurnConfig = EXACT) -> list[Verdict]:
    return verdicts(utterances(speech["agent"], config), utterances(speech["caller"], config), config)


def decided_by(verdict: Verdict) -> str:
    """The kind that the checks alone lead to, read as a person would."""
    holds = {check.code: check.holds for check in verdict.checks}
    if holds["began_together"]:
        return "dual_start"
    if holds["short"] and holds["ended_inside"]:
        return "backchannel"
    if holds["near_the_end"]:
        return "early_reply"
    return "interruption" if holds["held_the_floor"] else "dual_start"


@st.composite
def talks(draw) -> Talk:
    """Random two-party talk with edges on and beside the limits of the rules."""
    speech: Talk = {"agent": [], "caller": []}
    lengths = st.one_of(
        st.integers(RATE_HZ // 10, 3 * RATE_HZ),
        st.sampled_from([samples(s) for s in (0.25, 0.5, 1.0, 1.1, 1.5)]).flatmap(lambda n: st.integers(n - 1, n + 1)),
    )
    for party in PARTIES:
        at = draw(st.one_of(st.integers(0, 3 * RATE_HZ), st.sampled_from([0, samples(0.25), samples(1.0)])))
        for _ in range(draw(st.integers(0, 6))):
            length = draw(lengths)
            speech[party].append(Span(at, at + length))
            at += length + draw(st.one_of(st.integers(RATE_HZ // 5, 2 * RATE_HZ), st.sampled_from([7999, 8000, 8001])))
    return speech


@pytest.mark.parametrize("config", [EXACT, TurnConfig(), TurnConfig(backchannel_s=0.7, held_floor_s=2.0)])
@settings(max_examples=120, deadline=None)
@given(talks())
def test_looking_back_gives_the_kinds_that_were_told_while_people_talked(config, speech):
    told = sorted((e.span, e.kind, str(e.by)) for e in last_sayings(turn_events(speech, config)) if e.kind in JUDGED)
    assert sorted((v.shared, v.kind, str(v.by)) for v in looked_back(speech, config)) == told


@pytest.mark.parametrize("config", [EXACT, TurnConfig()])
@settings(max_examples=1000, deadline=None)
@given(talks())
def test_the_checks_lead_to_the_kind_and_the_last_one_asked_decides(config, speech):
    for verdict in looked_back(speech, config):
        assert decided_by(verdict) == verdict.kind
        *before, last = verdict.checks
        assert not any(c.holds for c in before if c.code in ("began_together", "near_the_end"))
        assert last.holds == (verdict.kind != "dual_start" or last.code == "began_together")


@settings(max_examples=100, deadline=None)
@given(talks())
def test_a_stretch_is_a_talk_over_exactly_where_one_was_told(speech):
    told = sorted(e.span for e in last_sayings(turn_events(speech)) if e.kind == "talk_over")
    assert sorted(v.shared for v in looked_back(speech) if v.talk_over) == told


@pytest.mark.parametrize(
    ("agent", "caller", "kind", "measured_s", "limit_s"),
    [
        ("2-2.62", "0-8", "backchannel", 5.38, 0.0),
        ("2-5", "0-8", "interruption", 2.0, 1.0),
        ("0.2-6", "0-5", "dual_start", 0.2, 0.25),
        ("7.6-12", "0-8", "early_reply", 0.4, 0.5),
        ("0.9-6", "0-5", "dual_start", 0.9, 1.0),
    ],
)
def test_the_deciding_number_stands_beside_its_limit(agent, caller, kind, measured_s, limit_s):
    (verdict,) = looked_back(talk(agent, caller))
    last = verdict.checks[-1]
    assert (verdict.kind, verdict.speakers) == (kind, ("caller", "agent"))
    assert (last.measured / RATE_HZ, last.limit / RATE_HZ) == pytest.approx((measured_s, limit_s))


def test_two_who_begin_on_one_sample_began_together_and_nobody_started_it():
    (verdict,) = looked_back(talk("1-4", "1-6"))
    assert (verdict.kind, verdict.by) == ("dual_start", None)
