"""The calls our figures rest on: their truth must be the sound's."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scripts.bench.calls import heated
from scripts.bench.calls.happened import reference
from scripts.bench.calls.timed import Planned, build, calls, excerpt
from scripts.bench.corpora.arousal import Clip
from scripts.bench.corpora.voices import Voice, islands
from voicecare.timebase import RATE_HZ


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


def clip(speaker: str, emotion: str, number: int = 0) -> Clip:
    aroused = emotion in ("anger", "fear", "happiness")
    path = Path(speaker) / f"{emotion}{number}.flac"
    return Clip("emodb", path, speaker, "female", "de", emotion, aroused, None, "train")


def test_an_elated_caller_is_joyful_where_a_heated_one_is_angry_and_nothing_is_to_be_noticed(monkeypatch):
    emotions = ("neutral", "anger", "fear", "happiness")
    clips = [clip(s, e, n) for s in ("a", "b") for e in emotions for n in range(3)]
    monkeypatch.setattr(Clip, "speech", lambda _: bursts((0.0, 2.0)))
    kinds = {}
    for feeling in ("anger", "fear", "happiness"):
        call = heated.build(clips, 5, heated=True, feeling=feeling, codec="none", length_s=60.0)
        kinds[call.story["kind"]] = {s["emotion"] for s in call.story["segments"] if s["channel"] == "caller"}
        assert bool(call.story["aroused"]) == (feeling != "happiness")
    assert kinds == {k: {"neutral", e} for k, e in (("heated", "anger"), ("fearful", "fear"), ("elated", "happiness"))}
    joyful = heated.build(clips, 5, heated=False, joyful=True, codec="none", length_s=60.0)
    assert joyful.story["kind"] == "joyful"


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
