"""The caller's strain, relative to the caller's own calm speech of this call.

Two views of the voice, each a linear score: prosody (every step of speech) and the recogniser's encoder (every stretch
it hears anyway). From each the caller's own baseline is taken away, both are smoothed over seconds of speech and joined
by a calibrated sigmoid. There is no channel here: strain exists for the caller alone.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Protocol

import numpy as np

from voicecare.config import StrainConfig
from voicecare.speech.strain.baseline import Baseline, Liveliness
from voicecare.speech.strain.prosody import ProsodyFrame
from voicecare.speech.strain.tone import Tone, ToneHead
from voicecare.timebase import HOP_S, RATE_HZ, Samples, Span
from voicecare.types import Arousal, Floats, Heard, Reason

USUAL_ALONE, USUAL_BOTH = 0.28, 0.3
"""How far the smoothed score of a calm actor strays within a call, prosody alone and both views (built calls)."""
MOST_SCALING = 2.5
"""A caller's own liveliness stretches or shrinks scores by no more than this."""


class ArousalHead(Protocol):
    """The trained numbers; `voicecare.backends.heads.ArousalWeights` says what each is."""

    @property
    def features(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def prosody(self) -> Floats: ...  # noqa: D102
    @property
    def spread(self) -> Floats: ...  # noqa: D102
    @property
    def calm(self) -> tuple[float, float]: ...  # noqa: D102
    @property
    def calm_sd(self) -> tuple[float, float]: ...  # noqa: D102
    @property
    def wander(self) -> tuple[float, float]: ...  # noqa: D102
    @property
    def gain_both(self) -> tuple[float, float]: ...  # noqa: D102
    @property
    def bias_both(self) -> float: ...  # noqa: D102
    @property
    def gain_alone(self) -> float: ...  # noqa: D102
    @property
    def bias_alone(self) -> float: ...  # noqa: D102
    @property
    def tone(self) -> ToneHead | None: ...  # noqa: D102


class ArousalTracker:
    """Turns prosody frames and encoder projections into estimates of strain, one a step of the caller's speech.

    It abstains (value None, the reason beside it) until `least_s` of speech are heard and where speech is too noisy.
    Confidence falls where the baseline is young or leans on the population, where voicing is poor and where one view
    alone speaks. Everything it knows of the caller is dropped by `finish`.
    """

    def __init__(self, config: StrainConfig, head: ArousalHead) -> None:
        self._config = config
        self._head = head
        self._step_s = max(1, round(config.every_s / HOP_S)) * HOP_S
        self._forget()

    def push(self, frame: ProsodyFrame) -> list[Arousal]:
        """Take the prosody of one more step of the caller's speech."""
        self._spoken_s += self._step_s
        if frame.quality < self._config.min_quality:
            return [_unknown(frame.at, frame.span, "too_noisy")]
        score = float(frame.features @ self._head.prosody)
        calm = self._value is None or self._value <= self._config.calm_below
        self._prosody_base.hear(score, self._step_s, calm=calm)
        self._features_base.hear(frame.features, self._step_s, calm=calm)
        if self._tone is not None:
            self._tone.push(frame, self._step_s, calm=calm)
        self._prosody.hear(score, self._step_s)
        if not self._prosody_base.is_capped:
            self._alone.hear(self._prosody_distance, self._step_s, calm=calm)
            if self._hears_voice:
                self._both.hear(self._prosody_distance + self._voice_distance, self._step_s, calm=calm)
        self._features, self._quality = frame.features, frame.quality
        return [self._estimate(frame.at, frame.span)]

    def push_voice(self, heard: Heard) -> list[Arousal]:
        """Take the encoder's view of one stretch of the caller's speech: `heard.voice`, of strain and of tone."""
        if not heard.voice:
            return []
        length_s = heard.span.length / RATE_HZ
        calm = self._value is None or self._value <= self._config.calm_below
        self._voice_base.hear(heard.voice[0], length_s, calm=calm)
        self._voice.hear(heard.voice[0], length_s)
        if self._tone is not None and len(heard.voice) > 1:  # sessions of earlier versions hold strain's alone
            self._tone.push_voice(heard.voice[1], length_s, calm=calm)
        self._voice_at_s = self._spoken_s
        if self._value is None:
            return []
        return [self._estimate(heard.arrived, heard.span)]

    def begin_anew(self) -> None:
        """What was heard so far was not this caller: a machine's prompt, a telephone that rings in words."""
        self._forget()

    def finish(self) -> list[Arousal]:
        """The call is over: forget this caller."""
        self._forget()
        return []

    def _forget(self) -> None:
        head, config = self._head, self._config
        self._prosody_base = Baseline(config, head.calm[0], head.calm_sd[0], head.wander[0])
        self._voice_base = Baseline(config, head.calm[1], head.calm_sd[1], head.wander[1])
        self._alone, self._both = Liveliness(config, USUAL_ALONE), Liveliness(config, USUAL_BOTH)
        self._features_base = _CalmFeatures(config, len(head.features))
        self._tone = None if head.tone is None else Tone(config, head.tone)
        self._prosody = _Smoothed(config.smooth_s)
        self._voice = _Smoothed(config.smooth_voice_s)
        self._spoken_s = 0.0
        self._voice_at_s = -math.inf
        self._value: float | None = None
        self._quality = 0.0
        self._features = np.zeros(len(head.features), np.float32)
        self._recent: deque[tuple[float, float]] = deque()

    def _estimate(self, at: Samples, span: Span) -> Arousal:
        config, head = self._config, self._head
        if self._spoken_s < config.least_s:
            return _unknown(at, span, "too_little_speech")
        # What is much for a steady caller is little for a lively one: distances count in units of their own calm.
        if self._hears_voice:
            prosody, voice = head.gain_both[0] * self._prosody_distance, head.gain_both[1] * self._voice_distance
            logit = (prosody + voice) / _scaling(self._both, USUAL_BOTH) + head.bias_both
        else:
            logit = self._logit_alone
        value = self._value = _sigmoid(logit)
        trend = self._trend(value)
        lean = None if self._tone is None else self._tone.lean(with_voice=self._hears_voice)
        return Arousal(
            at=at,
            span=span,
            value=round(value, 4),
            confidence=round(self._confidence(), 3),
            trend=round(trend, 4),
            because=self._because(),
            tone=None if lean is None else round(lean, 2),
        )

    @property
    def _logit_alone(self) -> float:
        """What prosody alone says."""
        head = self._head
        return head.gain_alone * self._prosody_distance / _scaling(self._alone, USUAL_ALONE) + head.bias_alone

    @property
    def _prosody_distance(self) -> float:
        return self._prosody.score - self._prosody_base.score

    @property
    def _voice_distance(self) -> float:
        return self._voice.score - self._voice_base.score

    @property
    def _hears_voice(self) -> bool:
        return self._spoken_s - self._voice_at_s <= self._config.voice_memory_s and self._voice_base.share >= 0.5

    def _confidence(self) -> float:
        young = 0.3 + 0.7 * self._prosody_base.share
        views = 1.0 if self._hears_voice else 0.8
        population = 0.6 if self._prosody_base.is_capped else 1.0
        return young * views * population * min(1.0, 0.4 + 0.6 * self._quality)

    def _trend(self, value: float) -> float:
        """Slope of a straight line through the values of the last 10 s of speech, per 10 s; 0 before half of that."""
        recent = self._recent
        recent.append((self._spoken_s, value))
        while recent[-1][0] - recent[0][0] > 10.0:
            recent.popleft()
        if recent[-1][0] - recent[0][0] < 5.0:
            return 0.0
        spoken_s, values = np.array(recent).T
        centred = spoken_s - spoken_s.mean()
        return float(10.0 * (centred @ values) / (centred @ centred))

    def _because(self) -> tuple[Reason, ...]:
        names = self._head.features
        change = self._features - self._features_base.mean
        units = change / self._head.spread
        reasons = []
        pitch = float(change[names.index("f0_mean")])
        if pitch >= 1.5:
            reasons.append(Reason("pitch_up", value=round(pitch, 1)))
        lively = float(units[names.index("flux")] + units[names.index("f0_movement")]) / 2
        if lively >= 0.8:
            reasons.append(Reason("voice_livelier", value=round(lively, 1)))
        bright = float(units[names.index("brightness")])
        if bright >= 0.8:
            reasons.append(Reason("voice_brighter", value=round(bright, 1)))
        if self._hears_voice and self._voice_distance >= 0.5:
            reasons.append(Reason("voice_encoder", value=round(self._voice_distance, 1)))
        alone = _sigmoid(self._logit_alone)
        if self._hears_voice and self._value is not None and alone <= self._config.views_agree < self._value:
            reasons.append(Reason("views_differ", value=round(alone, 2)))
        if self._prosody_base.is_capped:
            reasons.append(Reason("population_baseline"))
        return tuple(reasons)


class _Smoothed:
    """Exponential mean over seconds of speech, unbiased from the first value on."""

    def __init__(self, memory_s: float) -> None:
        self._memory_s = memory_s
        self._sum = self._weight = 0.0

    @property
    def score(self) -> float:
        return self._sum / self._weight if self._weight else 0.0

    def hear(self, score: float, length_s: float) -> None:
        keep = math.exp(-length_s / self._memory_s)
        self._sum = keep * self._sum + (1 - keep) * score
        self._weight = keep * self._weight + (1 - keep)


class _CalmFeatures:
    """The features of this caller's calm speech, for the reasons."""

    def __init__(self, config: StrainConfig, count: int) -> None:
        self._config = config
        self._heard_s = 0.0
        self.mean: Floats = np.zeros(count, np.float32)

    def hear(self, features: Floats, length_s: float, *, calm: bool) -> None:
        if self._heard_s >= self._config.baseline_s and not calm:
            return
        self._heard_s = min(self._heard_s + length_s, self._config.baseline_memory_s)
        self.mean = self.mean + (features - self.mean) * np.float32(min(1.0, length_s / self._heard_s))


def _scaling(liveliness: Liveliness, usual: float) -> float:
    return min(max(liveliness.deviation / usual, 1 / MOST_SCALING), MOST_SCALING)


def _unknown(at: Samples, span: Span, code: str) -> Arousal:
    return Arousal(at, span, None, 0.0, 0.0, (Reason(code),))


def _sigmoid(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
