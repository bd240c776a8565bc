"""Level and a second detector raise what is nearly heard; they invent nothing and lower nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.config import VadConfig
from voicecare.speech.activity.vouching import Vouching
from voicecare.timebase import HOP, HOP_S, RATE_HZ

SOUND, SILENCE, UNKNOWN = (True, True, True), (False, False, False), (None, None, None)
NOBODY = (0.0, 0.0, SILENCE)
CONFIG = VadConfig()


LONGEST = 64


def at(dbfs, audio):
    """Audio of that level, as hops."""
    return (audio * 10 ** (dbfs / 20) / np.sqrt(np.mean(audio**2))).astype(np.float32).reshape(-1, HOP)


NOISE = np.random.default_rng(0).standard_normal(LONGEST * HOP)
TONE = sum(np.cos(2 * np.pi * 200 * k * np.arange(LONGEST * HOP) / RATE_HZ + k * k) for k in range(2, 18))
ROUGH = TONE / np.sqrt(np.mean(TONE**2)) + 1.1 * NOISE
LOUD, HISS, BREATH, VOWEL = at(-20, ROUGH), at(-20, NOISE), at(-60, NOISE), at(-60, TONE)
"""A rough voice of 200 Hz on the telephone, and noise as loud; noise and a voice 40 dB below them."""
NOTHING = np.zeros(HOP, np.float32)


def vouched(*hops, sounds=LOUD):
    """What becomes of a caller's hops: probability, voiced share, frames; with what sounds meanwhile."""
    stage = Vouching(CONFIG)
    return [
        stage.push(np.stack([NOTHING, sound]), (0.0, p), (0.0, voiced), (SILENCE, frames))[1]
        for sound, (p, voiced, frames) in zip(sounds, hops, strict=False)
    ]


@pytest.mark.parametrize(
    ("probability", "voiced", "frames", "expected", "why"),
    [
        (0.03, 1.0, SOUND, 0.38, "a voice that is hardly heard"),
        (0.04, 1.0, SOUND, 0.46, "a little more is speech"),
        (0.03, 0.5, SOUND, 0.38, "half of a hop may be a consonant"),
        (0.03, 1.0, (True, True, False), 0.38, "a hop may be half a pause"),
        (0.002, 1.0, SOUND, 0.04, "music stays far below speech"),
        (0.0, 1.0, SOUND, 0.0, "nothing is a verdict"),
        (0.03, 0.4, SOUND, 0.03, "too little of it is a voice"),
        (0.03, 0.0, SOUND, 0.03, "a sound that is no voice"),
        (0.03, 1.0, SILENCE, 0.03, "no sound"),
        (0.03, 1.0, (True, False, False), 0.03, "hardly a sound"),
        (0.03, 1.0, UNKNOWN, 0.03, "a noisy leg"),
        (0.03, 1.0, (True, True, None), 0.03, "a leg that is noisy for a moment"),
        (0.03, 1.0, (), 0.03, "no frames"),
        (0.9, 1.0, SOUND, 0.99, "a voice that is heard"),
        (1.0, 1.0, SOUND, 1.0, "certainty"),
    ],
)
def test_a_voice_is_vouched_for_where_both_hear_one(probability, voiced, frames, expected, why):
    assert vouched((probability, voiced, frames)) == [pytest.approx(expected, abs=0.01)], why


SPEECH = (0.9, 1.0, SOUND)


@pytest.mark.parametrize(
    ("probability", "voiced", "expected", "why"),
    [
        (0.01, 0.3, 0.48, "less is asked of a word that goes on"),
        (0.03, 0.4, 0.74, "of both detectors"),
        (0.01, 0.2, 0.01, "but a voice it must be"),
        (0.0, 1.0, 0.0, "nothing is a verdict"),
    ],
)
def test_less_is_asked_while_the_leg_speaks(probability, voiced, expected, why):
    assert vouched(SPEECH, (probability, voiced, SOUND))[1] == pytest.approx(expected, abs=0.01), why


def test_speech_is_remembered_for_as_long_as_configured():
    kept = round(CONFIG.vouched_s / HOP_S)
    soft = (0.01, 0.3, SOUND)
    assert vouched(SPEECH, *[NOBODY] * (kept - 1), soft)[-1] > CONFIG.on
    assert vouched(SPEECH, *[NOBODY] * kept, soft)[-1] == 0.01


def test_speech_that_was_vouched_for_is_remembered_too():
    assert vouched((0.04, 1.0, SOUND), (0.01, 0.3, SOUND))[1] > CONFIG.on


def test_a_fresh_leg_remembers_no_speech():
    assert vouched((0.01, 0.3, SOUND)) == [0.01]


HARDLY = (0.03, 1.0, SOUND)


def after_something_loud(*sounds):
    """What becomes of voices that are hardly heard, once a loud hop without one has shown how loud the leg can be."""
    said = vouched(NOBODY, *[HARDLY] * len(sounds), sounds=[LOUD[0], *sounds])
    return said[1:]


def test_what_is_soft_and_does_not_repeat_itself_is_not_vouched_for():
    assert after_something_loud(*BREATH[:20]) == [0.03] * 20


def test_what_is_soft_and_repeats_itself_is_vouched_for():
    said = after_something_loud(*VOWEL[:20])
    assert said[2:] == [pytest.approx(0.38, abs=0.01)] * 18


def test_a_soft_consonant_is_vouched_for_just_after_its_vowel():
    kept = round(CONFIG.periodic_s / HOP_S)
    said = after_something_loud(*VOWEL[:10], *BREATH[: kept + 10])[10:]
    assert said[:kept] == [pytest.approx(0.38, abs=0.01)] * kept
    assert said[kept:] == [0.03] * 10


@pytest.mark.parametrize(
    ("below_db", "is_vouched"), [(CONFIG.near_db - 1.0, True), (CONFIG.near_db + 1.0, False), (40.0, False)]
)
@pytest.mark.parametrize(
    ("sounds", "loudest", "why"),
    [([], CONFIG.voice_dbfs, "of a usual voice before any"), ([LOUD[0]], -20.0, "of the loudest so far")],
)
def test_what_is_about_as_loud_as_the_leg_is_vouched_for(sounds, loudest, why, below_db, is_vouched):
    soft = at(loudest - below_db, ROUGH[-HOP:])
    said = vouched(*[NOBODY] * len(sounds), HARDLY, sounds=[*sounds, *soft])
    assert said[-1] == pytest.approx(0.38 if is_vouched else 0.03, abs=0.01), why


def test_what_is_loud_and_does_not_repeat_itself_at_all_is_not_vouched_for():
    """A keystroke, or noise that gain control has lifted."""
    assert vouched(*[HARDLY] * 20, sounds=HISS) == [0.03] * 20


def test_a_loud_consonant_is_vouched_for_just_after_its_vowel():
    kept = round(CONFIG.periodic_s / HOP_S)
    said = vouched(*[HARDLY] * 30, sounds=[*LOUD[:10], *HISS[:20]])[10:]
    assert said[:kept] == [pytest.approx(0.38, abs=0.01)] * kept
    assert said[kept + 2 :] == [0.03] * (18 - kept)


CHANCES = st.floats(0.0, 1.0)
FRAMES = st.lists(st.sampled_from([True, False, None]), max_size=4)
HOPS = st.lists(st.tuples(CHANCES, CHANCES, FRAMES), min_size=1, max_size=40)
SOUNDS = st.lists(st.sampled_from([LOUD[0], BREATH[0], VOWEL[0], NOTHING]), min_size=40, max_size=40)


@settings(deadline=None)
@given(HOPS, SOUNDS)
def test_no_probability_is_ever_lowered_or_leaves_its_range(hops, sounds):
    for (before, _, _), after in zip(hops, vouched(*hops, sounds=sounds), strict=True):
        assert before <= after <= 1.0


@settings(deadline=None)
@given(HOPS, SOUNDS)
def test_only_a_sounding_voice_on_a_clear_leg_is_raised(hops, sounds):
    for (before, voiced, frames), after in zip(hops, vouched(*hops, sounds=sounds), strict=True):
        if after > before:
            assert before > 0.0
            assert voiced >= CONFIG.voiced_on
            assert None not in frames
            assert any(frames)


@settings(deadline=None)
@given(HOPS, HOPS, SOUNDS, SOUNDS)
def test_the_legs_do_not_touch_each_other(agent, caller, agent_sounds, caller_sounds):
    stage, alone = Vouching(CONFIG), Vouching(CONFIG)
    for (p, voiced, frames), (other, other_voiced, other_frames), sound, other_sound in zip(
        agent, caller, agent_sounds, caller_sounds, strict=False
    ):
        both, one = np.stack([sound, other_sound]), np.stack([sound, NOTHING])
        together = stage.push(both, (p, other), (voiced, other_voiced), (frames, other_frames))
        assert together[0] == alone.push(one, (p, 0.0), (voiced, 0.0), (frames, SILENCE))[0]
