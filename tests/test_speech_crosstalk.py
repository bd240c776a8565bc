import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.speech.activity.crosstalk import Crosstalk
from voicecare.timebase import HOP, RATE_HZ

HEARD = (0.9, 0.9)
VOICED = ([True] * 3, [True] * 3)


def voice(seed, seconds=2.0):
    """Something as restless as speech: noise below 1 kHz whose level changes five times a second."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE_HZ)
    smooth = np.convolve(rng.standard_normal(n), np.hanning(24), "same")
    level = np.interp(np.arange(n), np.arange(0, n, 3_200), rng.uniform(0.2, 1.0, -(-n // 3_200)))
    return (0.1 * smooth / smooth.std() * level).astype(np.float32)


def copy(leg, gain_db, lag_ms):
    lag = round(lag_ms * RATE_HZ / 1000)
    return np.concatenate((np.zeros(lag, np.float32), leg))[: leg.size] * np.float32(10 ** (gain_db / 20))


def own_shares(agent, caller, noise_dbfs=-70.0):
    """The share of hops in which each party is left speaking, after the first quarter second."""
    stage, left = Crosstalk(), []
    noise = np.random.default_rng(99).standard_normal((2, agent.size)).astype(np.float32) * 10 ** (noise_dbfs / 20)
    legs = np.stack([agent, caller]) + noise
    for start in range(0, agent.size - HOP + 1, HOP):
        probabilities, frames = stage.push(legs[:, start : start + HOP].astype(np.float32), HEARD, VOICED)
        assert frames is not None
        assert [any(f) for f in frames] == [p > 0 for p in probabilities]
        left.append([p > 0 for p in probabilities])
    return tuple(np.mean(left[8:], axis=0))


@pytest.mark.parametrize("gain_db", [-3.0, -10.0, -20.0, -30.0])
@pytest.mark.parametrize("lag_ms", [3.0, 40.0, 80.0])
def test_a_leaked_voice_is_not_the_partys_own(gain_db, lag_ms):
    caller = voice(1)
    agent_left, caller_left = own_shares(copy(caller, gain_db, lag_ms), caller)
    assert agent_left < 0.1
    assert caller_left > 0.95


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000), st.floats(-15, 15))
def test_two_voices_at_once_both_stay(seed, balance_db):
    gain = np.float32(10 ** (balance_db / 20))
    assert min(own_shares(voice(seed) * gain, voice(seed + 5_000))) > 0.95


def test_speech_over_a_leak_stays():
    caller = voice(1)
    agent_left, caller_left = own_shares(voice(2) + copy(caller, -20, 40), caller)
    assert agent_left > 0.9
    assert caller_left > 0.95


def test_a_leak_under_noise_is_still_known_once_its_delay_is():
    """The first second is clear, then noise as loud as the leak comes in."""
    caller = voice(1, 6.0)
    leak = copy(caller, -20, 40)
    leak[RATE_HZ:] += np.random.default_rng(3).standard_normal(leak.size - RATE_HZ).astype(np.float32) * leak.std()
    agent_left, _ = own_shares(leak, caller)
    assert agent_left < 0.35


def test_legs_that_share_nothing_and_silence_pass_untouched():
    stage = Crosstalk()
    silent = np.zeros((2, HOP), np.float32)
    for _ in range(20):
        assert stage.push(silent, HEARD, None) == (HEARD, None)


def test_swapping_the_legs_swaps_the_answer():
    caller = voice(4)
    agent = copy(caller, -20, 20)
    assert own_shares(agent, caller)[0] == pytest.approx(own_shares(caller, agent)[1], abs=0.05)
