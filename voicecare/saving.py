"""Writes results whole or not at all: a full disk, a kill or a second run never leaves half a result behind.

A result is written beside its place (`.voicecare-*.part`), synced and renamed, for its owner's eyes only; a link is
replaced, never followed. Whoever writes holds a lock (where there are locks), so that the parts of a run that died are
known and swept by the next one.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from voicecare.errors import OutputError

if sys.platform != "win32":
    import fcntl

PREFIX, PART = ".voicecare-", ".part"
LONGEST_NAME = 255
"""Bytes; the limit of almost every file system, taken where one does not tell its own."""
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""A link in place of what is opened is refused, where there are links."""


def check(path: Path, inputs: Iterable[Path] = ()) -> None:
    """See before any work that `path` can be written and is none of the inputs.

    Raises:
        OutputError: its name cannot be one, its folder is missing or closed, it is no ordinary file, or it would
            overwrite a recording.
    """
    if "\0" in str(path):
        raise OutputError(f"cannot write {path}: no name holds a zero byte; give another")
    if len(os.fsencode(path.name)) > longest_name(path.parent):
        raise OutputError(
            f"cannot write {path}: its name has {len(os.fsencode(path.name))} bytes, at most "
            f"{longest_name(path.parent)} are allowed here; give a shorter one"
        )
    try:
        _check_place(path)
        for given in inputs:
            if path.exists() and given.exists() and path.samefile(given):
                raise OutputError(f"cannot write {path}: it is the recording itself; choose another name")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another folder") from error


def check_all(paths: Iterable[Path], inputs: Iterable[Path]) -> None:
    """See before any work that all results of a run can be written, each to a file of its own; sweep dead parts.

    Raises:
        OutputError: one of them cannot, or two would go to one file.
    """
    given = list(inputs)
    taken: set[Path] = set()
    for path in paths:
        check(path, given)
        place = path.parent.resolve() / path.name  # a link is replaced, not followed
        if place in taken:
            raise OutputError(f"cannot write two results to {path}; name them apart")
        taken.add(place)
    for folder in {place.parent for place in taken}:
        sweep(folder)


def longest_name(folder: Path) -> int:
    """How many bytes the name of a file may have in a folder."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.pathconf(folder, "PC_NAME_MAX")
    return LONGEST_NAME


def sweep(folder: Path) -> None:
    """Remove what runs that died left half written in a folder; what a living run writes is locked and stays."""
    for part in folder.glob(f"{PREFIX}*{PART}"):
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                part.unlink()  # refused while a run has it open
                continue
            descriptor = os.open(part, os.O_RDONLY | os.O_NONBLOCK | NO_LINK)
            try:
                if stat.S_ISREG(os.fstat(descriptor).st_mode) and locked(descriptor):
                    part.unlink()
            finally:
                os.close(descriptor)


class Together:
    """Several results that are put in place together: all once they are whole, or none. Use as a context manager."""

    def __init__(self) -> None:
        self._parts: list[tuple[Path, Path, int]] = []

    def write(self, path: Path, content: str | bytes) -> None:
        """Write a file beside its place; text is UTF-8.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            part, descriptor = _part(path.parent)
            self._parts.append((part, path, descriptor))
            with os.fdopen(descriptor, "wb", closefd=False) as file:
                file.write(content.encode() if isinstance(content, str) else content)
            os.fsync(descriptor)
        except OSError as error:
            raise unwritten(path, error) from error

    def keep(self) -> None:
        """Put all in place.

        Raises:
            OutputError: one cannot be; those before it are.
        """
        while self._parts:
            part, path, descriptor = self._parts.pop(0)
            try:
                os.close(descriptor)
                part.replace(path)
                sync_folder(path.parent)
            except OSError as error:
                with contextlib.suppress(OSError):
                    part.unlink()
                raise unwritten(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop what was not kept."""
        for part, _, descriptor in self._parts:
            with contextlib.suppress(OSError):
                os.close(descriptor)
                part.unlink()


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file in one step, readable by its owner only; text is UTF-8.

    Raises:
        OutputError: it cannot be written; what was there before stays.
    """
    with Together() as results:
        results.write(path, content)
        results.keep()


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; give the name of a file in it")
    if path.exists() and not path.is_file():  # results are renamed into place, and a device would be replaced
        raise OutputError(f"cannot write {path}: it is a device or a pipe; give the name of a file")
    if not path.parent.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {path.parent}; create it first")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"cannot write {path}: permission denied; choose another folder")


def _part(folder: Path) -> tuple[Path, int]:
    """Make a part and lock it; a run that sweeps may have taken it in between, then another is made."""
    while True:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=PREFIX, suffix=PART)
        locked(descriptor)
        with contextlib.suppress(FileNotFoundError):
            if Path(name).stat().st_ino == os.fstat(descriptor).st_ino:
                return Path(name), descriptor
        os.close(descriptor)


def locked(descriptor: int) -> bool | None:
    """Lock an open file until it is closed; False where another run has it, None where there are no locks."""
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def sync_folder(folder: Path) -> None:
    """Make a rename last through a loss of power; a folder that cannot be synced is no failure."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def unwritten(path: Path, error: OSError) -> OutputError:
    """What to say where a result finds no room."""
    return OutputError(f"cannot write {path}: {error.strerror}; free some space or choose another folder")
