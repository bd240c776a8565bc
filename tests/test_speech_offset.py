"""A constant offset is taken out before anything else hears the call."""

import numpy as np
import pytest

from voicecare.speech.activity.offset import OffsetRemover
from voicecare.timebase import HOP, RATE_HZ


def through(legs):
    remover = OffsetRemover()
    hops = [legs[:, at : at + HOP] for at in range(0, legs.shape[1] - HOP + 1, HOP)]
    return np.concatenate([remover.push(hop) for hop in hops], axis=1)


@pytest.fixture
def legs():
    noise = np.random.default_rng(0).standard_normal((2, 4 * RATE_HZ // HOP * HOP)) * 0.01
    return noise.astype(np.float32)


@pytest.mark.parametrize("offset", [0.05, -0.2, 0.004])
def test_an_offset_is_gone_after_half_a_second(legs, offset):
    shifted = legs + np.array([[offset], [0.0]], np.float32)
    heard = through(shifted)
    assert abs(heard[0, 6 * RATE_HZ // 10 :].mean()) < 1e-3
    assert np.array_equal(heard[1], legs[1])


def test_a_leg_without_an_offset_stays_bit_for_bit(legs):
    assert np.array_equal(through(legs), legs)


def test_a_deep_loud_voice_is_no_offset():
    t = np.arange(2 * RATE_HZ // HOP * HOP) / RATE_HZ
    voice = np.stack([0.3 * np.sin(2 * np.pi * 83 * t), np.zeros_like(t)]).astype(np.float32)
    assert np.array_equal(through(voice), voice)


def test_silence_in_a_leg_with_an_offset_stays_silent(legs):
    shifted = legs + np.float32(0.05)
    shifted[:, RATE_HZ : 2 * RATE_HZ // HOP * HOP] = 0.0
    inside = through(shifted)[:, -(-RATE_HZ // HOP) * HOP : 2 * RATE_HZ // HOP * HOP]
    assert not inside.any()


def test_no_hop_begins_with_a_step(legs):
    heard = through(np.full_like(legs, 0.1))
    assert np.abs(np.diff(heard[0])).max() < 0.01
