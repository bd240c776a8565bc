"""Looking back at a call's cues gives what the cue stage did, and names the limit that kept one away."""

from __future__ import annotations

import math

import pytest
from cue_calls import CONFIG, random_call
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.explain.hindsight import fate_of_interruption, fate_of_strain, screen_then, strain_then
from voicecare.timebase import HOP, Span, samples
from voicecare.types import Cue, Reason, TurnEvent


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_strain_and_screen_looked_back_at_are_what_the_stage_held(seed):
    call = random_call(seed)
    for now, due, left, last_at, standing in call.hops[::10]:
        then = strain_then(call.events, call.caller, CONFIG, now)
        assert (then.due is not None) == due
        screen = screen_then(call.settled(), CONFIG, now)
        assert screen.left == left
        assert (None if screen.last is None else screen.last.at) == last_at
        assert (None if screen.standing is None else screen.standing.id) == (None if standing is None else standing.id)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_an_acknowledgement_is_due_exactly_where_the_numbers_shown_say_so(seed):
    call = random_call(seed)
    for now, *_ in call.hops[::10]:
        then = strain_then(call.events, call.caller, CONFIG, now)
        asked = math.inf if math.isinf(then.asked_s) else samples(then.asked_s)
        pressed = then.pressed >= asked and then.spell_began is not None
        words = then.is_up and then.negative >= CONFIG.negative_utterances
        stirred = then.latest is not None and then.latest.value >= CONFIG.stirred
        words = words or (stirred and then.troubled >= CONFIG.negative_utterances)
        assert (then.due is not None) == ((pressed or words) and then.answered is None and then.latest is not None)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_every_interruption_that_raised_no_cue_has_its_reason_and_no_other_has(seed):
    call = random_call(seed)
    cues = call.settled()
    longest = samples(CONFIG.hold_s + CONFIG.yield_s) + HOP
    for turn in call.interruptions:
        fate = fate_of_interruption(turn, cues, CONFIG, revised=turn.id in call.revised, end=call.end)
        named = [c for c in cues for r in c.because if turn.span.start in r.at and r.code == "spoke_over_caller"]
        assert (fate.code == "shown") == any(turn.decided_at <= c.at <= turn.decided_at + longest for c in named)
        assert fate.code != "unknown", fate
        if fate.code == "too_soon":
            assert turn.decided_at - fate.cue.at < samples(CONFIG.min_gap_s)
        if fate.code == "too_many":
            assert fate.screen.left == 0
        if fate.code == "stands":
            assert "slow_down" in fate.cue.kind
            assert fate.cue.at <= turn.decided_at


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_where_an_acknowledgement_is_due_and_none_is_on_screen_a_limit_held_then(seed):
    call = random_call(seed)
    cues = call.settled()
    for now, due, left, last_at, standing in call.hops[::7]:
        if not due:
            continue
        fate = fate_of_strain(cues, CONFIG, now)
        on_screen = standing is not None and "acknowledge" in standing.kind
        assert (fate.code == "stands") == on_screen
        if fate.code == "too_many":
            assert left == 0
        if fate.code == "too_soon":
            assert now - last_at < samples(CONFIG.min_gap_s)


@pytest.mark.parametrize(("gap_s", "code"), [(5.0, "too_soon"), (13.0, "shown")])
def test_a_cue_too_soon_after_the_last_is_told_as_such(gap_s, code):
    first = Cue(1, "slow_down", samples(10), (), samples(16), samples(12), "heeded")
    at = samples(10 + gap_s)
    turn = TurnEvent(2, "interruption", "agent", Span(at - samples(1.1), at), at)
    second = Cue(2, "slow_down", at, (Reason("spoke_over_caller", (turn.span.start,), 1.0),), at + samples(6))
    cues = [first, second] if code == "shown" else [first]
    assert fate_of_interruption(turn, cues, CONFIG, revised=False, end=samples(60)).code == code
