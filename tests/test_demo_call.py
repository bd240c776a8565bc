"""The demo call that ships: a user's first minute and a half, so what it claims to hold is measured in the audio."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from talk import kinds, turn_events

from voicecare.backends.pitch import SwiftPitch
from voicecare.backends.silero import SileroDetector
from voicecare.config import TurnConfig, VadConfig
from voicecare.timebase import HOP, RATE_HZ, Span, samples
from voicecare.types import PARTIES

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "voicecare" / "demo"
TRUTH = json.loads((DEMO / "call.truth.json").read_text(encoding="utf-8"))
((HEATED_START_S, HEATED_END_S),) = TRUTH["aroused"]


@pytest.fixture(scope="module")
def line():
    """The call as it is on disk: float32 (n, 2), the caller first."""
    audio, rate_hz = soundfile.read(DEMO / "call.flac", dtype="float32")
    assert rate_hz == 8_000
    return audio


@pytest.fixture(scope="module")
def legs(line):
    """The call as the engine sees it, 16 kHz by party."""
    return {by: soxr.resample(line[:, side], 8_000, RATE_HZ) for side, by in enumerate(("caller", "agent"))}


def speech(by):
    return [Span(samples(s["start"]), samples(s["end"])) for s in TRUTH["segments"] if s["channel"] == by]


def utterances(by):
    joined = []
    for span in speech(by):
        if joined and span.start - joined[-1].end < samples(TurnConfig().merge_gap_s):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def caller_speech_s(start_s, end_s):
    whole = Span(samples(start_s), samples(end_s))
    return sum(span.overlap(whole) for span in speech("caller")) / RATE_HZ


def test_the_call_is_a_short_two_channel_phone_call_that_is_small_to_ship(line):
    assert line.shape[1] == 2
    assert 60 <= len(line) / 8_000 <= 90
    assert (DEMO / "call.flac").stat().st_size < 1_300_000


def test_nothing_clips_and_nothing_is_digitally_silent(line):
    assert np.abs(line).max() < 10 ** (-3 / 20)
    blocks = line[: len(line) // 80 * 80].reshape(-1, 80, 2)
    assert np.abs(blocks).max(axis=1).min() > 0, "10 ms of zeros: no phone line is that quiet"


def test_the_line_passes_the_telephone_band_alone(line):
    blocks = line[: len(line) // 800 * 800].reshape(-1, 800, 2) * np.hanning(800)[:, None]
    power = np.mean(np.abs(np.fft.rfft(blocks, axis=1)) ** 2, axis=0)
    hz = np.fft.rfftfreq(800, 1 / 8_000)
    inside, outside = power[(hz >= 400) & (hz <= 3_000)], power[(hz < 150) | (hz > 3_800)]
    assert np.all(10 * np.log10(inside.mean(axis=0) / outside.mean(axis=0)) > 20)


def test_the_turn_rules_find_exactly_what_the_story_lays_down():
    found = kinds(
        turn_events({by: speech(by) for by in PARTIES}), "interruption", "backchannel", "early_reply", "dual_start"
    )
    laid = sorted((e["kind"], e["by"], e["start_s"]) for e in TRUTH["events"])
    assert [kind for kind, *_ in laid] == ["backchannel", "early_reply", "interruption"]
    assert [(kind, by) for kind, by, _ in found] == [(kind, by) for kind, by, _ in laid]
    assert [start for *_, start in found] == pytest.approx([start for *_, start in laid], abs=0.05)


def test_the_agent_talks_over_the_caller_long_enough_to_be_cued_and_takes_the_floor():
    events = turn_events({by: speech(by) for by in PARTIES})
    (cut,) = [e for e in events if e.kind == "interruption" and e.closed]
    (talk_over,) = [e for e in events if e.kind == "talk_over" and e.closed]
    assert cut.floor == "taken"
    assert talk_over.by == "agent"
    assert talk_over.span.length > samples(1.2)


def test_the_caller_speaks_calmly_long_enough_before_and_after_the_heated_stretch():
    assert caller_speech_s(0, HEATED_START_S) >= 12
    assert 20 <= HEATED_END_S - HEATED_START_S <= 30
    assert caller_speech_s(HEATED_END_S, 90) >= 15


def test_the_agent_acknowledges_right_after_the_heated_stretch():
    heard = next(s for s in TRUTH["said"] if s["channel"] == "agent" and s["start"] >= HEATED_END_S)
    assert "I understand how frustrating that is" in heard["text"]


@pytest.mark.parametrize("by", PARTIES)
def test_the_sound_is_where_the_truth_says(legs, by):
    """Speech stands 20 dB over the pauses, in which there is nothing but comfort noise."""
    audio = legs[by]
    inside = np.zeros(audio.size, bool)
    near = np.zeros(audio.size, bool)
    for span in speech(by):
        inside[span.start : span.end] = True
        near[max(0, span.start - RATE_HZ // 20) : span.end + RATE_HZ // 20] = True
    spoken_db, pause_db = (10 * np.log10(np.mean(audio[mask] ** 2)) for mask in (inside, ~near))
    assert spoken_db - pause_db > 20
    assert -65 < pause_db < -50


def test_the_callers_pitch_rises_as_in_heated_people_and_comes_down_again(legs):
    tracker = SwiftPitch()

    def middle_st(start_s, end_s):
        pitches = []
        for span in speech("caller"):
            if samples(start_s) <= span.start < samples(end_s):
                audio = legs["caller"][span.start : span.end]
                f0, sure = tracker.track((audio * 0.1 / np.sqrt(np.mean(audio**2))).astype(np.float32))
                pitches += list(12 * np.log2(f0[sure > 0.9] / 100))
        return float(np.median(pitches))

    calm, heated, after = (
        middle_st(*edges) for edges in ((0, HEATED_START_S), (HEATED_START_S, HEATED_END_S), (HEATED_END_S, 90))
    )
    assert 3 < heated - calm < 9
    assert abs(after - calm) < 2


def test_the_callers_spectrum_brightens_as_raised_effort_makes_it(legs):
    def balance_db(start_s, end_s):
        audio = np.concatenate(
            [legs["caller"][s.start : s.end] for s in speech("caller") if samples(start_s) <= s.start < samples(end_s)]
        )
        power = np.mean(np.abs(np.fft.rfft(audio[: audio.size // 512 * 512].reshape(-1, 512))) ** 2, axis=0)
        hz = np.fft.rfftfreq(512, 1 / RATE_HZ)
        return 10 * np.log10(power[(hz > 1_000) & (hz < 3_400)].sum() / power[(hz > 300) & (hz <= 1_000)].sum())

    calm, heated = balance_db(0, HEATED_START_S), balance_db(HEATED_START_S, HEATED_END_S)
    assert 3 < heated - calm < 12


def test_the_voice_detector_hears_every_utterance_where_it_is(legs):
    length = min(leg.size for leg in legs.values()) // HOP * HOP
    call = np.stack([legs["agent"][:length], legs["caller"][:length]]).astype(np.float32)
    detector = SileroDetector(VadConfig())
    likely = np.array([detector.probabilities(call[:, at : at + HOP]) for at in range(0, length, HOP)])
    late_ms = []
    for row, by in enumerate(PARTIES):
        hops = np.flatnonzero(likely[:, row] > VadConfig().on)
        for utterance in utterances(by):
            first = hops[(hops + 1) * HOP > utterance.start - samples(0.25)][0] * HOP
            late_ms.append(abs(first - utterance.start) / RATE_HZ * 1_000)
    assert np.median(late_ms) < 100
    assert max(late_ms) < 300


def test_the_card_says_it_is_synthetic_and_names_the_licences():
    card = (DEMO / "README.md").read_text(encoding="utf-8")
    for needed in ("synthetic", "Apache-2.0", "Kokoro-82M", "af_heart", "am_michael", "not evidence"):
        assert needed in card


def test_the_shipped_call_tells_the_story_of_its_script():
    """Who edits the story must make the call anew."""
    from scripts.make import demo_call as make_demo_call

    story = [(phrase.by, phrase.text) for phrase in make_demo_call.STORY]
    assert [(line["channel"], line["text"]) for line in TRUTH["said"]] == story
