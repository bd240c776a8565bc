"""Reads the marks people corrected, from Praat or ELAN; the file is not trusted."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from voicecare.errors import InputError
from voicecare.report import elan, textgrid
from voicecare.report.annotation import LABELS, Annotated, Mark
from voicecare.report.samecall import why_another_call
from voicecare.session import Session
from voicecare.timebase import clock

MOST_BYTES = 20_000_000
"""A corrected call of a whole day is a tenth of this."""
MOST_HINTS = 100
"""For no more unknown marks than this the nearest known one is looked for, which takes time."""
_UTF_16 = (b"\xfe\xff", b"\xff\xfe")


@dataclass(frozen=True, slots=True)
class Corrected:
    """What people corrected of a call.

    marks: in order of time, none after `end` of the session. skipped: what could not be used and why, a line each.
    """

    marks: tuple[Mark, ...]
    skipped: tuple[str, ...] = ()


def read_corrected(path: Path, session: Session) -> Corrected:
    """Read the corrections of a session; a mark that is not known, or lies after the call, is skipped and said.

    Raises:
        InputError: the file cannot be read, is neither TextGrid nor EAF, is of another call, or no mark in it is known.
    """
    file = _annotated(path)
    other = why_another_call(session, file)
    if other is not None:
        raise InputError(f"{path.name} is of another call: {other}; give the file that was made from this session")
    kept, skipped = _sorted_out(file, path.name)
    within = [mark for mark in kept if mark.at <= session.end]
    late = [f'{path.name}: skipped "{m.text}" at {clock(m.at)}: the call ends before' for m in kept if m not in within]
    return Corrected(tuple(within), (*skipped, *late))


def read_marks(path: Path) -> list[Mark]:
    """Read the known marks of the event tier of a TextGrid or an EAF, in order of time.

    Raises:
        InputError: the file cannot be read, is neither of them, or no mark in it is known.
    """
    return _sorted_out(_annotated(path), path.name)[0]


def _annotated(path: Path) -> Annotated:
    raw = _read(path)
    start = raw[:200].decode("utf-16" if raw[:2] in _UTF_16 else "utf-8-sig", errors="replace").lstrip()
    return _eaf(raw, path.name) if start.startswith("<") else _textgrid(raw, path.name)


def _sorted_out(file: Annotated, name: str) -> tuple[list[Mark], list[str]]:
    """The known marks in order of time, and a line for each of the others."""
    kept: list[Mark] = []
    skipped: list[str] = []
    for mark in sorted(file.marks, key=lambda mark: mark.at):
        text = " ".join(mark.text.lower().split())
        if text in LABELS:
            kept.append(Mark(mark.at, text))
            continue
        near = difflib.get_close_matches(text[:60], LABELS, n=1, cutoff=0.6) if len(skipped) < MOST_HINTS else []
        hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(LABELS)}"
        skipped.append(f'{name}: skipped "{mark.text[:60]}" at {clock(mark.at)}: it is not known; {hint}')
    if skipped and not kept:
        raise InputError(skipped[0].replace("skipped", "the mark", 1).replace("it is not", "is not", 1))
    return kept, skipped


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}; check the path") from error
    if len(raw) > MOST_BYTES:
        raise InputError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB: that is no corrected call")
    return raw


def _textgrid(raw: bytes, name: str) -> Annotated:
    try:
        # Praat saves UTF-16 as soon as a label is not ASCII.
        text = raw.decode("utf-16" if raw[:2] in _UTF_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not a TextGrid: it is not text; save it from Praat as text") from error
    try:
        return textgrid.parse(text)
    except textgrid.NotATextGridError as error:
        raise InputError(f"{name} is not a TextGrid of a session: {error}; save it from Praat as text") from error


def _eaf(raw: bytes, name: str) -> Annotated:
    try:
        return elan.parse(raw)
    except elan.NotAnEafError as error:
        raise InputError(f"{name} is not an ELAN file of a session: {error}; save it from ELAN as .eaf") from error
