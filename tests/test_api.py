"""The front door: what a program gets from `import voicecare`, and that it costs nothing before it is used."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import soundfile

import voicecare
import voicecare.recorded
from voicecare.commands.cli import run
from voicecare.types import Cue, Segment, TurnEvent

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "voicecare" / "demo" / "call.flac"
HEAVY = {"numpy", "librosa", "onnxruntime", "rich", "av", "faster_whisper", "PySide6", "sounddevice", "jinja2", "typer"}
NO_WORDS = voicecare.Choices(words=False)


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """The first twenty seconds of the call that ships, as WAV, the agent on the right."""
    path = tmp_path_factory.mktemp("call") / "call.wav"
    audio, rate_hz = soundfile.read(DEMO, dtype="float32", frames=8000 * 20)
    soundfile.write(path, audio, rate_hz)
    return path


@pytest.fixture(scope="module")
def session(call):
    return voicecare.replay(call, choices=NO_WORDS)


def fresh(code):
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_these_names_and_no_others_are_offered():
    assert voicecare.__all__ == [
        "Choices",
        "Config",
        "InputError",
        "OutputError",
        "Session",
        "StageError",
        "UsageError",
        "VoicecareError",
        "__version__",
        "replay",
    ]
    assert set(voicecare.__all__) <= set(dir(voicecare))
    for name in voicecare.__all__:
        assert getattr(voicecare, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'elephant'"):
        _ = voicecare.elephant


def test_what_a_type_checker_sees_is_what_is_fetched():
    """The package names its offer twice: for type checkers and for the interpreter."""
    offered = {}
    for node in ast.walk(ast.parse((ROOT / "voicecare" / "__init__.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("voicecare."):
            offered |= {alias.name: node.module.removeprefix("voicecare.") for alias in node.names}
    assert offered == voicecare._HOMES
    assert {*offered, "__version__"} == set(voicecare.__all__)
    assert (ROOT / "voicecare" / "py.typed").is_file()


def test_importing_the_package_loads_nothing_heavy():
    assert fresh(f"import sys, voicecare; print(sorted({HEAVY} & set(sys.modules)))") == "[]"


def test_replay_is_the_function_whatever_was_imported_before():
    """A module of that name would take the place of the function as soon as anything imports it."""
    code = (
        "import voicecare.commands.replay, voicecare.recorded, voicecare.live.run, voicecare; print(voicecare.replay)"
    )
    assert fresh(code).startswith("<function replay")


def test_the_version_is_said_in_one_place(capsys):
    assert version("voicecare") == voicecare.__version__
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"voicecare {voicecare.__version__}\n"


def test_a_replayed_call_has_events_and_numbers(session):
    kinds = {type(event) for event in session.events}
    assert {Segment, TurnEvent} <= kinds
    assert session.complete
    assert session.duration_s == pytest.approx(20.0, abs=0.05)
    assert session.summary.duration_s == session.duration_s
    assert session.summary.agent.speech_s > 1


def test_every_event_is_told_once_as_it_ended():
    session = voicecare.replay(DEMO, choices=NO_WORDS)
    cues = [event for event in session.events if isinstance(event, Cue)]
    assert cues
    assert len({cue.id for cue in cues}) == len(cues) < sum(isinstance(e, Cue) for e in session.record.events)
    assert len(session.events) == len(json.loads(session.to_json())["events"])


def test_a_program_gets_what_the_command_writes(call, session, tmp_path):
    names = [str(tmp_path / f"call.{kind}") for kind in ("jsonl", "json")]
    assert run(["replay", str(call), "--no-words", "--session", names[0], "--json", names[1]]) == 0
    session.save(tmp_path / "saved.jsonl")
    assert (tmp_path / "saved.jsonl").read_bytes() == Path(names[0]).read_bytes()
    assert session.to_json() == Path(names[1]).read_text(encoding="utf-8")
    assert voicecare.Session.load(str(tmp_path / "saved.jsonl")) == session


def test_the_page_is_html_in_the_language_asked_for(session):
    assert session.to_html().startswith("<!doctype html>")
    assert 'lang="zh-Hant"' in session.to_html(language="zh-Hant")
    with pytest.raises(voicecare.UsageError, match="tlh"):
        session.to_html(language="tlh")


def test_a_mono_file_for_each_party_is_a_call(call, session, tmp_path):
    audio, rate_hz = soundfile.read(call, dtype="float32")
    soundfile.write(tmp_path / "caller.wav", audio[:, 0], rate_hz)
    soundfile.write(tmp_path / "agent.wav", audio[:, 1], rate_hz)
    pair = voicecare.replay((tmp_path / "agent.wav", tmp_path / "caller.wav"), choices=NO_WORDS)
    assert pair.record.events == session.record.events


def test_the_agents_channel_is_asked_for(call, session):
    other_way = voicecare.replay(call, agent_channel="left", choices=NO_WORDS)
    assert other_way.summary.agent.speech_s == session.summary.caller.speech_s


def test_what_is_wrong_is_raised_by_name(tmp_path):
    with pytest.raises(voicecare.InputError, match=r"missing\.wav"):
        voicecare.replay(tmp_path / "missing.wav")
    with pytest.raises(voicecare.InputError, match=r"missing\.jsonl"):
        voicecare.Session.load(tmp_path / "missing.jsonl")
    assert issubclass(voicecare.InputError, voicecare.VoicecareError)
