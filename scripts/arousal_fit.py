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


def fit(features: Array, clips: list[Clip], strength: float, *, line_directions: int = 0) -> Linear:
    """Fit a balanced logistic regression to features relative to each speaker's neutral mean.

    features: (n, width), one row a clip; several draws of a clip are several rows. strength: scikit-learn's C for
    features of unit variance, whatever the number of draws. line_directions: the score is made blind to this many
    directions in which the same clip differs most from line to line (nuisance attribute projection, Solomonoff et al.
    2005); it needs several draws.
    """
    from sklearn.linear_model import LogisticRegression

    spread = within_speaker_spread(features, clips)
    relative = (features - speaker_means(features, clips, neutral_only=True)) / spread
    keep = np.eye(features.shape[1])
    draws = len(clips) // len({clip.path for clip in clips})
    if line_directions:
        by_clip = (features / spread).reshape(draws, -1, features.shape[1])
        _, _, directions = np.linalg.svd((by_clip - by_clip.mean(axis=0)).reshape(features.shape), full_matrices=False)
        keep -= directions[:line_directions].T @ directions[:line_directions]
    model = LogisticRegression(C=strength / draws, class_weight="balanced", max_iter=3_000)
    model.fit(relative @ keep, [clip.aroused for clip in clips])
    return Linear(keep @ model.coef_[0] / spread, float(model.intercept_[0]))


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
    """Subtract each speaker's mean over three random calm clips; return scores and the indices of the other clips.

    Speakers with fewer than two neutral (or else unaroused) clips are left out.
    """
    rng = np.random.default_rng(seed)
    rows: list[int] = []
    values: list[float] = []
    for speaker in sorted({clip.speaker for clip in clips}):
        own = [i for i, clip in enumerate(clips) if clip.speaker == speaker]
        calm = [i for i in own if clips[i].emotion in CALM[:1]] or [i for i in own if not clips[i].aroused]
        if len(calm) < 2:
            continue
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
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    high = int(truth.sum())
    return float((ranks[truth].sum() - high * (high + 1) / 2) / (high * (truth.size - high)))
