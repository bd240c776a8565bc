"""How long the largest session that is read takes to become a page, and how much memory: seconds of processor, MB.

    python scripts/bench/page.py [--lines 120000] [--json FILE]

The session is the same seconds of talk over and over, with events of every kind, as many lines as a session may have.
`voicecare report SESSION --html PAGE` runs as a process of its own.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.fuzz.seeds import call
from voicecare.session import MOST_LINES, SessionWriter
from voicecare.timebase import Samples, Span, samples
from voicecare.types import Event

ROUND_S = 20.0
MOST_S, MOST_MB = 20.0, 500.0
"""What a page may take."""


def main() -> int:
    """Make the session, draw it, and tell; 1 where it took more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=MOST_LINES, help="of the session")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        session = write_session(Path(folder) / "call.jsonl", asked.lines)
        size_mb = session.stat().st_size / 1e6
        outputs = ["--html", f"{folder}/call.html"]
        began_s = time.monotonic()
        subprocess.run([sys.executable, "-m", "voicecare", "report", str(session), *outputs], check=True)
        wall_s = time.monotonic() - began_s
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        page_mb = Path(folder, "call.html").stat().st_size / 1e6
    told = {
        "lines": asked.lines,
        "session_mb": round(size_mb, 1),
        "page_mb": round(page_mb, 1),
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "wall_s": round(wall_s, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
    }
    print("  ".join(f"{name} {value:,}" for name, value in told.items()))
    if asked.json is not None:
        asked.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return int(told["cpu_s"] > MOST_S or told["peak_mb"] > MOST_MB)


def write_session(path: Path, lines: int) -> Path:
    """Write a session of so many lines, header and end among them."""
    header = call().header
    with SessionWriter(path, header) as writer:
        ends: Samples = 0
        for event, ends_round in itertools.islice(_events(), lines - 2):
            writer.write(event)
            ends = ends_round
        writer.end(ends, complete=True)
    return path


def _events() -> Iterator[tuple[Event, Samples]]:
    """The events of the call again and again, each time later, and when the round they belong to ends."""
    turn = 0
    while True:
        shift = turn * samples(ROUND_S)
        for event in call().events:
            yield _later(event, shift, turn), shift + samples(ROUND_S)
        turn += 1


def _later(value: Any, shift: Samples, turn: int) -> Any:  # noqa: ANN401 - an event or a part of one
    """Move every time of an event; a turn event or a cue gets an id of its own."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        now = getattr(value, field.name)
        if isinstance(now, Span):
            changes[field.name] = Span(now.start + shift, now.end + shift)
        elif field.name in ("at", "decided_at", "arrived", "expires_at", "cleared_at") and isinstance(now, int):
            changes[field.name] = now + shift
        elif field.name == "id":
            changes[field.name] = now + 10 * turn
        elif isinstance(now, tuple) and now and dataclasses.is_dataclass(now[0]):
            changes[field.name] = tuple(_later(one, shift, turn) for one in now)
        elif field.name == "at" and isinstance(now, tuple):
            changes[field.name] = tuple(at + shift for at in now)
    return dataclasses.replace(value, **changes)


if __name__ == "__main__":
    sys.exit(main())
