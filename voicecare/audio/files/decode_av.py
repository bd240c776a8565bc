"""Decodes by FFmpeg (PyAV) all that is compressed: MP3, FLAC, Ogg, M4A, AMR, WMA, WebM, and rare codings of WAV."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from voicecare.audio.files import container
from voicecare.audio.files.decoder import BLOCK_S, Flaw, cut_short
from voicecare.errors import InputError
from voicecare.types import Floats

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

STATING = ("mov", "matroska", "flac", "ogg")
"""Formats that state their length; for others FFmpeg guesses it from the bit rate."""
CLOCKED = ("mov", "matroska")
"""Formats whose time begins at 0 with the recording; elsewhere the first timestamp means nothing."""
FEWEST_BITS_S, LEAST_S = 20.0, 60.0
"""No coding makes less of a second: silence in FLAC and in Opus with pauses left out takes several times as much. What
claims to is a damaged header, and would be hours of silence; the first minute is never refused."""
SLACK_S = 0.5
"""Encoders pad and trim the ends of a file; a shortage below this is not a cut."""
HOLE_S, LONGEST_HOLE_S = 0.2, 3_600.0
"""A step of the timestamps between these is missing sound; less is jitter, more is a wrong timestamp."""
GARBLED = (ArithmeticError, LookupError, ValueError)
"""What PyAV raises, beside FFmpeg's own errors, where a damaged file states what cannot be."""
ADVICE = "use the original recording"


class AvDecoder:
    """A `Decoder` on FFmpeg.

    missing_s: how much audio a WAV header promises beyond the end of the file.
    promised: how many times the sound that is there a header promises.
    joined: another recording follows in the file, which is not read.
    ignore_length: read a WAV file whose header was never completed to the end of the file.
    track: which of its audio tracks, of which it has `tracks`.

    Raises:
        InputError: FFmpeg knows no such format, or the file has no audio.
    """

    def __init__(
        self,
        path: Path,
        *,
        missing_s: float = 0.0,
        promised: float = 1.0,
        joined: bool = False,
        ignore_length: bool = False,
        track: int = 0,
    ) -> None:
        import av

        self.path = path
        self._track = track
        self.flaw: Flaw | None = None
        self._missing_s = missing_s
        self._promised = promised
        self._joined = joined
        self._longest_s = LEAST_S + path.stat().st_size * 8 / FEWEST_BITS_S
        self._ignore_length = ignore_length
        try:
            with opened(self.path, ignore_length=self._ignore_length) as source:
                self.tracks = len(source.streams.audio)
                if not self.tracks:
                    raise InputError(f"{path.name} holds no audio ({source.format.long_name}); {ADVICE}")
                stream = source.streams.audio[track]
                frame = next(source.decode(stream), None)
                if frame is None or not frame.samples:
                    raise InputError(f"{path.name} has a header but no audio; {ADVICE}")
                self.channels: int = frame.layout.nb_channels
                self.rate_hz: int = frame.sample_rate
                self.codec = f"{source.format.long_name}, {stream.codec_context.codec.long_name}"
                self.start_s = _start_s(source, frame)
                self.frames = self._stated_frames(source, stream)
        except (av.FFmpegError, *GARBLED) as error:
            raise InputError(_why_not(path)) from error

    def __iter__(self) -> Iterator[Floats]:
        """Yield float32 blocks of shape (n, channels)."""
        self.flaw = None
        size = int(BLOCK_S * self.rate_hz)
        held: list[Floats] = []
        length = total = 0
        for samples in self._pieces():
            held.append(samples)
            length += len(samples)
            if (total + length) / self.rate_hz > self._longest_s:
                raise InputError(
                    f"{self.path.name} claims more than {self._longest_s / 3600:.1f} hours of sound, more than its "
                    "bytes can hold; its header is damaged, use the original recording"
                )
            if length >= size:
                yield np.concatenate(held)
                total += length
                held, length = [], 0
        if held:
            yield np.concatenate(held)
        self.flaw = self.flaw or self._ending(total + length)

    def _pieces(self) -> Iterator[Floats]:
        """Decode packet by packet; missing ones become silence of their length, so that samples stay time."""
        import av

        timeline = _Timeline(self.rate_hz)
        cut = False
        try:
            with opened(self.path, ignore_length=self._ignore_length) as source:
                stream = source.streams.audio[self._track]
                converter = av.AudioResampler("fltp", stream.layout, self.rate_hz)
                for packet in source.demux(stream):
                    try:
                        frames = packet.decode()
                    except av.InvalidDataError:
                        cut = True
                        continue
                    cut = cut and not (frames and packet.size)
                    for frame in frames:
                        if (frame.sample_rate, frame.layout.nb_channels) != (self.rate_hz, self.channels):
                            self.flaw = Flaw("changes_midway", truncated=True)
                            return
                        for missing in timeline.missing_before(frame):
                            yield np.zeros((missing, self.channels), np.float32)
                        for converted in converter.resample(frame):
                            yield converted.to_ndarray().T.astype(np.float32, copy=False)
        except (av.FFmpegError, *GARBLED) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            self.flaw = Flaw("damaged", truncated=True, details={"error": str(reason)})
            return
        if cut:
            self.flaw = Flaw("packet_incomplete", truncated=True)
        elif timeline.missing:
            self.flaw = Flaw("hole", details={"missing_s": round(timeline.missing / self.rate_hz, 3)})

    def _stated_frames(self, source: InputContainer, stream: AudioStream) -> int | None:
        name = source.format.name.split(",")[0]
        if name not in STATING and not (name == "mp3" and container.mp3_states_length(self.path)):
            return None
        if name == "ogg" and container.chained(self.path):
            return None
        # Of a Matroska file with a picture FFmpeg gives its sound the length of the picture.
        end_s = _tagged_s(stream.metadata.get("DURATION", ""))
        if end_s is None and stream.duration is not None and stream.time_base is not None:
            return round(stream.duration * stream.time_base * self.rate_hz)
        if end_s is None and source.duration is not None and len(source.streams) == 1:
            end_s = source.duration / 1_000_000
        return None if end_s is None else max(0, round((end_s - self.start_s) * self.rate_hz))

    def _ending(self, total: int) -> Flaw | None:
        """Compare what was decoded with what the file states."""
        stated_s = (self.frames or 0) / self.rate_hz
        promised_s = self._missing_s + (self._promised - 1) * total / self.rate_hz
        missing_s = max(promised_s, stated_s - total / self.rate_hz)
        if missing_s > (0.0 if promised_s else SLACK_S):
            return cut_short(missing_s)
        if flaw := container.cut(self.path):
            return flaw
        if self._joined:
            return Flaw("joined", truncated=True)
        return Flaw("header_unfinished") if self._ignore_length else None


@contextmanager
def opened(path: Path, *, ignore_length: bool = False) -> Iterator[InputContainer]:
    """Open a file with FFmpeg, which may open no other file and no address whatever this one says."""
    import av

    options = {"protocol_whitelist": "none"}  # a playlist must not make FFmpeg open other files or addresses
    if ignore_length:
        options["ignore_length"] = "1"
    with path.open("rb") as file:
        nameless = _Nameless(file.read, _careful_seek(file), file.tell)
        with av.open(nameless, mode="r", options=options, metadata_errors="replace") as source:
            yield source


def _careful_seek(file: BinaryIO) -> Callable[[int, int], int]:
    """Give a `seek` that refuses as FFmpeg expects it: PyAV prints a traceback for what Python raises there."""

    def seek(offset: int, whence: int = 0) -> int:
        try:
            return file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -errno.EINVAL

    return seek


class _Timeline:
    """Compares the timestamps of frames with the samples they bring; `missing` counts what was not there."""

    def __init__(self, rate_hz: int) -> None:
        self.missing = 0
        self._rate_hz = rate_hz
        self._expected: int | None = None

    def missing_before(self, frame: AudioFrame) -> Iterator[int]:
        """Yield the lengths of the blocks of silence, in samples, that belong before this frame."""
        if frame.pts is None or frame.time_base is None:
            return
        at = round(frame.pts * frame.time_base * self._rate_hz)
        hole = 0 if self._expected is None else at - self._expected
        if self._expected is None or abs(hole) > HOLE_S * self._rate_hz:
            self._expected = at
        self._expected += frame.samples
        if HOLE_S * self._rate_hz < hole < LONGEST_HOLE_S * self._rate_hz:
            self.missing += hole
            block = int(BLOCK_S * self._rate_hz)
            for start in range(0, hole, block):
                yield min(block, hole - start)


@dataclass(frozen=True, slots=True)
class _Nameless:
    """A file without its name: FFmpeg takes what has no header for what its name says."""

    read: Callable[[int], bytes]
    seek: Callable[[int, int], int]
    tell: Callable[[], int]


def _start_s(source: InputContainer, frame: AudioFrame) -> float:
    """When the sound begins on the container's clock, where that clock begins with the recording."""
    if source.format.name.split(",")[0] not in CLOCKED or frame.pts is None or frame.time_base is None:
        return 0.0
    start_s = float(frame.pts * frame.time_base)
    return start_s if 0 < start_s < LONGEST_HOLE_S else 0.0


def _tagged_s(text: str) -> float | None:
    """Read a track's end as Matroska's writers tag it: "00:00:45.000000000"."""
    found = re.fullmatch(r"(\d{1,3}):(\d\d):(\d\d(?:\.\d{1,9})?)", text, re.ASCII)
    return None if found is None else int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])


def _why_not(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return f"{path.name} is an incomplete M4A or MP4 file: its index, written last, is missing; {ADVICE}"
    return (
        f"{path.name} is not a recording voicecare can read: no known audio format; "
        "WAV, FLAC, MP3, Ogg, Opus, M4A, AMR, WMA and WebM are; where it has no header, say how it is coded: --raw "
        "ulaw:8000:2 (coding, rate, channels)"
    )
