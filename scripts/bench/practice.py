"""Runs practice calls with a scripted agent on a private sound server: what moves the heat, how soon the caller reacts.

The agent hears the headset alone: it talks over the caller once, answers twice, then acknowledges to the end. Each call
is replayed from what was saved of it, and both records are compared line by line. Needs PulseAudio
(scripts/apt-packages.txt).

    python scripts/bench/practice.py [--only outage] [--language en] [--json FILE]
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from voicecare.care.practice import scenario
from voicecare.session import Session, read
from voicecare.timebase import seconds
from voicecare.types import Segment, TurnEvent

STAGE = Path(__file__).resolve().parents[2] / "tests"
"""Where the private sound server and the scripted agent are, which the tests use, too."""
LOST = re.compile(r"lost sound (\d+) times")
TURN_S = 1.0
"""Shorter stretches of the agent are no turn that the caller answers."""


def practised(name: str, language: str, folder: Path) -> dict[str, Any]:
    """Practise one scenario to its end and replay it."""
    from scripted_agent import ACKNOWLEDGES, ANSWERS, TALKS_OVER, ScriptedAgent
    from sound_server import SoundServer

    mix, heard, again = folder / "mix.wav", folder / "heard.jsonl", folder / "again.jsonl"
    voicecare = [sys.executable, "-m", "voicecare"]
    options = ["--console", "--scenario-language", language, "--save", str(mix), "--session", str(heard)]
    with SoundServer() as server:
        command = [*voicecare, "practice", name, *options]
        with subprocess.Popen(
            command, env=server.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as call:
            told = ""
            for line in call.stdout or ():
                told += line
                if "Listening" in line:
                    break
            with ScriptedAgent(server, folder, [TALKS_OVER, ANSWERS, ANSWERS, ACKNOWLEDGES]):
                told += call.communicate()[0]
    subprocess.run([*voicecare, "replay", str(mix), "--session", str(again)], check=True, capture_output=True)
    records = [file.read_text(encoding="utf-8").splitlines()[1:] for file in (heard, again)]
    session = read(heard)
    lost = LOST.search(told)
    return {
        "scenario": name,
        "length_s": round(seconds(session.end)),
        "exit": call.returncode,
        "as_replayed": records[0] == records[1],
        "events": len(records[0]),
        "talked_over": told.count(": you spoke over the caller"),
        "acknowledged": told.count(": you acknowledged"),
        "heats": " ".join(re.findall(r"^ +\d+:\d\d  (calm|warm|hot):", told, re.MULTILINE)),
        "answers_s": _median(_answers_s(session)),
        "stops_s": _median(_stops_s(session)),
        "losses": int(lost[1]) if lost else 0,
    }


def _answers_s(session: Session) -> list[float]:
    """From each end of the agent's turn to the caller's next word."""
    segments = sorted((e for e in session.events if isinstance(e, Segment)), key=lambda e: e.span.start)
    return [
        seconds(after.span.start - before.span.end)
        for before, after in itertools.pairwise(segments)
        if (before.channel, after.channel) == ("agent", "caller")
        and seconds(before.span.length) >= TURN_S
        and after.span.start > before.span.end
    ]


def _stops_s(session: Session) -> list[float]:
    """From each interruption by the agent to the caller's last word before falling silent."""
    last = {
        e.id: e for e in session.events if isinstance(e, TurnEvent) and e.kind == "interruption" and e.by == "agent"
    }
    return [seconds(turn.span.length) for turn in last.values()]


def _median(values: list[float]) -> float | None:
    return round(statistics.median(values), 2) if values else None


def main() -> None:
    """Practise and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME", help="one scenario instead of all")
    parser.add_argument("--language", default="en", metavar="CODE", help="of the scenarios; default: %(default)s")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    options = parser.parse_args()
    sys.path.insert(0, str(STAGE))
    rows = []
    for name in [options.only] if options.only else scenario.shipped(options.language):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(practised(name, options.language, Path(folder)))
        print("  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
