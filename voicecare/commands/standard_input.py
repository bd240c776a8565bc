"""A recording that comes by standard input (`-`), kept for as long as it is heard: it is read more than once."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicecare import saving
from voicecare.errors import InputError

NAMED = Path("-")
NAME = "standard-input"
_PREFIX = "voicecare-input-"


@contextmanager
def spooled(files: tuple[Path, ...]) -> Iterator[tuple[Path, ...]]:
    """Give the files of a call; `-` is read to its end into a file of its owner's own, which is removed afterwards.

    Raises:
        InputError: standard input is a terminal, or cannot be kept.
    """
    if NAMED not in files:
        yield files
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("standard input (-) is a terminal; send a recording into it: voicecare replay - < call.wav")
    _sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder, (Path(folder) / NAME).open("wb") as file:
        saving.locked(file.fileno())  # tells the next run that this one is alive
        try:
            shutil.copyfileobj(sys.stdin.buffer, file)
            file.flush()
        except OSError as error:
            raise InputError(f"cannot keep standard input in {folder}: {error.strerror}; give a file") from error
        yield tuple(Path(folder) / NAME if path == NAMED else path for path in files)


def _sweep() -> None:
    """Remove what runs that were killed left of their standard input."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), (folder / NAME).open("rb") as file:
            if saving.locked(file.fileno()):
                shutil.rmtree(folder)
