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

    Speech is on above one probability and off below a lower one; shorter than `min_speech_s` it is never told, and a
    silence shorter than `hang_s` stays inside. Its edges lie where the probability left the ground and where it was
    last close to its peak: Silero is slow at both ends, the more the noisier the line, and these two moments are not.
    With an edge detector the edges move on to the 10 ms frames around them. Segments of one party never touch.
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
        """How far the speech a party is in lasts at least; None before its onset is told and after its end."""
        return self._leg(channel).reach

    @property
    def settled(self) -> Samples:
        """No start before this is still to come; it never goes back."""
        return min(leg.settled for leg in self._legs)

    def finish(self) -> list[Segment]:
        """End the call, and with it any speech still going on."""
        return [segment for leg in self._legs for segment in leg.finish()]

    def _leg(self, channel: Party) -> _Leg:
        return self._legs[PARTIES.index(channel)]


class _Leg:
    """One party: silence, then a candidate, then announced speech, then silence again."""

    def __init__(self, channel: Party, config: VadConfig) -> None:
        self.frames = _Frames(config)
        self.speaking = False
        self._channel: Party = channel
        self._config = config
        self._min_hops = _hops(config.min_speech_s)
        self._hang = _hops(config.hang_s) * HOP
        self._lead = samples(config.lead_s)
        self._now: Samples = 0
        self._free: Samples = 0  # the end of the last segment; nothing may start before
        self._stirring: Samples | None = None  # since when the detector is not sure of silence
        self._rising: Samples | None = None  # since when the probability is off the ground
        self._began: Samples | None = None  # where the stretch being heard begins, as the probability has it
        self._earliest: Samples = 0  # an edge detector moves its start no further back
        self._start: Samples | None = None  # where it starts, as announced
        self._hops_of_speech = 0
        self._last: Samples = 0  # the end of its last hop of speech
        self._peak = 0.0
        self._sure: Samples = 0  # the end of its last hop close to the peak

    @property
    def reach(self) -> Samples | None:
        return None if self._start is None else max(self._start + HOP, self._sure - self.frames.trim)

    @property
    def settled(self) -> Samples:
        if self.reach is not None:
            return self.reach
        return max(self._free, (self._begins(self._now) if self._began is None else self._began) - self.frames.lead)

    def push(self, start: Samples, probability: float) -> list[Onset | Segment]:
        self._now = start + HOP
        self._stirring = _since(self._stirring, start, probability >= self._config.stir)
        self._rising = _since(self._rising, start, probability >= self._config.rise)
        self.speaking = probability >= (self._config.on if self._began is None else self._config.off)
        if self.speaking:
            return [*self._speech(start, probability)]
        if self._began is not None and self._now - self._last >= self._hang:
            return [*self._end()]
        return []

    def finish(self) -> list[Segment]:
        self.speaking = False
        return self._end()

    def _begins(self, at: Samples) -> Samples:
        """Where speech heard from `at` on begins: where the probability left the ground."""
        return max(at if self._rising is None else self._rising, at - self._lead, self._free)

    def _speech(self, start: Samples, probability: float) -> list[Onset]:
        if self._began is None:
            self._began, self._hops_of_speech, self._peak = self._begins(start), 0, 0.0
            self._earliest = max(self._free, self._began if self._stirring is None else self._stirring)
        self._hops_of_speech += 1
        self._last = self._now
        self._peak = max(self._peak, probability)
        if probability >= self._config.sure * self._peak:
            self._sure = self._now
        if self._start is not None or self._hops_of_speech < self._min_hops:
            return []
        self._start = min(self._began, max(self._earliest, self.frames.onset(self._began)))
        return [Onset(self._channel, self._start, self._now)]

    def _end(self) -> list[Segment]:
        start, self._began, self._start = self._start, None, None
        if start is None:
            return []
        self._free = max(start + HOP, self.frames.end(self._sure))
        return [Segment(self._channel, Span(start, self._free), self._now)]


class _Frames:
    """The last second of an edge detector's frames, and where they put an edge; without a detector, where it was.

    lead, trim: the most a start moves back, and an end either way, in samples.
    """

    def __init__(self, config: VadConfig) -> None:
        self.lead: Samples = 0
        self.trim: Samples = 0
        self._config = config
        self._hang = samples(config.edge_hang_s)
        self._voiced: deque[bool] = deque(maxlen=100)
        self._end: Samples = 0  # the end of the last frame

    def extend(self, start: Samples, frames: Sequence[bool]) -> None:
        if not self._voiced:
            self._end = start
            self.lead, self.trim = samples(self._config.edge_lead_s), samples(self._config.edge_trim_s)
        self._end += len(frames) * FRAME
        self._voiced.extend(frames)

    def onset(self, began: Samples) -> Samples:
        """Where the run of voiced frames that holds `began` starts; `began` where it reaches too far back (noise)."""
        place = self._index(began)
        if place is None or not self._voiced[place]:
            return began
        first = max(0, place - self.lead // FRAME)
        while place > first and self._voiced[place - 1]:
            place -= 1
        return began if place == first else min(began, self._time(place))

    def end(self, sure: Samples) -> Samples:
        """Where the voiced frames around `sure` stop, less the detector's hang, and no farther off than `trim`."""
        place = self._index(sure)
        if place is None:
            return sure
        while place < len(self._voiced) and self._voiced[place]:
            place += 1
        while place > 0 and not self._voiced[place - 1]:
            place -= 1
        return min(max(sure - self.trim, self._time(place) - self._hang), sure + self.trim)

    def _index(self, at: Samples) -> int | None:
        """Which remembered frame holds a time."""
        index = len(self._voiced) + (at - self._end) // FRAME
        return index if 0 <= index < len(self._voiced) else None

    def _time(self, index: int) -> Samples:
        """When a remembered frame starts."""
        return self._end - (len(self._voiced) - index) * FRAME


def _since(before: Samples | None, start: Samples, holds: bool) -> Samples | None:  # noqa: FBT001 - a fact, not a mode
    """Since which hop something holds; None while it does not."""
    if not holds:
        return None
    return start if before is None else before


def _hops(duration_s: float) -> int:
    return max(1, -(-samples(duration_s) // HOP))
