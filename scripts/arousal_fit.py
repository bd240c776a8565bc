"""Fitting and scoring of linear strain heads, shared by training and benches; needs scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from arousal_corpora import CALM, Clip

Array = npt.NDArray[np.float64]
CALM_CLIPS = 3
"""Clips the realistic baseline is taken from, some 6 to 8 s of speech; they leave the test."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear score of features relative to a speaker's calm mean: weights, bias of the natural cut."""

    weights: Array
    bias: float


def fit(features: Array, clips: list[Clip], strength: float) -> Linear:
    """Fit a balanced logistic regression to features relative to each speaker's neutral mean.

    features: (n, width), one row a clip (several draws of a clip are several rows). strength: scikit-learn's C, a
    regularisation of unit-variance features; divide it by the number of draws to keep its meaning.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    relative = features - speaker_means(features, clips, neutral_only=True)
    spread = within_speaker_spread(features, clips)
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=3_000)
    model.fit(relative / spread, [clip.aroused for clip in clips])
    return Linear(model.coef_[0] / spread, float(model.intercept_[0]))


def speaker_means(features: Array, clips: list[Clip], *, neutral_only: bool) -> Array:
    """Return for every row the mean of its speaker, over all clips or the neutral ones."""
    speakers = np.array([clip.speaker for clip in clips])
    counted = np.array([clip.emotion == "neutral" or not neutral_only for clip in clips])
    means = np.empty_like(features)
    for speaker in np.unique(speakers):
        means[speakers == speaker] = features[(speakers == speaker) & counted].mean(axis=0)
    return means


def within_speaker_spread(features: Array, clips: list[Clip]) -> Array:
    """Return the standard deviation of each feature around its speaker's mean."""
    return np.asarray((features - speaker_means(features, clips, neutral_only=False)).std(axis=0))


def relative_scores(scores: Array, clips: list[Clip], seed: int) -> tuple[Array, list[int]]:
    """Subtract each speaker's mean over three random calm clips; return scores and the indices of the other clips."""
    rng = np.random.default_rng(seed)
    rows: list[int] = []
    values: list[float] = []
    for speaker in sorted({clip.speaker for clip in clips}):
        own = [i for i, clip in enumerate(clips) if clip.speaker == speaker]
        calm = [i for i in own if clips[i].emotion in CALM[:1]] or [i for i in own if not clips[i].aroused]
        start = rng.choice(calm, min(CALM_CLIPS, len(calm) - 1), replace=False)
        rest = [i for i in own if i not in set(start.tolist())]
        rows += rest
        values += (scores[rest] - scores[start].mean()).tolist()
    return np.array(values), rows


def uar(truth: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]) -> float:
    """Unweighted average recall of two classes; chance is .5."""
    return float((np.mean(said[truth]) + np.mean(~said[~truth])) / 2)


def auc(truth: npt.NDArray[np.bool_], scores: Array) -> float:
    """Area under the ROC curve, by ranks."""
    from scipy.stats import rankdata  # noqa: PLC0415

    ranks = rankdata(scores)
    high = int(truth.sum())
    return float((ranks[truth].sum() - high * (high + 1) / 2) / (high * (truth.size - high)))
