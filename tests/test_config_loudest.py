"""The scale of a leg's loudness: its loudest hop, or what a voice is taken to have on so quiet a line."""

from __future__ import annotations

import numpy as np
import pytest

from voicecare.config import VadConfig
from voicecare.config.loudest import Loudest
from voicecare.timebase import HOP_S

CONFIG = VadConfig()


def of(*levels_dbfs):
    """What the loudest is taken to be after hops of these levels, in dBFS."""
    loudest = Loudest(CONFIG)
    for level_dbfs in levels_dbfs:
        loudest.push(10 ** (level_dbfs / 10))
    return 10 * np.log10(loudest.power)


@pytest.mark.parametrize(
    ("noise_dbfs", "expected_dbfs", "why"),
    [
        (-40.0, CONFIG.voice_dbfs, "a line with noise: a usual voice"),
        (-70.0, -70.0 + CONFIG.voice_over_db, "a quiet line: a voice that stands clear of it"),
        (-85.0, CONFIG.soft_voice_dbfs, "hardly any noise: no softer voice than that"),
        (-95.0, CONFIG.voice_dbfs, "nothing on the line says nothing"),
    ],
)
def test_before_a_voice_is_heard_its_level_is_taken_from_the_noise(noise_dbfs, expected_dbfs, why):
    assert of(noise_dbfs) == pytest.approx(expected_dbfs, abs=0.1), why


@pytest.mark.parametrize("voice_dbfs", [-10.0, -40.0])
def test_a_voice_that_is_heard_is_the_scale_at_once(voice_dbfs):
    assert of(-80.0, voice_dbfs) == pytest.approx(voice_dbfs, abs=0.1)
    assert of(-80.0, voice_dbfs, -80.0) == pytest.approx(voice_dbfs, abs=0.1)


def test_the_loudest_is_forgotten_slowly():
    second = round(1 / HOP_S)
    assert of(-10.0, *[-60.0] * 10 * second) == pytest.approx(-10.0 - 10 * CONFIG.level_fade_db_per_s, abs=0.2)
