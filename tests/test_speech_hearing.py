"""What one hop holds: the voice detector's word, and what a witness adds to it."""

from __future__ import annotations

import numpy as np
import pytest

from voicecare.config import Config
from voicecare.speech.activity.hearing import Hearing
from voicecare.timebase import HOP, RATE_HZ

SOUND, SILENCE = [True] * 3, [False] * 3
QUIET = np.zeros((2, HOP), np.float32)
VOICE = np.sin(2 * np.pi * 250 * np.arange(HOP) / RATE_HZ) * 0.1
LOUD = np.stack([np.zeros(HOP), VOICE]).astype(np.float32)


class Saying:
    """A stand-in for any detector: it says the same of every hop."""

    name = "saying"

    def __init__(self, agent, caller):
        self.said = agent, caller

    def over(self, stretch):
        return [self.said] * (stretch.shape[1] // HOP)


HARDLY, VOICED, FRAMES = Saying(0.0, 0.04), Saying(0.0, 1.0), Saying(SILENCE, SOUND)


@pytest.mark.parametrize(("edges", "witness"), [(FRAMES, None), (None, VOICED), (None, None)])
def test_without_a_witness_or_frames_of_sound_the_voice_detectors_word_stands(edges, witness):
    speech, frames = Hearing(Config(), HARDLY, edges, witness).push(QUIET)
    assert speech == (0.0, 0.04)
    assert frames == (None if edges is None else FRAMES.said)


def test_a_witness_makes_a_voice_of_what_is_hardly_heard():
    speech, frames = Hearing(Config(), HARDLY, FRAMES, VOICED).push(LOUD)
    assert speech == (0.0, pytest.approx(0.46, abs=0.01))
    assert frames == FRAMES.said


def test_a_witness_alone_makes_no_voice_of_what_is_neither_loud_nor_periodic():
    speech, _ = Hearing(Config(), HARDLY, FRAMES, VOICED).push(QUIET)
    assert speech == (0.0, 0.04)


def test_a_witness_against_a_voice_takes_nothing_away():
    speech, _ = Hearing(Config(), Saying(0.0, 0.9), FRAMES, Saying(0.0, 0.0)).push(QUIET)
    assert speech == (0.0, 0.9)
