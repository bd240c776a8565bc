"""Lines do to a call what they are called, and nothing to its timing; a seed always gives the same line."""

import dataclasses

import numpy as np
import pytest

from scripts.bench.calls.call import through
from scripts.bench.calls.timed import Planned, build
from scripts.bench.corpora.voices import Voice, islands
from scripts.bench.heard.clips import alone
from scripts.bench.heard.truth import by_level
from scripts.bench.lines import phone
from scripts.bench.lines.conditions import CONDITIONS
from scripts.bench.lines.heard import LINES, PROMISED, send
from scripts.bench.lines.heard import phone as at_its_own_level
from scripts.bench.lines.levels import rms
from scripts.bench.lines.noise import pink
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


def speech(length_s: float = 1.5, seed: int = 1) -> np.ndarray:
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    tones = sum(np.sin(2 * np.pi * 150 * k * t) / k for k in range(1, 30))
    noise = np.random.default_rng(seed).normal(0, 0.01, t.size)
    return (0.1 * tones + noise).astype(np.float32)


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


def _clip():
    clip = spoken((0.2, 0.9, 0.3), (1.1, 1.7, 0.15))
    return clip, by_level(clip, RATE_HZ)


def _above_5_khz(sound):
    return float(np.sum(np.abs(np.fft.rfft(sound)[5_000:]) ** 2))


def test_the_same_clip_meets_the_same_line_in_every_run():
    sent = [phone.send(speech(), phone.draw(np.random.default_rng([1, 2])), np.random.default_rng(5)) for _ in range(2)]
    assert np.array_equal(*sent)


@pytest.mark.parametrize("codec", ["mulaw", "alaw", "amr"])
def test_a_line_keeps_length_and_place_sets_the_level_and_cuts_the_band(codec):
    line = phone.Phone(codec, level_dbfs=-30.0, snr_db=60.0, agc=False)
    clean = speech()
    sent = phone.send(clean, line, np.random.default_rng(1))
    assert sent.shape == clean.shape
    assert 20 * np.log10(rms(sent)) == pytest.approx(-30.0, abs=2.0)
    power = np.abs(np.fft.rfft(sent)) ** 2
    hz = np.fft.rfftfreq(sent.size, 1 / RATE_HZ)
    assert power[hz > 4_000].sum() < 1e-3 * power.sum()
    shift = np.argmax(np.correlate(sent.astype(float), clean.astype(float), "full")) - clean.size + 1
    assert abs(shift) < RATE_HZ // 100


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_line_keeps_length_level_and_timing(name):
    """Speech comes out where it went in, to 15 ms, so that the truth stays true."""
    condition = dataclasses.replace(CONDITIONS[name], tones_s=0.0, leak_db=None, room_db=None)
    plan = [Planned("agent", 0.5, 4.0, backchannel=False), Planned("caller", 3.0, 7.0, backchannel=False)]
    call = build(plan, voice("a"), voice("b"), 8.0, np.random.default_rng(1))
    sent = through(call, condition, [voice(str(i)).talk() for i in range(6)], np.random.default_rng(2))
    rate = condition.rate_hz
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
    sent = through(call, CONDITIONS["tones"], [], np.random.default_rng(2))
    shift = round(CONDITIONS["tones"].tones_s * RATE_HZ)
    assert sent.truth["caller"] == [(a + shift, b + shift) for a, b in call.truth["caller"]]
    assert np.abs(sent.legs[1, : shift // 4]).max() > 0.05


def test_a_leak_is_the_other_leg_later_and_quieter():
    call = build([Planned("caller", 0.5, 3.0, backchannel=False)], voice(), voice(), 4.0, np.random.default_rng(1))
    line = dataclasses.replace(CONDITIONS["leak-20dB"], coding="wide", idle_dbfs=-120.0)
    agent, caller = through(call, line, [], np.random.default_rng(2)).legs
    late = RATE_HZ // 25
    assert np.allclose(agent[late:], 0.1 * caller[:-late], atol=1e-4)


@pytest.mark.parametrize("name", [name for name, line in LINES.items() if line.peak_dbfs < 0 and not line.offset])
def test_a_line_carries_the_clip_at_its_level(name):
    line = LINES[name]
    leg, truth = alone(*_clip())
    sent = send(leg, truth.sure, line, np.random.default_rng(0))
    assert sent.size == leg.size
    assert 20 * np.log10(np.abs(sent).max()) == pytest.approx(line.peak_dbfs, abs=4 if line.codec == "amr" else 2.5)


def test_an_overdriven_line_is_at_full_scale_for_much_of_the_time():
    leg, truth = alone(*_clip())
    sent = send(leg, truth.sure, LINES["clipped"], np.random.default_rng(0))
    inside = np.repeat(truth.sure, 160)
    assert np.mean(np.abs(sent[: inside.size][inside]) > 0.9) > 0.2


def test_an_offset_is_on_the_line_all_along():
    leg, truth = alone(*_clip())
    sent = send(leg, truth.sure, LINES["offset"], np.random.default_rng(0))
    assert np.mean(sent[: RATE_HZ // 2]) == pytest.approx(0.05, abs=0.005)


def test_a_gated_line_is_digital_silence_between_words():
    clip = spoken((0.2, 0.6, 0.3), (1.2, 1.6, 0.3), floor=3e-4)
    leg, truth = alone(clip, by_level(clip, RATE_HZ))
    sent = send(leg, truth.sure, LINES["gated"], np.random.default_rng(0))
    pause = sent[round(1.75 * RATE_HZ) : round(2.05 * RATE_HZ)]
    assert np.abs(pause).max() < 1e-5


def test_music_goes_on_under_the_speech_and_after_it():
    leg, truth = alone(*_clip())
    sent = send(leg, truth.sure, LINES["music 15 dB"], np.random.default_rng(0))
    speech = sent[: truth.sure.size * 160][np.repeat(truth.sure, 160)]
    assert dbfs(speech) - dbfs(sent[-RATE_HZ // 2 :]) == pytest.approx(15, abs=6)
    assert "music 15 dB" not in PROMISED


def test_a_room_is_as_loud_as_its_name_says():
    leg, truth = alone(*_clip())
    sent = send(leg, truth.sure, LINES["room 20 dB"], np.random.default_rng(0))
    speech = sent[: truth.sure.size * 160][np.repeat(truth.sure, 160)]
    assert dbfs(speech) - dbfs(sent[: RATE_HZ // 2]) == pytest.approx(20, abs=1.5)


def test_a_wide_line_keeps_what_a_phone_line_cuts():
    rng = np.random.default_rng(0)
    hiss = pink(RATE_HZ, RATE_HZ, rng).astype(np.float32) * 0.1
    truth = by_level(hiss, RATE_HZ)
    high = {name: _above_5_khz(send(hiss, truth.sure, LINES[name], rng)) for name in ("wide", "-10 dBFS")}
    assert high["wide"] > 100 * high["-10 dBFS"]


def test_a_phone_keeps_the_level_of_a_sound():
    tone = 0.1 * np.sin(2 * np.pi * 440 * np.arange(RATE_HZ) / RATE_HZ)
    assert dbfs(at_its_own_level(tone)) == pytest.approx(dbfs(tone), abs=0.3)
