"""Lowering the rate keeps what the phone carries, folds nothing back, and does not care how the call is cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.backends.decimation import EIGHT_KHZ, REACH, SLOWED, Decimator
from voicecare.timebase import HOP, RATE_HZ

NOISE = np.random.default_rng(0).standard_normal((2, 4 * HOP)).astype(np.float32)


def left_of(ratio, hz):
    """What is left of a tone, in dB."""
    tone = np.tile(np.sin(2 * np.pi * hz * np.arange(RATE_HZ) / RATE_HZ), (2, 1)).astype(np.float32)
    lowered = Decimator(ratio).push(tone)[:, 2 * REACH :]
    return 10 * np.log10(2 * np.mean(np.square(lowered, dtype=np.float64)))


@pytest.mark.parametrize("ratio", [EIGHT_KHZ, SLOWED], ids=["8 kHz", "slowed"])
@pytest.mark.parametrize("hz", [100, 300, 1_000, 3_400])
def test_the_phone_band_is_kept(ratio, hz):
    assert left_of(ratio, hz) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(("ratio", "from_hz"), [(EIGHT_KHZ, 4_600), (SLOWED, 5_400)], ids=["8 kHz", "slowed"])
def test_what_would_fold_back_is_gone(ratio, from_hz):
    assert max(left_of(ratio, hz) for hz in range(from_hz, 8_000, 200)) < -55


@pytest.mark.parametrize("ratio", [EIGHT_KHZ, SLOWED], ids=["8 kHz", "slowed"])
@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 900), min_size=1, max_size=12))
def test_any_cutting_of_the_call_gives_the_same_samples(ratio, sizes):
    whole, cut, at, pieces = Decimator(ratio).push(NOISE), Decimator(ratio), 0, []
    for size in sizes:
        pieces.append(cut.push(NOISE[:, at : at + size]))
        at += size
    together = np.concatenate(pieces, axis=1)
    assert together.shape[1] == min(at, NOISE.shape[1]) // ratio.stride * ratio.stride * ratio.up // ratio.down
    assert np.array_equal(together, whole[:, : together.shape[1]])


@pytest.mark.parametrize(("ratio", "samples"), [(EIGHT_KHZ, [256, 512, 768]), (SLOWED, [320, 640, 1_024])])
def test_three_hops_are_three_windows_at_8_khz_and_four_slowed(ratio, samples):
    decimator = Decimator(ratio)
    counts = [decimator.push(NOISE[:, at : at + HOP]).shape[1] for at in range(0, 3 * HOP, HOP)]
    assert np.cumsum(counts).tolist() == samples


@pytest.mark.parametrize(("ratio", "rate_hz"), [(EIGHT_KHZ, 8_000), (SLOWED, 32_000 / 3)], ids=["8 kHz", "slowed"])
def test_a_tone_stays_that_tone_at_its_new_rate_and_comes_late_by_the_reach(ratio, rate_hz):
    def sine(count, of_hz, late_s=0.0):
        return np.sin(2 * np.pi * 440 * (np.arange(count) / of_hz - late_s))

    lowered = Decimator(ratio).push(np.tile(sine(RATE_HZ, RATE_HZ), (2, 1)).astype(np.float32))
    expected = sine(lowered.shape[1], rate_hz, REACH / RATE_HZ)
    assert lowered[:, 2 * REACH :] == pytest.approx(np.tile(expected, (2, 1))[:, 2 * REACH :], abs=1e-3)


def test_the_legs_do_not_touch_each_other():
    alone = NOISE.copy()
    alone[1] = 0.0
    lowered = Decimator(SLOWED).push(alone)
    assert not lowered[1].any()
    assert lowered[0] == pytest.approx(Decimator(SLOWED).push(NOISE)[0], abs=1e-6)
