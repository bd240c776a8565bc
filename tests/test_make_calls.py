"""The calls our figures rest on: their truth must be the sound's, and their score the definitions'."""

import dataclasses
import itertools
import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from scripts.bench.calls.timed import RATE_HZ, Planned, Voice, build, calls, excerpt, islands
from scripts.bench.lines.conditions import CONDITIONS, rate_hz, send
from scripts.bench.scores.turns import Heard, Said, Score, kind, overlap_s, reference, utterances

HOUR_S = 3_600.0


def bursts(*spans_s, length_s=2.0, rate=RATE_HZ):
    """Noise in the given stretches, silence between."""
    audio = np.zeros(round(length_s * rate), np.float32)
    rng = np.random.default_rng(0)
    for a, b in spans_s:
        n = round(b * rate) - round(a * rate)
        audio[round(a * rate) : round(b * rate)] = 0.1 * rng.standard_normal(n)
    return audio


def voice(name="one"):
    clip = bursts((0.0, 0.8), (1.1, 2.0))
    return Voice(name, ((clip, tuple(islands(clip))),))


def test_islands_are_the_stretches_of_sound_with_short_pauses_closed():
    found = islands(bursts((0.1, 0.5), (0.6, 0.9), (1.3, 1.8)))
    assert [(a / RATE_HZ, b / RATE_HZ) for a, b in found] == [(0.1, 0.9), (1.3, 1.8)]


def test_breath_around_a_sentence_is_no_speech():
    """What stays 20 dB below the sentence for longer than a fricative does is not speech, and alone it is nothing."""
    audio = bursts((0.1, 0.7), (0.7, 1.2), (1.6, 1.9))
    for a, b in ((0.1, 0.7), (1.6, 1.9)):
        audio[round(a * RATE_HZ) : round(b * RATE_HZ)] *= 0.03
    assert [(a / RATE_HZ, b / RATE_HZ) for a, b in islands(audio)] == [(0.4, 1.2)]


def test_the_truth_of_a_built_call_is_where_its_sound_is():
    plan = [Planned("agent", 0.5, 4.0, backchannel=False), Planned("caller", 3.0, 9.0, backchannel=False)]
    call = build(plan, voice("a"), voice("b"), 10.0, np.random.default_rng(1))
    for row, party in enumerate(("agent", "caller")):
        loud = np.zeros(call.legs.shape[1], bool)
        for start, end in call.truth[party]:
            loud[start:end] = True
        assert np.abs(call.legs[row][~loud]).max() < 1e-3
        for start, end in call.truth[party]:
            assert np.abs(call.legs[row][start:end]).mean() > 0.02


def test_an_excerpt_keeps_whole_utterances_on_its_own_clock():
    plan = [Planned("agent", float(t), t + 5.0, backchannel=False) for t in (0, 10, 20)]
    assert [p.start_s for p in excerpt(plan, 9.0, 12.0)] == [1.0]


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_line_keeps_length_level_and_timing(name):
    """Speech comes out where it went in, to 15 ms, so that the truth stays true."""
    condition = dataclasses.replace(CONDITIONS[name], tones_s=0.0, leak_db=None, room_db=None)
    plan = [Planned("agent", 0.5, 4.0, backchannel=False), Planned("caller", 3.0, 7.0, backchannel=False)]
    call = build(plan, voice("a"), voice("b"), 8.0, np.random.default_rng(1))
    sent = send(call, condition, [voice(str(i)) for i in range(6)], np.random.default_rng(2))
    rate = rate_hz(condition)
    assert sent.legs.shape == (2, 8 * rate)
    assert sent.truth == call.truth
    for before, after in zip(call.legs, sent.legs, strict=True):
        step = RATE_HZ // 1000 * 5
        clean = np.sqrt(np.mean(np.square(before.reshape(-1, step)), axis=1))
        noisy = np.sqrt(np.mean(np.square(after.reshape(-1, rate // 1000 * 5)), axis=1))
        likeness = [np.corrcoef(clean[20:-20], np.roll(noisy, -lag)[20:-20])[0, 1] for lag in range(-10, 11)]
        assert abs(int(np.argmax(likeness)) - 10) <= 3
        assert max(likeness) > 0.5


def test_tones_come_before_the_call_and_move_its_truth():
    call = build([Planned("caller", 0.5, 3.0, backchannel=False)], voice(), voice(), 4.0, np.random.default_rng(1))
    sent = send(call, CONDITIONS["tones"], [], np.random.default_rng(2))
    shift = round(CONDITIONS["tones"].tones_s * RATE_HZ)
    assert sent.truth["caller"] == [(a + shift, b + shift) for a, b in call.truth["caller"]]
    assert np.abs(sent.legs[1, : shift // 4]).max() > 0.05


def test_a_leak_is_the_other_leg_later_and_quieter():
    call = build([Planned("caller", 0.5, 3.0, backchannel=False)], voice(), voice(), 4.0, np.random.default_rng(1))
    line = dataclasses.replace(CONDITIONS["leak-20dB"], coding="wide", idle_dbfs=-120.0)
    agent, caller = send(call, line, [], np.random.default_rng(2)).legs
    late = RATE_HZ // 25
    assert np.allclose(agent[late:], 0.1 * caller[:-late], atol=1e-4)


# Scoring


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0.0, 9.0), (0.2, 3.0), "dual_start"),
        ((0.0, 9.0), (3.0, 4.0), "backchannel"),
        ((0.0, 9.0), (3.0, 4.5), "interruption"),
        ((0.0, 9.0), (8.6, 12.0), "early_reply"),
        ((0.0, 9.0), (8.2, 9.1), "interruption"),
        ((0.0, 9.0), (0.6, 3.0), "dual_start"),
    ],
)
def test_each_kind_by_its_definition(a, b, expected):
    assert kind(*a, *b) == expected
    assert [e.kind for e in reference({"agent": [b], "caller": [a]})] == [expected]


def test_utterances_join_over_less_than_half_a_second():
    assert utterances([(0.0, 1.0), (1.49, 2.0), (2.5, 3.0)]) == [(0.0, 2.0), (2.5, 3.0)]


def test_a_perfect_hearing_scores_one_and_a_swapped_one_scores_wrong_parties():
    truth = {"agent": [(3.0, 6.0)], "caller": [(0.0, 9.0)]}
    perfect = Heard(truth, overlap_s(truth), (Said("interruption", "agent", 3.0, 4.1),))
    score = Score()
    score.add(truth, perfect, 10.0)
    row = score.row()
    assert (row["f1"], row["overlap_error"], row["voice_recall"], row["voice_false_alarms"]) == (1.0, 0.0, 1.0, 0.0)
    assert row["delay_median_s"] == pytest.approx(1.1)
    swapped = Score()
    swapped.add(truth, dataclasses.replace(perfect, events=(Said("interruption", "caller", 3.0),)), 10.0)
    assert (swapped.row()["f1"], swapped.row()["wrong_party"]) == (0.0, 1.0)


def test_one_event_answers_for_one_interruption_only():
    truth = {"agent": [(3.0, 6.0)], "caller": [(0.0, 9.0)]}
    twice = (Said("interruption", "agent", 3.0), Said("interruption", "agent", 3.1))
    score = Score()
    score.add(truth, Heard(truth, 3.0, twice), HOUR_S)
    assert (score.row()["precision"], score.row()["recall"], score.row()["false_per_hour"]) == (0.5, 1.0, 1.0)


# With real voices


@pytest.mark.data
def test_a_call_of_a_seed_is_always_the_same_and_another_seed_another(data_dir):
    one, same, another = (next(calls(data_dir, length_s=60.0, seed=seed, agreeable=False)).call for seed in (1, 1, 2))
    assert np.array_equal(one.legs, same.legs)
    assert one.truth == same.truth
    assert not np.array_equal(one.legs, another.legs)


@pytest.mark.data
def test_agreeable_calls_overlap_without_interrupting(data_dir):
    kinds = set()
    for made in itertools.islice(calls(data_dir, length_s=180.0, seed=0, agreeable=True), 4):
        kinds |= {e.kind for e in reference(made.call.seconds())}
    assert "interruption" not in kinds
    assert {"backchannel", "early_reply"} <= kinds


@pytest.mark.data
def test_the_script_writes_sound_and_truth_beside_each_other(data_dir, tmp_path):
    command = [sys.executable, "-m", "scripts.make.calls", "--data", data_dir, "--out", tmp_path, "--length-s", "30"]
    subprocess.run([*command, "--hours", "0.008", "--condition", "alaw"], check=True, capture_output=True)
    (wav,) = tmp_path.glob("*.wav")
    truth = json.loads(wav.with_suffix(".truth.json").read_text())
    info = soundfile.info(wav)
    assert (info.channels, info.samplerate, info.subtype, round(info.duration)) == (2, 8_000, "ALAW", 30)
    assert {s["channel"] for s in truth["segments"]} <= {"L-caller", "R-agent"}
    assert all(0 <= s["start"] < s["end"] <= 30 for s in truth["segments"])
