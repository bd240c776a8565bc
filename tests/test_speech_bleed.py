"""The caller's voice in the agent's microphone is found, measured, and not taken for the agent."""

from __future__ import annotations

import numpy as np
import pytest

from voicecare.config import BleedConfig
from voicecare.speech.activity.bleed import Bleed, LeakProof
from voicecare.timebase import HOP, RATE_HZ, samples


def speech(length_s, seed, pauses_s=(2.0, 1.0)):
    """Noise with the spectrum and the on and off of speech, at -20 dBFS."""
    random = np.random.default_rng(seed)
    noise = random.standard_normal(samples(length_s))
    shaped = np.convolve(noise, [1.0, 1.2, 0.9, 0.4], "same")
    on_s, off_s = pauses_s
    time_s = np.arange(len(noise)) / RATE_HZ
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * (4.1 + 0.1 * seed) * time_s)
    return (0.1 * shaped / shaped.std() * syllables * ((time_s + seed) % (on_s + off_s) < on_s)).astype(np.float32)


def leaking(agent, caller, gain_db, lag_ms):
    lag = samples(lag_ms / 1000)
    late = np.concatenate((np.zeros(lag, np.float32), caller))[: len(caller)]
    return np.stack((agent + 10 ** (gain_db / 20) * late, caller)).astype(np.float32)


def hops(legs):
    return [legs[:, i : i + HOP] for i in range(0, legs.shape[1] - HOP + 1, HOP)]


@pytest.mark.parametrize("lag_ms", [3, 20, 80])
@pytest.mark.parametrize("gain_db", [-3, -10, -20, -30])
def test_lag_and_gain_of_a_leak_are_found_and_it_explains_the_hops_that_hold_nothing_else(gain_db, lag_ms):
    caller = speech(20, 1)
    room = 1e-4 * np.random.default_rng(9).standard_normal(len(caller)).astype(np.float32)
    bleed = Bleed(BleedConfig())
    explained = [bleed.push(hop) for hop in hops(leaking(room, caller, gain_db, lag_ms))]
    assert bleed.leak is not None
    assert bleed.leak.lag == pytest.approx(samples(lag_ms / 1000), abs=8)
    assert bleed.leak.gain_db == pytest.approx(gain_db, abs=2.5)
    loud = [float(np.mean(hop[1] ** 2)) > 1e-3 for hop in hops(np.stack((room, caller)))]
    last = [e for e, spoken in zip(explained, loud, strict=True) if spoken][-150:]
    assert np.mean(last) > 0.9


def test_two_parties_without_a_leak_are_left_alone():
    agent, caller = speech(40, 2, (1.7, 2.1)), speech(40, 3)
    bleed = Bleed(BleedConfig())
    assert not any(bleed.push(hop) for hop in hops(np.stack((agent, caller))))
    assert bleed.leak is None


def test_the_agent_is_still_heard_beside_a_leak():
    agent, caller = speech(40, 2, (1.7, 2.1)), speech(40, 3)
    bleed = Bleed(BleedConfig())
    legs = leaking(agent, caller, -20, 20)
    explained = np.array([bleed.push(hop) for hop in hops(legs)])
    assert bleed.leak is not None
    talks = np.array([float(np.mean(hop[0] ** 2)) > 1e-3 for hop in hops(np.stack((agent, caller)))])
    assert explained[talks].mean() < 0.05


class AlwaysSpeech:
    name = "always"

    def over(self, stretch):
        return [(1.0, 1.0)] * (stretch.shape[1] // HOP)


def test_what_the_leak_explains_is_not_the_agents_speech_and_the_caller_is_untouched():
    caller = speech(20, 1)
    detector = LeakProof(AlwaysSpeech(), Bleed(BleedConfig()))
    said = [detector.over(hop)[0] for hop in hops(leaking(np.zeros_like(caller), caller, -10, 20))]
    assert said[0] == (1.0, 1.0)
    assert said[-1][1] == 1.0
    assert (0.0, 1.0) in said[-60:]
    assert detector.leak is not None


def test_later_audio_never_changes_earlier_answers():
    legs = leaking(speech(12, 2), speech(12, 3), -10, 20)
    changed = legs.copy()
    changed[:, samples(8) :] = 0
    one, other = Bleed(BleedConfig()), Bleed(BleedConfig())
    first = [one.push(hop) for hop in hops(legs)]
    second = [other.push(hop) for hop in hops(changed)]
    same = samples(8) // HOP
    assert first[:same] == second[:same]
