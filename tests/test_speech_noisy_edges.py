"""Edges on a noisy leg: soft sounds stand out in their bands, noise does not, and nothing depends on the blocks."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.config import Config
from voicecare.speech.activity.loudness import FRAME
from voicecare.speech.activity.noisy_edges import NoisyEdges
from voicecare.timebase import HOP, RATE_HZ

HOPS = 125
SOUND = slice(2 * RATE_HZ, 3 * RATE_HZ)
QUIET_S = 2.0


def leg(rng, *, tone=0.0):
    """Four seconds of noise, and in the third a tone as loud as said (against noise of 1)."""
    audio = rng.standard_normal(HOPS * HOP).astype(np.float32)
    audio[SOUND] += np.float32(tone) * np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32)
    return audio * np.float32(0.01)


def unsure(probability, *, value=None):
    """What is said of each hop when the leg is too noisy: P(speech) of both and frames nobody can tell."""
    ends = [at * HOP // FRAME for at in range(HOPS + 1)]
    return [((probability, probability), ([value] * (b - a), [value] * (b - a))) for a, b in itertools.pairwise(ends)]


def frames_of(told, row):
    return [frame for _, frames in told for frame in frames[row]]


def test_a_tone_softer_than_the_noise_has_edges_within_fifty_milliseconds():
    legs = np.stack([leg(np.random.default_rng(1)), leg(np.random.default_rng(2), tone=0.7)])
    told = NoisyEdges(Config().vad).over(legs, unsure(0.01))
    agent, caller = (frames_of(told, row) for row in (0, 1))
    assert sum(frame is True for frame in agent) <= 4, "noise is no sound"
    sounds = np.flatnonzero([frame is True for frame in caller[150:]]) + 150
    assert sounds[0] * 0.01 == pytest.approx(QUIET_S, abs=0.05)
    assert (sounds[-1] + 1) * 0.01 == pytest.approx(QUIET_S + 1.0, abs=0.05)


def test_frames_that_level_knows_stay_as_they_are():
    legs = np.stack([leg(np.random.default_rng(1)), leg(np.random.default_rng(2), tone=0.7)])
    for value in (True, False):
        said = unsure(0.01, value=value)
        assert NoisyEdges(Config().vad).over(legs, said) == said


@pytest.mark.parametrize("probability", [0.0, 0.5], ids=["another's voice", "a voice"])
def test_where_nobody_is_known_to_be_silent_the_noise_is_not_learnt_and_nothing_is_told(probability):
    legs = np.stack([leg(np.random.default_rng(1)), leg(np.random.default_rng(2), tone=0.7)])
    assert NoisyEdges(Config().vad).over(legs, unsure(probability)) == unsure(probability)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, HOPS - 1), max_size=6))
def test_blocks_of_any_size_give_the_same(cuts):
    legs = np.stack([leg(np.random.default_rng(1)), leg(np.random.default_rng(2), tone=0.7)])
    said = unsure(0.01)
    for at in range(40, 60):  # for a while level knows the caller's leg
        said[at] = said[at][0], (said[at][1][0], [False] * len(said[at][1][1]))
    whole = NoisyEdges(Config().vad).over(legs, said)
    edges, parts = NoisyEdges(Config().vad), []
    borders = sorted({0, *cuts, HOPS})
    for begin, end in itertools.pairwise(borders):
        parts += edges.over(legs[:, begin * HOP : end * HOP], said[begin:end])
    assert parts == whole
