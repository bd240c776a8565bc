"""Voice activity of both legs: from a detector's probabilities to stretches of speech with sharp edges.

The detector says that there is speech, an edge detector where its sound begins and ends. All is counted in hops (a
clock or a float time would let replay differ from live). Speech is told twice: an `Onset` as soon as it has lasted
long enough to count, for those who must react, and a `Segment` when it is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from voicecare.config import VadConfig
from voicecare.speech.loudness import FRAME
from voicecare.timebase import HOP, Samples, Span, samples
from voicecare.types import PARTIES, Party, Segment


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

    Evidence adds up until it is speech, and a silence shorter than `hang_s` stays inside. On a quiet leg speech starts
    and ends with the sound the edge detector hears around it: another coding or hop grid moves that by no more than a
    frame, while the probability is late by up to half a second. Where sound never stops (noise), edges lie where the
    probability left the ground and where it was last close to its peak. Segments of one party never touch.
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
        self._enough = samples(config.min_speech_s) * (1.0 - config.on)
        self._hang = _hops(config.hang_s) * HOP
        self._lead = samples(config.lead_s)
        self._now: Samples = 0
        self._free: Samples = 0  # the end of the last segment; nothing may start before
        self._rising: Samples | None = None  # since when the probability is off the ground
        self._heard: Samples | None = None  # the first hop of the stretch being heard
        self._began: Samples = 0  # where it begins, as the probability has it
        self._earliest: Samples = 0  # nor the next one before this
        self._evidence = 0.0
        self._start: Samples | None = None  # where it starts, as announced
        self._last: Samples = 0  # the end of its last hop of speech
        self._peak = 0.0
        self._sure: Samples = 0  # the end of its last hop close to the peak

    @property
    def reach(self) -> Samples | None:
        return None if self._start is None else max(self._start + HOP, self.frames.reach(self._sure))

    @property
    def settled(self) -> Samples:
        if self.reach is not None:
            return self.reach
        return self._earliest

    def push(self, start: Samples, probability: float) -> list[Onset | Segment]:
        said = self._hear(start, probability)
        if self._heard is None:
            begins = self._begins(start + HOP)
            self._earliest = max(self._free, min(begins, self.frames.next(begins)))
        return said

    def _hear(self, start: Samples, probability: float) -> list[Onset | Segment]:
        self._now = start + HOP
        if self.frames.silent_since(start - HOP):
            probability = 0.0
        self._rising = _since(self._rising, start, probability >= self._config.rise)
        self.speaking = probability >= (self._config.on if self._heard is None else self._config.off)
        if self.speaking:
            return [*self._speech(start, probability)]
        if self._heard is not None and self._now - self._last >= self._hang and not self.frames.goes_on(self._sure):
            return [*self._end()]
        return []

    def finish(self) -> list[Segment]:
        self.speaking = False
        return self._end()

    def _begins(self, at: Samples) -> Samples:
        """Where speech heard from `at` on begins: where the probability left the ground."""
        return max(at if self._rising is None else self._rising, at - self._lead, self._free)

    def _speech(self, start: Samples, probability: float) -> list[Onset]:
        if self._heard is None:
            self._heard, self._began = start, self._begins(start)
            self._evidence = self._peak = 0.0
        self._evidence += max(0.0, probability - self._config.on) * HOP
        self._last = self._now
        self._peak = max(self._peak, probability)
        if probability >= self._config.sure * self._peak:
            self._sure = self._now
        if self._start is not None or self._evidence < self._enough:
            return []
        self._start = max(self._earliest, self.frames.onset(self._heard, self._began))
        return [Onset(self._channel, self._start, self._now)]

    def _end(self) -> list[Segment]:
        start, self._heard, self._start = self._start, None, None
        if start is None:
            return []
        self._free = self._earliest = max(start + HOP, self.frames.end(self._sure))
        return [Segment(self._channel, Span(start, self._free), self._now)]


class _Frames:
    """The last seconds of an edge detector's frames, and where they put an edge; without a detector, where it was."""

    def __init__(self, config: VadConfig) -> None:
        self._lead, self._late = samples(config.edge_lead_s), samples(config.edge_late_s)
        self._back, self._trail = samples(config.edge_back_s), samples(config.edge_trail_s)
        self._bridge = samples(config.bridge_s)
        self._voiced: deque[bool] = deque(maxlen=200)
        self._end: Samples = 0  # the end of the last frame
        self._run: Samples = 0  # since when there is sound, with gaps no longer than a bridge
        self._sound: Samples = 0  # the end of the last frame with sound

    def extend(self, start: Samples, frames: Sequence[bool]) -> None:
        if not self._voiced:
            self._end = start
            self._sound = start - self._bridge - FRAME
        for voiced in frames:
            if voiced:
                if self._end - self._sound > self._bridge:
                    self._run = self._end
                self._sound = self._end + FRAME
            self._end += FRAME
        self._voiced.extend(frames)

    def silent_since(self, at: Samples) -> bool:
        """Whether there are frames, and none since `at` is voiced."""
        return bool(self._voiced) and self._sound <= at

    def goes_on(self, sure: Samples) -> bool:
        """Whether the sound heard at `sure` goes on and may yet show where it ends."""
        return (
            bool(self._voiced)
            and self._run <= sure
            and self._end - self._sound <= self._bridge
            and self._end - sure < self._trail
        )

    def next(self, begins: Samples) -> Samples:
        """Where a sound heard from now on may have begun; `begins` where that is no edge (noise)."""
        if not self._voiced:
            return begins
        if self._end - self._sound > self._bridge:
            return self._end
        return begins if self._end - self._run > self._lead else self._run

    def onset(self, heard: Samples, began: Samples) -> Samples:
        """Where the voiced frames around `heard` begin; `began` where there are none or they reach too far back."""
        if not self._voiced:
            return began
        first, stop = self._index(heard - self._lead), self._index(heard + self._late)
        at = next((i for i in range(self._index(heard - HOP), stop) if self._voiced[i]), None)
        if at is None:
            return began
        begin = at
        for i in range(at, first - 1, -1):
            if self._voiced[i]:
                begin = i
            elif (begin - i) * FRAME > self._bridge:
                break
        return began if begin <= first else self._time(begin)

    def reach(self, sure: Samples) -> Samples:
        """The end of the last voiced frame up to `sure`, as far as that is not too far back."""
        if not self._voiced:
            return sure
        at = self._index(sure)
        first = max(0, self._index(sure - self._back))
        while at > first and not self._voiced[at - 1]:
            at -= 1
        return min(sure, self._time(at))

    def end(self, sure: Samples) -> Samples:
        """Where the voiced frames around `sure` stop; `sure` where they go on for too long (noise)."""
        if not self._voiced:
            return sure
        end = at = self._index(self.reach(sure))
        stop = self._index(sure + self._trail)
        while at < stop:
            if self._voiced[at]:
                end = at + 1
            elif (at + 1 - end) * FRAME > self._bridge:
                break
            at += 1
        return max(self.reach(sure), sure if end >= stop - 1 else self._time(end))

    def _index(self, at: Samples) -> int:
        """Which remembered frame holds a time, as near as there is one."""
        return min(max(len(self._voiced) + (at - self._end) // FRAME, 0), len(self._voiced))

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
