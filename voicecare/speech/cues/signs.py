"""Signs of joy and of distress beside the voice: what the caller said lately, and what happened.

Words alone are no proof of joy: "oh wonderful, another hour on hold". They count where two of them agree, and not where
a complaint is near. What a sign is worth is decided by `speech.strainwatch`, together with the voice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from voicecare.config import CueConfig
from voicecare.timebase import Samples, samples
from voicecare.types import Phrase, PhraseKind, Reason, Sentiment

KIND: tuple[PhraseKind, ...] = ("gratitude", "solved", "farewell")
"""Phrases of the caller that are signs of joy."""
MOST = 2
"""More signs than this say no more."""


@dataclass(slots=True)
class _Said:
    """One utterance of the caller: when its words came, where it began, which signs it bears."""

    arrived: Samples
    start: Samples
    spoken: Samples
    joy: set[str] = field(default_factory=set)
    trouble: bool = False
    value: float = 0.0


class Signs:
    """Remembers the signs of the last `signs_s` of caller speech: silence and the agent's talk do not age them."""

    def __init__(self, config: CueConfig) -> None:
        self._config = config
        self._memory = samples(config.signs_s)
        self._spoken: Samples = 0
        self._said: list[_Said] = []
        self._helped_at: Samples | None = None
        self._helped_spoken: Samples = 0
        self._read_at: Samples | None = None
        self._read_to: Samples = 0

    @property
    def has_words(self) -> bool:
        """The caller's words were read lately: what they do not say counts, too."""
        return self._read_at is not None and self._spoken - self._read_at <= self._memory

    def read_since(self, at: Samples) -> bool:
        """Whether words said at `at` or later are known."""
        return self._read_to > at

    def spoke(self, length: Samples) -> None:
        """The caller spoke for `length` samples more."""
        self._spoken += length
        self._said = [said for said in self._said if self._spoken - said.spoken <= self._memory]

    def push(self, event: Phrase | Sentiment) -> None:
        """Take a phrase of either party, or how an utterance of the caller reads."""
        if isinstance(event, Phrase) and event.channel == "agent":
            if event.kind == "solved":
                self._helped_at, self._helped_spoken = event.span.start, self._spoken
            return
        said = self._utterance(event)
        self._read_at, self._read_to = self._spoken, event.span.end
        if isinstance(event, Sentiment):
            said.value = event.value
            if event.value >= self._config.joyful_at:
                said.joy.add("positive")
        elif event.kind in KIND:
            said.joy.add(event.kind)
        elif event.kind == "trouble":
            said.trouble = True

    @property
    def joy(self) -> int:
        """How many signs of joy agree, 0 to 2; none where a complaint is near.

        What the agent brought about is one, if the caller shows another.
        """
        if self.trouble:
            return 0
        told = sum(len(said.joy) for said in self._said)
        return min(MOST, told + self._agent_helped) if told else 0

    @property
    def trouble(self) -> tuple[Samples, ...]:
        """Where the caller complained or was afraid, in words; one doubtful sentence alone is none."""
        negative = [said for said in self._said if said.value <= self._config.negative_at]
        clear = [s for s in self._said if s.trouble or s.value <= self._config.trouble_at]
        return tuple(said.start for said in (clear or (negative if len(negative) > 1 else ())))

    def why_joy(self) -> tuple[Reason, ...]:
        """The signs of joy, for people."""
        reasons = []
        for code, kinds in (("caller_thanked", ("gratitude",)), ("caller_solved", ("solved",))):
            at = tuple(said.start for said in self._said if not said.joy.isdisjoint(kinds))
            if at:
                reasons.append(Reason(code, at, float(len(at))))
        at = tuple(said.start for said in self._said if said.joy & {"positive", "farewell"})
        if at:
            reasons.append(Reason("friendly_words", at, float(len(at))))
        if self._agent_helped and self._helped_at is not None:
            reasons.append(Reason("agent_helped", (self._helped_at,)))
        return tuple(reasons)

    @property
    def delighted(self) -> bool:
        """The caller thanks, or says that it works, after the agent said what is done; and more than once or warmly."""
        told = any(said.joy & {"gratitude", "solved"} for said in self._said)
        return told and self._agent_helped and self.joy >= MOST

    @property
    def _agent_helped(self) -> bool:
        return self._helped_at is not None and self._spoken - self._helped_spoken <= 2 * self._memory

    def _utterance(self, event: Phrase | Sentiment) -> _Said:
        """The utterance an event belongs to: all of one hearing come at one time."""
        if not self._said or self._said[-1].arrived != event.at:
            self._said.append(_Said(event.at, event.span.start, self._spoken))
        return self._said[-1]
