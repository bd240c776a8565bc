"""Kills `voicecare replay` and `voicecare report` at random moments: nothing torn, nothing left by the next run.

    python scripts/fuzz/kills.py --kills 60
    python scripts/fuzz/kills.py --kills 60 --seed 2 --folder kept

Every command writes over the results of the run before. After each SIGKILL every result under its final name must be
whole: JSON that parses, a page with its end, a table with its row, a session with its end line, each as good as before.
After the last kill every command is let finish once, and the folder may hold the results alone. Ends with 1 where
anything was torn or left.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicecare.errors import InputError
from voicecare.session import read

SHORTEST_S = 0.05
LATE = 0.5
"""This share of the kills comes in the last fifth of a run, where results are written."""
CALL_S = 8.0


@dataclass(frozen=True, slots=True)
class Torn:
    """A result that is not whole after a kill."""

    kill: int
    command: str
    after_s: float
    what: str


def main() -> int:
    """Kill, look, and tell; 1 where something was torn or left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="other moments")
    parser.add_argument("--folder", type=Path, help="where the results go; else a folder that is removed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        killed, torn, left = kill_often(folder, asked.kills, asked.seed)
    for one in torn:
        print(f"TORN kill {one.kill}, {one.command} after {one.after_s:.2f} s: {one.what}")
    for name in left:
        print(f"LEFT {name}")
    print(f"{asked.kills} kills, {killed} of them while the command ran; torn: {len(torn)}; left behind: {len(left)}")
    return 1 if torn or left else 0


def kill_often(folder: Path, kills: int, seed: int) -> tuple[int, list[Torn], list[str]]:
    """Kill so often; return how many kills met a running command, what was torn, and what was left at the end."""
    draw = random.Random(seed)
    call = folder / "call.wav"
    _make_call(call)
    commands = _commands(folder, call)
    results = folder / "results"
    results.mkdir(exist_ok=True)
    length_s = {}
    for name, command in commands.items():
        began = time.monotonic()
        subprocess.run(command, check=True, capture_output=True)
        length_s[name] = time.monotonic() - began
    whole = sorted(path.name for path in results.iterdir())
    torn: list[Torn] = []
    killed = 0
    for kill in range(kills):
        name = draw.choice(list(commands))
        share = draw.uniform(0.8, 1.0) if draw.random() < LATE else draw.random()
        after_s = max(SHORTEST_S, share * length_s[name])
        killed += _killed(commands[name], after_s)
        torn += [Torn(kill, name, after_s, what) for what in _wrong(results)]
    for command in commands.values():
        subprocess.run(command, check=True, capture_output=True)
    left = sorted({path.name for path in results.iterdir()} - set(whole))
    return killed, torn, left


def _make_call(path: Path) -> None:
    import soundfile

    draw = np.random.default_rng(3)
    soundfile.write(path, draw.normal(0.0, 0.05, (round(CALL_S * 8_000), 2)), 8_000)


def _commands(folder: Path, call: Path) -> dict[str, list[str]]:
    def to(stem: str) -> list[str]:
        return [
            part
            for face in ("json", "html", "csv")
            for part in (f"--{face}", str(folder / "results" / f"{stem}.{face}"))
        ]

    session = str(folder / "results" / "call.jsonl")
    return {
        "replay": [*_VOICECARE, "replay", str(call), "--no-words", "--session", session, *to("replayed")],
        "report": [
            *(*_VOICECARE, "report", session, *to("reported")),
            *("--textgrid", str(folder / "results" / "call.TextGrid"), "--elan", str(folder / "results" / "call.eaf")),
        ],
    }


_VOICECARE = (sys.executable, "-m", "voicecare")


def _killed(command: list[str], after_s: float) -> bool:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def _wrong(results: Path) -> list[str]:
    """What is missing or not whole among the results; whatever has another name is no result yet."""
    wrong = []
    for name, is_whole in WHOLE.items():
        for path in sorted(results.glob(name)):
            try:
                good = is_whole(path)
            except (OSError, ValueError, InputError) as error:
                good, why = False, f"{error}"
            else:
                why = "not whole"
            if not good:
                wrong.append(f"{path.name}: {why:.120}")
    names = {path.name for path in results.iterdir()}
    wrong += [f"{name}: gone" for name in EXPECTED if name not in names]
    return wrong


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


WHOLE: dict[str, Callable[[Path], bool]] = {
    "[!.]*.json": lambda path: "events" in json.loads(_text(path)),
    "[!.]*.html": lambda path: _text(path).rstrip().endswith("</html>"),
    "[!.]*.csv": lambda path: len(list(csv.reader(_text(path).splitlines()))) == 2,
    "[!.]*.jsonl": lambda path: read(path).complete,
    "[!.]*.TextGrid": lambda path: "turn events" in _text(path),
    "[!.]*.eaf": lambda path: _text(path).rstrip().endswith("</ANNOTATION_DOCUMENT>"),
}
EXPECTED = (
    *(f"{stem}.{face}" for stem in ("replayed", "reported") for face in ("json", "html", "csv")),
    *("call.jsonl", "call.TextGrid", "call.eaf"),
)


if __name__ == "__main__":
    sys.exit(main())
