"""Recordings of calls as hops: any format, any sample rate, one two-channel file or one file per party."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np

from voicecare.audio.files.dated import started
from voicecare.audio.files.decode import check_length, open_decoder, open_tracks
from voicecare.audio.files.decoder import Decoder, Flaw
from voicecare.audio.files.raw import RawFormat
from voicecare.audio.joining.framing import Framer
from voicecare.audio.joining.resample import Resampler
from voicecare.errors import InputError
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import PARTIES, AudioBlock, Floats, Health

Side: TypeAlias = Literal["left", "right"]
SHORTER_S = 5.0
"""A leg that ends so long before the other is said; recorders end the legs of a call a second or two apart."""
SIDES: tuple[Side, ...] = get_args(Side)


def open_recording(path: Path, *, agent_channel: Side = "right", raw: RawFormat | None = None) -> Recording:
    """Open a recording with one party on each of its two channels, or on each of two mono tracks.

    agent_channel: "left" is the first channel or track. raw: how a file without a header is coded.

    Raises:
        InputError: the file cannot be read as audio, or does not hold two parties apart.
    """
    tracks = open_tracks(path, raw)
    if len(tracks) == 2:
        agent, caller = tracks if agent_channel == "left" else tracks[::-1]
        return _paired(agent, caller, 0.0, started(path))
    (file,) = tracks
    if file.channels == 1:
        raise InputError(
            f"{file.path.name} is mono: voicecare needs each party on its own channel; use the two-channel recording, "
            "or one file per party with --agent FILE --caller FILE"
        )
    if file.channels > 2:
        raise InputError(
            f"{file.path.name} has {file.channels} channels: voicecare hears two parties; save the agent's and the "
            "caller's channel as a two-channel file, or as one file each for --agent and --caller"
        )
    return Recording(_TwoChannels(file, agent_channel), (file,), started=None if raw else started(path))


def open_pair(agent_path: Path, caller_path: Path, *, offset_s: float = 0.0, raw: RawFormat | None = None) -> Recording:
    """Open a call recorded as one mono file per party; the leg that begins later or ends earlier is silent there.

    Both begin at one moment unless a file says that its sound begins later (M4A, Matroska).
    offset_s: how much later the caller's file begins than the agent's; below 0 the agent's begins later.

    Raises:
        InputError: a file cannot be read as audio, or has more than one channel.
    """
    agent, caller = open_decoder(agent_path, raw), open_decoder(caller_path, raw)
    for file, option in ((agent, "--agent"), (caller, "--caller")):
        if file.channels != 1:
            raise InputError(
                f"{file.path.name} has {file.channels} channels, but {option} takes one party's mono file; "
                "a file that holds both parties is given alone, without --agent and --caller"
            )
    began = None if raw else started(agent_path) or started(caller_path)
    return _paired(agent, caller, offset_s, began)


class Recording:
    """A call on disk, read hop by hop as often as it is iterated; memory does not grow with its length.

    sources: the names of the files, the agent's first where there are two.
    rate_hz: the sample rate of the files (the lower of two), which tells how much of the voice they can hold.
    length_s: seconds as stated by the files, None where a file does not say.
    codec: container and coding in words.
    started: when the recording began, as the file says (`dated`), None where it does not. offset_s: how much later the
    caller's file was taken to begin.

    Known once iterated to the end: length (true samples at 16 kHz, without the padding of the last hop), truncated
    (sound is missing at the end of a file) and flaws (what is wrong with the files: its name and what, for each).
    """

    def __init__(
        self,
        legs: _TwoChannels | _Pair,
        files: tuple[Decoder, ...],
        starts: tuple[Samples, ...] = (0,),
        *,
        offset_s: float = 0.0,
        started: str | None = None,
    ) -> None:
        self._legs = legs
        self._files = files
        self.started = started
        self.offset_s = offset_s
        self.sources = tuple({file.path: file.path.name for file in files}.values())
        self.rate_hz = min(file.rate_hz for file in files)
        self.codec = " + ".join(dict.fromkeys(file.codec for file in files))
        lengths_s = [
            None if file.frames is None else start / RATE_HZ + file.frames / file.rate_hz
            for file, start in zip(files, starts, strict=True)
        ]
        known_s = [length_s for length_s in lengths_s if length_s is not None]
        self.length_s = round(max(known_s), 3) if len(known_s) == len(files) else None
        self.length: Samples | None = None
        self.truncated = False
        self.flaws: tuple[tuple[str, Flaw], ...] = ()

    def __iter__(self) -> Iterator[AudioBlock]:
        """Yield the call from sample 0 in hops.

        Raises:
            InputError: a file vanished since it was opened.
        """
        framer = Framer()
        try:
            for both in self._legs:
                yield from framer.push(both)
        except OSError as error:
            raise InputError(f"cannot read {error.filename} any more: {error.strerror}; check the file") from error
        yield from framer.finish()
        self.length = framer.length
        flaws = [(file.path.name, file.flaw) for file in self._files if file.flaw]
        flaws += self._legs.flaws(self._files)
        self.flaws = tuple(flaw for place, flaw in enumerate(flaws) if flaw not in flaws[:place])
        self.truncated = any(flaw.truncated for _, flaw in self.flaws)

    def health(self, at: Samples) -> list[Health]:
        """Say what is wrong with the files, as events decided at `at`; known once iterated to the end."""
        return [
            Health(
                at,
                "truncated" if flaw.truncated else "gap",
                int(flaw.truncated),
                flaw.code,
                {"file": name, **flaw.details},
            )
            for name, flaw in self.flaws
        ]


class _TwoChannels:
    """Both legs from one file, as float32 (2, n) at 16 kHz, the agent first."""

    def __init__(self, file: Decoder, agent_channel: Side) -> None:
        self._file = file
        self._rows = (0, 1) if agent_channel == "left" else (1, 0)

    def flaws(self, _: tuple[Decoder, ...]) -> list[tuple[str, Flaw]]:
        """One file says by itself what is wrong with it."""
        return []

    def __iter__(self) -> Iterator[Floats]:
        for both in _at_16_khz(self._file):
            yield both.T[self._rows, :]


class _Pair:
    """Both legs from a decoder each, as float32 (2, n) at 16 kHz; before a leg begins and after it ends are zeros.

    starts: how long after the call each leg begins, in samples.
    """

    def __init__(self, agent: Decoder, caller: Decoder, starts: tuple[Samples, Samples]) -> None:
        self._files = (agent, caller)
        self._starts = starts
        self._ends = [0, 0]

    def flaws(self, files: tuple[Decoder, ...]) -> list[tuple[str, Flaw]]:
        """Say that a leg ends long before the other, once both were read."""
        missing_s = abs(self._ends[0] - self._ends[1]) / RATE_HZ
        if missing_s < SHORTER_S:
            return []
        leg = int(self._ends[1] < self._ends[0])
        return [(files[leg].path.name, Flaw(f"{PARTIES[leg]}_shorter", details={"missing_s": round(missing_s, 3)}))]

    def __iter__(self) -> Iterator[Floats]:
        streams = [
            chain(_silence(start), _at_16_khz(file)) for file, start in zip(self._files, self._starts, strict=True)
        ]
        held = [np.zeros((0, 1), np.float32)] * 2
        self._ends = [0, 0]
        running = [True, True]
        while any(running):
            for leg in (0, 1):
                if running[leg] and not len(held[leg]):
                    block = next(streams[leg], None)
                    running[leg] = block is not None
                    self._ends[leg] += 0 if block is None else len(block)
                    held[leg] = held[leg] if block is None else block
            lengths = [len(held[leg]) for leg in (0, 1) if running[leg]]
            ready = min(lengths, default=0)
            both = np.zeros((2, ready), np.float32)
            for leg in (0, 1):
                both[leg, : len(held[leg])] = held[leg][:ready, 0]
                held[leg] = held[leg][ready:]
            yield both


def _paired(agent: Decoder, caller: Decoder, offset_s: float, began: str | None) -> Recording:
    """Lay the legs beside each other; the call begins with the first of them."""
    begins_s = (agent.start_s, caller.start_s + offset_s)
    first_s = min(begins_s)
    starts = samples(begins_s[0] - first_s), samples(begins_s[1] - first_s)
    return Recording(_Pair(agent, caller, starts), (agent, caller), starts, offset_s=offset_s, started=began)


def _silence(length: Samples) -> Iterator[Floats]:
    """As many zeros, a second at a time."""
    for start in range(0, length, RATE_HZ):
        yield np.zeros((min(RATE_HZ, length - start), 1), np.float32)


def _at_16_khz(file: Decoder) -> Iterator[Floats]:
    resampler = Resampler(file.rate_hz, file.channels)
    read = 0
    for block in file:
        read += len(block)
        check_length(file.path, read / file.rate_hz)
        yield resampler.push(block)
    yield resampler.finish()
