"""A call on hold in the one pipeline: nothing of it is the caller, and a session gives the same events again."""

import dataclasses

import numpy as np
import pytest
from edges import Scribe, blocks, edges
from phone_sounds import noise, silence, tone, tune, voice, whole

from voicecare.config import Config
from voicecare.engine import Engine
from voicecare.lanes import LoggedLane, NoLane, ReplayLane
from voicecare.recorded import was_told
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import Arousal, CallPhase, Health, Heard, Segment, TurnEvent


class ByPart:
    """A voice detector that is told which parts of the caller's leg are a voice."""

    name = "by part"

    def __init__(self, voices):
        self._voices = voices
        self._at = self._loud = 0

    def over(self, stretch):
        said = []
        for hop in stretch[1].reshape(-1, HOP):
            at_s = self._at / RATE_HZ
            self._loud = 4 if np.abs(hop).max() > 2e-3 else self._loud - 1
            is_voice = self._loud > 0 and any(a <= at_s < b for a, b in self._voices)
            said.append((0.0, 0.95 if is_voice else 0.01))
            self._at += HOP
        return said


class Both:
    """A voice detector that is told when each party speaks."""

    name = "both"

    def __init__(self, agent, caller):
        self._spans, self._at = (agent, caller), 0

    def over(self, stretch):
        said = []
        for _ in range(stretch.shape[1] // HOP):
            at_s = self._at / RATE_HZ
            said.append(tuple(0.95 if any(a <= at_s < b for a, b in spans) else 0.01 for spans in self._spans))
            self._at += HOP
        return said


def call(*caller):
    """Legs of a call whose caller's leg is these parts, each (sound, whether it is a voice); and its voice detector."""
    leg, voices, at_s = whole(*[sound for sound, _ in caller]), [], 0.0
    for sound, is_voice in caller:
        if is_voice:
            voices.append((at_s, at_s + sound.size / RATE_HZ))
        at_s += sound.size / RATE_HZ
    return np.stack([whole(noise(leg.size / RATE_HZ, 1e-4)), leg]), voices


def run(legs, voices, lane=None, ahead=1):
    stand_ins = dataclasses.replace(edges(), voice=ByPart(voices))
    return list(Engine(Pipeline(Config(), stand_ins), NoLane() if lane is None else lane, ahead).run(blocks(legs)))


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


HELD = call((voice(8.0), True), (tune(12.0), False), (tune(6.0, 1), True), (noise(3.0), False), (voice(8.0, 2), True))


def test_a_hold_is_an_event_and_nothing_in_it_is_a_segment_a_silence_or_strain():
    events = run(*HELD, ReplayLane(Scribe(), samples(1.5)))
    hold, talk = of(events, CallPhase)
    assert (hold.phase, talk.phase) == ("hold", "talk")
    assert {hold.because, talk.because} == {"sound"}
    inside = [e.span for e in of(events, Segment) if e.span.end > hold.at and e.span.start < samples(28.9)]
    assert inside == []
    assert not [t for t in of(events, TurnEvent) if t.kind in ("long_silence", "response_gap", "monologue")]
    assert not [e for e in of(events, Arousal) if hold.at < e.span.end < samples(28.9)]
    assert talk.at < samples(30.0)
    assert [e for e in of(events, Segment) if e.span.start >= samples(28.9)]


def test_music_says_nothing_of_how_noisy_the_caller_s_line_is():
    calm = call(
        (voice(8.0), True), (noise(6.0), False), (tune(30.0), False), (noise(6.0), False), (voice(8.0, 2), True)
    )
    assert not [h for h in of(run(*calm), Health) if h.kind == "noisy_leg"]


@pytest.mark.parametrize("ahead", [7, 32])
def test_how_far_detectors_listen_ahead_changes_no_phase(ahead):
    ringing = call((tone(7.0, (425,), (1.0, 2.0)), True), (voice(6.0), True), (tune(9.0), False), (voice(4.0, 1), True))
    assert run(*ringing, ahead=ahead) == run(*ringing)
    assert [p.phase for p in of(run(*ringing), CallPhase)] == ["ringing", "talk", "hold", "talk"]


def test_on_a_hold_known_from_outside_nobody_is_heard_and_the_session_gives_the_same_again():
    legs, voices = call((voice(20.0), True), (silence(2.0), False))
    stand_ins = dataclasses.replace(edges(), voice=ByPart(voices))
    engine = Engine(Pipeline(Config(), stand_ins), ReplayLane(Scribe(), samples(1.5)))

    def heard_live():
        for block in blocks(legs):
            if block.start == samples(6.016):
                engine.enter(CallPhase(0, "hold", "softphone"))
            if block.start == samples(12.0):
                engine.enter(CallPhase(0, "talk", "softphone"))
            yield block

    live = list(engine.run(heard_live()))
    assert [(p.phase, p.at) for p in of(live, CallPhase)] == [("hold", samples(6.016)), ("talk", samples(12.0))]
    for segment in of(live, Segment):
        assert segment.span.end <= samples(6.1) or segment.span.start >= samples(11.9)
    assert of(live, Heard)
    again = run(legs, voices, LoggedLane([event for event in live if was_told(event)]), ahead=32)
    assert again == live


def test_what_sound_found_is_found_again_and_not_told_twice():
    live = run(*HELD)
    assert run(*HELD, LoggedLane([event for event in live if was_told(event)])) == live


def test_a_hold_known_from_outside_is_not_told_a_second_time_by_its_music():
    legs, voices = call((voice(6.0), True), (tune(12.0), False), (noise(1.0), False), (voice(5.0, 1), True))
    stand_ins = dataclasses.replace(edges(), voice=ByPart(voices))
    engine = Engine(Pipeline(Config(), stand_ins), NoLane())

    def heard_live():
        for block in blocks(legs):
            if block.start == samples(6.016):
                engine.enter(CallPhase(0, "hold", "softphone"))
            if block.start == samples(19.2):
                engine.enter(CallPhase(0, "talk", "softphone"))
            yield block

    told = of(list(engine.run(heard_live())), CallPhase)
    assert [(p.phase, p.because) for p in told] == [("hold", "softphone"), ("talk", "softphone")]


def test_what_spoke_before_the_agent_s_first_word_is_no_baseline():
    prompt, talk = voice(20.0, hz=95.0), voice(20.0, 3, hz=200.0)
    legs = np.stack([whole(silence(21.0), voice(2.0, 5), silence(21.0)), whole(prompt, silence(4.0), talk)])
    stand_ins = dataclasses.replace(edges(), voice=Both([(21.0, 23.0)], [(0.0, 20.0), (24.0, 44.0)]))
    alone = dataclasses.replace(edges(), voice=Both([(21.0, 23.0)], [(24.0, 44.0)]))
    after_prompt = of(list(Engine(Pipeline(Config(), stand_ins), NoLane()).run(blocks(legs))), Arousal)
    legs[1, : samples(20.0)] = 0.0
    without = of(list(Engine(Pipeline(Config(), alone), NoLane()).run(blocks(legs))), Arousal)
    since = samples(24.0)
    assert [e.value for e in after_prompt if e.span.start >= since] == [
        e.value for e in without if e.span.start >= since
    ]
