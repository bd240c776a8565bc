"""Tones of networks: which one a hop holds, and what their rhythm says."""

import numpy as np
import pytest
from phone_sounds import noise, silence, tone, voice, whole

from voicecare.config import LifeConfig
from voicecare.speech.life.partials import Partials
from voicecare.speech.life.tones import Cadence, Tones
from voicecare.timebase import HOP


def heard(leg):
    powers = np.mean(np.square(leg.reshape(-1, HOP)), axis=1).tolist()
    return Partials().over(leg, powers, [True] * len(powers))


def named(leg):
    tones = Tones(LifeConfig())
    return {tones.push(sound) for sound in heard(leg)} - {None}


def said(leg):
    """What the rhythm of a leg says, in order, and whether it was busy at its end."""
    tones, cadence, signals = Tones(LifeConfig()), Cadence(LifeConfig()), []
    busy = False
    for sound in heard(leg):
        signal = cadence.push(tones.push(sound), sound, 1e-6)
        if signal is not None and signals[-1:] != [signal]:
            signals.append(signal)
        busy = busy or cadence.busy
    return signals, busy


@pytest.mark.parametrize(
    ("hz", "name"),
    [
        ((425,), "network"),
        ((400, 450), "network"),
        ((440, 480), "network"),
        ((480, 620), "network"),
        ((1400,), "information"),
        ((2600,), "other"),
    ],
)
def test_a_tone_has_its_name(hz, name):
    assert named(whole(tone(1.0, hz))) == {name}


def test_a_voice_is_no_tone():
    assert named(whole(voice(20.0))) == set()


@pytest.mark.parametrize(
    ("hz", "rhythm_s"),
    [
        ((440, 480), (2.0, 4.0)),
        ((425,), (1.0, 4.0)),
        ((400, 450), (0.4, 0.2, 0.4, 2.0)),
        ((400,), (1.0, 2.0)),
    ],
)
def test_ring_back_of_every_rhythm_rings(hz, rhythm_s):
    assert said(whole(noise(0.5), tone(12.0, hz, rhythm_s))) == (["ringing"], False)


@pytest.mark.parametrize("rhythm_s", [(0.5, 0.5), (0.375, 0.375), (0.25, 0.25), (0.2, 0.2), (0.167, 0.167)])
def test_busy_and_congestion_are_busy_after_four_tones(rhythm_s):
    assert said(whole(noise(0.5), tone(6 * sum(rhythm_s), (425,), rhythm_s)))[1]


@pytest.mark.parametrize(
    "waiting",
    [
        tone(10.0, (440,), (0.3, 9.7)),
        tone(10.0, (425,), (0.2, 0.2, 0.2, 5.0)),
        tone(10.0, (425,), (0.15, 0.15, 0.15, 8.0)),
    ],
)
def test_a_call_waiting_ends_nothing(waiting):
    signals, busy = said(whole(noise(0.5), waiting, silence(1.0)))
    assert "over" not in signals
    assert not busy


def test_words_between_tones_are_no_busy_tone():
    leg = whole(*[piece for n in range(6) for piece in (tone(0.3, (425,)), voice(1.0, n))])
    assert not said(leg)[1]


def test_a_tone_without_end_and_special_information_say_that_it_is_over():
    assert said(whole(tone(4.0, (350, 440))))[0][-1] == "over"
    three = [tone(0.33, (hz,)) for hz in (950, 1400, 1800)]
    assert "over" in said(whole(*three, silence(1.0)))[0]
    assert "over" not in said(whole(*three[:2], silence(1.0)))[0]
