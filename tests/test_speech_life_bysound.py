"""A call known by sound alone: when it begins, and when it is over."""

import numpy as np
import pytest
from phone_sounds import noise, silence, tone, tune, voice

from voicecare.config import LifeConfig
from voicecare.speech.life.bysound import CallBySound
from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import AudioBlock


def phases(*parts, config=None):
    """What is told of parts, each (agent, caller) and who of them speaks; phases with their time in seconds."""
    by_sound, told, at = CallBySound(LifeConfig() if config is None else config), [], 0
    room = np.random.default_rng(1)
    for agent, caller, agent_speaks, caller_speaks in parts:
        size = max(agent.size, caller.size) // HOP * HOP
        legs = np.stack([np.resize(agent, size), np.resize(caller, size)])
        legs[0] += room.normal(0, 5e-4, size).astype(np.float32)  # the agent's microphone is open all day
        for first in range(0, size, HOP):
            block = AudioBlock(at, legs[:, first : first + HOP])
            told += by_sound.push(block, agent_speaks=agent_speaks, caller_speaks=caller_speaks)
            at += HOP
    assert all(one.because == "sound" for one in told)
    return [(one.phase, one.at / RATE_HZ) for one in told]


def rest(length_s):
    return silence(length_s), silence(length_s), False, False


def ring(length_s):
    return silence(length_s), tone(length_s, (425,), (1.0, 4.0)), False, False


def caller(length_s, seed=0):
    return silence(length_s), voice(length_s, seed) + noise(length_s), False, True


def agent(length_s, seed=5):
    return voice(length_s, seed, hz=110), noise(length_s), True, False


def pause(length_s):
    return silence(length_s), noise(length_s), False, False


def music(length_s):
    return silence(length_s), tune(length_s), False, False


def busy(length_s):
    return silence(length_s), tone(length_s, (425,), (0.48, 0.48)), False, False


def names(told):
    return [phase for phase, _ in told]


TALK = (caller(4.0), agent(4.0), pause(6.0), caller(3.0, 2))


def test_a_ring_then_words_then_silence_is_one_call():
    told = phases(rest(5.0), ring(9.0), *TALK, rest(12.0))
    assert names(told) == ["ringing", "talk", "ended"]
    assert 5.0 < told[0][1] < 8.0
    assert 14.0 <= told[1][1] < 15.5
    assert 31.0 < told[2][1] < 39.0


@pytest.mark.parametrize("first", [caller(3.0), agent(3.0)])
def test_whoever_speaks_first_on_a_line_that_opens_begins_a_call(first):
    told = phases(rest(5.0), pause(1.0), first, pause(2.0))
    assert names(told) == ["talk"]
    assert 6.0 < told[0][1] < 8.0


def test_an_agent_who_speaks_while_there_is_no_line_begins_none():
    assert phases(rest(5.0), (voice(10.0), silence(10.0), False, False), rest(5.0)) == []


@pytest.mark.parametrize(
    "sound",
    [tune(20.0), tone(10.0, (880, 1320), (0.2, 0.1)), tone(10.0, (425,), (0.5, 0.5)), noise(10.0, 0.05)],
)
def test_music_chimes_tones_and_noise_begin_none(sound):
    assert "talk" not in names(phases(rest(5.0), (silence(1.0), sound, False, False), rest(3.0)))


def test_a_ring_nobody_answers_ends_in_rest():
    assert names(phases(rest(3.0), ring(12.0), rest(9.0))) == ["ringing", "rest"]


@pytest.mark.parametrize(
    "end",
    [
        busy(8.0),
        (silence(8.0), tone(8.0, (480, 620), (0.25, 0.25)), False, False),
        (silence(8.0), tone(8.0, (350, 440)), False, False),
        rest(9.0),
        (silence(9.0), noise(9.0, 1e-5), False, False),
    ],
)
def test_every_kind_of_end_is_known_within_eight_seconds(end):
    told = phases(rest(2.0), pause(1.0), *TALK, end)
    assert names(told)[:2] == ["talk", "ended"]
    assert told[1][1] < 2.0 + 1.0 + 17.0 + 8.0


def test_pauses_and_hold_music_split_no_call():
    told = phases(rest(2.0), pause(1.0), *TALK, pause(60.0), caller(2.0), music(60.0), pause(20.0), *TALK)
    assert names(told) == ["talk"]


def test_an_agent_who_goes_on_speaking_delays_an_end_but_for_so_long_only():
    told = phases(rest(2.0), pause(1.0), *TALK, (voice(40.0), silence(40.0), True, False))
    assert names(told) == ["talk", "ended"]
    assert told[1][1] == pytest.approx(20.0 + LifeConfig().alone_s, abs=0.5)


def test_where_the_line_is_gated_silence_ends_nothing_until_it_is_very_long():
    gated = (silence(7.0), silence(7.0), False, False)
    talk = (caller(4.0), gated, caller(3.0), agent(3.0))
    config = LifeConfig(gone_s=8.0, silent_s=60.0)
    assert names(phases(rest(2.0), pause(1.0), *talk, rest(30.0), *talk, config=config)) == ["talk"]
    assert names(phases(rest(2.0), pause(1.0), *talk, rest(70.0), config=config)) == ["talk", "ended"]


def test_lost_sound_ends_no_call():
    by_sound, told = CallBySound(LifeConfig()), []
    legs = np.stack([voice(6.0, 1)[: 180 * HOP], voice(6.0, 2)[: 180 * HOP]])
    for first in range(0, legs.shape[1], HOP):
        told += by_sound.push(AudioBlock(first, legs[:, first : first + HOP]), agent_speaks=True, caller_speaks=True)
    lost = np.zeros((2, HOP), np.float32)
    for number in range(2_000):
        told += by_sound.push(AudioBlock(number * HOP, lost, gap=True), agent_speaks=False, caller_speaks=False)
    assert names([(one.phase, one.at) for one in told]) == ["talk"]


def test_a_second_call_begins_after_the_first_and_a_redial_ends_it():
    told = phases(rest(2.0), pause(1.0), *TALK, rest(3.0), ring(9.0), *TALK)
    assert names(told) == ["talk", "ended", "ringing", "talk"]


def test_between_calls_nothing_of_the_last_one_is_left():
    told = phases(rest(2.0), pause(1.0), *TALK, busy(20.0), rest(20.0), pause(1.0), *TALK)
    assert names(told) == ["talk", "ended", "talk"]
