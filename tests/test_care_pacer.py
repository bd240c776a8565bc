"""The pacer tells the breath of any moment; in and out differ by shape, word and tone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.care.pacer import PATTERNS, Pacer, own, tone
from voicecare.catalogue.catalogue import Catalogue
from voicecare.errors import UsageError

MOMENTS = st.floats(0, 299.99)


def test_slow_breathing_is_six_a_minute_with_the_longer_breath_out():
    pacer = Pacer(PATTERNS["4-6"], 5)
    assert pacer.length_s == 300
    assert [pacer.at(at_s).kind for at_s in (0, 3.99, 4, 9.99, 10)] == ["in", "in", "out", "out", "in"]
    assert pacer.at(300) is None


def test_the_sigh_has_a_second_breath_in_before_the_long_one_out():
    pacer = Pacer(PATTERNS["sigh"], 1)
    assert [pacer.at(at_s).kind for at_s in (0, 1.2, 1.6, 2.1, 4.9)] == ["in", "hold", "more", "out", "out"]


@given(st.sampled_from(sorted(PATTERNS)), MOMENTS)
def test_the_circle_never_jumps_and_a_phase_ends_where_the_next_begins(name, at_s):
    pacer = Pacer(PATTERNS[name], 5)
    now, soon = pacer.at(at_s), pacer.at(at_s + 0.01)
    assert 0 <= now.size <= 1
    if soon is not None:
        assert abs(soon.size - now.size) < 0.05
    assert at_s <= now.ends_s + 1e-6
    following = pacer.at(now.ends_s + 1e-6)
    assert following is None or following.number == now.number + 1


@given(st.floats(2, 12), st.floats(2, 12), st.sampled_from([1, 3, 5]))
def test_own_numbers_last_whole_breaths_and_at_least_the_minutes(in_s, out_s, minutes):
    pacer = Pacer(own(in_s, out_s), minutes)
    assert 60 * minutes - 1e-3 <= pacer.length_s < 60 * minutes + in_s + out_s
    assert pacer.at(pacer.length_s - 0.01).kind == "out"


@pytest.mark.parametrize(("in_s", "out_s"), [(1.9, 6), (4, 12.1), (float("nan"), 6)])
def test_numbers_out_of_bounds_are_refused(in_s, out_s):
    with pytest.raises(UsageError, match="2 to 12 seconds"):
        own(in_s, out_s)


def test_the_tone_rises_with_the_breath_in_falls_with_the_breath_out_and_is_quiet():
    breath_in, breath_out = PATTERNS["4-6"]
    for phase, rises in ((breath_in, True), (breath_out, False)):
        sound = tone(phase)
        crossings = [int(np.sum(np.diff(np.signbit(half)))) for half in np.array_split(sound, 2)]
        assert (crossings[0] < crossings[1]) is rises
        assert np.abs(sound).max() < 0.03
    assert not tone(PATTERNS["sigh"][1]).any()


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_every_phase_has_a_word_of_its_own(language):
    catalogue = Catalogue.load(language)
    words = {catalogue.say("pacer", kind) for kind in ("in", "hold", "more", "out")}
    assert len(words) == 4
