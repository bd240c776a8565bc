"""A live call is the replay of the same audio, obeys the agent's wishes, and opens no socket but the desktop's own."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
import soundfile
from display import needs
from sound_server import SoundServer

from voicecare import live
from voicecare.assembly import Choices
from voicecare.audio.devices import Choice
from voicecare.audio.recording import open_recording
from voicecare.config import Config, VadConfig
from voicecare.cue.viewmodel import Wishes
from voicecare.errors import StageError, UsageError
from voicecare.live import LiveOptions, LiveRun, WordsMayFail, hear_live
from voicecare.replay import Replay
from voicecare.session import read
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import AudioBlock, Cue, Health, Segment, TurnEvent

pytestmark = pytest.mark.soak
X_SOCKETS = str(Path(tempfile.gettempdir()) / ".X11-unix")

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
    with pytest.raises(UsageError, match="carries both legs"):
        hear_live(LiveOptions(devices=Choice(stereo="x", agent="y")))


# A real sound server.


# The comfort noise of these calls lies at -62 dBFS, where the detector's floor is by default: half a decibel that a
# sound server's resampler takes away would decide whether the detector is asked. Here capture is tested, not the floor.
SETTINGS = Config(vad=VadConfig(floor_dbfs=-70.0))


def pulse_names(env):
    return {k: env[k] for k in env if k.startswith("PULSE") or k == "XDG_RUNTIME_DIR"}


def play_live(server, folder, call, seconds, session):
    """Play both legs of a call into the server's sinks and hear them live."""
    audio, rate_hz = soundfile.read(call)
    audio = audio[: int(seconds * rate_hz)]
    soundfile.write(folder / "caller.wav", audio[:, 0], rate_hz)
    soundfile.write(folder / "agent.wav", audio[:, 1], rate_hz)
    soundfile.write(folder / "both.wav", audio, rate_hz)
    run = LiveRun(LiveOptions(models=NO_WORDS, config=SETTINGS, session=session, seconds=seconds + 2.5), Wishes())
    thread = threading.Thread(target=run.run)
    thread.start()
    while run.heard < RATE_HZ:
        time.sleep(0.02)
    server.play("agent_mic", folder / "agent.wav")
    server.play("headset", folder / "caller.wav")
    thread.join()


def turns(events, shift_s=0.0):
    last = {e.id: e for e in events if isinstance(e, TurnEvent) and e.closed}
    kinds = ("interruption", "overlap", "backchannel", "early_reply", "talk_over")
    return sorted(
        (e.span.start / RATE_HZ + shift_s, e.span.end / RATE_HZ + shift_s, e.kind, e.by)
        for e in last.values()
        if e.kind in kinds
    )


def shifted_replay(path, by):
    """Replay with the hops beginning `by` samples earlier, as a live call's happen to."""
    whole = np.concatenate([b.samples for b in open_recording(path)], axis=1)
    padded = np.concatenate((np.zeros((2, by), np.float32), whole), axis=1)
    blocks = [
        AudioBlock(i, np.ascontiguousarray(padded[:, i : i + HOP])) for i in range(0, padded.shape[1] - HOP + 1, HOP)
    ]
    recording = open_recording(path)

    class Shifted:
        sources, rate_hz, length, truncated, note = recording.sources, RATE_HZ, None, False, ""

        def __iter__(self):
            return iter(blocks)

    return turns(Replay(SETTINGS, NO_WORDS).run(Shifted(), agent_channel="right").events, -by / RATE_HZ)


def near(one, other):
    return one[2:] == other[2:] and max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 0.08


@pytest.fixture
def server(monkeypatch):
    needs("pulseaudio", "pactl", "paplay")
    with SoundServer() as running:
        for name, value in pulse_names(running.env).items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.mark.sound
@pytest.mark.slow
@pytest.mark.data
def test_a_call_heard_through_a_real_sound_server_has_the_turns_of_its_replay(server, data_dir, tmp_path):
    """The turns of a live call are those of its replay.

    Where the hops begin is chance in a live call, so the replay is asked at four of the places they
    may begin: what all of them tell must be heard live, and nothing may be heard that none of them tells.
    """
    call = min((data_dir / "calls" / "semi-real").glob("*.wav"))
    play_live(server, tmp_path, call, 60, tmp_path / "live.jsonl")
    session = read(tmp_path / "live.jsonl")
    assert not any(isinstance(e, Health) and e.kind == "gap" for e in session.events)
    replays = [shifted_replay(tmp_path / "both.wav", by) for by in (0, 128, 256, 384)]
    first = next(e.span.start for e in session.events if isinstance(e, Segment))
    raw = turns(session.events)
    # The player's own start is found as the delay that most events agree on.
    delays = [one[0] - other[0] for one in raw for other in replays[0] if one[2:] == other[2:]]
    delay_s = max(delays, key=lambda d: sum(abs(d - other) < 0.03 for other in delays))
    assert 0 < delay_s < first / RATE_HZ + 1
    live_turns = turns(session.events, -delay_s)
    sure = [t for t in replays[0] if all(any(near(t, u) for u in other) for other in replays[1:])]
    assert len(sure) >= 8
    assert [t for t in sure if not any(near(t, u) for u in live_turns)] == []
    told = [u for replay in replays for u in replay]
    assert [t for t in live_turns if not any(t[2:] == u[2:] and abs(t[0] - u[0]) < 0.3 for u in told)] == []


def sockets(trace):
    """Every address a traced process and its children connected or bound to."""
    return set(re.findall(r"(?:connect|bind|sendto)\(\d+, \{sa_family=(\w+)(?:, sun_path=@?\"([^\"]+)\")?", trace))


@pytest.mark.sound
@pytest.mark.window
@pytest.mark.slow
def test_a_whole_live_run_speaks_to_the_sound_server_and_the_display_and_to_nobody_else(server, tmp_path):
    from display import Display

    needs("strace", "Xvfb", "openbox")
    trace = tmp_path / "trace"
    with Display() as display:
        code = (
            "from voicecare.live import *; import sys; "
            f"sys.exit(hear_live(LiveOptions(seconds=6, session=Path({str(tmp_path / 's.jsonl')!r}))))"
        )
        env = {**display.env, **pulse_names(server.env), "XDG_CONFIG_HOME": str(tmp_path)}
        env.pop("DBUS_SESSION_BUS_ADDRESS", None)
        tone = tmp_path / "tone.wav"
        soundfile.write(tone, 0.1 * np.sin(np.arange(10 * RATE_HZ) / 20), RATE_HZ)
        server.play("agent_mic", tone)
        server.play("headset", tone)
        subprocess.run(
            [shutil.which("strace"), "-f", "-s", "200", "-e", "trace=socket,connect,bind,sendto", "-o", str(trace)]  # noqa: RUF005
            + [sys.executable, "-c", code],
            env=env,
            check=True,
            timeout=120,
            stderr=subprocess.DEVNULL,
        )
    text = trace.read_text()
    assert "SOCK_STREAM" in text, "the trace saw sockets"
    assert "AF_INET" not in text
    allowed = (str(server.folder), X_SOCKETS, "/dev/shm/jack_")  # noqa: S108 - PortAudio asks for JACK, too
    strangers = [
        (family, path) for family, path in sockets(text) if family != "AF_UNIX" or not path.startswith(allowed)
    ]
    assert strangers == []
    assert any(path.startswith(str(server.folder)) for _, path in sockets(text))
    assert any(path.startswith(X_SOCKETS) for _, path in sockets(text))
    session = read(tmp_path / "s.jsonl")
    assert session.complete
    assert session.end == pytest.approx(samples(6), abs=HOP)
