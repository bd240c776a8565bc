"""Digests of every recorded call's session and page: what a change of structure must leave as it is.

    python scripts/bench/digests.py ../shared/data/calls ../shared/data/heated > before.txt
    ... the change ...
    python scripts/bench/digests.py ../shared/data/calls ../shared/data/heated | diff before.txt -

Prints one line a call: SHA-256 of its session, of its page ("-" where the call is refused), and its name.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import tempfile
from pathlib import Path

from voicecare.commands.cli import run

SUFFIXES = (".wav", ".mp3", ".flac")


def main() -> None:
    """Print the digests of every call in the folders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of recorded calls, looked through whole")
    parser.add_argument("--words", action="store_true", help="with the recogniser, too")
    options = parser.parse_args()
    for folder in options.folders:
        for call in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
            print(*digests(call, words=options.words), call.name, flush=True)


def digests(call: Path, *, words: bool) -> list[str]:
    """Replay a call as its user would; return the digests of its session and of its page."""
    with tempfile.TemporaryDirectory() as folder:
        results = [Path(folder) / "call.jsonl", Path(folder) / "call.html"]
        arguments = ["replay", str(call), "--session", str(results[0]), "--html", str(results[1])]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run(arguments if words else [*arguments, "--no-words"])
        return [hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "-" for path in results]


if __name__ == "__main__":
    main()
