"""What is done with one bad file, and what of it would be a fault."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from scripts.fuzz.seeds import Family, session_bytes
from voicecare.assembly import Choices
from voicecare.audio.files.layout import LayoutMeter
from voicecare.audio.files.recording import open_recording
from voicecare.commands.cli import run
from voicecare.config import Config
from voicecare.errors import VoicecareError
from voicecare.recorded import Replay

HEARD_EVERY = 25
"""So many recordings that can be read are replayed as well, models and all."""
LONGEST_HEARD_S = 20.0


class FaultError(Exception):
    """voicecare did what it never may; the text says what."""


def attempt(family: Family, content: bytes, number: int, folder: Path) -> str:
    """Use one input as its user would; return "refused" or "read".

    Raises:
        FaultError: more than one line was said, something that does not belong on a terminal, or another exit code.
        Exception: whatever a traceback would have shown.
    """
    path = folder / f"input.{family}"
    if family == "names":
        return _named(content, number, folder)
    path.write_bytes(content)
    if family == "audio":
        with _libraries_are_quiet(folder / "said"):
            return _recording(path, number)
    session = folder / "call.jsonl"
    if not session.exists():
        session.write_bytes(session_bytes())
    if family == "toml":
        return _command(["config", str(path)])
    if family == "session":
        faces = ["--html", str(folder / "x.html"), "--json", str(folder / "x.json"), "--csv", str(folder / "x.csv")]
        others = ["--textgrid", str(folder / "x.TextGrid"), "--elan", str(folder / "x.eaf")]
        _command(["explain", str(path), "--at", "8"])
        return _command(["report", str(path), *faces, *others])
    return _command(["report", str(session), "--corrected", str(path)])


@contextlib.contextmanager
def _libraries_are_quiet(kept: Path) -> Iterator[None]:
    """What decoders print past Python goes to the user's terminal, too: whatever reaches standard error is a fault."""
    sys.stderr.flush()
    terminal = os.dup(2)
    with kept.open("w+b") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)
        file.seek(0)
        said = file.read().decode(errors="replace")
    if said.strip():
        raise FaultError(f"printed past the program: {said[:300]!r}")


def _recording(path: Path, number: int) -> str:
    try:
        recording = open_recording(path)
        meter = LayoutMeter()
        for block in recording:
            meter.push(block)
        meter.report()
        short = recording.length is not None and recording.length <= LONGEST_HEARD_S * 16_000
        if number % HEARD_EVERY == 0 and short:
            _replay().run(recording, agent_channel="right")
    except VoicecareError as error:
        _must_be_one_line(str(error))
        return "refused"
    return "read"


@cache
def _replay() -> Replay:
    return Replay(Config(), Choices(words=False))


def _named(content: bytes, number: int, folder: Path) -> str:
    """The input is a name: of a file that is there where the system allows it, else of one that is not."""
    name = os.fsdecode(content).replace("/", "_") or "_"
    path = folder / name
    made = name not in (".", "..") and number % 3 > 0
    if made:
        with contextlib.suppress(OSError, ValueError):
            path.write_bytes(session_bytes())
    try:
        given = (
            ["report", str(path), "--json", str(folder / "x.json")],
            ["explain", str(path), "--at", "8"],
            ["replay", str(path), "--no-words"],
            ["config", str(path)],
            ["report", str(folder / "call.jsonl"), "--corrected", str(path)],
            ["report", name, "--html", "-"],
        )
        return _command(given[number % len(given)])
    finally:
        with contextlib.suppress(OSError, ValueError):
            path.unlink()


def _command(arguments: list[str]) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    said = err.getvalue()
    if code not in (0, 1, 2):
        raise FaultError(f"exit code {code}")
    if code and said.count("\n") != 1:
        raise FaultError(f"exit code {code} with {said.count(chr(10))} lines on standard error: {said[:300]!r}")
    _must_be_legible(said)
    if arguments[0] != "config":
        _must_be_legible(out.getvalue())
    return "refused" if code else "read"


def _must_be_one_line(text: str) -> None:
    if len(text) > 20_000:
        raise FaultError(f"a message of {len(text)} characters: {text[:200]!r}")


def _must_be_legible(text: str) -> None:
    odd = next((letter for letter in text if not letter.isprintable() and letter != "\n"), None)
    if odd is not None:
        raise FaultError(f"{odd!r} reached the terminal: {text[:300]!r}")
