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
                leg.frames.extend(start, edges[row])
            said += leg.push(start, probabilities[row])
        return said

    def speaking(self, channel: Party) -> bool:
        """Say whether the last hop of a party was speech."""
        return self._leg(channel).speaking

    def reach(self, channel: Party) -> Samples | None:
        """How far the speech a party is in will last at least; None before its onset is told and after its end."""
        return self._leg(channel).reach

    @property
    def settled(self) -> Samples:
        """Every start and every end before this has been told; it never goes back."""
        return min(leg.settled for leg in self._legs)

    def finish(self) -> list[Segment]:
        """End the call, and with it any speech still going on."""
        return [segment for leg in self._legs for segment in leg.finish()]

    def _leg(self, channel: Party) -> _Leg:
        return self._legs[PARTIES.index(channel)]


class _Leg:
    """One party: silence, then a candidate, then announced speech, then silence again."""

    def __init__(self, channel: Party, config: VadConfig) -> None:
        self.frames = _Frames(samples(config.edge_hang_s))
        self.speaking = False
        self._channel = channel
        self._config = config
        self._min_hops = _hops(config.min_speech_s)
        self._hang = _hops(config.hang_s) * HOP
        self._lead = samples(config.lead_s)
        self._trim = samples(config.trim_s)
        self._now: Samples = 0
        self._rising: Samples | None = None  # since when the probability is off the ground
        self._began: Samples | None = None  # the start of the stretch being heard, as the probability has it
        self._start: Samples | None = None  # its start as announced
        self._hops_of_speech = 0
        self._peak = 0.0
        self._last: Samples = 0  # the end of its last hop of speech
        self._sure: Samples = 0  # the end of its last hop close to its peak: after it the detector only trails off
        self._free: Samples = 0  # the end of the last segment; nothing may start before

    @property
    def reach(self) -> Samples | None:
        return None if self._start is None else max(self._start + HOP, self._sure - self._trim)

    @property
    def settled(self) -> Samples:
        earliest = self._now - self._lead if self._began is None else self._began
        return max(self._free, earliest - self._lead)

    def push(self, start: Samples, probability: float) -> list[Onset | Segment]:
        self._now = start + HOP
        if probability < self._config.rise:
            self._rising = None
        elif self._rising is None:
            self._rising = start
        self.speaking = probability >= (self._config.on if self._began is None else self._config.off)
        if self.speaking:
            return self._speech(start, probability)
        if self._began is not None and self._now - self._last >= self._hang:
            return self._end()
        return []

    def finish(self) -> list[Segment]:
        self.speaking = False
        return self._end() if self._began is not None else []

    def _speech(self, start: Samples, probability: float) -> list[Onset | Segment]:
        if self._began is None:
            rising = start if self._rising is None else self._rising
            self._began = max(rising, start - self._lead, self._free)
            self._hops_of_speech, self._peak = 0, 0.0
        self._last = self._now
        self._peak = max(self._peak, probability)
        if probability >= self._config.sure * self._peak:
            self._sure = self._now
        self._hops_of_speech += 1
        if self._start is not None or self._hops_of_speech < self._min_hops:
            return []
        self._start = max(self._free, self.frames.onset(self._began, self._lead))
        return [Onset(self._channel, self._start, self._now)]

    def _end(self) -> list[Segment]:
        start, self._began, self._start = self._start, None, None
        if start is None:
            return []
        self._free = max(start + HOP, self.frames.end(self._sure, self._trim))
        return [Segment(self._channel, Span(start, self._free), self._now)]


class _Frames:
    """The last second of an edge detector's frames, and where they put an edge.

    Where they say nothing (no detector, or voiced for longer than the edge may move: noise), the edge stays.
    """

    def __init__(self, hang: Samples) -> None:
        self._hang = hang
        self._voiced: deque[bool] = deque(maxlen=100)
        self._end: Samples | None = None  # the end of the last frame

    def extend(self, start: Samples, frames: Sequence[bool]) -> None:
        self._end = (start if self._end is None else self._end) + len(frames) * FRAME
        self._voiced.extend(frames)

    def onset(self, began: Samples, lead: Samples) -> Samples:
        """Move a start back to where its run of voiced frames begins, by at most `lead`."""
        place = self._index(began)
        if place is None or not self._voiced[place]:
            return began
        first = max(0, place - lead // FRAME)
        while place > first and self._voiced[place - 1]:
            place -= 1
        return began if place == first else min(began, self._time(place))

    def end(self, sure: Samples, trim: Samples) -> Samples:
        """Move an end to where the voiced frames around it stop, less their hang, by at most `trim` either way."""
        place = self._index(sure)
        if place is None:
            return sure
        first, beyond = place - (trim - self._hang) // FRAME, place + (trim + self._hang) // FRAME
        while place < min(beyond, len(self._voiced)) and self._voiced[place]:
            place += 1
        while place > max(first, 0) and not self._voiced[place - 1]:
            place -= 1
        return min(max(sure - trim, self._time(place) - self._hang), sure + trim)

    def _index(self, at: Samples) -> int | None:
        """Which remembered frame holds a time."""
        if self._end is None:
            return None
        index = len(self._voiced) - 1 - (self._end - 1 - at) // FRAME
        return index if 0 <= index < len(self._voiced) else None

    def _time(self, index: int) -> Samples:
        """When a remembered frame starts."""
        assert self._end is not None
        return self._end - (len(self._voiced) - index) * FRAME


def _hops(duration_s: float) -> int:
    return max(1, -(-samples(duration_s) // HOP))
