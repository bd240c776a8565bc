"""A file that grows while a call lasts: readable at any moment, and whole in its place at the end or not at all.

Results that are written in one step are saved by `voicecare/saving.py`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

from voicecare.errors import OutputError
from voicecare.saving import NO_LINK, locked, longest_name, sync_folder, unwritten

UNFINISHED = ".unfinished"
"""What grows in place of a file that is there already has the file's name and this."""


class Growing:
    """A file that grows for as long as a call lasts, and that a kill must leave readable as far as it went.

    Where nothing stands it grows in its place. Where a file stands that file stays until `keep`; the new one grows
    beside it, under its name and `.unfinished`, where a run that died leaves it. The next run of that name writes over
    nothing: it moves that aside under a number, and drops it only once its own is whole and takes its place.

    part: where it grows. file: what it is; `append` to it. once: what it holds cannot be heard again, as a live
    call: then what was moved aside stays.

    Raises:
        OutputError: it cannot be made, or another run is writing it.
    """

    def __init__(self, path: Path, *, once: bool = False) -> None:
        self.path = path
        self._once = once
        self._claim: int | None = None
        try:
            try:
                self.part = path
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                if path.is_dir():
                    raise unwritten(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))) from None
                self._claim = _claimed(path)
                self.part = _beside(path)
                _move_aside(self.part, path)
                descriptor = os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK, 0o600)
            if locked(descriptor) is False:
                os.close(descriptor)
                raise _busy(path)
            if sys.platform != "win32":
                os.fchmod(descriptor, 0o600)
        except (OSError, OutputError) as error:
            self._unclaim()
            if isinstance(error, OutputError):
                raise
            raise OutputError(f"cannot write {path}: {error.strerror}; choose another folder") from error
        self.file = os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")

    def append(self, text: str) -> None:
        """Write a line at its end, all of it or nothing: what a full disk tore off goes, and the next may be tried.

        Raises:
            OSError: it cannot be written. ValueError: the file is closed.
        """
        descriptor, rest = self.file.fileno(), memoryview(text.encode())
        end = self.size()
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        except OSError:
            self.cut(end)
            raise

    def size(self) -> int:
        """How many bytes it holds; the next line begins there."""
        return os.lseek(self.file.fileno(), 0, os.SEEK_END)

    def cut(self, size: int) -> None:
        """Drop what lies beyond so many bytes."""
        os.ftruncate(self.file.fileno(), size)

    def keep(self) -> None:
        """Put it in its place, whole.

        Raises:
            OutputError: it cannot be.
        """
        try:
            if not self.file.closed:
                self.file.flush()
                os.fsync(self.file.fileno())
            self.close()
            if self.part != self.path:
                self.part.replace(self.path)
                for dead in () if self._once else _aside(_beside(self.path)):
                    dead.unlink()
            sync_folder(self.path.parent)
        except OSError as error:
            raise unwritten(self.path, error) from error

    def discard(self) -> None:
        """Drop it; what stood there before stays."""
        with contextlib.suppress(OSError):
            self.part.unlink()
        self.close()

    def close(self) -> None:
        """Let go of it as it is."""
        with contextlib.suppress(OSError):
            self.file.close()
        self._unclaim()

    def _unclaim(self) -> None:
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None


def _beside(path: Path) -> Path:
    room = longest_name(path.parent) - len(UNFINISHED) - len("-999")
    return path.with_name(os.fsdecode(os.fsencode(path.name)[:room]) + UNFINISHED)


def _aside(part: Path) -> list[Path]:
    """What was moved aside from here: the same name and a number."""
    names = (path for path in part.parent.iterdir() if path.name.startswith(f"{part.name}-"))
    return [path for path in names if path.name[len(part.name) + 1 :].isdecimal()]


def _move_aside(part: Path, path: Path) -> None:
    """Move what a run that died left away from where another will write; what holds nothing is removed.

    Raises:
        OutputError: a run that lives is writing it.
    """
    try:
        descriptor = os.open(part, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | NO_LINK)
    except FileNotFoundError:
        return
    try:
        if locked(descriptor) is False:
            raise _busy(path)
        if os.fstat(descriptor).st_size == 0:
            part.unlink()
            return
        last = max((int(dead.name[len(part.name) + 1 :]) for dead in _aside(part)), default=0)
        part.rename(part.with_name(f"{part.name}-{last + 1}"))
    finally:
        os.close(descriptor)


def _claimed(path: Path) -> int | None:
    """Lock the file that stands at `path`, so that a second run of this name is told of this one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | NO_LINK)
    except OSError:
        return None  # a link, or not ours to read: it is replaced by the one who comes last
    if locked(descriptor) is False:
        os.close(descriptor)
        raise _busy(path)
    return descriptor


def _busy(path: Path) -> OutputError:
    return OutputError(f"cannot write {path}: another run is writing it; wait for it, or choose another name")
