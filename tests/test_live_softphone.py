"""A row of calls over a real softphone while other programs play into the same headset: each is heard, and it alone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import pytest
import soundfile
from display import needs
from softphone import MODULES, Softphone, absent_modules
from sound_server import SoundServer

from scripts.bench.lines.music import music
from voicecare.assembly import Choices
from voicecare.audio.files.recording import open_recording
from voicecare.config import Config
from voicecare.recorded import Replay
from voicecare.session import Session, read
from voicecare.timebase import RATE_HZ
from voicecare.types import PARTIES, CallPhase, Party, Segment, TurnEvent

pytestmark = [pytest.mark.sound, pytest.mark.soak, pytest.mark.data, pytest.mark.slow]

LENGTH_S = 15.0
ALONE = ("long_silence", "response_gap", "monologue")
"""Events of one party or of nobody: where the excerpt ends they differ by what comes after."""
SEARCHED = 80_000
"""An excerpt begins where half a second of these ten is the quietest, as a call does."""
MOVED_S = 0.08
SAME = 0.8
"""The share of events that must be found again within that; docs/day.md has what was measured."""
WITHIN_S = 1.0
HELD, REDIALLED, TONES = 3, 6, 8
"""The calls that are put on hold, ended and dialled anew at once, and in which keys are pressed."""


@dataclass
class Row:
    """Ten calls one after the other, and what became of them."""

    folder: Path
    server: SoundServer
    talked_s: list[float] = field(default_factory=list)
    """How long each lasted, from answering to hanging up, by the clock of whoever did so."""
    microphones: list[str] = field(default_factory=list)
    """What was recorded from between the calls, by whom."""

    def excerpt(self, number: int) -> Path:
        return self.folder / f"call-{number}.wav"

    def session(self, number: int) -> Path:
        return self.folder / ("day.jsonl" if number == 1 else f"day-{number}.jsonl")


def excerpts(data_dir: Path, folder: Path) -> None:
    calls = [
        *sorted((data_dir / "calls" / "semi-real").glob("*.wav")),
        *sorted((data_dir / "calls" / "auto-repairs").glob("*L-caller.R-agent*.wav")),
    ]
    for number in range(1, 11):
        path, begin_s = calls[number % len(calls)], 20.0 + 25.0 * (number // len(calls))
        whole, rate_hz = soundfile.read(path, start=round(begin_s * 8_000))
        assert rate_hz == 8_000
        begin = min(range(0, SEARCHED, 800), key=lambda at: np.abs(whole[at : at + 4_000]).max())
        sound = whole[begin : begin + round(LENGTH_S * rate_hz)]
        soundfile.write(folder / f"call-{number}.wav", sound, rate_hz)
        for leg, party in enumerate(("caller", "agent")):
            soundfile.write(folder / f"call-{number}-{party}.wav", sound[:, leg], rate_hz)


@pytest.fixture(scope="module")
def row(tmp_path_factory, data_dir):
    needs("pulseaudio", "pactl", "paplay", "parec", "baresip")
    absent_modules(MODULES)
    folder = tmp_path_factory.mktemp("day")
    excerpts(data_dir, folder)
    time_s = np.arange(8_000) / 8_000
    pressed = (time_s % 0.25 < 0.12) * (np.sin(4372 * time_s) + np.sin(7593 * time_s))  # 697 and 1209 Hz, four times
    soundfile.write(folder / "keys.wav", 0.2 * pressed, 8_000)
    soundfile.write(folder / "music.wav", 0.2 * music(60 * RATE_HZ, np.random.default_rng(3)), RATE_HZ)
    soundfile.write(folder / "chime.wav", 0.3 * np.sin(5530 * time_s) * np.exp(-5 * time_s), 8_000)
    with SoundServer() as server:
        server.add_line()
        played = Row(folder, server)
        with (
            Softphone(server, "agent", 5070, player="headset", source="headset_mic") as agent,
            Softphone(server, "caller", 5080, player="line_out", source="line_in.monitor") as caller,
        ):
            play_the_row(played, agent, caller)
    return played


def play_the_row(row: Row, agent: Softphone, caller: Softphone) -> None:
    command = [sys.executable, "-m", "voicecare", "live", "--console", "--no-words", "--calls", "softphone"]
    command += ["--session", str(row.session(1)), "--folder", str(row.folder / "calls")]
    with subprocess.Popen(command, env=row.server.env, stdout=subprocess.DEVNULL) as live:
        time.sleep(4.0)
        for number in range(1, 11):
            if number % 3 == 1:
                row.server.play("headset", row.folder / "music.wav")
            row.microphones.append(recorders(row.server))
            caller.do("dial", agent.address)
            time.sleep(1.5)
            begun_s = agent.do("accept")
            time.sleep(0.5)
            row.server.play("line_in", row.folder / f"call-{number}-caller.wav")
            row.server.play("agent_mic", row.folder / f"call-{number}-agent.wav")
            row.server.play("headset", row.folder / "chime.wav")
            time.sleep(LENGTH_S + 1.0)
            if number == HELD:
                agent.do("hold")
                time.sleep(3.0)
                agent.do("resume")
                time.sleep(1.0)
            if number == TONES:
                row.server.play("line_in", row.folder / "keys.wav")
                time.sleep(1.5)
            ended_s = (agent if number % 2 else caller).do("hangup")
            row.talked_s.append(ended_s - begun_s)
            time.sleep(0.8 if number == REDIALLED else 3.0)
        live.terminate()
        assert live.wait(30) == 0


def recorders(server: SoundServer) -> str:
    """Who records, by the names of their programs; the server's own streams have none."""
    listed = json.loads(server.pactl("--format=json", "list", "source-outputs") or "[]")
    names = (stream["properties"].get("application.process.binary", "") for stream in listed)
    return " ".join(name for name in names if name)


def replayed(row: Row, number: int, shift: float) -> Session:
    """The excerpt heard from its file, the caller's leg moved by what the line takes."""
    sound, rate_hz = soundfile.read(row.excerpt(number))
    moved = round(shift * rate_hz)
    caller = np.concatenate([np.zeros(max(0, moved)), sound[max(0, -moved) :, 0]])
    size = max(len(caller), len(sound)) + rate_hz
    both = np.zeros((size, 2))
    both[: len(caller), 0], both[: len(sound), 1] = caller, sound[:, 1]
    path = row.folder / f"moved-{number}.wav"
    soundfile.write(path, both, rate_hz)
    return Replay(Config(), Choices(words=False)).run(open_recording(path), agent_channel="right")


def edges_s(session: Session, party: Party) -> list[float]:
    spans = [e.span for e in session.events if isinstance(e, Segment) and e.channel == party]
    return [edge / RATE_HZ for span in spans for edge in (span.start, span.end)]


def speech_s(session: Session) -> dict[Party, float]:
    """How long each party was heard to speak."""
    return {party: sum(edges_s(session, party)[1::2]) - sum(edges_s(session, party)[::2]) for party in PARTIES}


def delays_s(heard: Session, expected: Session) -> dict[Party, float]:
    """How much later each leg was heard than it is in the file: what most edges agree on."""
    found: dict[Party, float] = {}
    for party in PARTIES:
        pairs = [(a, b) for a in edges_s(heard, party) for b in edges_s(expected, party)]
        apart = [a - b for a, b in pairs if 0 <= a - b < 3.0] or [0.0]  # who says nothing is nowhere late
        agreed = max(apart, key=lambda one: sum(abs(one - other) < 0.03 for other in apart))
        found[party] = median(one for one in apart if abs(one - agreed) < 0.03)
    return found


def turns(session: Session, delay_s: float) -> list[tuple[str, Party | None, float, float]]:
    """What happened between the two, each event as it was last told: kind, by, start and end in seconds."""
    last = {e.id: e for e in session.events if isinstance(e, TurnEvent) and e.kind not in ALONE}
    return [(e.kind, e.by, e.span.start / RATE_HZ - delay_s, e.span.end / RATE_HZ - delay_s) for e in last.values()]


def strangers(those, among):
    """The events without a counterpart of the same kind and party within the tolerance."""
    free, alone = list(among), []
    for one in those:
        like = [o for o in free if o[:2] == one[:2] and max(abs(o[2] - one[2]), abs(o[3] - one[3])) <= MOVED_S]
        if like:
            free.remove(like[0])
        elif one[3] - one[2] > MOVED_S:
            alone.append(one)
    return alone


def test_ten_calls_make_ten_records_none_split_and_none_joined(row):
    sessions = [read(row.session(number)) for number in range(1, 11)]
    assert [s.complete for s in sessions] == [True] * 10
    assert not row.session(11).exists()
    assert len(list((row.folder / "calls").glob("*.counts.json"))) == 10
    for session in sessions:
        assert [e.phase for e in session.events if isinstance(e, CallPhase)] == ["talk", "ended"]


def test_each_begins_and_ends_within_a_second_of_its_call(row):
    heard_s = [read(row.session(number)).end / RATE_HZ for number in range(1, 11)]
    assert [round(h - t, 2) for h, t in zip(heard_s, row.talked_s, strict=True) if abs(h - t) > WITHIN_S] == []


def test_between_the_calls_no_microphone_is_open(row):
    assert row.microphones == [""] * 10


def test_what_happens_in_the_calls_is_what_their_files_tell_whatever_else_plays(row):
    """Two codings by G.711 and two conversions of the rate lie between: now and then an edge moves further."""
    told, found = 0, 0
    for number in range(1, 11):
        heard = read(row.session(number))
        delays = delays_s(heard, replayed(row, number, 0.0))
        expected = replayed(row, number, delays["caller"] - delays["agent"])
        live, file = turns(heard, delays["agent"]), turns(expected, 0.0)
        told += len(file) + len(live)
        found += len(file) - len(strangers(file, live)) + len(live) - len(strangers(live, file))
        assert speech_s(heard) == pytest.approx(speech_s(expected), abs=1.0), number
    assert found / told >= SAME
