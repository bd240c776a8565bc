"""The baseline is this caller's calm voice; liveliness is how far that voice strays from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.config import StrainConfig
from voicecare.speech.strain.baseline import SETTLING_S, Baseline, Liveliness

CONFIG = StrainConfig()
STEP_S = 0.5


def baseline(*scores: float, calm: bool = True) -> Baseline:
    made = Baseline(CONFIG, population=0.0, population_sd=1.0, wander=0.5)
    for score in scores:
        made.hear(score, STEP_S, calm=calm)
    return made


def liveliness(*distances: float, calm: bool = True) -> Liveliness:
    made = Liveliness(CONFIG, usual=0.3)
    for distance in distances:
        made.hear(distance, STEP_S, calm=calm)
    return made


def test_nothing_heard_is_the_populations_voice_and_the_usual_liveliness():
    assert baseline().score == 0.0
    assert liveliness().deviation == pytest.approx(0.3)


def test_the_callers_own_voice_soon_outweighs_the_population():
    assert baseline(*[1.0] * 4).score == pytest.approx(1.0 * 2 / (2 + CONFIG.population_s))
    assert baseline(*[1.0] * 40).score > 0.9


def test_after_the_opening_only_calm_speech_moves_the_baseline():
    opening = [0.0] * round(CONFIG.baseline_s / STEP_S)
    learned = baseline(*opening)
    before = learned.score
    learned.hear(1.0, STEP_S, calm=False)
    assert learned.score == before
    learned.hear(1.0, STEP_S, calm=True)
    assert learned.score > before


def test_a_start_far_above_the_population_is_not_believed():
    heated = baseline(*[5.0] * 40)
    assert heated.is_capped
    assert heated.score == CONFIG.heated_start_sd * 1.0


def test_a_lively_caller_strays_further_than_a_steady_one():
    steady, lively = liveliness(*[0.05, -0.05] * 60), liveliness(*[0.7, -0.7] * 60)
    assert steady.deviation < 0.3 < lively.deviation
    assert lively.deviation == pytest.approx(0.7, abs=0.1)


def test_a_baseline_still_settling_says_nothing_about_liveliness():
    early = liveliness(*[0.9] * (round(SETTLING_S / STEP_S) - 1))
    assert early.deviation == pytest.approx(0.3)


def test_strained_speech_does_not_pass_for_liveliness():
    steady = [0.1, -0.1] * 30
    learned = liveliness(*steady)
    before = learned.deviation
    for _ in range(60):
        learned.hear(2.0, STEP_S, calm=False)
    assert learned.deviation == before


def test_the_first_moments_of_strain_heard_while_it_still_passes_for_calm_count_little():
    learned = liveliness(*[0.1, -0.1] * 30)
    before = learned.deviation
    for _ in range(3):
        learned.hear(8.0, STEP_S, calm=True)
    assert learned.deviation < 2 * before


@given(st.lists(st.floats(-50, 50), max_size=80), st.booleans())
def test_liveliness_stays_within_what_any_caller_reaches(distances, calm):
    assert 0.0 < liveliness(*distances, calm=calm).deviation <= 0.9 + 1e-9
