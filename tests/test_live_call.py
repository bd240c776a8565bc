"""A live call is the replay of the same audio and obeys the agent's wishes."""

from __future__ import annotations

import dataclasses
import sys
import time
from importlib.resources import as_file, files

import numpy as np
import pytest
from test_private_calls import TRACES, Tells

from voicecare.assembly import Choices
from voicecare.audio.devices.choice import Choice
from voicecare.audio.files.recording import open_recording
from voicecare.commands import cli
from voicecare.config import Config
from voicecare.cue.viewmodel import Wishes
from voicecare.errors import StageError, UsageError
from voicecare.lanes import WordsMayFail
from voicecare.live import run as live
from voicecare.live.run import LiveOptions, LiveRun, hear_live
from voicecare.recorded import Replay, replay_logged
from voicecare.session import read
from voicecare.speech.redaction.redaction import muted
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import PARTIES, Cue, Health, Heard, Segment, TurnEvent

NO_WORDS = Choices(words=False)


@pytest.fixture(scope="module")
def demo():
    """The hops of the call that ships."""
    with as_file(files("voicecare") / "demo" / "call.flac") as path:
        return list(open_recording(path))


class PlayedCapture:
    """Stands for the capture of devices: plays hops, and lets the test act between them."""

    devices = {"agent": "a headset", "caller": "a phone"}  # noqa: RUF012 - read only
    items: tuple = ()
    at: dict = {}  # noqa: RUF012 - set anew by `capture`

    def __init__(self, choice):
        assert choice.ears()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def stop(self):
        pass

    def __iter__(self):
        for number, item in enumerate(self.items):
            self.at.get(number, lambda: None)()
            yield item


@pytest.fixture
def capture(monkeypatch, demo):
    """Let `live` hear the demo call; returns a function that says what happens at which hop."""
    monkeypatch.setattr(live, "Capture", PlayedCapture)
    monkeypatch.setattr(PlayedCapture, "items", tuple(demo))

    def happens(at, items=None):
        monkeypatch.setattr(PlayedCapture, "at", at)
        if items is not None:
            monkeypatch.setattr(PlayedCapture, "items", tuple(items))

    happens({})
    return happens


class Seen:
    """A face that remembers."""

    def __init__(self):
        self.events, self.beats = [], 0

    def push(self, event):
        self.events.append(event)

    def beat(self, at):  # noqa: ARG002
        self.beats += 1

    def run(self, work):
        work()


def heard(path, wishes=None, **changes):
    options = dataclasses.replace(LiveOptions(models=NO_WORDS, session=path), **changes)
    run, seen = LiveRun(options, wishes or Wishes()), Seen()
    run.face = seen
    run.run()
    return run, seen


def plain(events):
    return [e for e in events if not isinstance(e, Health)]


def test_a_live_call_gives_the_events_of_its_replay_one_by_one(capture, demo, tmp_path):  # noqa: ARG001 - stands for the devices
    _, seen = heard(tmp_path / "call.jsonl")
    with as_file(files("voicecare") / "demo" / "call.flac") as path:
        replayed = Replay(Config(), NO_WORDS).run(open_recording(path), agent_channel="right")
    assert plain(seen.events) == plain(replayed.events)
    assert any(isinstance(e, Cue) for e in seen.events)
    session = read(tmp_path / "call.jsonl")
    assert plain(session.events) == plain(seen.events)
    assert (session.header.lane, session.header.sources, session.complete) == ("live", ("a headset", "a phone"), True)
    assert seen.beats == len(demo)


def test_it_ends_by_itself_after_the_seconds_asked_for(capture, tmp_path):  # noqa: ARG001 - stands for the devices
    run, _ = heard(tmp_path / "call.jsonl", seconds=10.0)
    assert run.heard == pytest.approx(samples(10), abs=HOP)


def test_a_snoozed_cue_is_logged_and_not_shown(capture, tmp_path):  # noqa: ARG001 - stands for the devices
    wishes = Wishes(snoozed_until_s=time.perf_counter() + 3600)
    _, seen = heard(tmp_path / "call.jsonl", wishes)
    cues = [e for e in seen.events if isinstance(e, Cue)]
    assert cues
    assert not any(cue.shown for cue in cues)


def test_while_paused_nothing_is_heard_and_the_gap_is_logged(capture, tmp_path):
    wishes = Wishes()
    capture({200: lambda: setattr(wishes, "paused", True), 900: lambda: setattr(wishes, "paused", False)})
    _, seen = heard(tmp_path / "call.jsonl", wishes)
    assert [e.kind for e in seen.events if isinstance(e, Health) and e.note == "paused"] == [
        "not_listening",
        "listening",
    ]
    inside = [e for e in seen.events if isinstance(e, Segment) and e.span.start > 203 * HOP and e.span.end < 895 * HOP]
    assert inside == []
    assert sum(e.amount for e in seen.events if isinstance(e, Health) and e.kind == "gap") == 700 * HOP


def test_when_the_caller_objects_analysis_stops_at_once_and_the_session_says_so(capture, tmp_path):
    wishes = Wishes()
    capture({300: lambda: setattr(wishes, "objected", True)})
    run, seen = heard(tmp_path / "call.jsonl", wishes)
    session = read(tmp_path / "call.jsonl")
    assert session.events[-1].note == "caller_objects"
    assert session.end <= 301 * HOP
    assert seen.beats <= 301
    assert run.heard <= 301 * HOP


def test_a_new_call_begun_while_words_are_still_awaited_does_not_take_an_objection_back(capture, monkeypatch, tmp_path):
    wishes = Wishes()
    run = LiveRun(LiveOptions(session=tmp_path / "call.jsonl", seconds=30.0), wishes, Seen())

    class Slow(Tells):
        """Still hears when the agent has chosen "the caller objects" and then "new call"."""

        def hear(self, request):
            time.sleep(0.2)
            if wishes.objected:
                run.next_call()
                wishes.objected = False
            return super().hear(request)

    monkeypatch.setattr(live, "build_recogniser", lambda *_: Slow())
    capture({300: lambda: setattr(wishes, "objected", True)})
    run.run()
    first = read(tmp_path / "call.jsonl")
    assert first.events[-1].note == "caller_objects"
    assert first.end <= 301 * HOP
    assert (tmp_path / "call-2.jsonl").exists()


def test_what_is_wrong_with_a_device_is_told_to_the_next_call_too(capture, demo, tmp_path):
    gone, back = (Health(9 * HOP, kind, 0, "agent_device_gone") for kind in ("not_listening", "listening"))
    muted = Health(9 * HOP, "not_listening", 0, "agent_muted")
    run = LiveRun(LiveOptions(models=NO_WORDS, session=tmp_path / "call.jsonl"), Wishes(), Seen())
    capture({43: run.next_call}, [*demo[:10], gone, back, muted, *demo[10:80]])
    run.run()
    assert [(e.at, e.note) for e in read(tmp_path / "call-2.jsonl").events if isinstance(e, Health)] == [
        (0, "agent_muted")
    ]
    assert run.face.events.count(muted) >= 2


def test_a_run_that_was_stopped_while_its_models_were_loaded_hears_nothing(capture, monkeypatch, tmp_path):  # noqa: ARG001 - stands for the devices
    run = LiveRun(LiveOptions(session=tmp_path / "call.jsonl"), Wishes(), Seen())
    monkeypatch.setattr(live, "build_recogniser", lambda *_: run.stop())
    run.run()
    assert run.heard == 0
    assert not (tmp_path / "call.jsonl").exists()


def test_a_new_call_has_a_fresh_clock_a_fresh_engine_and_a_file_of_its_own(capture, demo, tmp_path):
    wishes, run = Wishes(), None
    again = [dataclasses.replace(block, start=block.start + len(demo) * HOP) for block in demo]
    options = LiveOptions(models=NO_WORDS, session=tmp_path / "call.jsonl", seconds=2 * len(demo) * HOP / RATE_HZ)
    run = LiveRun(options, wishes, Seen())
    capture({len(demo): run.next_call}, [*demo, *again])
    run.run()
    first, second = read(tmp_path / "call.jsonl"), read(tmp_path / "call-2.jsonl")
    assert abs(first.end - second.end) <= 2 * HOP
    turns = [
        [e.span for e in s.events if isinstance(e, TurnEvent) and e.kind == "interruption"] for s in (first, second)
    ]
    assert turns[0]
    assert [s.start for s in turns[0]] == [s.start + (turns[0][0].start - turns[1][0].start) for s in turns[1]]


def test_what_capture_says_reaches_the_log_and_the_screen_in_its_place(capture, demo, tmp_path):
    fault = Health(100 * HOP, "not_listening", 0, "caller_device_gone")
    capture({}, [*demo[:100], fault, *demo[100:200]])
    _, seen = heard(tmp_path / "call.jsonl")
    assert fault in seen.events
    assert fault in read(tmp_path / "call.jsonl").events


def test_what_must_not_be_kept_of_a_live_call_is_neither_written_nor_shown_nor_heard(capture, monkeypatch, tmp_path):  # noqa: ARG001 - stands for the devices
    monkeypatch.setattr(live, "build_recogniser", lambda *_: Tells())
    _, seen = heard(tmp_path / "call.jsonl", models=Choices(), keep="audio", folder=tmp_path / "calls")
    said = [e for e in seen.events if isinstance(e, Heard) and "[card]" in e.text]
    assert said
    assert not TRACES.search(repr(seen.events))
    written = [tmp_path / "call.jsonl", *(tmp_path / "calls").glob("*.json*")]
    assert len(written) == 3
    assert not any(TRACES.search(file.read_text()) for file in written)
    (tape,) = (tmp_path / "calls").glob("*.wav")
    sound = np.concatenate([b.samples for b in open_recording(tape)], axis=1)
    row = PARTIES.index(said[0].channel)
    (hidden,) = [w.span for w in said[0].words if w.text == "[card]"][:1]
    assert not sound[row, hidden.start : hidden.end].any()
    assert np.abs(sound[row]).max() > 0.05


def test_the_kept_sound_is_silent_wherever_that_of_a_replays_page_would_be(capture, demo, monkeypatch, tmp_path):  # noqa: ARG001 - as above
    """Also between two utterances: more of a number may have been said there than was recognised."""
    monkeypatch.setattr(live, "build_recogniser", lambda *_: Tells())
    _, seen = heard(tmp_path / "call.jsonl", models=Choices(), keep="audio", folder=tmp_path / "calls")
    told = [e for e in seen.events if isinstance(e, Heard)]
    spans = [(party, span) for party, found in muted(told).items() for span in found]
    assert len(spans) < sum(len(found) for e in told for found in muted((e,)).values())
    (tape,) = (tmp_path / "calls").glob("*.wav")
    sound = np.concatenate([b.samples for b in open_recording(tape)], axis=1)
    assert not any(sound[PARTIES.index(party), span.start : span.end].any() for party, span in spans)


def test_a_live_session_and_its_sound_give_the_agents_events_again(capture, demo, monkeypatch, tmp_path):  # noqa: ARG001 - as above
    monkeypatch.setattr(live, "build_recogniser", lambda *_: Tells())
    _, seen = heard(tmp_path / "call.jsonl", models=Choices())
    session = read(tmp_path / "call.jsonl")
    assert any(isinstance(e, Heard) for e in seen.events)
    assert plain(replay_logged(session, demo, Config(), Choices())) == plain(seen.events)


class BrokenLane:
    name = "live"

    def submit(self, request):  # noqa: ARG002 - the Lane Protocol
        raise AssertionError("nothing is asked of a lane that failed")

    def due(self, now):  # noqa: ARG002
        raise StageError("the recogniser failed")

    close = due


def test_a_recogniser_that_fails_costs_the_words_and_not_the_call():
    lane = WordsMayFail(BrokenLane())
    assert [(h.kind, h.note) for h in lane.due(5)] == [("stage_failed", "no_words")]
    lane.submit(None)
    assert lane.due(6) == []
    assert lane.close(7) == []


def test_options_that_do_not_go_together_are_refused():
    with pytest.raises(UsageError, match="must be more than 0"):
        hear_live(LiveOptions(seconds=0))
    with pytest.raises(UsageError, match="at most 1e"):
        hear_live(LiveOptions(seconds=float("inf")))
    with pytest.raises(UsageError, match="carries both legs"):
        hear_live(LiveOptions(devices=Choice(stereo="x", agent="y")))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux is ever without a desktop")
def test_without_a_desktop_the_window_is_refused_in_one_line_that_names_the_way_round(monkeypatch, capsys):
    pytest.importorskip("PySide6", reason="the cue window needs the extra `live`")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert cli.run(["live", "--seconds", "1"]) == 2
    said = capsys.readouterr().err
    assert "no desktop" in said
    assert "--console" in said
    assert said.count("\n") == 1
