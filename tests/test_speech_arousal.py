"""Strain is relative to this caller, calibrated, silent when it does not know, and forgotten."""

from __future__ import annotations

import dataclasses
import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare import types
from voicecare.config import StrainConfig
from voicecare.speech.strain.arousal import ArousalTracker
from voicecare.speech.strain.prosody import FEATURES, ProsodyFrame
from voicecare.speech.strain.tone import ToneHead
from voicecare.timebase import Span, samples
from voicecare.types import Arousal, Heard

CONFIG = StrainConfig()
STEP = 8_192


@dataclasses.dataclass(frozen=True)
class PitchHead:
    """Scores one unit a semitone, and the encoder's number as it is; the population speaks at 5 semitones."""

    features: tuple[str, ...] = FEATURES
    prosody: np.ndarray = dataclasses.field(default_factory=lambda: np.eye(1, len(FEATURES), dtype=np.float32)[0])
    spread: np.ndarray = dataclasses.field(default_factory=lambda: np.full(len(FEATURES), 2.0, np.float32))
    calm: tuple[float, float] = (5.0, 0.0)
    calm_sd: tuple[float, float] = (3.0, 1.0)
    wander: tuple[float, float] = (0.5, 0.5)
    gain_both: tuple[float, float] = (1.0, 1.0)
    bias_both: float = -1.5
    gain_alone: float = 1.0
    bias_alone: float = -1.5
    tone: ToneHead | None = None


def frames(pitches_st, start: int = 0, quality: float = 1.0) -> list[ProsodyFrame]:
    made = []
    for number, pitch_st in enumerate(pitches_st, start):
        features = np.zeros(len(FEATURES), np.float32)
        features[0] = pitch_st
        made.append(
            ProsodyFrame((number + 1) * STEP, Span(max(0, number - 2) * STEP, (number + 1) * STEP), features, quality)
        )
    return made


def track(pitches_st, tracker: ArousalTracker | None = None, start: int = 0) -> list[Arousal]:
    tracker = tracker or ArousalTracker(CONFIG, PitchHead())
    return [estimate for frame in frames(pitches_st, start) for estimate in tracker.push(frame)]


def heard(voice: tuple[float, ...] | None, start: int, length_s: float = 3.0) -> Heard:
    span = Span(start, start + samples(length_s))
    return Heard("caller", span, "", (), "en", 0.0, voice, final=True, arrived=span.end + samples(1.5))


def test_says_nothing_until_it_has_heard_enough_speech():
    early = [e for e in track([5.0] * 20) if e.at < samples(CONFIG.least_s) - STEP]
    assert early
    assert all(e.value is None and e.because[0].code == "too_little_speech" for e in early)


def test_noisy_speech_is_not_judged():
    tracker = ArousalTracker(CONFIG, PitchHead())
    (estimate,) = tracker.push(frames([9.0], quality=0.0)[0])
    assert estimate.value is None
    assert estimate.confidence == 0.0
    assert [r.code for r in estimate.because] == ["too_noisy"]


@pytest.mark.parametrize("own_st", [1.0, 5.0, 9.0])
def test_a_steady_caller_is_calm_however_high_the_voice(own_st):
    values = [e.value for e in track([own_st] * 60) if e.value is not None]
    assert max(values[10:]) < 0.35


def test_a_caller_who_rises_is_strained_within_seconds_of_speech_and_eases_again():
    estimates = track([5.0] * 30 + [10.0] * 16 + [5.0] * 20)
    assert estimates[29].value < 0.25
    assert estimates[38].value > 0.5
    assert estimates[-1].value < 0.3


def test_the_baseline_does_not_learn_the_heated_voice():
    estimates = track([5.0] * 30 + [10.0] * 200)
    assert estimates[-1].value > 0.9


def test_a_slow_drift_of_the_calm_voice_is_followed():
    drift = np.linspace(0.0, 2.0, 400)
    assert max(e.value for e in track(list(5.0 + drift))[20:]) < 0.35


def test_a_caller_who_starts_heated_is_measured_against_the_population_with_less_confidence():
    heated = track([14.0] * 40)
    calm = track([5.0] * 40)
    assert heated[-1].value > 0.7
    assert "population_baseline" in [r.code for r in heated[-1].because]
    assert heated[-1].confidence < calm[-1].confidence


def test_a_lively_caller_must_rise_further_than_a_steady_one():
    lively = track([*[3.0, 7.0] * 20, *[8.0] * 8])[-1]
    steady = track([5.0] * 40 + [8.0] * 8)[-1]
    assert steady.value > lively.value + 0.1


def test_trend_is_told_apart_from_level():
    rising = track([*[5.0] * 30, *np.linspace(5.0, 10.0, 16)])[-1]
    high = track([5.0] * 30 + [10.0] * 60)[-1]
    assert rising.trend > 0.25
    assert high.value > rising.value
    assert abs(high.trend) < 0.05


def test_the_reason_is_the_pitch_above_this_callers_start_in_semitones():
    estimate = track([5.0] * 30 + [8.2] * 10)[-1]
    (pitch,) = [r for r in estimate.because if r.code == "pitch_up"]
    assert pitch.value == pytest.approx(3.2, abs=0.5)


def test_the_encoders_view_adds_to_the_estimate_and_to_the_confidence():
    with_voice, without = ArousalTracker(CONFIG, PitchHead()), ArousalTracker(CONFIG, PitchHead())
    for tracker in (with_voice, without):
        track([5.0] * 30, tracker)
    for number in range(3):
        with_voice.push_voice(heard((0.0,), number * samples(3.0)))
    (raised,) = with_voice.push_voice(heard((4.0,), samples(10.0)))
    assert raised.at == samples(14.5)
    (after,), (alone,) = (t.push(frames([5.0], 30)[0]) for t in (with_voice, without))
    assert after.value > alone.value + 0.1
    assert after.confidence > alone.confidence
    assert "voice_encoder" in [r.code for r in after.because]


def test_where_the_encoder_hears_strain_and_prosody_does_not_the_views_differ():
    tracker = ArousalTracker(CONFIG, PitchHead())
    track([5.0] * 30, tracker)
    for number in range(3):
        tracker.push_voice(heard((0.0,), number * samples(3.0)))
    (lone,) = tracker.push_voice(heard((9.0,), samples(10.0)))
    assert lone.value > CONFIG.views_agree
    assert "views_differ" in [reason.code for reason in lone.because]
    both = track([11.0] * 12, tracker, 30)[-1]
    assert "views_differ" not in [reason.code for reason in both.because]


def test_without_the_encoder_prosody_speaks_alone():
    tracker = ArousalTracker(CONFIG, PitchHead())
    assert tracker.push_voice(heard(None, 0)) == []
    assert track([5.0] * 30 + [10.0] * 16, tracker)[-1].value > 0.5


def test_an_old_view_of_the_encoder_is_not_counted_for_ever():
    tracker = ArousalTracker(CONFIG, PitchHead())
    track([5.0] * 30, tracker)
    for number in range(3):
        tracker.push_voice(heard((0.0,), number * samples(3.0)))
    tracker.push_voice(heard((6.0,), samples(10.0)))
    later = track([5.0] * 40, tracker, 30)[-1]
    assert "voice_encoder" not in [r.code for r in later.because]


@given(st.lists(st.floats(-20, 30), min_size=1, max_size=60), st.lists(st.floats(-10, 10), max_size=5))
def test_values_and_confidences_stay_in_range(pitches_st, voices):
    tracker = ArousalTracker(CONFIG, PitchHead())
    estimates = track(pitches_st, tracker)
    for number, voice in enumerate(voices):
        estimates += tracker.push_voice(heard((voice,), number * samples(3.0)))
    assert all(e.value is None or 0.0 <= e.value <= 1.0 for e in estimates)
    assert all(0.0 <= e.confidence <= 1.0 and math.isfinite(e.trend) for e in estimates)


def test_nothing_of_the_caller_is_kept_after_the_call():
    tracker, fresh = ArousalTracker(CONFIG, PitchHead()), ArousalTracker(CONFIG, PitchHead())
    track([9.0] * 40, tracker)
    tracker.push_voice(heard((2.0,), 0))
    assert tracker.finish() == []
    assert track([5.0] * 40, tracker) == track([5.0] * 40, fresh)


def test_strain_has_no_channel_and_so_none_of_the_agent_can_exist():
    assert "channel" not in {field.name for field in dataclasses.fields(Arousal)}
    assert "by" not in {field.name for field in dataclasses.fields(Arousal)}
    assert list(inspect.signature(ArousalTracker.push).parameters) == ["self", "frame"]
    assert types.Request.__dataclass_fields__["want_voice"].default is False
