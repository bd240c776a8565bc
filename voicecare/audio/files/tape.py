"""A call's sound written while it is heard, with stretches that can be silenced afterwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from voicecare.errors import OutputError
from voicecare.timebase import RATE_HZ, Samples, Span
from voicecare.types import AudioBlock, Party

_SIDE: dict[Party, int] = {"caller": 0, "agent": 1}
"""The caller left, the agent right: as `voicecare replay` takes a recording."""


class Tape:
    """Writes both legs as two-channel WAV of 16 bit at 16 kHz, readable by its owner only.

    WAV, because a stretch can be silenced in place, at once, before anyone could copy the file.

    Raises:
        OutputError: the file cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        import soundfile

        self._path = path
        self._failure = soundfile.LibsndfileError
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._file: Any = soundfile.SoundFile(path, "w+", RATE_HZ, 2, "PCM_16", format="WAV")
        except (OSError, soundfile.LibsndfileError) as error:
            raise self._error(error) from error
        self._end: Samples = 0

    def push(self, block: AudioBlock) -> None:
        """Write the next hop."""
        try:
            self._file.write(block.samples[::-1].T)
        except (OSError, self._failure) as error:
            raise self._error(error) from error
        self._end = block.end

    def mute(self, channel: Party, span: Span) -> None:
        """Silence what was written of a stretch of one leg."""
        start, end = min(span.start, self._end), min(span.end, self._end)
        try:
            self._file.seek(start)
            legs = self._file.read(end - start, dtype="int16", always_2d=True)
            legs[:, _SIDE[channel]] = 0
            self._file.seek(start)
            self._file.write(np.ascontiguousarray(legs))
            self._file.seek(self._end)
        except (OSError, self._failure) as error:
            raise self._error(error) from error

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _error(self, error: Exception) -> OutputError:
        text = error.strerror if isinstance(error, OSError) else "no more can be written"
        return OutputError(f"cannot keep sound in {self._path}: {text}; free some space or keep less (--keep text)")
