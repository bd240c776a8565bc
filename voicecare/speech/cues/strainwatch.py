"""Watches the caller's strain over the call: does it call for an acknowledgement, and did one help?"""

from __future__ import annotations

import math
from typing import Literal

from voicecare.config import CueConfig
from voicecare.speech.cues.signs import Signs
from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import Arousal, Phrase, Reason, Sentiment

CLEAR = 2
"""Signs of joy taken away by words of distress: as many as words can give."""

DOUBTS = {"population_baseline": 1, "views_differ": 2}
"""Callers in general stand in for this caller's own start; or one view hears strain and the other a calm voice."""


class StrainWatch:
    """Turns estimates into one question: is an acknowledgement due, and why?

    Arousal has no sign: joy raises it as distress does. So how long it must stay depends on the signs beside it, which
    add up: of joy (the caller's words, what the agent brought about, a pleased voice) and of distress (words, a tense
    voice). No view keeps a cue away alone; without words the voice may only ask for longer.

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
        self._signs = Signs(config)

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
        self._signs.spoke(length)

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
        self._signs.push(sentiment)
        if sentiment.label == "negative":
            self._negative.append(sentiment)

    def notice(self, phrase: Phrase) -> None:
        """Words that count, of either party."""
        self._signs.push(phrase)

    def delighted(self) -> tuple[Reason, ...]:
        """Why the caller is delighted with what the agent did, or nothing: words that agree, in an animated voice."""
        latest = self._latest
        animated = latest is not None and (self.is_up or (latest.tone or 0.0) >= self._config.tone_pleased)
        return self._signs.why_joy() if animated and self._signs.delighted else ()

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
        if self._pressing_since is not None:
            lasted_s = (self._spoken - self._pressing_since) / RATE_HZ
            if lasted_s >= self.asked_s:
                code = "strain_high" if self._level == "high" else "strain_rising"
                at = self._spell_began if self._spell_began is not None else latest.at
                return (Reason(code, (at,), latest.value), *latest.because, *self._rests_on(latest, lasted_s), *last)
        if self.is_up and len(self._negative) >= self._config.negative_utterances:
            at_each = tuple(s.span.start for s in self._negative)
            return (Reason("negative_words", at_each, float(len(self._negative))), *last)
        stirred = latest.value is not None and latest.value >= self._config.stirred
        if stirred and len(self.troubled) >= self._config.negative_utterances:
            return (Reason("trouble_words", self.troubled, float(len(self.troubled))), *last)
        return None

    @property
    def asked_s(self) -> float:
        """How long arousal must stay, in seconds of caller speech, given the signs beside it; may be infinite."""
        config = self._config
        asked = (config.sustained_s, config.unsure_s, config.pleased_s, config.joyful_s, math.inf)
        step = self._joy
        if self._doubt and not self._signs.trouble:
            step = max(step, min(max(step, 0) + self._doubt, CLEAR))
        chosen = asked[min(max(0, step + 1), len(asked) - 1)]
        if self._doubt and step > 0 <= self._joy:
            chosen = max(chosen, config.strange_s)
        if not self._signs.has_words or self._signs.trouble:
            return chosen
        return max(chosen, config.unread_s if self._is_unread else config.neutral_s)

    def signs(self) -> tuple[Reason, ...]:
        """The signs of joy that are known now, of words and of the voice."""
        latest = self._latest
        pleased = latest is not None and (latest.tone or 0.0) >= self._config.tone_pleased
        voice = (Reason("voice_pleased", value=latest.tone),) if latest is not None and pleased else ()
        return (*self._signs.why_joy(), *voice)

    @property
    def _joy(self) -> int:
        """Signs of joy less signs of distress, -3 to 3, or nothing before the first estimate."""
        tone = 0.0 if self._latest is None else self._latest.tone or 0.0
        voice = (tone >= self._config.tone_pleased) - (tone <= self._config.tone_tense)
        return voice + (-CLEAR if self._signs.trouble else self._signs.joy)

    @property
    def _is_unread(self) -> bool:
        """Words are at hand, but not yet those of the stretch in which strain went up; they may say why."""
        since = self._spell_began
        return self._signs.has_words and since is not None and not self._signs.read_since(since)

    @property
    def _doubt(self) -> int:
        """What makes an estimate doubtful, as many signs of joy as it is a reason to wait."""
        because = () if self._latest is None else self._latest.because
        return max((DOUBTS.get(reason.code, 0) for reason in because), default=0)

    @property
    def troubled(self) -> tuple[Samples, ...]:
        """Utterances that speak of trouble, but those the agent has acknowledged since."""
        return tuple(at for at in self._signs.trouble if self._acknowledged_at is None or at > self._acknowledged_at)

    def _rests_on(self, latest: Arousal, lasted_s: float) -> tuple[Reason, ...]:
        """What else than arousal the cue rests on, or that it is arousal alone."""
        config, reasons = self._config, []
        words = self._signs.trouble
        if words:
            reasons.append(Reason("trouble_words", words, float(len(words))))
        if latest.tone is not None and latest.tone <= config.tone_tense:
            reasons.append(Reason("voice_tense", value=latest.tone))
        if self._joy > 0:
            reasons.append(Reason("stays_though_friendly", value=round(lasted_s, 1)))
        if not self._signs.has_words:
            reasons.append(Reason("voice_only"))
        return tuple(reasons)
