"""Practice through a real sound server: a scripted agent heats and cools the caller, and the call is its replay."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys

import pytest
from display import needs
from scripted_agent import ACKNOWLEDGES, ANSWERS, GREETING, TALKS_OVER, ScriptedAgent
from sound_server import SoundServer

from voicecare.care.practice import scenario
from voicecare.care.practice.scenario import HEATS

pytestmark = pytest.mark.sound

SHORT = """
title = "Short"
begins = "warm"
[[step]]
warm = "I ordered a lamp two weeks ago, nothing came, and nobody told me anything about it."
[interrupted]
hot = "Let me finish."
[acknowledged]
warm = "Well, thanks."
[end]
warm = "Goodbye then."
"""
HEAT = re.compile(r"^ +\d+:\d\d  (calm|warm|hot): (.+)$", re.MULTILINE)


def command(*options):
    return [sys.executable, "-m", "voicecare", *map(str, options)]


def practised(who, folder, script):
    """Practise with a scripted agent to the end; what was told, what the agent said, and both records, line by line."""
    needs("pulseaudio", "pactl", "paplay", "parec")
    mix, heard, again = folder / "mix.wav", folder / "heard.jsonl", folder / "again.jsonl"
    with SoundServer() as server:
        call = subprocess.Popen(
            command("practice", who, "--console", "--save", mix, "--session", heard, "--folder", folder / "kept"),
            env=server.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        told = ""
        for line in call.stdout:
            told += line
            if "Listening" in line:
                break
        with ScriptedAgent(server, folder, script) as agent:
            rest, _ = call.communicate(timeout=600)
    assert call.returncode == 0, told + rest
    subprocess.run(command("replay", mix, "--session", again), check=True, capture_output=True)
    assert not (folder / "kept").exists(), "nothing is kept that was not asked for"
    records = [file.read_text(encoding="utf-8").splitlines()[1:] for file in (heard, again)]
    return told + rest, agent.said, records


def changes(told):
    """The caller's heat from the beginning: (heat, why)."""
    return HEAT.findall(told)


@pytest.mark.soak
def test_a_short_call_heats_when_interrupted_cools_when_acknowledged_and_is_its_replay(tmp_path):
    needs("espeak-ng")
    (tmp_path / "short.toml").write_text(SHORT, encoding="utf-8")
    told, said, (heard, again) = practised(tmp_path / "short.toml", tmp_path, [TALKS_OVER, ACKNOWLEDGES])
    assert said[:2] == [GREETING, TALKS_OVER]
    assert changes(told)[:3] == [
        ("warm", "the call begins"),
        ("hot", "you spoke over the caller"),
        ("warm", "you acknowledged"),
    ]
    assert heard == again
    assert "Slow down" in told


@pytest.mark.soak
def test_a_scenario_that_ships_runs_to_its_end_and_is_its_replay(tmp_path):
    """One of them; `scripts/bench/practice.py` runs all six."""
    told, _, (heard, again) = practised(
        scenario.shipped("en")[0], tmp_path, [TALKS_OVER, ANSWERS, ANSWERS, ACKNOWLEDGES]
    )
    heats = [(HEATS.index(heat), why) for heat, why in changes(told)]
    moved = [(after - before, why) for (before, _), (after, why) in itertools.pairwise(heats)]
    assert (1, "you spoke over the caller") in moved
    assert (-1, "you acknowledged") in moved
    assert not {(-1, "you spoke over the caller"), (1, "you acknowledged")} & set(moved)
    assert "hung up" not in told
    assert heard == again
