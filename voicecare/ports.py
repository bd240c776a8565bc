"""The Protocols at the edges: core stages are handed objects of these, apps build them.

A stretch is any number of whole hops in a row, float32 (2, n * HOP), contiguous: live there is one hop at a time, a
recording gives more. What is said of a hop never depends on the stretch it comes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from voicecare.timebase import Samples
from voicecare.types import (
    Arousal,
    Cue,
    Delivery,
    Floats,
    Health,
    Heard,
    Pace,
    Phrase,
    Request,
    Sentiment,
    TurnEvent,
)

Noticed: TypeAlias = TurnEvent | Arousal | Sentiment | Phrase | Pace
"""What cues are decided by."""


class VoiceDetector(Protocol):
    """Says for each leg how likely a hop is speech."""

    name: str

    def over(self, stretch: Floats) -> list[tuple[float, float]]:
        """Take the next stretch; return P(speech) of the agent and of the caller for each hop, 0..1."""
        ...


class VoicingDetector(Protocol):
    """A second opinion on whether a hop is a voice, from one that fails elsewhere."""

    name: str

    def over(self, stretch: Floats) -> list[tuple[float, float]]:
        """Take the next stretch; return how much of each hop is a voice, agent and caller, 0..1."""
        ...


class Likeness(Protocol):
    """Says how much a hop repeats itself as a voice does."""

    def push(self, stretch: Floats) -> None:
        """Take the next stretch."""
        ...

    def of(self, leg: int, *, before: int = 0) -> float:
        """How much a leg did, 0..1, `before` hops before the end of the last stretch."""
        ...


Frames: TypeAlias = tuple[Sequence[bool | None], Sequence[bool | None]]
"""The 10 ms frames a hop completed, of agent and caller: sound, none, or (None) too noisy to say."""


class EdgeDetector(Protocol):
    """A quick second opinion at 10 ms steps, used to place the edges of speech."""

    name: str

    def over(self, stretch: Floats) -> Sequence[Frames]:
        """Take the next stretch; return the 10 ms frames that each hop completes."""
        ...


class PitchTracker(Protocol):
    """Finds F0."""

    def track(self, samples: Floats) -> tuple[Floats, Floats]:
        """Take float32 mono at 16 kHz; return F0 in Hz and confidence 0..1, one value per 16 ms frame each."""
        ...


class Recogniser(Protocol):
    """Turns a stretch of one leg into words and, for the caller, into the encoder's view."""

    name: str

    def hear(self, request: Request) -> Heard:
        """Hear one request; `arrived` is set by the lane."""
        ...


class LanguageNotice(Protocol):
    """Notices which language one call is held in."""

    settled: str | None
    """The call's language; None until it is sure."""

    def push(self, length: Samples, shares: Mapping[str, float]) -> None:
        """Take an utterance of the caller: its length and how likely each language is, 0..1."""
        ...

    def likely(self, length: Samples, shares: Mapping[str, float]) -> str:
        """The likeliest language of an utterance, given what the caller said before."""
        ...


class SentimentScorer(Protocol):
    """Reads one utterance."""

    name: str

    def score(self, text: str) -> tuple[float, float]:
        """Return value -1..1 and confidence 0..1 of an utterance."""
        ...


class CueStage(Protocol):
    """Decides what the agent sees; the product's is `speech/cues/cues.py`."""

    def push(self, event: Noticed, now: Samples) -> list[Cue]:
        """Take one event of the call."""
        ...

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, caller_speaks: bool) -> list[Cue]:
        """Let time pass: `length` samples that end at `now`."""
        ...

    def kept_away(self) -> list[Health]:
        """What was not shown because the limit was reached, since this was last asked."""
        ...

    def finish(self, end: Samples) -> list[Cue]:
        """The call is over."""
        ...


class Lane(Protocol):
    """Where slow work is done beside the loop."""

    name: str

    def submit(self, request: Request) -> None:
        """Take a request; never blocks in a live lane."""
        ...

    def due(self, now: Samples) -> list[Delivery]:
        """What is to be delivered at audio time `now`, oldest first."""
        ...

    def close(self, now: Samples) -> list[Delivery]:
        """Finish what was asked and return it at audio time `now`; no request may follow."""
        ...

    def abandon(self) -> None:
        """Drop everything that waits, at once; no request may follow. After `close` it does nothing."""
        ...
