"""Fitting and scoring of linear strain heads, shared by training and benches; needs scikit-learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scripts.bench.corpora.arousal import CALM, Clip
from scripts.bench.measures.classes import uar

Array = npt.NDArray[np.float64]
CALM_CLIPS = 3
"""Clips the realistic baseline is taken from, some 6 to 8 s of speech; they leave the test."""
PLATEAU = 0.01
"""Cuts whose recall lies this close below the best are as good as the best."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear score of features relative to a speaker's calm mean: weights, bias of the natural cut."""

    weights: Array
    bias: float


def fit(
    features: Array,
    clips: list[Clip],
    strength: float,
    *,
    line_penalty: float = 0.0,
    high: Sequence[bool] | None = None,
    counted: Sequence[bool] | None = None,
) -> Linear:
    """Fit a logistic regression to features relative to each speaker's neutral mean.

    Both classes weigh the same, and within a class every emotion does: else the one most often acted would stand for
    its class. features: (n, width), one row a clip; several draws of a clip are several rows. strength: scikit-learn's
    C for features of unit variance, whatever the number of draws. line_penalty: how much dearer a weight is along
    directions in which the same clip differs from line to line (within-class covariance normalisation, Hatch et al.
    2006, of the channel); it needs several draws. high: the class of each row, arousal unless said. counted: which rows
    are told apart; the others only place their speakers.
    """
    from sklearn.linear_model import LogisticRegression

    spread = within_speaker_spread(features, clips)
    relative = (features - speaker_means(features, clips, neutral_only=True)) / spread
    draws = len(clips) // len({clip.path for clip in clips})
    cost = np.eye(features.shape[1])
    if line_penalty:
        by_clip = (features / spread).reshape(draws, -1, features.shape[1])
        by_line = (by_clip - by_clip.mean(axis=0)).reshape(features.shape)
        cost += line_penalty * draws / (draws - 1) * (by_line.T @ by_line) / len(features)
    scales, directions = np.linalg.eigh(cost)
    even = directions / np.sqrt(scales)
    model = LogisticRegression(C=strength / draws, max_iter=300, solver="newton-cholesky")
    classes = np.array([clip.aroused for clip in clips] if high is None else high)
    rows = np.ones(len(clips), bool) if counted is None else np.array(counted)
    emotions = np.array([clip.emotion for clip in clips])
    model.fit((relative @ even)[rows], classes[rows], _balanced(emotions[rows], classes[rows]))
    return Linear(even @ model.coef_[0] / spread, float(model.intercept_[0]))


def learned_cut(
    scores_without: Callable[[tuple[str, ...]], Array], clips: list[Clip], held: str | None = None
) -> float:
    """Return the cut of scores that all speakers but `held` would choose for others.

    scores_without: the scores of all rows by a head that never heard the speakers it is given (sorted). Each of those
    who choose is scored by a head that did not hear them either: a head's own training speakers look better told
    apart than any it will meet, and would put the cut elsewhere.
    """
    by = np.array([clip.speaker for clip in clips])
    speakers = sorted(set(by.tolist()))
    scores = np.full(len(clips), np.nan)
    for speaker in speakers:
        if speaker != held:
            scores[by == speaker] = scores_without(tuple(s for s in speakers if s in (held, speaker)))[by == speaker]
    kept = by != held
    scores, truth = scores[kept], np.array([clip.aroused for clip in clips])[kept]
    tried = np.quantile(scores, np.linspace(0.1, 0.9, 161))
    recalls = np.array([uar(truth, scores > cut) for cut in tried])
    # The middle of the plateau: its edge would be luck.
    return float(tried[recalls >= recalls.max() - PLATEAU].mean())


def _balanced(emotions: npt.NDArray[np.str_], classes: npt.NDArray[np.bool_]) -> Array:
    """Weights of mean 1 by which every class counts the same, and within it every emotion."""
    weights = np.array([1.0 / np.sum(emotions == emotion) for emotion in emotions])
    for aroused in (False, True):
        weights[classes == aroused] *= len(classes) / 2 / weights[classes == aroused].sum()
    return weights


def speaker_means(features: Array, clips: list[Clip], *, neutral_only: bool) -> Array:
    """Return for every row the mean of its speaker, over all clips or the neutral ones."""
    speakers = np.array([clip.speaker for clip in clips])
    counted = np.array([clip.emotion == "neutral" or not neutral_only for clip in clips])
    means = np.empty_like(features)
    for speaker in np.unique(speakers):
        means[speakers == speaker] = features[(speakers == speaker) & counted].mean(axis=0)
    return means


def own_calm_away(scores: Array, clips: list[Clip]) -> Array:
    """Subtract from each score, (n,), the mean of its speaker's neutral clips."""
    return np.asarray(scores - speaker_means(scores[:, None], clips, neutral_only=True)[:, 0])


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
