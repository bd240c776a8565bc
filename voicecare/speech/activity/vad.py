"""Voice activity of both legs: from a detector's probabilities to stretches of speech with sharp edges.

The detector says that there is speech, an edge detector where its sound begins and ends. All is counted in hops (a
clock or a float time would let replay differ from live). Speech is told twice: an `Onset` as soon as it has lasted
long enough to count, for those who must react, and a `Segment` when it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicecare.config import VadConfig
from voicecare.speech.activity.edges import SoundEdges
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
        edges: tuple[Sequence[bool | None], Sequence[bool | None]] | None = None,
    ) -> list[Onset | Segment]:
        """Take the hop that starts at `start`: P(speech) of agent and caller and, with an edge detector, its frames.

        edges: the 10 ms frames completed since the last hop, per leg, counted from the start of the first hop.
        """
        said: list[Onset | Segment] = []
        for row, leg in enumerate(self._legs):
            if edges is not None:
                # Zero is no estimate but a verdict (the other's voice leaking in): no sound of this party either.
                frames = edges[row] if probabilities[row] > 0.0 else [False] * len(edges[row])
                leg.frames.extend(start, frames, probabilities[row])
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
        self.frames = SoundEdges(config)
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
        reach = self.reach
        return self._earliest if reach is None else reach

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


def _since(before: Samples | None, start: Samples, holds: bool) -> Samples | None:  # noqa: FBT001 - a fact, not a mode
    """Since which hop something holds; None while it does not."""
    if not holds:
        return None
    return start if before is None else before


def _hops(duration_s: float) -> int:
    return max(1, -(-samples(duration_s) // HOP))
