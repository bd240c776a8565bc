"""A voice repeats itself, whatever its pitch and level; noise and silence do not."""

from __future__ import annotations

import numpy as np
import pytest

from voicecare.config import VadConfig
from voicecare.speech.activity.periodicity import HOPS, Periodicity
from voicecare.timebase import HOP, RATE_HZ

LENGTH = 4 * HOP
SILENCE = np.zeros(LENGTH, np.float32)


def tone(pitch_hz):
    """A harmonic tone at a voice's level, with what a telephone lets through of it."""
    times = np.arange(LENGTH) / RATE_HZ
    numbers = [k for k in range(1, 60) if 300 <= k * pitch_hz <= 3_400]
    audio = sum(np.cos(2 * np.pi * pitch_hz * k * times + k * k) / k for k in numbers)
    return (audio * 0.03 / np.sqrt(np.mean(audio**2))).astype(np.float32)


def noise(seed):
    return (np.random.default_rng(seed).standard_normal(LENGTH) * 0.03).astype(np.float32)


def of(agent, caller):
    """How periodic both legs are in the end."""
    periodicity = Periodicity()
    for start in range(0, LENGTH, HOP):
        periodicity.push(np.stack([agent, caller])[:, start : start + HOP])
    return periodicity.of(0), periodicity.of(1)


@pytest.mark.parametrize("pitch_hz", [80, 100, 120, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600])
def test_a_voice_of_any_pitch_repeats_itself(pitch_hz):
    assert 0.8 < of(SILENCE, tone(pitch_hz))[1] <= 1.0 + 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_noise_does_not(seed):
    assert of(SILENCE, noise(seed))[1] < 0.5


def test_neither_does_silence():
    assert of(SILENCE, SILENCE) == (0.0, 0.0)
    assert Periodicity().of(0) == 0.0


@pytest.mark.parametrize("gain_db", [-40, -20, 20])
@pytest.mark.parametrize("audio", [tone(200), noise(0)], ids=["tone", "noise"])
def test_level_does_not_matter(audio, gain_db):
    other = audio * np.float32(10 ** (gain_db / 20))
    assert of(SILENCE, other)[1] == pytest.approx(of(SILENCE, audio)[1], abs=1e-4)


def test_the_legs_do_not_touch_each_other():
    voice, breath = tone(200), noise(0)
    alone = of(voice, SILENCE)[0], of(SILENCE, breath)[1]
    assert of(voice, breath) == alone
    assert of(breath, voice) == alone[::-1]


def test_what_is_over_is_forgotten():
    periodicity, voice, breath = Periodicity(), tone(200), noise(0)
    for audio in (voice, breath):
        for start in range(0, HOPS * HOP, HOP):
            periodicity.push(np.stack([audio, audio])[:, start : start + HOP])
    assert periodicity.of(0) < VadConfig().periodic
