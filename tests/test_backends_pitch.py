"""The pitch tracker hears what a telephone leaves of a voice."""

from __future__ import annotations

import numpy as np
import pytest

from voicecare.backends.pitch import SwiftPitch
from voicecare.timebase import RATE_HZ


@pytest.fixture(scope="module")
def pitch():
    return SwiftPitch()


def voice(f0_hz: float, length_s: float = 1.0, lowest_hz: float = 0.0) -> np.ndarray:
    """Harmonics falling by 6 dB an octave, about -20 dBFS."""
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    tones = [np.sin(2 * np.pi * k * f0_hz * t + k) / k for k in range(1, int(3_400 / f0_hz)) if k * f0_hz >= lowest_hz]
    x = np.sum(tones, axis=0)
    return (x * 0.1 / np.sqrt(np.mean(x**2))).astype(np.float32)


@pytest.mark.parametrize("f0_hz", [90.0, 140.0, 220.0, 330.0, 450.0])
def test_finds_f0_even_where_the_telephone_cut_the_fundamental_away(pitch, f0_hz):
    found_hz, confidence = pitch.track(voice(f0_hz, lowest_hz=300.0))
    voiced = confidence > 0.5
    assert voiced.mean() > 0.7
    assert np.median(found_hz[voiced]) == pytest.approx(f0_hz, rel=0.02)


def test_gives_one_value_every_16_ms(pitch):
    f0_hz, confidence = pitch.track(voice(150.0, length_s=1.024))
    assert f0_hz.shape == confidence.shape == (64,)
    assert f0_hz.dtype == confidence.dtype == np.float32


def test_noise_is_not_voiced(pitch):
    noise = np.random.default_rng(1).normal(0, 0.1, RATE_HZ).astype(np.float32)
    _, confidence = pitch.track(noise)
    assert (confidence > 0.5).mean() < 0.05


def test_the_same_speech_gives_the_same_pitch_twice(pitch):
    speech = voice(180.0)
    first, second = pitch.track(speech), pitch.track(speech)
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])
