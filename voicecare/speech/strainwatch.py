"""Watches the caller's strain over the call: does it call for an acknowledgement, and did one help?"""

from __future__ import annotations

from typing import Literal

from voicecare.config import CueConfig
from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import Arousal, Reason, Sentiment


class StrainWatch:
    """Turns estimates into one question: is an acknowledgement due, and why?

    Level has hysteresis: strain is up from `high` (or from a sustained rise) until it has eased to `low`. One
    acknowledgement answers one such spell; the next spell may ask again. Evidence is counted in caller speech, so
    that the agent's talking or silence neither raises nor ages it.
    """

    def __init__(self, config: CueConfig) -> None:
        self._config = config
        self._spoken: Samples = 0
        self._level: Literal["low", "between", "high"] = "low"
        self._pressing_since: Samples | None = None
        self._spell_began: Samples | None = None
        self._acknowledged = False
        self._acknowledged_at: Samples | None = None
        self._negative: list[Sentiment] = []
        self._latest: Arousal | None = None

    @property
    def is_up(self) -> bool:
        """Strain is known and not low."""
        return self._level != "low"

    @property
    def spell_began(self) -> Samples | None:
        """When the present spell of strain was first heard, or None."""
        return self._spell_began

    def spoke(self, length: Samples) -> None:
        """The caller spoke for `length` samples more."""
        self._spoken += length

    @property
    def acknowledged_at(self) -> Samples | None:
        """When the agent last acknowledged, or None."""
        return self._acknowledged_at

    def acknowledged(self, at: Samples) -> bool:
        """The agent acknowledged at `at`; True if that answers a spell of strain."""
        self._acknowledged_at = at
        self._negative.clear()
        self._acknowledged = self._spell_began is not None
        return self._acknowledged

    def read(self, sentiment: Sentiment) -> None:
        """How one utterance of the caller reads; negative ones add up until the agent acknowledges."""
        if sentiment.label == "negative":
            self._negative.append(sentiment)

    def push(self, arousal: Arousal) -> bool:
        """A new estimate; True if a spell of strain has just ended. An abstention changes nothing."""
        if arousal.value is None:
            return False
        self._latest = arousal
        value = arousal.value
        if value <= self._config.low:
            self._level = "low"
            self._pressing_since = None
            ended = self._spell_began is not None
            self._spell_began = None
            self._acknowledged = False
            self._negative.clear()
            return ended
        self._level = "high" if value >= self._config.high else "between"
        rising = arousal.trend >= self._config.rising_per_10s
        if self._level == "high" or rising:
            if self._pressing_since is None:
                self._pressing_since = self._spoken
            if self._spell_began is None:
                self._spell_began = arousal.at  # as the curve shows it; its evidence may reach back over a turn
        else:
            self._pressing_since = None
        return False

    def due(self) -> tuple[Reason, ...] | None:
        """Why an acknowledgement is due now, or None."""
        latest = self._latest
        if latest is None or self._acknowledged:
            return None
        # Whoever never acknowledged may not have been heard: without a recogniser nobody is.
        last = () if self._acknowledged_at is None else (Reason("no_acknowledgement_since", (self._acknowledged_at,)),)
        sustained = int(self._config.sustained_s * RATE_HZ)
        if self._pressing_since is not None and self._spoken - self._pressing_since >= sustained:
            code = "strain_high" if self._level == "high" else "strain_rising"
            at = self._spell_began if self._spell_began is not None else latest.at
            return (Reason(code, (at,), latest.value), *latest.because, *last)
        if self.is_up and len(self._negative) >= self._config.negative_utterances:
            at_each = tuple(s.span.start for s in self._negative)
            return (Reason("negative_words", at_each, float(len(self._negative))), *last)
        return None
