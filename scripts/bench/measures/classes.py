"""How well two classes are told apart, and how far a probability is to be believed."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Flags: TypeAlias = npt.NDArray[np.bool_]
Values: TypeAlias = npt.NDArray[np.floating[Any]]


def uar(truth: Flags, said: Flags) -> float:
    """Unweighted average recall of two classes; chance is .5."""
    return float((np.mean(said[truth]) + np.mean(~said[~truth])) / 2)


def auc(truth: Flags, scores: Values) -> float:
    """Area under the ROC curve, by ranks."""
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    high = int(truth.sum())
    return float((ranks[truth].sum() - high * (high + 1) / 2) / (high * (truth.size - high)))


def calibration_error(probability: Values, truth: Flags, bins: int = 15) -> float:
    """Expected calibration error: mean distance of told and true share over bins, weighted by size."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    inside = [place == number for number in range(bins) if (place == number).any()]
    return float(sum(abs(probability[one].mean() - truth[one].mean()) * one.mean() for one in inside))
