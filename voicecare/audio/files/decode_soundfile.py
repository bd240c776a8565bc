"""Decodes WAV and its kin by libsndfile: PCM of 8 to 32 bits, float, G.711, ADPCM, GSM."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from voicecare.audio.files.decoder import BLOCK_S, Flaw, cut_short
from voicecare.audio.files.raw import RawFormat
from voicecare.errors import InputError
from voicecare.types import Floats


class Undecodable(Exception):  # noqa: N818 - not a failure: another decoder may know the coding
    """libsndfile does not know this coding."""


class SoundfileDecoder:
    """A `Decoder` on libsndfile.

    missing_s: how much audio the header promises beyond the end of the file, which libsndfile itself does not tell.
    joined: after the sound its header states another recording follows, which is not read.
    raw: how a file without a header is coded.

    Raises:
        Undecodable: libsndfile does not know this coding.
        InputError: the file holds no audio.
    """

    def __init__(
        self, path: Path, *, missing_s: float = 0.0, joined: bool = False, raw: RawFormat | None = None
    ) -> None:
        import soundfile

        self.path = path
        self.flaw: Flaw | None = None
        self.start_s = 0.0
        self._missing_s = missing_s
        self._joined = joined
        self._how: dict[str, Any] = {} if raw is None else raw.for_libsndfile()
        try:
            with soundfile.SoundFile(str(path), **self._how) as header:
                self.channels: int = header.channels
                self.rate_hz: int = header.samplerate
                self.frames: int | None = header.frames
                self.codec = f"{header.format_info}, {header.subtype_info}"
        except soundfile.LibsndfileError as error:
            raise Undecodable from error
        if self.frames == 0:
            raise InputError(f"{path.name} has a header but no audio; use the original recording")

    def promise(self, times: float) -> None:
        """Take that the header promises so many times the sound that is there; libsndfile does not tell."""
        self._missing_s = max(self._missing_s, (times - 1) * (self.frames or 0) / self.rate_hz)

    def __iter__(self) -> Iterator[Floats]:
        """Yield float32 blocks of shape (n, channels)."""
        import soundfile

        self.flaw = None
        read = 0
        size = int(BLOCK_S * self.rate_hz)
        try:
            with soundfile.SoundFile(str(self.path), **self._how) as sound:
                while len(block := sound.read(size, dtype="float32", always_2d=True)):
                    read += len(block)
                    yield block
        except soundfile.LibsndfileError as error:
            if not read:
                raise InputError(f"{self.path.name} cannot be read any more: {error}; check the file") from error
            self.flaw = Flaw("damaged", truncated=True, details={"error": str(error)})
            return
        missing_s = max(self._missing_s, ((self.frames or 0) - read) / self.rate_hz)
        if missing_s > 0:
            self.flaw = cut_short(missing_s)
        elif self._joined:
            self.flaw = Flaw("joined", truncated=True)
