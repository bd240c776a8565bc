"""How a file without a header is coded: nothing in it tells, so its user does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from voicecare.errors import UsageError

CODINGS = {
    "ulaw": ("ULAW", "FILE"),
    "alaw": ("ALAW", "FILE"),
    "u8": ("PCM_U8", "FILE"),
    "s8": ("PCM_S8", "FILE"),
    "s16le": ("PCM_16", "LITTLE"),
    "s16be": ("PCM_16", "BIG"),
    "s24le": ("PCM_24", "LITTLE"),
    "s32le": ("PCM_32", "LITTLE"),
    "f32le": ("FLOAT", "LITTLE"),
}
"""How samples without a header may be coded, by FFmpeg's names: libsndfile's subtype and byte order."""
RAW_RATES_HZ = (4_000, 384_000)


@dataclass(frozen=True, slots=True)
class RawFormat:
    """How a file without a header is coded.

    coding: one of CODINGS. rate_hz: 4,000 to 384,000. channels: 1 or 2, interleaved.

    Raises:
        UsageError: a value is not allowed.
    """

    coding: str
    rate_hz: int
    channels: int

    def __post_init__(self) -> None:
        """Refuse what cannot be read."""
        low_hz, high_hz = RAW_RATES_HZ
        given = f"--raw {self.coding}:{self.rate_hz}:{self.channels}"
        if self.coding not in CODINGS:
            raise UsageError(f"{given}: the coding {self.coding!r} is not known; choose {', '.join(CODINGS)}")
        if not low_hz <= self.rate_hz <= high_hz:
            raise UsageError(f"{given}: the rate must be from {low_hz} to {high_hz} Hz")
        if self.channels not in (1, 2):
            raise UsageError(f"{given}: there must be 1 or 2 channels")

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read CODING:RATE:CHANNELS, such as "ulaw:8000:2".

        Raises:
            UsageError: it is not of that form, or a value is not allowed.
        """
        found = re.fullmatch(r"([a-z0-9_]{1,16}):([0-9]{1,7}):([0-9]{1,2})", typed, re.ASCII)
        if found is None:
            raise UsageError(f"--raw {typed}: must be CODING:RATE:CHANNELS, such as ulaw:8000:2 or s16le:16000:1")
        coding, rate_hz, channels = found.groups()
        return cls(coding, int(rate_hz), int(channels))

    def for_libsndfile(self) -> dict[str, Any]:
        """Give it as the arguments of `soundfile.SoundFile`."""
        subtype, endian = CODINGS[self.coding]
        return {
            "samplerate": self.rate_hz,
            "channels": self.channels,
            "subtype": subtype,
            "endian": endian,
            "format": "RAW",
        }
