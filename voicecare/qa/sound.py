"""A recording made ready for the page, once: Opus that can be asked for by range, peaks to draw, levels to tell.

Where something was said that must not be kept the sound is silent. It is held in memory, no more of it than fits, and
never written to a file: what is erased from the store leaves no copy here beyond the run.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from voicecare.audio.files.call import CallFiles
from voicecare.audio.files.clip import MEDIA_TYPE, opus
from voicecare.audio.files.raw import RawFormat
from voicecare.audio.files.recording import Recording, Side
from voicecare.errors import InputError
from voicecare.qa.content import content_hash
from voicecare.qa.store.records import Call
from voicecare.session import Session
from voicecare.speech.redaction.redaction import muted
from voicecare.timebase import HOP, RATE_HZ, Samples
from voicecare.types import PARTIES, AudioBlock, Heard, Party

PEAK: Samples = HOP
"""A peak each 32 ms: finer than a pixel where ten seconds fill a screen."""
MOST_BYTES = 256_000_000
"""What is held of sound at once: about ten hours."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The sound of a call: two channels of Opus, caller left. peaks: a byte each 32 ms, the agent's, then the caller's.

    levels: each leg's loudness a second, dBFS, -inf where it holds no sound.
    """

    data: bytes
    peaks: bytes
    levels: Mapping[Party, tuple[float, ...]]
    media_type: str = MEDIA_TYPE


class Sounds:
    """Sounds of calls, made when first asked for; threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int | None], Sound] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, call: Call, session: Session) -> Sound:
        """The sound of a call.

        Raises:
            InputError: its recording is not there any more, or is another one than was heard.
        """
        with self._lock:  # two that open one call at once wait for one making
            key = (call.content_hash, call.current)
            if key not in self._kept:
                self._kept[key] = made(call, session)
                while sum(len(sound.data) for sound in self._kept.values()) > MOST_BYTES and len(self._kept) > 1:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def forget(self, content_hash: str) -> None:
        """Drop what is held of a call."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == content_hash]:
                del self._kept[key]


def made(call: Call, session: Session) -> Sound:
    """Read a call's recording and make its sound.

    Raises:
        InputError: it is not there any more, or is another one than was heard.
    """
    meter = _Meter(opened(call))
    hidden = muted(event for event in session.events if isinstance(event, Heard))
    data = opus(meter, hidden)
    return Sound(data, meter.peaks(), meter.levels())


def opened(call: Call) -> Recording:
    """Open a call's recording.

    Raises:
        InputError: it is not there any more, or is another one than was heard.
    """
    paths = tuple(Path(file) for file in call.files)
    if not paths:
        raise InputError(f"nothing is known of where the recording of {call.call_id} lies")
    if content_hash(paths) != call.content_hash:
        raise InputError(f"the recording of {call.call_id} was changed since it was heard; put the old one back")
    side: Side = "left" if call.agent_channel == "left" else "right"
    raw = None if call.raw is None else RawFormat.parse(call.raw)
    return CallFiles(paths, side, call.offset_s, raw).open()


class _Meter:
    """Passes a call on and measures it."""

    def __init__(self, call: Iterable[AudioBlock]) -> None:
        self._call = call
        self._peaks: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
        self._squares: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []

    def __iter__(self) -> Iterator[AudioBlock]:
        for block in self._call:
            self._peaks.append(np.abs(block.samples).max(axis=1, initial=0.0))
            self._squares.append((block.samples.astype(np.float64) ** 2).sum(axis=1))
            yield block

    def peaks(self) -> bytes:
        if not self._peaks:
            return b""
        loud = np.stack(self._peaks, axis=1)
        return np.clip(np.round(255 * np.sqrt(np.minimum(loud, 1.0))), 0, 255).astype(np.uint8).tobytes()

    def levels(self) -> Mapping[Party, tuple[float, ...]]:
        if not self._squares:
            return dict.fromkeys(PARTIES, ())
        squares = np.stack(self._squares, axis=1)
        second = RATE_HZ / HOP  # 31.25 hops
        edges = [round(number * second) for number in range(math.ceil(squares.shape[1] / second) + 1)]
        return {party: tuple(_levels(squares[place], edges)) for place, party in enumerate(PARTIES)}


def _levels(
    squares: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]], edges: list[int]
) -> Iterator[float]:
    for first, last in pairwise(edges):
        part = squares[first:last]
        mean = float(np.sum(part)) / max(1, len(part) * HOP)
        yield 10 * math.log10(mean) if mean > 0 else -math.inf
