"""A leg that is too quiet or too noisy to be judged by is said to be so, once."""

import numpy as np
import pytest

from voicecare.config import ClarityConfig
from voicecare.speech.activity.clarity import Clarity
from voicecare.timebase import HOP


def told(voice_dbfs, noise_dbfs, seconds=30):
    """A caller who speaks every other second over noise; the agent's leg is clear and loud."""
    clarity, rng, news = Clarity(ClarityConfig()), np.random.default_rng(0), []
    for hop in range(int(seconds * 16_000 / HOP)):
        speaks = hop // 31 % 2 == 0
        levels = [-20.0 if speaks else -70.0, voice_dbfs if speaks else noise_dbfs]
        samples = rng.standard_normal((2, HOP)) * 10 ** (np.array(levels)[:, None] / 20)
        news += clarity.push(samples.astype(np.float32), (hop + 1) * HOP, speaks=(speaks, speaks))
    return [(event.kind, event.note) for event in news]


@pytest.mark.parametrize(
    ("voice_dbfs", "noise_dbfs", "expected"),
    [
        (-25.0, -60.0, []),
        (-50.0, -80.0, []),
        (-58.0, -80.0, [("quiet_leg", "caller")]),
        (-25.0, -30.0, [("noisy_leg", "caller")]),
        (-25.0, -36.0, []),
    ],
)
def test_a_leg_is_told_by_its_voice_and_its_noise(voice_dbfs, noise_dbfs, expected):
    assert told(voice_dbfs, noise_dbfs) == expected


def test_little_speech_says_nothing_about_a_line():
    assert told(-60.0, -80.0, seconds=8) == []
