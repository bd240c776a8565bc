"""A day: calls begin and end as the telephone says, each with an engine and a record of its own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from played_calls import NO_WORDS, demo_hops, live_run

from voicecare.audio.files.recording import open_recording
from voicecare.audio.joining.joining import Joiner, Stamped
from voicecare.config import Config
from voicecare.cue.viewmodel import Wishes
from voicecare.recorded import Replay
from voicecare.session import read
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import AudioBlock, CallPhase, Health, Segment


@pytest.fixture(scope="module")
def demo():
    return demo_hops()[:400]


def said(phase):
    return CallPhase(0, phase, "softphone")


def call(hops, *, rings=True):
    """A call as the source tells it; its time begins at 0."""
    return [*([said("ringing")] if rings else []), said("talk"), *hops, said("ended"), said("rest")]


def phases(session):
    return [(e.at, e.phase, e.because) for e in session.events if isinstance(e, CallPhase)]


def test_every_call_of_a_day_has_a_record_of_its_own_and_hears_as_if_it_were_alone(demo, tmp_path):
    run = live_run(
        [said("rest"), *call(demo), *call(demo[:300]), *call(demo)], Wishes(), session=tmp_path / "day.jsonl"
    )
    run.run()
    first, second, third = (read(tmp_path / f"day{n}.jsonl") for n in ("", "-2", "-3"))
    assert [s.complete for s in (first, second, third)] == [True] * 3
    assert (first.end, second.end) == (400 * HOP, 300 * HOP)
    assert phases(second) == [(0, "talk", "softphone"), (300 * HOP, "ended", "softphone")]
    assert first.events == third.events
    assert any(isinstance(e, Segment) for e in first.events)
    assert not (tmp_path / "day-4.jsonl").exists()


def test_the_screen_follows_the_day(demo):
    run = live_run([said("rest"), *call(demo[:50]), *call(demo[:50], rings=False)], Wishes())
    run.run()
    shown = [e.phase for e in run.face.events if isinstance(e, CallPhase)]
    assert shown == ["rest", "ringing", "talk", "ended", "rest", "talk", "ended", "rest"]
    assert run.status()["phase"] == "rest"
    assert run.status()["calls"] == 2


def test_a_call_that_ends_before_anything_was_heard_leaves_no_record(demo, tmp_path):
    run = live_run([*call([]), *call(demo[:50])], Wishes(), session=tmp_path / "day.jsonl")
    run.run()
    assert read(tmp_path / "day.jsonl").end == 50 * HOP
    assert not (tmp_path / "day-2.jsonl").exists()


def test_a_hold_is_in_the_record_by_the_calls_own_time(demo, tmp_path):
    held = [said("talk"), *demo[:100], said("hold"), *demo[100:200], said("talk"), *demo[200:300], said("ended")]
    run = live_run(held, Wishes(), session=tmp_path / "day.jsonl")
    run.run()
    assert phases(read(tmp_path / "day.jsonl")) == [
        (0, "talk", "softphone"),
        (100 * HOP, "hold", "softphone"),
        (200 * HOP, "talk", "softphone"),
        (300 * HOP, "ended", "softphone"),
    ]


def test_the_agent_or_another_program_holds_ends_and_begins_calls(demo, tmp_path):
    run = live_run([said("talk"), *demo[:300], said("ended")], Wishes(), session=tmp_path / "day.jsonl")
    run._open_source().at = {
        51: lambda: run.hold_call(held=True),
        101: lambda: run.hold_call(held=False),
        151: run.next_call,
        201: run.end_call,
    }
    run.run()
    first, second = read(tmp_path / "day.jsonl"), read(tmp_path / "day-2.jsonl")
    assert [p[1:] for p in phases(first)] == [
        ("talk", "softphone"),
        ("hold", "asked"),
        ("talk", "asked"),
        ("ended", "asked"),
    ]
    assert [p[1:] for p in phases(second)] == [("talk", "asked"), ("ended", "asked")]
    assert (first.end + second.end) / HOP == pytest.approx(200, abs=2)
    assert not (tmp_path / "day-3.jsonl").exists(), "after the agent ended it the rest of the call is not heard"


def test_an_objection_is_to_one_call_and_the_next_caller_is_heard(demo, tmp_path):
    wishes = Wishes()
    run = live_run([*call(demo[:200]), *call(demo[:100])], wishes, session=tmp_path / "day.jsonl")
    asked = []

    def objects():
        wishes.objected = True

    run._open_source().at = {50: objects, 120: lambda: asked.append(run.silent())}
    run.run()
    assert asked == [True], "microphone and line are closed while nobody may be heard"
    assert not run.silent()
    assert not wishes.objected
    assert [e.note for e in read(tmp_path / "day.jsonl").events if isinstance(e, Health)] == ["caller_objects"]
    second = read(tmp_path / "day-2.jsonl")
    assert (second.end, second.complete) == (100 * HOP, True)


@pytest.mark.parametrize("when", [50, 130])
def test_what_was_kept_of_a_call_can_be_erased_during_it_and_afterwards(demo, tmp_path, when):
    options = {"folder": tmp_path / "calls", "keep": "audio", "unmuted": True}
    run = live_run([*call(demo[:100]), *call(demo[:60])], Wishes(), session=tmp_path / "day.jsonl", **options)
    run._open_source().at = {when: run.erase_call}
    run.run()
    left = sorted(path.name for path in (tmp_path / "calls").iterdir() if path.name != ".last-run")
    assert len(left) == 3, "of the other call counts, events and sound are there"
    assert [path.name for path in tmp_path.glob("*.jsonl")] == [f"day{'-2' if when == 50 else ''}.jsonl"]
    assert len(run.kept.calls) == 2


def test_what_is_wrong_with_the_devices_outlasts_a_call(demo, tmp_path):
    muted = Health(0, "not_listening", 0, "agent_muted")
    items = [said("talk"), muted, *demo[:50], said("ended"), said("rest"), *call(demo[:50])]
    run = live_run(items, Wishes(), session=tmp_path / "day.jsonl")
    run.run()
    told = [e for e in read(tmp_path / "day-2.jsonl").events if isinstance(e, Health)]
    assert told == [dataclasses.replace(muted, at=0)]


def test_where_no_softphone_tells_calls_begin_and_end_by_their_sound(tmp_path):
    """The demo call twice; between and after the two the line is gone."""
    talk = [hop.samples for hop in demo_hops()[:1200]]
    silence = [np.zeros((2, HOP), np.float32)] * (samples(15.0) // HOP)
    hops = [AudioBlock(n * HOP, s) for n, s in enumerate((*silence, *talk, *silence, *talk, *silence))]
    run = live_run(hops, Wishes(), session=tmp_path / "day.jsonl", by_sound=True)
    run.run()
    sessions = [read(path) for path in sorted(tmp_path.glob("day*.jsonl"))]
    assert [[p[1:] for p in phases(s)] for s in sessions] == [[("talk", "sound"), ("ended", "sound")]] * 2
    assert [s.end / len(talk) / HOP for s in sessions] == pytest.approx([1.2] * 2, abs=0.25)


def test_a_kept_recording_replayed_tells_exactly_what_was_heard(demo, tmp_path):
    """Two crystals and their joining give fractions of a step; what is heard is what a tape can hold."""
    joiner, legs = Joiner(), np.concatenate([hop.samples for hop in demo], axis=1)
    hops = []
    for at in range(0, legs.shape[1] - 320, 320):
        for row, (party, ppm) in enumerate((("agent", 150.0), ("caller", -120.0))):
            stamp_s = (at + 320) / (RATE_HZ * (1 + ppm * 1e-6)) + 0.01
            hops += joiner.push(Stamped(party, stamp_s, legs[row, at : at + 320] * np.float32(0.9173)))
    options = {"folder": tmp_path, "keep": "audio", "unmuted": True}
    run = live_run([said("talk"), *hops, said("ended")], Wishes(), session=tmp_path / "day.jsonl", **options)
    run.run()
    heard = [e for e in read(tmp_path / "day.jsonl").events if not isinstance(e, CallPhase | Health)]
    (kept,) = tmp_path.glob("*.wav")
    replayed = Replay(Config(), NO_WORDS).run(open_recording(kept), agent_channel="right")
    assert [e for e in replayed.events if not isinstance(e, Health)] == heard
    assert sum(isinstance(e, Segment) for e in heard) > 3
