"""Recordings of calls as hops: any format, any sample rate, one two-channel file or one file per party."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from voicecare.audio.files.decode import check_length, open_decoder
from voicecare.audio.files.decoder import Decoder
from voicecare.audio.joining.framing import Framer
from voicecare.audio.joining.resample import Resampler
from voicecare.errors import InputError
from voicecare.timebase import Samples
from voicecare.types import AudioBlock, Floats

Side: TypeAlias = Literal["left", "right"]


def open_recording(path: Path, *, agent_channel: Side = "right") -> Recording:
    """Open a recording with one party on each of its two channels.

    Raises:
        InputError: the file cannot be read as audio, or does not have two channels.
    """
    file = open_decoder(path)
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
    return Recording(_TwoChannels(file, agent_channel), (file,))


def open_pair(agent_path: Path, caller_path: Path) -> Recording:
    """Open a call recorded as one mono file per party, both from the same moment; the shorter is silent to the end.

    Raises:
        InputError: a file cannot be read as audio, or has more than one channel.
    """
    agent, caller = open_decoder(agent_path), open_decoder(caller_path)
    for file, option in ((agent, "--agent"), (caller, "--caller")):
        if file.channels != 1:
            raise InputError(
                f"{file.path.name} has {file.channels} channels, but {option} takes one party's mono file; "
                "a file that holds both parties is given alone, without --agent and --caller"
            )
    return Recording(_Pair(agent, caller), (agent, caller))


class Recording:
    """A call on disk, read hop by hop as often as it is iterated; memory does not grow with its length.

    sources: the names of the files, the agent's first where there are two.
    rate_hz: the sample rate of the files (the lower of two), which tells how much of the voice they can hold.
    length_s: seconds as stated by the files, None where a file does not say.
    codec: container and coding in words.

    Known once iterated to the end: length (true samples at 16 kHz, without the padding of the last hop), truncated
    (sound is missing at the end of a file) and note (what is wrong with the files, in one line, or "").
    """

    def __init__(self, legs: _TwoChannels | _Pair, files: tuple[Decoder, ...]) -> None:
        self._legs = legs
        self._files = files
        self.sources = tuple(file.path.name for file in files)
        self.rate_hz = min(file.rate_hz for file in files)
        self.codec = " + ".join(dict.fromkeys(file.codec for file in files))
        lengths_s = [None if file.frames is None else file.frames / file.rate_hz for file in files]
        known_s = [length_s for length_s in lengths_s if length_s is not None]
        self.length_s = round(max(known_s), 3) if len(known_s) == len(files) else None
        self.length: Samples | None = None
        self.truncated = False
        self.note = ""

    def __iter__(self) -> Iterator[AudioBlock]:
        """Yield the call from sample 0 in hops.

        Raises:
            InputError: a file vanished since it was opened.
        """
        framer = Framer()
        try:
            for samples in self._legs:
                yield from framer.push(samples)
        except OSError as error:
            raise InputError(f"cannot read {error.filename} any more: {error.strerror}; check the file") from error
        yield from framer.finish()
        self.length = framer.length
        flaws = [(file.path.name, file.flaw) for file in self._files if file.flaw]
        self.truncated = any(flaw.truncated for _, flaw in flaws)
        self.note = "; ".join(f"{name}: {flaw.note}" for name, flaw in flaws)


class _TwoChannels:
    """Both legs from one file, as float32 (2, n) at 16 kHz, the agent first."""

    def __init__(self, file: Decoder, agent_channel: Side) -> None:
        self._file = file
        self._rows = (0, 1) if agent_channel == "left" else (1, 0)

    def __iter__(self) -> Iterator[Floats]:
        for samples in _at_16_khz(self._file):
            yield samples.T[self._rows, :]


class _Pair:
    """Both legs from a file each, as float32 (2, n) at 16 kHz; a leg that ends first goes on as zeros."""

    def __init__(self, agent: Decoder, caller: Decoder) -> None:
        self._files = (agent, caller)

    def __iter__(self) -> Iterator[Floats]:
        streams = [_at_16_khz(file) for file in self._files]
        held = [np.zeros((0, 1), np.float32)] * 2
        running = [True, True]
        while any(running):
            for leg in (0, 1):
                if running[leg] and not len(held[leg]):
                    block = next(streams[leg], None)
                    running[leg] = block is not None
                    held[leg] = held[leg] if block is None else block
            lengths = [len(held[leg]) for leg in (0, 1) if running[leg]]
            ready = min(lengths, default=0)
            both = np.zeros((2, ready), np.float32)
            for leg in (0, 1):
                both[leg, : len(held[leg])] = held[leg][:ready, 0]
                held[leg] = held[leg][ready:]
            yield both


def _at_16_khz(file: Decoder) -> Iterator[Floats]:
    resampler = Resampler(file.rate_hz, file.channels)
    read = 0
    for block in file:
        read += len(block)
        check_length(file.path, read / file.rate_hz)
        yield resampler.push(block)
    yield resampler.finish()
