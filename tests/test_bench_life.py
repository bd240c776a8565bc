"""The built day and the national tones of the call-life bench are what they say."""

import numpy as np
import pytest

from scripts.bench.lines.tones import NETWORKS, dial, special_information, tone
from voicecare.timebase import RATE_HZ


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_s_tones_keep_to_the_limits_of_e_180(name):
    network = NETWORKS[name]
    assert max(network.ring_s[0::2]) <= 2.5
    assert 2.0 <= max(network.ring_s[1::2]) <= 6.0
    for rhythm_s in (network.busy_s, network.congestion_s):
        assert max(rhythm_s) <= 0.75
    assert all(330 <= hz <= 640 for hz in (*network.ring_hz, *network.busy_hz))


def test_a_tone_sounds_where_its_rhythm_says():
    sound = tone(6 * RATE_HZ, (425.0,), (1.0, 2.0))
    power = np.mean(np.square(sound.reshape(-1, RATE_HZ)), axis=1)
    assert (power > 1e-4).tolist() == [True, False, False, True, False, False]
    assert 10 * np.log10(power[0]) == pytest.approx(-20.0, abs=0.5)


def test_special_information_rises_and_a_dial_tone_does_not_end():
    rising = special_information(RATE_HZ)
    third = round(0.33 * RATE_HZ)
    peaks = [np.abs(np.fft.rfft(rising[n * third : (n + 1) * third])).argmax() / 0.33 for n in range(3)]
    assert peaks == pytest.approx([950, 1400, 1800], abs=5)
    assert np.sqrt(np.mean(np.square(dial(4 * RATE_HZ)[3 * RATE_HZ : -100]))) > 0.05
