"""This caller's own calm voice and how lively it is, learned from the call as it goes and forgotten with it."""

from __future__ import annotations

import math

from voicecare.config import StrainConfig

REACH = 2.5
"""A score further from the baseline than this many wanders counts as that far: the first moments of a heated stretch,
heard before strain is known to be up, must not lift the baseline."""
LIVELINESS_REACH = 3.0
"""The same for liveliness, in units of what is usual."""
LIVELINESS_MEMORY_S = 60.0
SETTLING_S = 4.0
"""While the baseline is younger than this, distances from it say nothing about liveliness."""


class Baseline:
    """Running mean of one score over the caller's calm speech, leaning on the population until enough is heard.

    The first `baseline_s` of speech count whole; later speech only where it is calm, with a memory of
    `baseline_memory_s`, so a slow drift of line or voice is followed and a heated stretch is not. A caller who starts
    heated would hide in their own baseline: it is never placed more than `heated_start_sd` deviations above the
    population, and calm speech later in the call brings it down.

    population, population_sd: the score of calm speech over speakers. wander: how far it strays within one speaker.
    """

    def __init__(self, config: StrainConfig, population: float, population_sd: float, wander: float) -> None:
        self._config = config
        self._population = population
        self._population_wander = wander
        self._highest = population + config.heated_start_sd * population_sd
        self._mean = population
        self._heard_s = 0.0

    @property
    def score(self) -> float:
        """The score of this caller's calm voice."""
        prior_s = self._config.population_s
        own = (self._mean * self._heard_s + self._population * prior_s) / (self._heard_s + prior_s)
        return min(own, self._highest)

    @property
    def is_capped(self) -> bool:
        """The caller's own start lies so high that the population stands in for it."""
        return self._heard_s > 0.0 and self._mean > self._highest

    @property
    def share(self) -> float:
        """How much of the speech a baseline needs has been heard, 0..1."""
        return min(1.0, self._heard_s / self._config.baseline_s)

    def hear(self, score: float, length_s: float, *, calm: bool) -> None:
        """Take the score of `length_s` more of speech; `calm`: strain was low while it was said."""
        if self._heard_s >= self._config.baseline_s and not calm:
            return
        residual = score - self._mean
        if self._heard_s >= self._config.baseline_s / 2:
            reach = REACH * self._population_wander
            residual = min(max(residual, -reach), reach)
        self._heard_s = min(self._heard_s + length_s, self._config.baseline_memory_s)
        self._mean += residual * min(1.0, length_s / self._heard_s)


class Liveliness:
    """How far this caller's calm speech strays from its baseline, leaning on what is usual until enough is heard.

    Measured after smoothing, on what strain is judged by: speech that changes from utterance to utterance moves a
    smoothed score far more than speech that changes from word to word, though single moments of both stray alike.
    Recorded telephone callers stray twice as far as calm actors.

    usual: the standard deviation over the smoothed scores of a calm caller; it weighs `liveliness_s` of speech.
    """

    def __init__(self, config: StrainConfig, usual: float) -> None:
        self._config = config
        self._usual = usual
        self._variance = 0.0
        self._heard_s = 0.0
        self._counted_s = 0.0

    @property
    def deviation(self) -> float:
        """The standard deviation of this caller's calm speech, in units of score."""
        prior_s = self._config.liveliness_s
        own, usual = self._variance * self._counted_s, self._usual**2 * prior_s
        return math.sqrt((own + usual) / (self._counted_s + prior_s))

    def hear(self, distance: float, length_s: float, *, calm: bool) -> None:
        """Take how far the last `length_s` of speech lie from the baseline; `calm`: strain was low before them."""
        self._heard_s += length_s
        if self._heard_s < SETTLING_S or (self._heard_s > self._config.baseline_s and not calm):
            return
        reach = LIVELINESS_REACH * self._usual
        self._counted_s = min(self._counted_s + length_s, LIVELINESS_MEMORY_S)
        squared = min(abs(distance), reach) ** 2
        self._variance += (squared - self._variance) * min(1.0, length_s / self._counted_s)
