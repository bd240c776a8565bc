"""The yardstick of who is heard: its truth must be the sound's, its sounds what they are called."""

from pathlib import Path

import numpy as np
import pytest

from scripts.bench.heard.after import _start
from scripts.bench.heard.clips import Row, as_caller, grouped, women_less_men
from scripts.bench.heard.sounds import sounds
from scripts.bench.heard.truth import by_level, of_call, score
from scripts.bench.lines.frames import bridged, frames_of, widened
from scripts.bench.systems.speech import Told, ours
from voicecare.timebase import RATE_HZ

KINDS = sounds(Path("nowhere"))


def spoken(*spans_s, length_s=2.0, floor=1e-4):
    """A buzz in the given stretches (start, end, amplitude) over a quiet floor."""
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    audio = floor * np.random.default_rng(0).standard_normal(t.size)
    buzz = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 9))
    for start_s, end_s, amplitude in spans_s:
        inside = (t >= start_s) & (t < end_s)
        audio[inside] += amplitude * buzz[inside]
    return audio.astype(np.float32)


def dbfs(sound):
    return 20 * np.log10(np.sqrt(np.mean(np.square(sound, dtype=np.float64))) + 1e-12)


def spans(frames):
    edges = np.flatnonzero(np.diff(np.concatenate(([0], frames.astype(int), [0]))))
    return [(float(a) / 100, float(b) / 100) for a, b in edges.reshape(-1, 2)]


def near(found, wanted):
    """Whether stretches are the same to a frame: the voice's band rounds an edge."""
    return len(found) == len(wanted) and np.allclose(found, wanted, rtol=0, atol=0.011)


def test_what_is_loud_is_speech_and_a_short_pause_within_it_too():
    truth = by_level(spoken((0.5, 0.8, 0.3), (0.9, 1.4, 0.2)), RATE_HZ)
    assert near(spans(truth.sure), [(0.5, 1.4)])


def test_a_long_pause_is_no_speech():
    truth = by_level(spoken((0.2, 0.6, 0.3), (1.0, 1.5, 0.3)), RATE_HZ)
    assert near(spans(truth.sure), [(0.2, 0.6), (1.0, 1.5)])


def test_a_click_is_no_speech():
    truth = by_level(spoken((0.2, 0.22, 0.3), (1.0, 1.5, 0.3)), RATE_HZ)
    assert near(spans(truth.sure), [(1.0, 1.5)])


def test_a_long_breath_before_the_voice_is_neither_speech_nor_silence():
    truth = by_level(spoken((0.1, 1.0, 0.02), (1.0, 1.5, 0.3)), RATE_HZ)
    assert near(spans(truth.sure), [(0.9, 1.5)])
    assert truth.possible[10:150].all()


def test_a_breath_apart_from_the_voice_is_not_asked_for():
    truth = by_level(spoken((0.2, 1.0, 0.3), (1.3, 1.6, 0.05)), RATE_HZ)
    assert near(spans(truth.sure), [(0.2, 1.0)])
    assert truth.possible[130:160].all()


def test_a_soft_onset_belongs_to_the_voice():
    truth = by_level(spoken((0.9, 1.0, 0.03), (1.0, 1.5, 0.3)), RATE_HZ)
    assert near(spans(truth.sure), [(0.9, 1.5)])


def test_truth_is_the_same_at_every_level():
    clip = spoken((0.3, 0.9, 0.3), (1.2, 1.6, 0.1))
    assert (by_level(clip, RATE_HZ).sure == by_level(clip * np.float32(0.01), RATE_HZ).sure).all()


def test_the_truth_of_a_call_ignores_what_is_far_below_speech():
    truth = of_call(spoken((0.3, 0.9, 0.2), (1.2, 1.6, 0.001)), RATE_HZ)
    assert near(spans(truth.sure), [(0.3, 0.9)])


def test_gaps_are_closed_before_what_is_short_is_dropped():
    on = frames_of([(0.1, 0.14), (0.2, 0.24), (0.6, 0.64)], 100)
    assert near(spans(bridged(on, 0.1, 0.1)), [(0.1, 0.24)])


def test_stretches_grow_at_both_ends():
    assert near(spans(widened(frames_of([(0.4, 0.6)], 100), 0.1)), [(0.3, 0.7)])


def test_all_told_right_is_all_heard_and_nothing_invented():
    truth = by_level(spoken((0.5, 1.0, 0.3)), RATE_HZ)
    share = score(truth, [(0.5, 1.0)])
    assert (share.heard, share.invented_s) == pytest.approx((1.0, 0.0), abs=0.04)


def test_half_a_voice_is_half_heard():
    truth = by_level(spoken((0.5, 1.0, 0.3)), RATE_HZ)
    assert score(truth, [(0.5, 0.75)]).heard == pytest.approx(0.5, abs=0.03)


def test_what_is_told_far_from_any_sound_is_invented():
    truth = by_level(spoken((0.5, 1.0, 0.3)), RATE_HZ)
    share = score(truth, [(0.5, 1.5)])
    assert share.invented_s == pytest.approx(0.3, abs=0.02)
    assert share.invented == pytest.approx(0.3 / 1.1, abs=0.02)


def test_what_is_told_near_a_sound_is_not_invented():
    truth = by_level(spoken((0.5, 1.0, 0.3)), RATE_HZ)
    assert score(truth, [(0.35, 1.19)]).invented_s == 0.0


def test_the_loudest_part_is_scored_by_itself():
    audio = spoken((0.2, 0.8, 0.1), (1.0, 1.4, 0.3))
    truth = by_level(audio, RATE_HZ)
    level_db = 20 * np.log10(np.abs(audio).reshape(-1, 160).max(1) + 1e-12)
    share = score(truth, [(1.0, 1.4)], level_db)
    assert share.heard == pytest.approx(0.4, abs=0.03)
    assert share.loudest > 0.95


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_sound_has_its_length_stays_in_range_and_repeats(kind):
    first, again = (KINDS[kind](3 * RATE_HZ, np.random.default_rng(4)) for _ in range(2))
    assert first.shape == (3 * RATE_HZ,)
    assert np.abs(first).max() < 1
    assert (first == again).all()
    assert kind == "digital silence" or dbfs(first) > -80


@pytest.mark.parametrize(
    ("kind", "hz"), [("ring-back US", (440, 480)), ("ring-back EU", (425,)), ("busy", (425,)), ("fax", (1_100,))]
)
def test_a_tone_of_the_network_has_its_frequencies(kind, hz):
    sound = KINDS[kind](RATE_HZ // 2, np.random.default_rng(0))
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size)))
    peaks = np.flatnonzero((spectrum[1:-1] > spectrum[:-2]) & (spectrum[1:-1] > spectrum[2:]) & (spectrum[1:-1] > 50))
    assert tuple(2.0 * (peaks + 1)) == pytest.approx(hz, abs=2)


def test_noise_is_as_loud_as_its_name_says():
    for kind, make in KINDS.items():
        if kind.endswith("dBFS"):
            assert dbfs(make(RATE_HZ, np.random.default_rng(0))) == pytest.approx(int(kind.split()[-2]), abs=0.1)


def test_the_worst_group_comes_first_with_its_worst_clip():
    rows = [_row("anger", "female", 0.2, "a"), _row("anger", "female", 0.8, "b"), _row("calm", "male", 1.0, "c")]
    first, second = grouped(rows, "emotion", "sex")
    assert (first.key, first.n, first.mean, first.worst, first.worst_clip) == (("anger", "female"), 2, 0.5, 0.2, "a")
    assert (first.lost, second.lost) == (2, 0)
    assert women_less_men(rows) == pytest.approx(-0.5)


def test_one_sex_alone_is_not_compared():
    assert np.isnan(women_less_men([_row("calm", "male", 1.0, "c")]))


@pytest.mark.parametrize(
    ("told_s", "lost_s", "first_second"),
    [([(1.0, 2.6)], 0.0, 1.0), ([(1.3, 2.6)], 0.3, 0.7), ([(0.2, 0.9)], 1.8, 0.0), ([(0.2, 2.6)], 0.0, 1.0)],
)
def test_what_is_lost_of_a_start_is_counted_from_the_true_start(told_s, lost_s, first_second):
    truth = by_level(spoken((1.0, 2.6, 0.3), length_s=2.8), RATE_HZ)
    told = Told({"caller": told_s}, {"caller": [(a, a + 0.2) for a, _ in told_s]})
    start = _start(told, truth)
    assert (start.lost_s, start.first_second) == pytest.approx((lost_s, first_second), abs=0.021)


def test_a_decision_before_the_voice_counts_only_for_speech_that_reaches_into_it():
    truth = by_level(spoken((1.0, 2.6, 0.3), length_s=2.8), RATE_HZ)
    before = _start(Told({"caller": [(0.2, 0.9), (1.4, 2.6)]}, {"caller": [(0.2, 0.4), (1.4, 1.7)]}), truth)
    through = _start(Told({"caller": [(0.2, 2.6)]}, {"caller": [(0.2, 0.4)]}), truth)
    assert (before.decided_s, through.decided_s) == pytest.approx((0.7, 0.0), abs=0.011)


def test_our_chain_tells_a_muted_call_nothing():
    told = ours("silero", np.zeros((2, 2 * RATE_HZ), np.float32))
    assert told.spans == {"agent": [], "caller": []}


def test_a_clip_is_heard_in_the_callers_leg_alone():
    agent, caller = as_caller(_clip()[0])
    assert not agent.any()
    assert caller.any()


def _clip():
    clip = spoken((0.2, 0.9, 0.3), (1.1, 1.7, 0.15))
    return clip, by_level(clip, RATE_HZ)


def _row(emotion, sex, heard, clip):
    return Row("ours", "amr", "ravdess", emotion, sex, clip, heard, 0.0, 1.0)
