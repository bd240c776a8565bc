"""The yardstick: openSMILE eGeMAPSv02 functionals with logistic regression, trained and scored as the strain head is.

openSMILE's licence is for research only; nothing of it ships.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from scripts.bench.corpora.arousal import TRAINING, Clip
from scripts.train import fit as arousal_fit
from scripts.train.fit import Array, Linear
from scripts.train.left_out import Cuts, chosen_cuts
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

STRENGTH = 0.01


def rows(
    corpora: dict[str, list[Clip]],
    lines: list[str],
    sent: Callable[[Clip, str], Floats],
    figures: Callable[[list[Clip], Array, float, Cuts], dict[str, Any]],
) -> list[dict[str, Any]]:
    """Score every corpus through every line; the training corpus is sent through the line it is scored on."""
    import opensmile

    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    found: list[dict[str, Any]] = []
    for line in lines:
        features = {
            name: np.array([smile.process_signal(sent(clip, line), RATE_HZ).to_numpy()[0] for clip in clips])
            for name, clips in corpora.items()
        }
        training = corpora[TRAINING]
        trained = _Trained(features[TRAINING], training)
        for name, clips in corpora.items():
            held = [clip.speaker if name == TRAINING else None for clip in clips]
            scores = np.array([trained.score(row, who) for row, who in zip(features[name], held, strict=True)])
            cuts = chosen_cuts(trained.scores_without, training, clips)
            bias = trained.head(None).bias
            found.append({"corpus": name, "line": line, "view": "eGeMAPS", **figures(clips, scores, bias, cuts)})
    return found


class _Trained:
    """The yardstick trained through one line, and again without one or two of its speakers."""

    def __init__(self, features: Array, clips: list[Clip]) -> None:
        self._features, self._clips = features, clips
        self._without = functools.cache(self._fit)

    def head(self, held: str | None) -> Linear:
        """Return the head that never heard this speaker."""
        return self._without(() if held is None else (held,))[0]

    def score(self, features: Array, held: str | None) -> float:
        """Score one clip relative to the calm voice of the speakers heard in training."""
        head, calm = self._without(() if held is None else (held,))
        return float(features @ head.weights) - calm

    def scores_without(self, speakers: tuple[str, ...]) -> Array:
        """Score all training clips by a head that never heard these speakers."""
        head, calm = self._without(speakers)
        return np.asarray(self._features @ head.weights - calm)

    def _fit(self, speakers: tuple[str, ...]) -> tuple[Linear, float]:
        kept = [i for i, clip in enumerate(self._clips) if clip.speaker not in speakers]
        head = arousal_fit.fit(self._features[kept], [self._clips[i] for i in kept], STRENGTH)
        calm = [i for i in kept if self._clips[i].emotion == "neutral"]
        return head, float((self._features[calm] @ head.weights).mean())
