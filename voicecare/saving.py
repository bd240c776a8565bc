"""Writes a result whole or not at all: a full disk or a kill never leaves half a report behind."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from voicecare.errors import OutputError


def check(path: Path, inputs: Iterable[Path] = ()) -> None:
    """See before any work that `path` can be written and is none of the inputs.

    Raises:
        OutputError: its folder is missing or closed, it is no ordinary file, or it would overwrite a recording.
    """
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; give the name of a file in it")
    if path.exists() and not path.is_file():  # results are renamed into place, and a device would be replaced
        raise OutputError(f"cannot write {path}: it is a device or a pipe; give the name of a file")
    if not path.parent.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {path.parent}; create it first")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise OutputError(f"cannot write {path}: permission denied; choose another folder")
    for given in inputs:
        if path.exists() and given.exists() and path.samefile(given):
            raise OutputError(f"cannot write {path}: it is the recording itself; choose another name")


def check_all(paths: Iterable[Path], inputs: Iterable[Path]) -> None:
    """See before any work that all results of a run can be written, each to a file of its own.

    Raises:
        OutputError: one of them cannot, or two would go to one file.
    """
    given = list(inputs)
    taken: set[Path] = set()
    for path in paths:
        check(path, given)
        place = path.parent.resolve() / path.name  # a link is replaced, not followed
        if place in taken:
            raise OutputError(f"cannot write two results to {path}; name them apart, or give calls of one name alone")
        taken.add(place)


def write_whole(path: Path, text: str) -> None:
    """Write a text file in one step, readable by its owner only.

    Raises:
        OutputError: it cannot be written; what was there before stays.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another folder") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        if isinstance(error, OSError):
            text = f"cannot write {path}: {error.strerror}; free some space or choose another folder"
            raise OutputError(text) from error
        raise
