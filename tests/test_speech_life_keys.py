"""Keys pressed in a call: whichever they are and however short, they are no voice, and no voice is a key."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phone_sounds import noise, silence, tone, tune, voice, whole

from voicecare.config import LifeConfig
from voicecare.speech.life.keys import COLUMNS_HZ, ROWS_HZ, Keys
from voicecare.speech.life.phases import Phases
from voicecare.timebase import HOP, RATE_HZ


def taken(leg, hops_at_once=9):
    """Which hops of a leg are keys."""
    keys, flags = Keys(), []
    powers = np.square(leg.reshape(-1, HOP)).mean(axis=1).tolist()
    for first in range(0, len(powers), hops_at_once):
        part = leg[first * HOP : (first + hops_at_once) * HOP]
        flags += keys.over(part, powers[first : first + hops_at_once])
    return flags


@pytest.mark.parametrize("pair", list(itertools.product(ROWS_HZ, COLUMNS_HZ)))
def test_each_key_of_a_tenth_of_a_second_is_known_from_the_first_hop_it_fills(pair):
    leg = whole(silence(0.31), tone(0.1, pair), silence(0.3)) + whole(noise(0.71))
    filled = np.sqrt(np.square(leg.reshape(-1, HOP)).mean(axis=1)) > 0.08
    assert filled.sum() >= 2
    assert all(flag for flag, is_full in zip(taken(leg), filled, strict=True) if is_full)


def test_one_tone_of_the_two_is_no_key_and_neither_are_those_of_the_network():
    for hz in ((770.0,), (1336.0,), (440.0, 480.0), (480.0, 620.0), (770.0, 852.0)):
        assert not any(taken(whole(tone(1.0, hz))))


@pytest.mark.parametrize("seed", range(3))
def test_neither_voice_nor_music_nor_noise_holds_a_key(seed):
    assert not any(taken(whole(voice(20.0, seed, hz=120.0 + 60.0 * seed), tune(20.0, seed), noise(5.0, 0.1, seed))))


def test_what_follows_a_key_is_heard_at_once():
    leg = whole(tone(0.2, (697.0, 1209.0)), voice(2.0))
    assert not any(taken(leg)[round(0.2 * RATE_HZ / HOP) + 1 :])


@settings(deadline=None, max_examples=20)
@given(hops_at_once=st.integers(1, 40))
def test_how_many_hops_come_at_once_changes_nothing(hops_at_once):
    leg = whole(voice(1.0), tone(0.1, (941.0, 1477.0)), silence(0.1), tone(0.1, (770.0, 1209.0)), voice(1.0, 1))
    assert taken(leg, hops_at_once) == taken(leg, 1)


@pytest.mark.parametrize("party", [0, 1])
def test_a_key_is_nobodys_voice_on_either_leg(party):
    leg = whole(tone(0.2, (852.0, 1477.0)))
    legs = np.stack([leg, leg])
    legs[1 - party] = 0.0
    said = [((0.95, 0.0) if party == 0 else (0.0, 0.95), None)] * (leg.size // HOP)
    noted = Phases(LifeConfig()).over(legs, said)
    assert max(one.said[0][party] for one in noted[:6]) == 0.0
