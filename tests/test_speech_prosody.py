"""Prosody counts the caller's speech only, and neither its level nor its blocks matter."""

from __future__ import annotations

import numpy as np
import pytest

from voicecare.config import StrainConfig
from voicecare.speech.strain.prosody import FEATURES, Prosody
from voicecare.speech.strain.spectra import LONG, Spectra
from voicecare.timebase import HOP, RATE_HZ, Span

CONFIG = StrainConfig()
STEP_HOPS = 16


class SteadyPitch:
    """Hears one pitch everywhere, and remembers how loud what it was given was."""

    def __init__(self, f0_hz: float = 200.0, confidence: float = 0.9) -> None:
        self.f0_hz, self.confidence = f0_hz, confidence
        self.rms: list[float] = []

    def track(self, samples):
        self.rms.append(float(np.sqrt(np.mean(samples[2_048:] ** 2))))
        count = samples.size // 256
        return np.full(count, self.f0_hz, np.float32), np.full(count, self.confidence, np.float32)


def babble(length_s: float, seed: int = 1) -> np.ndarray:
    """Noise shaped a little like speech: syllables at 4 Hz."""
    t = np.arange(round(length_s * RATE_HZ / HOP) * HOP) / RATE_HZ
    noise = np.random.default_rng(seed).normal(0, 0.1, t.size)
    return (noise * (0.2 + np.abs(np.sin(2 * np.pi * 2 * t)))).astype(np.float32)


def hear(audio: np.ndarray, speaking=lambda _hop: True, pitch=None):
    prosody = Prosody(CONFIG, pitch or SteadyPitch())
    return [
        frame
        for number, start in enumerate(range(0, audio.size, HOP))
        for frame in prosody.push(audio[start : start + HOP], speaking(number), start)
    ]


def test_a_frame_comes_with_every_half_second_of_speech():
    frames = hear(babble(4.2))
    assert [f.at for f in frames] == [STEP_HOPS * HOP * (k + 1) for k in range(len(frames))]
    assert len(frames) == 8
    assert frames[0].features.shape == (len(FEATURES),)
    assert frames[0].features.dtype == np.float32


def test_hops_without_speech_enter_nothing():
    audio = babble(4.096)
    silences = audio.reshape(-1, HOP).copy()
    loud = np.random.default_rng(9).normal(0, 0.5, HOP).astype(np.float32)
    mixed = np.concatenate([part for hop in silences for part in (hop, loud)])
    plain, among_noise = hear(audio), hear(mixed, lambda number: number % 2 == 0)
    assert len(plain) == len(among_noise)
    for one, two in zip(plain, among_noise, strict=True):
        assert np.array_equal(one.features, two.features)


def test_the_span_runs_from_the_first_to_the_last_speech_it_describes():
    frames = hear(babble(2.048), lambda number: 10 <= number < 10 + STEP_HOPS)
    assert [f.span for f in frames] == [Span(10 * HOP, (10 + STEP_HOPS) * HOP)]


@pytest.mark.parametrize("gain_db", [-24.0, -12.0, 12.0])
def test_level_changes_no_feature(gain_db):
    audio = babble(3.0)
    quiet = hear((audio * 10 ** (gain_db / 20)).astype(np.float32))
    for one, two in zip(hear(audio), quiet, strict=True):
        assert np.allclose(one.features, two.features, atol=1e-3)


def test_the_pitch_tracker_hears_every_step_at_minus_20_dbfs():
    pitch = SteadyPitch()
    steps = np.repeat([1.0, 0.05, 3.0, 0.2], STEP_HOPS * HOP)
    hear((babble(4 * 0.512) * steps).astype(np.float32), pitch=pitch)
    assert pitch.rms == pytest.approx([0.1] * 4, rel=0.01)


def test_pitch_is_told_in_semitones_above_100_hz():
    frame = hear(babble(1.0), pitch=SteadyPitch(200.0))[0]
    assert frame.features[FEATURES.index("f0_mean")] == pytest.approx(12.0, abs=1e-3)
    assert frame.features[FEATURES.index("f0_movement")] == pytest.approx(0.0, abs=1e-3)


def test_unvoiced_speech_has_no_quality():
    assert [f.quality for f in hear(babble(1.0), pitch=SteadyPitch(confidence=0.1))] == [0.0]


def test_only_the_last_window_counts():
    """What was said longer ago than the window no longer moves a feature."""
    first, rest = babble(3.072, seed=2), babble(3.072, seed=3)
    other = babble(3.072, seed=4)
    one, two = hear(np.concatenate([first, rest]))[-1], hear(np.concatenate([other, rest]))[-1]
    assert np.allclose(one.features, two.features, atol=1e-6)


def test_a_brighter_spectrum_has_a_higher_centroid_and_digital_silence_is_no_error():
    noise = np.random.default_rng(5).normal(0, 0.1, 2_048 + 8_192)
    dull = np.convolve(noise, np.ones(8) / 8, mode="same")
    spectra = Spectra()
    bright_khz = spectra.measure(noise.astype(np.float32), 2_048).centroid_khz.mean()
    dull_khz = spectra.measure(dull.astype(np.float32), 2_048).centroid_khz.mean()
    assert bright_khz > dull_khz + 0.3
    silent = spectra.measure(np.zeros(LONG + 8_192, np.float32), LONG)
    assert all(np.isfinite(values).all() for values in silent)


def test_what_lies_outside_the_telephone_band_says_nothing():
    t = np.arange(2_048 + 8_192) / RATE_HZ
    speech = babble(2.0)[: t.size]
    outside = (speech + 0.05 * np.sin(2 * np.pi * 100 * t) + 0.05 * np.sin(2 * np.pi * 6_000 * t)).astype(np.float32)
    spectra = Spectra()
    one, two = spectra.measure(speech, 2_048), spectra.measure(outside, 2_048)
    assert np.allclose(one.centroid_khz, two.centroid_khz, atol=0.02)
    assert np.abs(one.flux - two.flux).mean() < 0.02
