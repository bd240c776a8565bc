"""How far several raters agree on one item of a form: Krippendorff's alpha and Gwet's AC1, with intervals over calls.

Both leave out what one rater alone has answered and cope with missing raters. Alpha is low where one answer dominates
(the kappa paradox); AC1 is not, so both are told. They speak of the item, never of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Level: TypeAlias = Literal["nominal", "ordinal", "interval"]
Table: TypeAlias = npt.NDArray[np.float64]
"""Ratings, shape (raters, calls); NaN where a rater has not answered."""

DRAWS = 2000
SEED = 20260
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval; None where it cannot be known, as alpha where every answer is the same."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one item. percent: 0..1 of pairs of ratings of a call that are equal. calls: rated twice or more."""

    alpha: Estimate
    ac1: Estimate
    percent: Estimate
    calls: int


def agreement(ratings: Table, level: Level = "nominal", *, draws: int = DRAWS, seed: int = SEED) -> Agreement:
    """Measure the agreement of raters; the intervals are percentiles of a bootstrap over calls.

    ratings: shape (raters, calls), NaN where missing; the numbers name answers, and for "interval" they are measures.
    Alpha after Krippendorff (2019), AC1 with missing ratings after Gwet (2014).
    """
    given = np.asarray(ratings, float)
    values = np.unique(given[~np.isnan(given)])
    counts = np.stack([(given == value).sum(axis=0) for value in values], axis=1) if values.size else np.zeros((0, 0))
    rated = counts[counts.sum(axis=1) >= 1] if values.size else counts
    twice = int((rated.sum(axis=1) >= 2).sum()) if values.size else 0
    if twice == 0:
        unknown = Estimate(None)
        return Agreement(unknown, unknown, unknown, 0)
    whole = np.ones((1, len(rated)))
    draw = np.random.default_rng(seed)
    again = draw.multinomial(len(rated), np.full(len(rated), 1 / len(rated)), size=draws).astype(float)
    return Agreement(
        alpha=_estimate(_alpha(rated, whole, values, level), _alpha(rated, again, values, level), twice),
        ac1=_estimate(_ac1(rated, whole), _ac1(rated, again), twice),
        percent=_estimate(_percent(rated, whole), _percent(rated, again), twice),
        calls=twice,
    )


def interval_of(values: Table) -> tuple[float, float] | None:
    """The middle 95 % of what a bootstrap gave; None where too few of its draws can be known."""
    known = values[np.isfinite(values)]
    if known.size < max(1, values.size // 2):
        return None
    low, high = np.quantile(known, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def _estimate(value: Table, drawn: Table, calls: int) -> Estimate:
    point = float(value[0]) if np.isfinite(value[0]) else None
    between = interval_of(drawn) if point is not None and calls > 1 else None
    return Estimate(point, *(between or (None, None)))


def _alpha(counts: Table, weights: Table, values: Table, level: Level) -> Table:
    """One alpha a row of weights; counts: shape (calls, answers), weights: (draws, calls)."""
    many = counts.sum(axis=1)
    pairable = np.where(many >= 2, 1 / np.maximum(many - 1, 1), 0.0)
    answers = len(values)
    together = counts[:, :, None] * counts[:, None, :] - np.eye(answers) * counts[:, :, None]
    seen = (weights @ (together * pairable[:, None, None]).reshape(len(counts), -1)).reshape(-1, answers, answers)
    each = seen.sum(axis=2)
    total = each.sum(axis=1)
    apart = _distance(each, values, level)
    expected = each[:, :, None] * each[:, None, :] - np.eye(answers) * each[:, :, None]
    observed_sum, expected_sum = (seen * apart).sum(axis=(1, 2)), (expected * apart).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(expected_sum > 0, 1 - (total - 1) * observed_sum / expected_sum, np.nan))


def _distance(each: Table, values: Table, level: Level) -> Table:
    """How far apart two answers are, squared; shape (1 or draws, answers, answers)."""
    if level == "nominal":
        return (1 - np.eye(len(values)))[None]
    if level == "interval":
        return ((values[:, None] - values[None, :]) ** 2)[None]
    below = np.cumsum(each, axis=1) - each / 2
    return np.asarray((below[:, :, None] - below[:, None, :]) ** 2)


def _ac1(counts: Table, weights: Table) -> Table:
    answers = counts.shape[1]
    if answers < 2:
        return np.ones(len(weights))  # every answer is the same, and no other was possible here
    share = counts / counts.sum(axis=1, keepdims=True)
    usual = (weights @ share) / weights.sum(axis=1, keepdims=True)
    chance = (usual * (1 - usual)).sum(axis=1) / (answers - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((_percent(counts, weights) - chance) / (1 - chance))


def _percent(counts: Table, weights: Table) -> Table:
    many = counts.sum(axis=1)
    twice = many >= 2
    equal = np.where(twice, (counts * (counts - 1)).sum(axis=1) / np.maximum(many * (many - 1), 1), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((weights @ equal) / (weights @ twice.astype(float)))
