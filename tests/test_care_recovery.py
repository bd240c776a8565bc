"""A caller who was worked up is told as recovered only if it was heard so; and a merry one never was."""

from __future__ import annotations

import dataclasses

from care_samples import calm_call, strained_call

from voicecare.care.recovery import is_hard, recovery, strained_s


def test_back_in_the_usual_band_for_long_enough_is_a_recovery():
    found = recovery(strained_call(eased=True, up_s=80))
    assert found is not None
    assert (found.rose_s, found.eased_s, found.calm_s) == (60.0, 140.0, 160.0)


def test_too_short_a_calm_end_is_none():
    call = strained_call(eased=True, up_s=80)
    assert recovery(dataclasses.replace(call, length_s=150.0, strain=call.strain[:70])) is None


def test_no_strain_and_strain_to_the_end_are_none():
    assert recovery(calm_call()) is None
    assert recovery(strained_call(eased=False)) is None


def test_a_merry_voice_rises_too_and_is_no_recovery():
    call = strained_call(eased=True)
    merry = dataclasses.replace(call, cues=(dataclasses.replace(call.cues[0], friendly=True),))
    assert recovery(merry) is None
    assert recovery(dataclasses.replace(call, cues=())) is None
    assert not is_hard(merry)


def test_a_minute_of_strain_makes_a_hard_call_and_so_does_one_that_stays_high():
    assert strained_s(strained_call(eased=True, up_s=80)) == 80.0
    assert is_hard(strained_call(eased=True, up_s=80))
    assert not is_hard(strained_call(eased=True, up_s=40))
    short = strained_call(eased=False)
    assert is_hard(dataclasses.replace(short, length_s=90.0, strain=tuple(e for e in short.strain if e.at_s < 90)))
    assert not is_hard(calm_call())


def test_a_cue_that_words_led_to_makes_a_rise_of_strain_that_is_up_but_not_high():
    call = strained_call(eased=True, up_s=80)
    up = (call.low + call.high) / 2
    mild = dataclasses.replace(call, strain=tuple(dataclasses.replace(e, value=min(e.value, up)) for e in call.strain))
    found = recovery(mild)
    assert found is not None
    assert found.eased_s == 140.0
    assert recovery(dataclasses.replace(mild, cues=())) is None
