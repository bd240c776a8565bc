"""Soft voices in a party's pauses are somebody else's; nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from voicecare.config import BystanderConfig
from voicecare.speech.activity.bystanders import Bystanders
from voicecare.timebase import HOP, HOP_S

RNG = np.random.default_rng(0)
SOUND, SILENCE = [True] * 3, [False] * 3


PARTY = 0.7
"""From this probability on a stretch is one voice, with syllables; below it is noise, or many voices at once."""


def hop(agent_dbfs, caller_dbfs):
    return (RNG.standard_normal((2, HOP)) * 10 ** (np.array([[agent_dbfs], [caller_dbfs]]) / 20)).astype(np.float32)


def spoken(dbfs, probability, number):
    """The level of a stretch's hop of this number: one voice rises and falls by 5 dB with its syllables."""
    return dbfs + 5.0 * np.sin(2 * np.pi * 3.5 * number * HOP_S) * (probability >= PARTY)


def heard(*stretches):
    """What is left of an agent's stretches: seconds, level in dBFS, probability, frames. The caller is silent."""
    stage, said = Bystanders(BystanderConfig()), []
    for length_s, dbfs, probability, frames in stretches:
        for number in range(round(length_s / HOP_S)):
            level = spoken(dbfs, probability, number)
            own, own_frames = stage.push(hop(level, -80), (probability, 0.0), (frames, SILENCE))
            said.append((own[0], own_frames[0]))
    return said


CALL = ((1.0, -20, 0.9, SOUND), (0.3, -40, 0.01, SOUND), (4.0, -36, 0.6, SOUND)) * 3
"""The agent speaks, then somebody behind."""


def test_a_soft_voice_that_fills_the_pauses_is_a_bystander():
    said = heard(*CALL)
    assert said[-1] == (0.0, SILENCE)


CROWD = ((1.0, -20, 0.9, SOUND), (4.0, -36, 0.6, SOUND)) * 3
"""The agent speaks, and so many others that somebody always does."""


def test_soft_voices_without_silence_between_them_are_bystanders_after_two_seconds():
    said = heard(*CROWD)
    assert said[-1] == (0.0, SILENCE)
    assert all(frames == SOUND for _, frames in said[: round(2.9 / HOP_S)])
    assert all(one == (0.0, SILENCE) for one in said[round(3.3 / HOP_S) : round(4.9 / HOP_S)])
    assert all(one == (0.9, SOUND) for one in said[round(10.05 / HOP_S) :][: round(0.9 / HOP_S)])


def test_many_voices_before_the_party_has_spoken_are_known_however_soft_and_however_long_nobody_speaks():
    said = heard((60.0, -44, 0.6, SOUND), (1.0, -27, 0.9, SOUND), (40.0, -44, 0.6, SOUND), (1.0, -27, 0.9, SOUND))
    own = np.array([probability for probability, _ in said])
    at = [round(edge_s / HOP_S) for edge_s in (2.3, 60.05, 61.0, 61.3, 101.1, 102.0)]
    assert own[at[0] : at[1] - 3].max() == 0.0
    assert own[at[1] : at[2] - 1].min() == 0.9
    assert own[at[3] : at[4] - 5].max() == 0.0
    assert own[at[4] : at[5] - 1].min() == 0.9


def test_one_voice_that_never_pauses_is_no_crowd():
    assert all(one == (0.9, SOUND) for one in heard((30.0, -30, 0.9, SOUND)))


def test_the_party_is_heard_beside_bystanders():
    said = heard(*CALL, (1.0, -20, 0.9, SOUND))
    assert all(one == (0.9, SOUND) for one in said[-round(1 / HOP_S) :])


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (((1.0, -20, 0.9, SOUND), (4.0, -36, 0.01, SOUND)) * 3, "noise is no voice"),
        (((1.0, -20, 0.9, SOUND), (4.0, -80, 0.01, SILENCE), (1.0, -36, 0.9, SOUND)) * 3, "the party speaks softly"),
        (
            ((1.0, -20, 0.9, SOUND), (1.2, -36, 0.9, SOUND), (2.0, -60, 0.01, SOUND)) * 3,
            "gain control softens a sentence",
        ),
        (
            ((1.0, -20, 0.9, SOUND), (0.3, -40, 0.01, SOUND), (4.0, -28, 0.9, SOUND)) * 3,
            "eight decibels are a party's own range",
        ),
    ],
)
def test_without_soft_voices_all_along_nothing_is_touched(call, why):
    said = heard(*call)
    expected = [(p, frames) for length_s, _, p, frames in call for _ in range(round(length_s / HOP_S))]
    assert said == expected, why


def test_a_soft_sound_within_a_word_stays_the_partys():
    said = heard(*CALL, (0.3, -20, 0.9, SOUND), (0.06, -45, 0.9, SOUND), (0.3, -20, 0.9, SOUND))
    assert all(probability == 0.9 for probability, _ in said[-round(0.6 / HOP_S) :])


def test_the_legs_do_not_touch_each_other():
    stage = Bystanders(BystanderConfig())
    for length_s, dbfs, probability, frames in CALL:
        for number in range(round(length_s / HOP_S)):
            levels = spoken(dbfs, probability, number), spoken(-25, 0.7, number)
            own, own_frames = stage.push(hop(*levels), (probability, 0.7), (frames, SOUND))
            assert (own[1], own_frames[1]) == (0.7, SOUND)
    assert own[0] == 0.0


def test_without_an_edge_detector_probabilities_alone_are_judged():
    stage = Bystanders(BystanderConfig())
    for length_s, dbfs, probability, _ in CALL:
        for _ in range(round(length_s / HOP_S)):
            own, frames = stage.push(hop(dbfs, -80), (probability, 0.0), None)
    assert own[0] == 0.0
    assert frames is None
