"""What a voice leans to is relative to its own start, known late, and bounded."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.config import StrainConfig
from voicecare.speech.strain.prosody import FEATURES, MELODY, ProsodyFrame, melody_of
from voicecare.speech.strain.tone import WIDEST, Tone
from voicecare.timebase import Span


@dataclasses.dataclass(frozen=True)
class SpreadHead:
    """Scores one unit a semitone of F0's spread."""

    prosody: np.ndarray = dataclasses.field(
        default_factory=lambda: np.eye(1, len(FEATURES) + len(MELODY), len(FEATURES), dtype=np.float32)[0]
    )
    calm: tuple[float, float] = (2.0, 0.0)
    calm_sd: tuple[float, float] = (1.0, 1.0)
    wander: tuple[float, float] = (0.5, 0.5)
    unit: tuple[float, float] = (1.0, 1.0)


def frame(spread: float | None) -> ProsodyFrame:
    melody = None if spread is None else np.array([spread, 0.0, 0.5, 0.0], np.float32)
    return ProsodyFrame(0, Span(0, 1), np.zeros(len(FEATURES), np.float32), 1.0, melody)


def talked(*spreads: float | None, step_s: float = 0.5) -> Tone:
    tone = Tone(StrainConfig(), SpreadHead())
    for number, spread in enumerate(spreads):
        tone.push(frame(spread), step_s, calm=number < 40)
    return tone


def test_a_voice_that_swings_wider_than_at_its_start_leans_to_pleased_and_a_narrower_one_to_tense():
    steady = talked(*[2.0] * 60)
    assert steady.lean(with_voice=False) == pytest.approx(0.0, abs=0.05)
    assert talked(*[2.0] * 40, *[4.0] * 20).lean(with_voice=False) > 1.0
    assert talked(*[2.0] * 40, *[0.5] * 20).lean(with_voice=False) < -1.0


def test_nothing_is_said_before_a_start_is_known_or_where_nothing_is_voiced():
    assert talked(*[2.0] * 4).lean(with_voice=False) is None
    assert talked(*[None] * 60).lean(with_voice=False) is None


def test_a_voice_alike_from_the_start_leans_to_nothing_however_wide_it_swings():
    assert talked(*[4.0] * 60).lean(with_voice=False) == pytest.approx(0.0, abs=0.2)


def test_the_encoders_view_counts_only_while_it_is_recent():
    tone = talked(*[2.0] * 60)
    for _ in range(10):
        tone.push_voice(0.0, 3.0, calm=True)
    tone.push_voice(3.0, 3.0, calm=False)
    assert tone.lean(with_voice=False) == pytest.approx(0.0, abs=0.05)
    assert tone.lean(with_voice=True) > 0.5


@given(st.lists(st.floats(0.0, 100.0), min_size=30, max_size=60))
def test_a_lean_is_bounded(spreads):
    lean = talked(*spreads).lean(with_voice=False)
    assert lean is None or -WIDEST <= lean <= WIDEST


def test_a_melody_is_told_in_semitones_and_not_of_too_few_moves():
    swing = np.tile([0.0, 2.0, 4.0, 2.0], 5)
    assert melody_of(swing) == pytest.approx([np.std(swing), 2.0, 10 / 19, 0.0], abs=0.01)
    assert melody_of(np.array([0.0, 1.0, np.nan, 2.0, 3.0])) is None
