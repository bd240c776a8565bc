"""`voicecare practice`, `breathe` and `why`: a practised call is its replay, mistakes are one line, nothing is kept."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pytest
from rich.console import Console
from scripted_agent import DEMO

from voicecare.assembly import Choices
from voicecare.audio.files.recording import open_recording
from voicecare.backends.silero import SileroDetector
from voicecare.care.practice.director import Director
from voicecare.care.practice.scenario import load
from voicecare.care.practice.tries import Try
from voicecare.care.practice.voices import voiced
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.cli import run
from voicecare.commands.practice_told import tell
from voicecare.commands.practising import Practising
from voicecare.config import Config
from voicecare.cue.viewmodel import Wishes
from voicecare.recorded import Replay
from voicecare.timebase import RATE_HZ, seconds
from voicecare.types import Reason, TurnEvent

BLOCK = 320


@dataclass
class Heard:
    microphone: np.ndarray
    headset: np.ndarray
    waiting: bool


class FakeHeadset:
    """Plays into the air at once; the microphone hears a recording, again and again, for so long."""

    def __init__(self, microphone, seconds, wishes=None, pause=(0.0, 0.0)) -> None:
        self._microphone = microphone
        self._blocks = int(seconds * RATE_HZ / BLOCK)
        self._waiting = np.zeros(0, np.int16)
        self._held = False
        self._wishes, self._pause = wishes, pause
        self.losses = 0

    def __iter__(self):
        for number in range(self._blocks):
            if self._wishes is not None:
                self._wishes.paused = self._pause[0] <= number * BLOCK / RATE_HZ < self._pause[1]
            start = number * BLOCK % (len(self._microphone) - BLOCK)
            played = np.zeros(BLOCK, np.int16)
            if not self._held:
                piece, self._waiting = self._waiting[:BLOCK], self._waiting[BLOCK:]
                played[: len(piece)] = piece
            yield Heard(self._microphone[start : start + BLOCK], played, len(self._waiting) > 0)

    def say(self, sound):
        self._waiting = np.concatenate([self._waiting, sound])

    def hush(self):
        self._waiting = self._waiting[:0]

    def pause(self):
        self._held = True

    def resume(self):
        self._held = False


@pytest.fixture(scope="module")
def agents_voice():
    """The agent of the demo call, int16 at 16 kHz: speech and pauses, deaf to whoever calls."""
    leg = np.concatenate([block.samples[0] for block in open_recording(DEMO / "call.flac")])
    return np.asarray(leg * 32_767, np.int16)


def practised(agents_voice, tmp_path, seconds, wishes=None, pause=(0.0, 0.0)):
    scenario = load("outage", "en")
    headset = FakeHeadset(agents_voice, seconds, wishes, pause)
    director = Director(scenario, words=False)
    call = Practising(
        "outage", headset, director, voiced(scenario), SileroDetector(Config().vad), wishes or Wishes(),
        tmp_path / "mix.wav",
    )  # fmt: skip
    session = Replay(Config(), Choices(words=False), ahead=1).run(call, agent_channel="right", on_event=call.event)
    call.close()
    return session, director


def test_a_practised_call_has_the_events_of_its_replay_and_the_caller_minds_interruptions(agents_voice, tmp_path):
    session, director = practised(agents_voice, tmp_path, 60)
    again = Replay(Config(), Choices(words=False)).run(open_recording(tmp_path / "mix.wav"), agent_channel="right")
    assert again.events == session.events
    assert again.end == session.end
    turns = [event for event in session.events if isinstance(event, TurnEvent)]
    assert [turn for turn in turns if turn.kind == "interruption" and turn.by == "agent"]
    assert "interrupted" in {change.why for change in director.course}


def test_time_stands_still_while_the_agent_pauses(agents_voice, tmp_path):
    session, _ = practised(agents_voice, tmp_path, 12, Wishes(), (4.0, 9.0))
    assert seconds(session.end) == pytest.approx(7.0, abs=0.05)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["practice", "nobody"], "choose bereavement"),
        (["practice", "none.wav"], "cannot open none.wav"),
        (["practice", "outage", "--save", "none/mix.wav"], "there is no folder none"),
        (["practice", "outage", "--scenario-language", "tlh"], "none ship in tlh"),
        (["breathe", "--minutes", "2"], "choose 1, 3, 5"),
        (["breathe", "--in", "4"], "--in and --out go together"),
        (["breathe", "--in", "1", "--out", "4"], "2 to 12 seconds"),
        (["breathe", "--pattern", "square"], "choose 4-6, sigh"),
        (["why", "shout"], "choose acknowledge"),
    ],
)
def test_a_mistake_is_one_line_with_what_is_allowed(typed, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(typed) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_written_over(capsys, tmp_path):
    there = tmp_path / "mix.wav"
    there.write_bytes(b"mine")
    assert run(["practice", "outage", "--save", str(there)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert there.read_bytes() == b"mine"


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_callers_are_listed_and_what_was_kept_is_forgotten(language, capsys, tmp_path):
    assert run(["practice", "--cue-language", language, "--scenario-language", language]) == 0
    assert "delivery-lost" in capsys.readouterr().out
    assert run(["practice", "--forget", "--folder", str(tmp_path), "--cue-language", language]) == 0
    assert "0" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_last_try_stands_beside_this_one(language):
    catalogue = Catalogue.load(language, "agent")
    one = Try((Reason("strain_rose", (480_000,)),), 1, 11.0, "hot", "calm")
    last = Try((Reason("calm_call"),), 3, None)
    console = Console(width=120, file=io.StringIO())
    tell(one, last, catalogue, console)
    told = console.file.getvalue()
    assert catalogue.say("practice", "this_try") in told
    assert catalogue.say("practice", "last_try") in told
    assert "11" in told
    assert "0:30" in told


def test_why_is_told_for_every_cue(capsys):
    for cue in ("slow_down", "acknowledge", "slow_down_acknowledge", "well_held"):
        assert run(["why", cue]) == 0
    assert "If a call stays with you" in capsys.readouterr().out
