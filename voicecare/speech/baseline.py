"""This caller's own calm voice, learned from the call as it goes and forgotten with it."""

from __future__ import annotations

import math

from voicecare.config import StrainConfig

REACH = 2.5
"""A score further from the baseline than this many wanders counts as that far: the first moments of a heated stretch,
heard before strain is known to be up, must neither lift the baseline nor pass for liveliness."""


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
        self._variance = 0.0
        self._varied_s = 0.0

    @property
    def score(self) -> float:
        """The score of this caller's calm voice."""
        prior_s = self._config.population_s
        own = (self._mean * self._heard_s + self._population * prior_s) / (self._heard_s + prior_s)
        return min(own, self._highest)

    @property
    def wander(self) -> float:
        """How far this caller's calm speech strays from the baseline, as a standard deviation; lively callers more."""
        prior_s = self._config.wander_s
        own, population = self._variance * self._varied_s, self._population_wander**2 * prior_s
        return math.sqrt((own + population) / (self._varied_s + prior_s))

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
            self._varied_s = min(self._varied_s + length_s, self._config.baseline_memory_s)
            self._variance += (residual**2 - self._variance) * min(1.0, length_s / self._varied_s)
        self._heard_s = min(self._heard_s + length_s, self._config.baseline_memory_s)
        self._mean += residual * min(1.0, length_s / self._heard_s)
