"""Voice activity of both legs: from a detector's probabilities to stretches of speech with sharp edges.

Hysteresis counted in hops (a clock or a float time would let replay differ from live). Speech is told twice: an
`Onset` as soon as it has lasted long enough to count, for those who must react, and a `Segment` when it is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from voicecare.config import VadConfig
from voicecare.timebase import HOP, Samples, Span, samples
from voicecare.types import PARTIES, Party, Segment

FRAME: Samples = samples(0.01)
"""The step of an edge detector, 10 ms."""
_REACH: Samples = samples(0.3)
"""How far from the detector's edge an edge detector may place it."""
_TRIM: Samples = samples(0.12)


@dataclass(frozen=True, slots=True)
class Onset:
    """A party began to speak at `start` and has gone on for `VadConfig.min_speech_s`; it is never taken back.

    The `Segment` that follows, when the speech is over, has the same start.
    """

    channel: Party
    start: Samples
    decided_at: Samples


class VoiceActivity:
    """Turns each hop's probabilities into onsets and segments, both legs independently.

    Segments of one party come in order and never touch. Speech shorter than `min_speech_s` is never told.
    """

    def __init__(self, config: VadConfig) -> None:
        self._legs = tuple(_Leg(channel, config) for channel in PARTIES)

    def push(
        self,
        start: Samples,
        probabilities: tuple[float, float],
        edges: tuple[Sequence[bool], Sequence[bool]] | None = None,
    ) -> list[Onset | Segment]:
        """Take the hop that starts at `start`: P(speech) of agent and caller and, with an edge detector, its frames.

        edges: the 10 ms frames completed since the last hop, per leg, counted from the start of the first hop.
        """
        said: list[Onset | Segment] = []
        for row, leg in enumerate(self._legs):
            if edges is not None:
                leg.hear_frames(start, edges[row])
            said += leg.push(start, probabilities[row])
        return said

    def speaking(self, channel: Party) -> bool:
        """Say whether the last hop of a party was speech."""
        return self._legs[PARTIES.index(channel)].speaking

    def finish(self) -> list[Segment]:
        """End the call: speech still going on ends with the last hop that had any."""
        return [segment for leg in self._legs for segment in leg.finish()]


class _Leg:
    """One party: silence, then a candidate, then announced speech, then silence again."""

    def __init__(self, channel: Party, config: VadConfig) -> None:
        self._channel = channel
        self._on, self._off = config.on, config.off
        self._min_hops = _hops(config.min_speech_s)
        self._hang_hops = _hops(config.hang_s)
        self._onset_lag = samples(config.onset_lag_s)
        self._end_lag = samples(config.end_lag_s)
        self._frames = _Frames(samples(config.edge_hang_s))
        self._began: Samples | None = None  # the first hop of the stretch being heard
        self._start: Samples | None = None  # its start as announced
        self._last: Samples = 0  # the end of its last hop of speech
        self._hops_of_speech = 0
        self._now: Samples = 0
        self._free: Samples = 0  # nothing may start before the end of the last segment
        self.speaking = False

    def hear_frames(self, start: Samples, frames: Sequence[bool]) -> None:
        self._frames.extend(start, frames)

    def push(self, start: Samples, probability: float) -> list[Onset | Segment]:
        self._now = start + HOP
        self.speaking = probability >= (self._on if self._began is None else self._off)
        if self.speaking:
            return self._speech(start)
        if self._began is not None and self._now - self._last >= self._hang_hops * HOP:
            return self._end()
        return []

    def finish(self) -> list[Segment]:
        self.speaking = False
        return self._end() if self._began is not None else []

    def _speech(self, start: Samples) -> list[Onset | Segment]:
        if self._began is None:
            self._began, self._hops_of_speech = start, 0
        self._last = self._now
        self._hops_of_speech += 1
        if self._start is not None or self._hops_of_speech < self._min_hops:
            return []
        placed = self._frames.onset(self._began)
        usual = self._began - self._onset_lag
        self._start = max(self._free, usual if placed is None else min(usual, placed))
        return [Onset(self._channel, self._start, self._now)]

    def _end(self) -> list[Segment]:
        start, self._began, self._start = self._start, None, None
        if start is None:
            return []
        placed = self._frames.end(self._last)
        usual = self._last - self._end_lag
        self._free = max(start + HOP, usual if placed is None else min(max(placed, self._last - _TRIM), self._last))
        return [Segment(self._channel, Span(start, self._free), self._now)]


class _Frames:
    """The last second of an edge detector's frames, and where they put an edge."""

    def __init__(self, hang: Samples) -> None:
        self._hang = hang
        self._voiced: deque[bool] = deque(maxlen=100)
        self._end: Samples = -1  # the end of the last frame

    def extend(self, start: Samples, frames: Sequence[bool]) -> None:
        self._end = (start if self._end < 0 else self._end) + len(frames) * FRAME
        self._voiced.extend(frames)

    def onset(self, began: Samples) -> Samples | None:
        """Where the run of voiced frames that holds `began` starts; None where it tells nothing."""
        place = self._index(began)
        if place is None or not self._voiced[place]:
            return None
        first = max(0, place - _REACH // FRAME)
        while place > first and self._voiced[place - 1]:
            place -= 1
        return None if place == first else self._time(place)

    def end(self, last: Samples) -> Samples | None:
        """Where the voiced frames around `last` stop, less the detector's own hang; None as above."""
        place = self._index(last)
        if place is None:
            return None
        first = max(0, place - _REACH // FRAME)
        while place < len(self._voiced) and self._voiced[place]:
            place += 1
        while place > first and not self._voiced[place - 1]:
            place -= 1
        return None if place in (first, len(self._voiced)) else self._time(place) - self._hang

    def _index(self, at: Samples) -> int | None:
        """Which remembered frame holds a time."""
        index = len(self._voiced) - 1 - (self._end - 1 - at) // FRAME
        return index if 0 <= index < len(self._voiced) else None

    def _time(self, index: int) -> Samples:
        """When a remembered frame starts."""
        return self._end - (len(self._voiced) - index) * FRAME


def _hops(duration_s: float) -> int:
    return max(1, -(-samples(duration_s) // HOP))
