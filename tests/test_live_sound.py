"""Calls heard live through a real sound server: the turns of their replays, and nobody else is spoken to."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from display import Display, needs
from sound_server import SoundServer

from voicecare.assembly import Choices
from voicecare.audio.files.recording import open_recording
from voicecare.config import Config
from voicecare.recorded import Replay
from voicecare.session import Session, read
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import Event, Health, TurnEvent

pytestmark = [pytest.mark.sound, pytest.mark.soak]

X_SOCKETS = str(Path(tempfile.gettempdir()) / ".X11-unix")
BOTH = ("interruption", "backchannel", "early_reply", "dual_start", "overlap", "talk_over")
MOVED_S = 0.08


def live(*options):
    """`voicecare live` as it is typed."""
    return [sys.executable, "-m", "voicecare", "live", "--calls", "asked", *map(str, options)]


@dataclass
class LiveCall:
    """A call on its way through a server of its own: both legs played at 1x, heard by `voicecare live`."""

    recording: Path
    folder: Path
    server: SoundServer

    def run(self) -> None:
        audio, rate_hz = soundfile.read(self.recording)
        for name, leg in (("caller", 0), ("agent", 1)):
            soundfile.write(self.folder / f"{name}.wav", audio[:, leg], rate_hz)
        seconds = len(audio) / rate_hz + 3.0
        command = live("--console", "--no-words", "--seconds", seconds, "--folder", self.folder / "calls")
        with subprocess.Popen(
            [*command, "--session", str(self.session)], env=self.server.env, stdout=subprocess.PIPE, text=True
        ) as process:
            assert any("Listening" in line for line in process.stdout), "before it nothing is heard"
            # One after the other as quickly as can be: what lies between them is measured below.
            self.server.play("agent_mic", self.folder / "agent.wav")
            self.server.play("headset", self.folder / "caller.wav")
            process.communicate(timeout=seconds + 60)
        assert process.returncode == 0

    @property
    def session(self) -> Path:
        return self.folder / "session.jsonl"


@pytest.fixture(scope="module")
def calls(tmp_path_factory, data_dir):
    """Every semi-real call, heard live; all at once, for each takes its time."""
    needs("pulseaudio", "pactl", "paplay")
    with ExitStack() as stack:
        running = []
        for path in sorted((data_dir / "calls" / "semi-real").glob("*.wav")):
            call = LiveCall(path, tmp_path_factory.mktemp("live"), stack.enter_context(SoundServer()))
            thread = threading.Thread(target=call.run)
            thread.start()
            running.append((call, thread))
        for _, thread in running:
            thread.join()
        yield {call.recording.name: call for call, _ in running}


def turns(events: tuple[Event, ...], delay_s: float = 0.0) -> list[tuple[str, str | None, float, float]]:
    """What happened between the two, each event as it was last told: kind, by, start and end in seconds."""
    last = {e.id: e for e in events if isinstance(e, TurnEvent) and e.kind in BOTH}
    return sorted(
        (e.kind, e.by, e.span.start / RATE_HZ - delay_s, e.span.end / RATE_HZ - delay_s) for e in last.values()
    )


def delay_s(live: Session, replayed: Session) -> float:
    """How much later the player began than the call: what most events agree on."""
    apart = [a[2] - b[2] for a in turns(live.events) for b in turns(replayed.events) if a[:2] == b[:2]]
    return max(apart, key=lambda one: sum(abs(one - other) < 0.03 for other in apart))


def strangers(those, among):
    """The events that have no counterpart of the same kind and party within the tolerance.

    What lasts no longer than the tolerance may come and go: an edge that moves within it takes it away.
    """
    free = list(among)
    alone = []
    for one in those:
        near = next((o for o in free if o[:2] == one[:2] and max(abs(o[2] - one[2]), abs(o[3] - one[3])) <= MOVED_S), 0)
        if near:
            free.remove(near)
        elif one[3] - one[2] > MOVED_S:
            alone.append(one)
    return alone


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_a_call_heard_live_has_the_turn_events_of_its_replay(calls, number):
    call = list(calls.values())[number]
    live_session = read(call.session)
    assert live_session.complete
    assert not [e for e in live_session.events if isinstance(e, Health) and e.kind == "gap"]
    replayed = Replay(Config(), Choices(words=False)).run(open_recording(call.recording), agent_channel="right")
    heard_live, expected = turns(live_session.events, delay_s(live_session, replayed)), turns(replayed.events)
    assert len(expected) >= 8
    assert (strangers(expected, heard_live), strangers(heard_live, expected)) == ([], [])


def sockets(trace):
    """Every address a traced process and its children connected or bound to."""
    return set(re.findall(r"(?:connect|bind|sendto)\(\d+, \{sa_family=(\w+)(?:, sun_path=@?\"([^\"]+)\")?", trace))


@pytest.mark.window
@pytest.mark.slow
def test_a_whole_live_run_speaks_to_the_sound_server_and_the_display_and_to_nobody_else(tmp_path):
    needs("pulseaudio", "pactl", "paplay", "strace", "Xvfb", "openbox")
    trace = tmp_path / "trace"
    with Display() as display, SoundServer() as server:
        env = {**server.env, **display.env, "XDG_CONFIG_HOME": str(tmp_path)}
        env |= {name: server.env[name] for name in server.env if name.startswith("PULSE") or name == "XDG_RUNTIME_DIR"}
        env.pop("DBUS_SESSION_BUS_ADDRESS", None)
        tone = tmp_path / "tone.wav"
        soundfile.write(tone, 0.1 * np.sin(np.arange(10 * RATE_HZ) / 20), RATE_HZ)
        server.play("agent_mic", tone)
        server.play("headset", tone)
        subprocess.run(
            [shutil.which("strace"), "-f", "-s", "200", "-e", "trace=socket,connect,bind,sendto", "-o", str(trace)]  # noqa: RUF005
            + live("--seconds", 6, "--session", tmp_path / "s.jsonl", "--folder", tmp_path / "calls"),
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
