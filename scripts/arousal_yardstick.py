"""The yardstick: openSMILE eGeMAPSv02 functionals with logistic regression, trained and scored as the strain head is.

openSMILE's licence is for research only; nothing of it ships.
"""

from __future__ import annotations

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
    figures: Callable[[list[Clip], Array, float], dict[str, object]],
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
        training = corpora[TRAINING]
        whole = _fit(features[TRAINING], training)
        for name, clips in corpora.items():
            scores = features[name] @ whole.weights
            if name == TRAINING:
                speakers = np.array([clip.speaker for clip in clips])
                for speaker in np.unique(speakers):
                    other = speakers != speaker
                    head = _fit(features[name][other], [clip for clip in clips if clip.speaker != speaker])
                    scores[~other] = features[name][~other] @ head.weights
            found.append({"corpus": name, "line": line, "view": "eGeMAPS", **figures(clips, scores, whole.bias)})
    return found


def _fit(features: Array, clips: list[Clip]) -> Linear:
    return arousal_fit.fit(features, clips, STRENGTH)
