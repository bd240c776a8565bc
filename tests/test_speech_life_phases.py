"""Phases inside a call: what rings or plays is not the caller, and whoever speaks is heard."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phone_sounds import noise, silence, tone, tune, voice, whole

from voicecare.config import LifeConfig
from voicecare.speech.life.phases import Phases
from voicecare.timebase import HOP, RATE_HZ


def said_of(*parts):
    """What a voice detector says of parts, each of them (sound, whether it is a voice): P(speech) of each hop."""
    flags = np.concatenate([np.full(sound.size, 0.95 if is_voice else 0.01) for sound, is_voice in parts])
    flags = np.pad(flags, (0, -flags.size % HOP))
    loud = np.abs(whole(*[sound for sound, _ in parts])).reshape(-1, HOP).max(axis=1) > 1e-3
    loud |= np.roll(loud, 1) | np.roll(loud, 2) | np.roll(loud, 3)  # no detector lets go between two syllables
    return np.where(loud, flags.reshape(-1, HOP)[:, 0], 0.0).tolist()


def followed(caller, agent=None, hops_at_once=9, config=None):
    """Both legs, each a list of (sound, whether it is a voice); what is noted of each hop."""
    legs = [whole(*[sound for sound, _ in caller])]
    said = [said_of(*caller)]
    agent = [(silence(legs[0].size / RATE_HZ), False)] if agent is None else agent
    legs.insert(0, np.resize(whole(*[sound for sound, _ in agent]), legs[0].size))
    said.insert(0, (said_of(*agent) + [0.0] * len(said[0]))[: len(said[0])])
    both, pairs = np.stack(legs), [((a, c), None) for a, c in zip(*said, strict=True)]
    phases, noted = Phases(LifeConfig() if config is None else config), []
    for first in range(0, len(pairs), hops_at_once):
        stretch = np.ascontiguousarray(both[:, first * HOP : (first + hops_at_once) * HOP])
        noted += phases.over(stretch, pairs[first : first + hops_at_once])
    return noted


def entered(noted):
    return [one.phase for one in noted if one.phase is not None]


def at_s(noted, phase):
    return next(number for number, one in enumerate(noted) if one.phase == phase) * HOP / RATE_HZ


def caller_of(noted):
    return np.array([one.said[0][1] for one in noted])


TALK = (voice(4.0), True)


def test_music_after_a_talk_is_a_hold_and_the_caller_after_it_is_heard_within_a_second():
    noted = followed([TALK, (tune(10.0), False), (noise(2.0), False), (voice(4.0, 1), True)])
    assert entered(noted) == ["hold", "talk"]
    assert 4.0 < at_s(noted, "hold") < 8.0
    assert 16.0 <= at_s(noted, "talk") < 17.0
    back = caller_of(noted)[round(16.0 * RATE_HZ / HOP) :]
    assert np.flatnonzero(back > 0.5)[0] * HOP / RATE_HZ < 0.3


def test_a_voice_right_upon_the_music_is_heard_within_a_second():
    noted = followed([TALK, (tune(10.0), False), (voice(4.0, 1), True)])
    assert entered(noted) == ["hold", "talk"]
    assert 14.0 <= at_s(noted, "talk") < 15.0


def test_what_sings_in_the_music_is_not_the_caller():
    noted = followed([TALK, (tune(6.0), False), (tune(6.0, 1), True), (tune(4.0, 2), False)])
    assert entered(noted) == ["hold"]
    assert caller_of(noted)[round(10.5 * RATE_HZ / HOP) : round(15.5 * RATE_HZ / HOP)].max() == 0.0


@pytest.mark.parametrize("seed", range(3))
def test_a_voice_alone_is_never_held(seed):
    noted = followed([(voice(30.0, seed), True)])
    assert entered(noted) == []
    assert all(one.said[0][1] == said for one, said in zip(noted, said_of((voice(30.0, seed), True)), strict=True))


@pytest.mark.parametrize(
    "sound",
    [
        noise(12.0, 0.05),  # a loud room
        voice(12.0),  # sobs, to a detector that calls them no voice
        tone(12.0, (250, 350, 450, 550), level=0.02),  # hum
    ],
)
def test_loud_without_a_voice_is_no_music_by_itself(sound):
    assert entered(followed([TALK, (sound, False)])) == []


def test_a_radio_far_softer_than_the_caller_is_no_hold():
    assert entered(followed([TALK, (tune(10.0, level=0.004), False)])) == []


def test_ring_back_before_anybody_spoke_rings_and_none_of_it_is_speech():
    rings = (tone(11.0, (440, 480), (2.0, 4.0)), True)
    noted = followed([rings, TALK])
    assert entered(noted) == ["ringing", "talk"]
    # A few hops of each ring, before the tone is known for one and after its end: less than a word.
    heard = caller_of(noted)[: round(11.0 * RATE_HZ / HOP)] > 0.5
    assert max(len(run) for run in "".join("x" if one else " " for one in heard).split()) <= 6


def test_music_before_anybody_spoke_rings_too():
    assert entered(followed([(tune(8.0), False), TALK]))[0] == "ringing"


def test_after_a_key_the_agent_presses_a_machine_speaks_until_the_agent_does():
    agent = [(silence(2.0), False), (tone(0.3, (697, 1336)), False), (silence(8.0), False), (voice(3.0, 2), True)]
    noted = followed([(voice(14.0), True)], agent)
    assert entered(noted) == ["hold", "talk"]
    assert at_s(noted, "hold") < 2.5
    assert 10.3 < at_s(noted, "talk") < 11.5
    assert caller_of(noted)[round(3.0 * RATE_HZ / HOP) : round(10.0 * RATE_HZ / HOP)].max() == 0.0


def test_a_key_after_the_agent_has_spoken_holds_nobody():
    agent = [(voice(2.0, 2), True), (tone(0.3, (697, 1336)), False), (silence(8.0), False)]
    assert entered(followed([(voice(10.0), True)], agent)) == []


def test_a_machine_that_the_agent_never_answers_holds_the_caller_for_a_minute_at_most():
    agent = [(tone(0.3, (697, 1336)), False), (silence(90.0), False)]
    noted = followed([(voice(90.0), True)], agent)
    assert entered(noted) == ["hold", "talk"]
    assert at_s(noted, "talk") < 62.0


def test_switched_off_nothing_is_held():
    config = LifeConfig(hold=False)
    assert entered(followed([TALK, (tune(10.0), False)], config=config)) == []


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 40), st.integers(0, 3))
def test_how_many_hops_are_taken_at_once_changes_nothing(hops_at_once, seed):
    caller = [
        (tone(3.0, (425,), (1.0, 0.5)), True),
        (voice(1.5, seed), True),
        (tune(5.0, seed), False),
        (voice(2.0, seed), True),
    ]
    assert followed(caller, hops_at_once=hops_at_once) == followed(caller, hops_at_once=1)
