"""The voices around a party: how loud, how even, and from which level on a hop is the party's."""

from __future__ import annotations

import pytest

from voicecare.config import BystanderConfig
from voicecare.speech.activity.ground import Ground
from voicecare.timebase import HOP_S

CONFIG = BystanderConfig()
STRETCH = round(CONFIG.steady_s / HOP_S)


def pushed(levels_dbfs, probability):
    ground, steady = Ground(CONFIG), []
    for level in levels_dbfs:
        ground.push(10 ** (level / 10), probability)
        steady.append(ground.is_steady)
    return ground, steady


def test_an_even_voice_is_many_once_it_has_lasted_and_is_no_more_when_it_rises():
    _, steady = pushed([-40.0] * (2 * STRETCH) + [-25.0] * 10, 0.6)
    assert not any(steady[: STRETCH - 1])
    assert all(steady[STRETCH + 2 : 2 * STRETCH])
    assert not steady[-1]


@pytest.mark.parametrize(("levels_dbfs", "probability"), [([-40.0], 0.1), ([-75.0], 0.9), ([-34.0, -46.0] * 5, 0.9)])
def test_noise_silence_and_a_voice_with_syllables_are_not(levels_dbfs, probability):
    levels = [level for level in levels_dbfs for _ in range(4)] * STRETCH
    assert not any(pushed(levels, probability)[1])


def test_the_limit_is_unknown_for_a_second_of_pauses_and_then_above_what_was_learnt():
    ground, _ = pushed([-50.0] * 3, 0.0)
    for _ in range(30):
        ground.learn(-50.0)
        assert ground.limit_db(-20.0, begins=False) is None
    ground.learn(-50.0)
    assert ground.limit_db(-20.0, begins=False) == pytest.approx(-47.0)
    assert ground.limit_db(-20.0, begins=True) == pytest.approx(-44.0)


def test_even_voices_are_theirs_though_nobody_has_been_loud_for_long():
    ground, _ = pushed([-40.0] * (STRETCH + 3), 0.6)
    assert ground.limit_db(-38.0, begins=False) == pytest.approx(-37.0)


def test_an_uneven_voice_around_never_asks_more_of_the_party_than_its_loudest_does():
    ground, _ = pushed([-50.0] * 3, 0.0)
    for number in range(300):
        ground.learn(-60.0 if number % 2 else -36.0)
    assert ground.limit_db(-20.0, begins=False) == pytest.approx(-32.0)
