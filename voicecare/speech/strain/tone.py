"""What the sound of the caller's voice leans to: pleased, or tense. A ranking, relative to the caller's own start.

Two linear scores, as of strain: prosody with its melody, and the recogniser's encoder. They rank joy above anger and
fear in other corpora than the one they were trained on, but no cut of theirs carries over (models/tone.md): what they
say may confirm or delay, and decides nothing alone. There is no channel here: it exists for the caller alone.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from voicecare.config import StrainConfig
from voicecare.speech.strain.baseline import Baseline
from voicecare.speech.strain.prosody import ProsodyFrame
from voicecare.types import Floats

WIDEST = 4.0
"""A lean is told up to this many standard deviations."""


class ToneHead(Protocol):
    """The trained numbers; `voicecare.backends.heads.ToneWeights` says what each is."""

    @property
    def prosody(self) -> Floats: ...  # noqa: D102
    @property
    def calm(self) -> tuple[float, float]: ...  # noqa: D102
    @property
    def calm_sd(self) -> tuple[float, float]: ...  # noqa: D102
    @property
    def wander(self) -> tuple[float, float]: ...  # noqa: D102
    @property
    def unit(self) -> tuple[float, float]: ...  # noqa: D102


class Tone:
    """Follows what the caller's voice leans to, over some seconds of speech."""

    def __init__(self, config: StrainConfig, head: ToneHead) -> None:
        self._config = config
        self._head = head
        self._views = tuple(_View(config, head, view) for view in range(2))

    def push(self, frame: ProsodyFrame, length_s: float, *, calm: bool) -> None:
        """Take the prosody of `length_s` more of speech; `calm`: strain was low while it was said."""
        if frame.melody is not None:
            score = float(np.concatenate([frame.features, frame.melody]) @ self._head.prosody)
            self._views[0].hear(score, length_s, calm)

    def push_voice(self, projection: float, length_s: float, *, calm: bool) -> None:
        """Take the encoder's view of a stretch of speech."""
        self._views[1].hear(projection, length_s, calm)

    def lean(self, *, with_voice: bool) -> float | None:
        """Above 0 pleased, below 0 tense, in standard deviations of aroused speech; None before a start is known.

        with_voice: the encoder's view is recent enough to count.
        """
        known = [view for view, counts in zip(self._views, (True, with_voice), strict=True) if counts and view.is_known]
        if not known:
            return None
        lean = sum(view.lean for view in known) / math.sqrt(len(known))
        return min(max(lean, -WIDEST), WIDEST)


class _View:
    """One score: its baseline in this call, and what was heard lately."""

    def __init__(self, config: StrainConfig, head: ToneHead, view: int) -> None:
        self._base = Baseline(config, head.calm[view], head.calm_sd[view], head.wander[view])
        self._memory_s = config.smooth_tone_s
        self._unit = head.unit[view]
        self._sum = self._weight = 0.0

    @property
    def is_known(self) -> bool:
        return self._base.share >= 0.5 and self._weight > 0.0

    @property
    def lean(self) -> float:
        return (self._sum / self._weight - self._base.score) / self._unit

    def hear(self, score: float, length_s: float, calm: bool) -> None:  # noqa: FBT001 - a state
        self._base.hear(score, length_s, calm=calm)
        keep = math.exp(-length_s / self._memory_s)
        self._sum = keep * self._sum + (1 - keep) * score
        self._weight = keep * self._weight + (1 - keep)
