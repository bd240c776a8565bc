"""A call's sound written while it is heard, with stretches that can be silenced afterwards."""

from __future__ import annotations

import os
import struct
from io import FileIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voicecare.errors import OutputError
from voicecare.timebase import RATE_HZ, Samples, Span
from voicecare.types import AudioBlock, Party

_SIDE: dict[Party, int] = {"caller": 0, "agent": 1}
"""The caller left, the agent right: as `voicecare replay` takes a recording."""
FULL_SCALE = 32_768.0
"""As sound devices and libsndfile read 16 bits: what a device gave comes back as the very samples."""
_FRAME = 4
_HEAD = struct.Struct("<4sI4s4sIHHIIHH4sI")
_MOST = 0xFFFF_FFFF - _HEAD.size


class Tape:
    """Writes both legs as two-channel WAV of 16 bit at 16 kHz, readable by its owner only.

    WAV, because a stretch can be silenced in place, at once, before anyone could copy the file. Every push is in the
    file when it returns and in the length its header states, so that a kill leaves a recording that plays.

    Raises:
        OutputError: the file cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end: Samples = 0
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._file = FileIO(path, "r+b")  # unbuffered: on a full disk no rest may wait to be written again
            self._put(0, _header(0))
        except OSError as error:
            raise self._error(error) from error

    def push(self, block: AudioBlock) -> None:
        """Write the next hop."""
        legs = np.clip(np.rint(block.samples[::-1].T * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1)
        data = np.ascontiguousarray(legs, "<i2").tobytes()
        try:
            self._put(_HEAD.size + _FRAME * self._end, data)
            self._end += len(data) // _FRAME
            self._put(0, _header(self._end))
        except OSError as error:
            raise self._error(error) from error

    def mute(self, channel: Party, span: Span) -> None:
        """Silence what was written of a stretch of one leg."""
        start, end = min(span.start, self._end), min(span.end, self._end)
        try:
            self._file.seek(_HEAD.size + _FRAME * start)
            legs: npt.NDArray[np.int16] = np.frombuffer(self._take(_FRAME * (end - start)), "<i2").reshape(-1, 2).copy()
            legs[:, _SIDE[channel]] = 0
            self._put(_HEAD.size + _FRAME * start, legs.tobytes())
        except OSError as error:
            raise self._error(error) from error

    def close(self) -> None:
        """Finish the file: what a full disk tore off within a hop goes."""
        try:
            self._file.truncate(_HEAD.size + _FRAME * self._end)
            self._file.close()
        except OSError as error:
            raise self._error(error) from error

    def _put(self, at: int, data: bytes) -> None:
        self._file.seek(at)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _take(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (more := self._file.read(size - len(data))):
            data += more
        return data

    def _error(self, error: OSError) -> OutputError:
        return OutputError(
            f"cannot keep sound in {self._path}: {error.strerror}; free some space or keep less (--keep text)"
        )


def _header(length: Samples) -> bytes:
    size = min(_MOST, _FRAME * length)
    return _HEAD.pack(
        b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 2, RATE_HZ, _FRAME * RATE_HZ, _FRAME, 16, b"data", size
    )
