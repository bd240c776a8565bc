"""Decodes WAV and its kin by libsndfile: PCM of 8 to 32 bits, float, G.711, ADPCM, GSM."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from voicecare.audio.files.decoder import BLOCK_S, Flaw, cut_short
from voicecare.errors import InputError
from voicecare.types import Floats


class Undecodable(Exception):  # noqa: N818 - not a failure: another decoder may know the coding
    """libsndfile does not know this coding."""


class SoundfileDecoder:
    """A `Decoder` on libsndfile.

    missing_s: how much audio the header promises beyond the end of the file, which libsndfile itself does not tell.

    Raises:
        Undecodable: libsndfile does not know this coding.
        InputError: the file holds no audio.
    """

    def __init__(self, path: Path, *, missing_s: float = 0.0) -> None:
        import soundfile

        self.path = path
        self.flaw: Flaw | None = None
        self._missing_s = missing_s
        try:
            header = soundfile.info(str(path))
        except soundfile.LibsndfileError as error:
            raise Undecodable from error
        if header.frames == 0:
            raise InputError(f"{path.name} has a header but no audio; use the original recording")
        self.channels: int = header.channels
        self.rate_hz: int = header.samplerate
        self.frames: int | None = header.frames
        self.codec = f"{header.format_info}, {header.subtype_info}"

    def __iter__(self) -> Iterator[Floats]:
        """Yield float32 blocks of shape (n, channels)."""
        import soundfile

        self.flaw = None
        read = 0
        size = int(BLOCK_S * self.rate_hz)
        try:
            with soundfile.SoundFile(str(self.path)) as sound:
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
