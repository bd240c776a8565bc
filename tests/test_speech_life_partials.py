"""What stays in a sound: steady partials, tones, and what of them a voice has."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phone_sounds import noise, silence, tone, tune, voice, whole

from voicecare.speech.life.partials import Partials
from voicecare.timebase import HOP


def heard(leg, hops_at_once=7, asked=None):
    partials = Partials()
    sounds = []
    for start in range(0, leg.size, hops_at_once * HOP):
        stretch = leg[start : start + hops_at_once * HOP]
        powers = np.mean(np.square(stretch.reshape(-1, HOP)), axis=1).tolist()
        first = start // HOP
        looks = [True] * len(powers) if asked is None else asked[first : first + len(powers)]
        sounds += partials.over(stretch, powers, looks)
    return sounds


def steady(leg):
    return float(np.mean([sound.steady for sound in heard(leg)]))


def test_notes_stay_and_a_voice_does_not():
    assert steady(whole(tune(6.0))) > 0.3
    assert steady(whole(voice(6.0))) < 0.02
    assert steady(whole(noise(6.0, 0.05))) < 0.01


def test_new_notes_are_struck_and_a_tone_that_goes_on_is_struck_once():
    assert sum(sound.struck for sound in heard(whole(tune(6.0)))) >= 6
    assert sum(sound.struck for sound in heard(whole(tone(6.0, (425,))))) == 1


@pytest.mark.parametrize("hz", [(425,), (950,), (350, 440), (480, 620), (697, 1209)])
def test_a_tone_is_one_or_two_lines_at_its_frequencies(hz):
    sound = heard(whole(tone(1.0, hz)))[20]
    assert sound.purity > 0.98
    assert sorted(line for line in sound.lines if line) == pytest.approx(sorted(hz), abs=4)


def test_tones_that_beat_are_one_line_between_them():
    sound = heard(whole(tone(1.0, (440, 480))))[20]
    assert sound.purity > 0.98
    assert max(sound.lines) == pytest.approx(460, abs=4)


def test_what_is_softer_than_a_line_s_noise_or_not_looked_at_has_no_partials():
    assert all(sound.steady == 0.0 and sound.purity == 0.0 for sound in heard(whole(tone(1.0, (425,), level=1e-4))))
    leg = whole(tone(1.0, (425,)))
    assert all(sound.purity == 0.0 for sound in heard(leg, asked=[False] * (leg.size // HOP)))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.integers(0, 5), st.integers(0, 2**31))
def test_how_many_hops_are_taken_at_once_changes_nothing(sizes, seed, choice):
    leg = whole(voice(0.7, seed), silence(0.2), tune(0.9, seed), noise(0.3, 0.01, seed))
    asked = [bool(one) for one in np.random.default_rng(choice).random(leg.size // HOP) < 0.8]
    partials, sounds, at, turn = Partials(), [], 0, 0
    while at < leg.size // HOP:
        count = min(sizes[turn % len(sizes)], leg.size // HOP - at)
        stretch = leg[at * HOP : (at + count) * HOP]
        powers = np.mean(np.square(stretch.reshape(-1, HOP)), axis=1).tolist()
        sounds += partials.over(stretch, powers, asked[at : at + count])
        at, turn = at + count, turn + 1
    assert sounds == heard(leg, 1, asked)
