"""The caller's strain, relative to the caller's own first calm speech of this call.

Two views of the voice, each a linear score: prosody (every step of speech) and the recogniser's encoder (every stretch
it hears anyway). From each the caller's own start is taken away, both are smoothed over seconds of speech and joined
by a calibrated sigmoid. There is no channel here: strain exists for the caller alone.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Protocol

import numpy as np

from voicecare.config import StrainConfig
from voicecare.speech.prosody import ProsodyFrame
from voicecare.timebase import Samples, Span, samples
from voicecare.types import Arousal, Floats, Heard, Reason


class ArousalHead(Protocol):
    """The trained numbers; see `voicecare.backends.heads.ArousalWeights` for what each is."""

    @property
    def features(self) -> tuple[str, ...]: ...
    @property
    def prosody(self) -> Floats: ...
    @property
    def spread(self) -> Floats: ...
    @property
    def calm(self) -> tuple[float, float]: ...
    @property
    def calm_sd(self) -> tuple[float, float]: ...
    @property
    def gain_both(self) -> tuple[float, float]: ...
    @property
    def bias_both(self) -> float: ...
    @property
    def gain_alone(self) -> float: ...
    @property
    def bias_alone(self) -> float: ...


class ArousalTracker:
    """Turns prosody frames and encoder projections into one Arousal a step; keeps nothing after `finish`."""

    def __init__(self, config: StrainConfig, head: ArousalHead) -> None:
        self._config = config
        self._head = head
        self._step_s = config.every_s
        self._baseline_frames = max(1, round(config.baseline_s / config.every_s))
        self._start: list[Floats] = []
        self._baseline: Floats | None = None
        self._smoothed = 0.0
        self._weight = 0.0
        self._voice_base: list[float] = []
        self._voice = 0.0
        self._voice_weight = 0.0
        self._recent: deque[float] = deque(maxlen=max(2, round(10.0 / config.every_s)))
        self._latest: ProsodyFrame | None = None

    def push(self, frame: ProsodyFrame) -> list[Arousal]:
        """Take the prosody of one more step of the caller's speech."""
        if frame.quality < self._config.min_quality:
            return [self._unknown(frame, "too_noisy")]
        if len(self._start) < self._baseline_frames:
            self._start.append(frame.features)
            self._baseline = np.mean(self._start, axis=0).astype(np.float32)
        if len(self._start) * self._step_s < self._config.least_s:
            return [self._unknown(frame, "too_little_speech")]
        assert self._baseline is not None  # noqa: S101 - for the type checker
        score = float((frame.features - self._baseline) @ self._head.prosody)
        keep = math.exp(-self._step_s / self._config.smooth_s)
        self._smoothed = keep * self._smoothed + (1 - keep) * score
        self._weight = keep * self._weight + (1 - keep)
        self._latest = frame
        return [self._estimate(frame.at, frame.span)]

    def push_voice(self, heard: Heard) -> list[Arousal]:
        """Take the encoder's view of one stretch of the caller's speech."""
        return []

    def finish(self) -> list[Arousal]:
        """The call is over: forget this caller."""
        self._start.clear()
        self._baseline = None
        self._voice_base.clear()
        self._latest = None
        return []

    def _estimate(self, at: Samples, span: Span) -> Arousal:
        head = self._head
        value = _sigmoid(head.gain_alone * self._smoothed / max(self._weight, 1e-9) + head.bias_alone)
        self._recent.append(value)
        trend = (self._recent[-1] - self._recent[0]) * 10.0 / max(self._step_s * (len(self._recent) - 1), 10.0)
        confidence = min(1.0, len(self._start) / self._baseline_frames)
        return Arousal(at, span, round(value, 4), round(confidence, 3), round(trend, 4), self._because())

    def _because(self) -> tuple[Reason, ...]:
        if self._latest is None or self._baseline is None:
            return ()
        names = self._head.features
        change = self._latest.features - self._baseline
        pitch = float(change[names.index("f0_mean")])
        return (Reason("pitch_up", (), round(pitch, 1)),) if pitch >= 1.5 else ()

    def _unknown(self, frame: ProsodyFrame, code: str) -> Arousal:
        return Arousal(frame.at, frame.span, None, 0.0, 0.0, (Reason(code),))


def _sigmoid(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
