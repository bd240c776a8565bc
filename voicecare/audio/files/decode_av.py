"""Decodes by FFmpeg (PyAV) all that is compressed: MP3, FLAC, Ogg, M4A, AMR, WMA, WebM, and rare codings of WAV."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from voicecare.audio.files import container
from voicecare.audio.files.decoder import BLOCK_S, Flaw
from voicecare.errors import InputError
from voicecare.types import Floats

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

STATING = ("mov", "matroska", "flac", "ogg")
"""Formats that state their length; for others FFmpeg guesses it from the bit rate."""
SLACK_S = 0.5
"""Encoders pad and trim the ends of a file; a shortage below this is not a cut."""
HOLE_S, LONGEST_HOLE_S = 0.2, 3_600.0
"""A step of the timestamps between these is missing sound; less is jitter, more is a wrong timestamp."""
_GARBLED = (ArithmeticError, LookupError, ValueError)
"""What PyAV raises, beside FFmpeg's own errors, where a damaged file states what cannot be."""
ADVICE = "use the original recording"


class AvDecoder:
    """A `Decoder` on FFmpeg.

    missing_s: how much audio a WAV header promises beyond the end of the file.
    ignore_length: read a WAV file whose header was never completed to the end of the file.

    Raises:
        InputError: FFmpeg knows no such format, the file has no audio, or audio in several tracks.
    """

    def __init__(self, path: Path, *, missing_s: float = 0.0, ignore_length: bool = False) -> None:
        import av

        self.path = path
        self.flaw: Flaw | None = None
        self._missing_s = missing_s
        self._ignore_length = ignore_length
        try:
            with self._open() as source:
                stream = _only_track(path, source)
                frame = next(source.decode(stream), None)
                if frame is None or not frame.samples:
                    raise InputError(f"{path.name} has a header but no audio; {ADVICE}")
                self.channels: int = frame.layout.nb_channels
                self.rate_hz: int = frame.sample_rate
                self.codec = f"{source.format.long_name}, {stream.codec_context.codec.long_name}"
                self.frames = self._stated_frames(source, stream)
        except (av.FFmpegError, *_GARBLED) as error:
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
            if length >= size:
                yield np.concatenate(held)
                total += length
                held, length = [], 0
        if held:
            yield np.concatenate(held)
        self.flaw = self.flaw or self._ending(total + length)

    @contextmanager
    def _open(self) -> Iterator[InputContainer]:
        import av

        options = {"protocol_whitelist": "none"}  # a playlist must not make FFmpeg open other files or addresses
        if self._ignore_length:
            options["ignore_length"] = "1"
        with (
            self.path.open("rb") as file,
            av.open(_Seekable(file), mode="r", options=options, metadata_errors="replace") as source,
        ):
            yield source

    def _pieces(self) -> Iterator[Floats]:
        """Decode packet by packet; missing ones become silence of their length, so that samples stay time."""
        import av

        timeline = _Timeline(self.rate_hz)
        cut = False
        try:
            with self._open() as source:
                stream = source.streams.audio[0]
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
                            self.flaw = Flaw(
                                "its sample rate or channels change midway; read up to there", truncated=True
                            )
                            return
                        for missing in timeline.missing_before(frame):
                            yield np.zeros((missing, self.channels), np.float32)
                        for converted in converter.resample(frame):
                            yield converted.to_ndarray().T.astype(np.float32, copy=False)
        except (av.FFmpegError, *_GARBLED) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            self.flaw = Flaw(f"damaged, could not be read to its end ({reason})", truncated=True)
            return
        if cut:
            self.flaw = Flaw("cut short: its last packet is incomplete", truncated=True)
        elif timeline.missing:
            self.flaw = Flaw(
                f"damaged: {timeline.missing / self.rate_hz:.1f} s are missing within and count as silence"
            )

    def _stated_frames(self, source: InputContainer, stream: AudioStream) -> int | None:
        name = source.format.name.split(",")[0]
        if name not in STATING and not (name == "mp3" and container.mp3_states_length(self.path)):
            return None
        if stream.duration is not None and stream.time_base is not None:
            return round(stream.duration * stream.time_base * self.rate_hz)
        return None if source.duration is None else round(source.duration * self.rate_hz / 1_000_000)

    def _ending(self, total: int) -> Flaw | None:
        """Compare what was decoded with what the file states."""
        stated_s = (self.frames or 0) / self.rate_hz
        missing_s = max(self._missing_s, stated_s - total / self.rate_hz)
        if missing_s > (0.0 if self._missing_s else SLACK_S):
            return Flaw(f"cut short: the last {missing_s:.1f} s its header states are not there", truncated=True)
        if reason := container.cut(self.path):
            return Flaw(f"cut short: {reason}", truncated=True)
        if self._ignore_length:
            return Flaw("its WAV header was never completed; read to the end of the file")
        return None


class _Seekable:
    """A file whose `seek` refuses as FFmpeg expects it: PyAV prints a traceback for what Python raises there."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.read, self.tell, self.name = file.read, file.tell, file.name

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place in the file; a negative number where there is no such place."""
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -errno.EINVAL


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


def _only_track(path: Path, source: InputContainer) -> AudioStream:
    tracks = source.streams.audio
    if not tracks:
        raise InputError(f"{path.name} holds no audio ({source.format.long_name}); {ADVICE}")
    if len(tracks) > 1:
        raise InputError(
            f"{path.name} has {len(tracks)} audio tracks; save each party's track as its own file and give "
            "both with --agent and --caller"
        )
    return tracks[0]


def _why_not(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return f"{path.name} is an incomplete M4A or MP4 file: its index, written last, is missing; {ADVICE}"
    return (
        f"{path.name} is not a recording voicecare can read: no known audio format; "
        "WAV, FLAC, MP3, Ogg, Opus, M4A, AMR, WMA and WebM are"
    )
