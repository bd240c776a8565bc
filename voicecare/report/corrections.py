"""Reads the marks people corrected, from Praat or ELAN; the file is not trusted."""

from __future__ import annotations

import difflib
from pathlib import Path

from voicecare.errors import InputError
from voicecare.report import elan, textgrid
from voicecare.report.annotation import LABELS, Mark
from voicecare.timebase import clock

MOST_BYTES = 20_000_000
"""A corrected call of a whole day is a tenth of this."""
_UTF_16 = (b"\xfe\xff", b"\xff\xfe")


def read_marks(path: Path) -> list[Mark]:
    """Read the marks of the event tier of a TextGrid or an EAF, in order of time.

    Raises:
        InputError: the file cannot be read, is neither of them, or has a mark that is not known.
    """
    raw = _read(path)
    start = raw[:200].decode("utf-16" if raw[:2] in _UTF_16 else "utf-8-sig", errors="replace").lstrip()
    found = _eaf(raw, path.name) if start.startswith("<") else _textgrid(raw, path.name)
    return sorted((_known(mark, path.name) for mark in found), key=lambda mark: mark.at)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}; check the path") from error
    if len(raw) > MOST_BYTES:
        raise InputError(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB: that is no corrected call")
    return raw


def _textgrid(raw: bytes, name: str) -> list[Mark]:
    try:
        # Praat saves UTF-16 as soon as a label is not ASCII.
        text = raw.decode("utf-16" if raw[:2] in _UTF_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not a TextGrid: it is not text; save it from Praat as text") from error
    try:
        return textgrid.parse(text)
    except textgrid.NotATextGridError as error:
        raise InputError(f"{name} is not a TextGrid of a session: {error}; save it from Praat as text") from error


def _eaf(raw: bytes, name: str) -> list[Mark]:
    try:
        return elan.parse(raw)
    except elan.NotAnEafError as error:
        raise InputError(f"{name} is not an ELAN file of a session: {error}; save it from ELAN as .eaf") from error


def _known(mark: Mark, name: str) -> Mark:
    text = " ".join(mark.text.lower().split())
    if text not in LABELS:
        near = difflib.get_close_matches(text[:60], LABELS, n=1, cutoff=0.6)
        hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(LABELS)}"
        raise InputError(f'{name}: the mark "{mark.text[:60]}" at {clock(mark.at)} is not known; {hint}')
    return Mark(mark.at, text)
