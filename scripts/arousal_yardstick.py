"""The yardstick: openSMILE eGeMAPSv02 functionals with logistic regression, trained and scored as the strain head is.

openSMILE's licence is for research only; nothing of it ships.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import arousal_fit
import numpy as np
from arousal_corpora import TRAINING, Clip
from arousal_fit import Array, Linear
from phone_line import RATE_HZ, Floats

STRENGTH = 0.01


def rows(
    corpora: dict[str, list[Clip]],
    lines: list[str],
    sent: Callable[[Clip, str], Floats],
    figures: Callable[[list[Clip], Array, float, Array], dict[str, object]],
) -> list[dict[str, object]]:
    """Score every corpus through every line; the training corpus is sent through the line it is scored on."""
    import opensmile

    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    found: list[dict[str, object]] = []
    for line in lines:
        features = {
            name: np.array([smile.process_signal(sent(clip, line), RATE_HZ).to_numpy()[0] for clip in clips])
            for name, clips in corpora.items()
        }
        trained = _Trained(features[TRAINING], corpora[TRAINING])
        for name, clips in corpora.items():
            held = [clip.speaker if name == TRAINING else None for clip in clips]
            scores = np.array([trained.score(row, who) for row, who in zip(features[name], held, strict=True)])
            cuts = np.array([trained.cut(who) for who in held])
            bias = trained.head(None).bias
            found.append({"corpus": name, "line": line, "view": "eGeMAPS", **figures(clips, scores, bias, cuts)})
    return found


class _Trained:
    """The yardstick trained through one line, and again without one or two of its speakers."""

    def __init__(self, features: Array, clips: list[Clip]) -> None:
        self._features, self._clips = features, clips
        self._without = functools.cache(self._fit)
        self._calm = functools.cache(self._calm_score)
        self.cut = functools.cache(self._cut)

    def head(self, held: str | None) -> Linear:
        """Return the head that never heard this speaker."""
        return self._without(() if held is None else (held,))

    def score(self, features: Array, held: str | None) -> float:
        """Score one clip relative to the calm voice of the speakers heard in training."""
        return float(features @ self.head(held).weights) - self._calm(held)

    def _calm_score(self, held: str | None) -> float:
        calm = [i for i, c in enumerate(self._clips) if c.speaker != held and c.emotion == "neutral"]
        return float((self._features[calm] @ self.head(held).weights).mean())

    def _cut(self, held: str | None) -> float:
        return arousal_fit.learned_cut(lambda who: self._features @ self._without(who).weights, self._clips, held)

    def _fit(self, speakers: tuple[str, ...]) -> Linear:
        kept = [i for i, clip in enumerate(self._clips) if clip.speaker not in speakers]
        return arousal_fit.fit(self._features[kept], [self._clips[i] for i in kept], STRENGTH)
