"""A random sample that stands for all calls, and what a figure of it means: strata, chances, weights.

Within each stratum (part of the day, language, band of strain) calls are drawn without replacement; the chance each had
is kept with it. A figure weighs each call by one over its chance (Horvitz and Thompson 1952), so drawing more of the
rare strata does not tilt it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from voicecare.config import Config
from voicecare.qa.agreement import DRAWS, SEED, Estimate, Table, interval_of

LEAST_OF_STRATUM = 2
"""Fewer drawn than this and a stratum tells nothing of its own scatter."""
DAY_PARTS = ((6, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))
_LEVELS = Config().cues
BANDS = ((_LEVELS.low, "low"), (_LEVELS.high, "raised"))
"""Peaks of strain, by the levels at which it counts as eased and as high; above them it is "high"."""


@dataclass(frozen=True, slots=True, order=True)
class Stratum:
    """What calls are drawn within; "" where it is not known."""

    day_part: str
    language: str
    band: str

    @property
    def text(self) -> str:
        """Its parts in one line, for the record."""
        return "/".join((self.day_part or "-", self.language or "-", self.band or "-"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A call of a sample: its stratum and the chance it had to be drawn, above 0 to 1."""

    call: str
    stratum: str
    chance: float

    @property
    def weight(self) -> float:
        """How many calls it stands for."""
        return 1 / self.chance


def stratum(started: datetime | None, language: str | None, peak: float | None) -> Stratum:
    """Say which stratum a call belongs to; `peak` is its highest strain, 0..1."""
    part = "" if started is None else next(name for until, name in DAY_PARTS if started.hour < until)
    band = "" if peak is None else next((name for until, name in BANDS if peak < until), "high")
    return Stratum(part, language or "", band)


def draw(calls: Iterable[tuple[str, Stratum]], size: int, seed: int) -> list[Drawn]:
    """Draw a stratified random sample of about `size` calls, the same for the same calls and seed.

    Each stratum gives its share, but at least two; where there are no more than that, all of it.
    """
    strata: dict[Stratum, list[str]] = defaultdict(list)
    for call, where in calls:
        strata[where].append(call)
    total = sum(map(len, strata.values()))
    chosen: list[Drawn] = []
    generator = random.Random(seed)  # noqa: S311 - a sample that can be drawn again, not a secret
    for where in sorted(strata):
        members = sorted(strata[where])
        share = max(LEAST_OF_STRATUM, round(size * len(members) / total))
        number = min(len(members), share)
        chosen += [Drawn(call, where.text, number / len(members)) for call in generator.sample(members, number)]
    generator.shuffle(chosen)
    return chosen


def mean(values: Sequence[tuple[Drawn, float]], *, draws: int = DRAWS, seed: int = SEED) -> Estimate:
    """The weighted mean over the calls of a sample, with a bootstrap interval that draws again within each stratum."""
    return ratio([(drawn, value, 1.0) for drawn, value in values], draws=draws, seed=seed)


def ratio(parts: Sequence[tuple[Drawn, float, float]], *, draws: int = DRAWS, seed: int = SEED) -> Estimate:
    """A weighted sum over another, as hits over tries, with its interval; None where nothing was tried.

    parts: a call, its share of the upper sum and of the lower.
    """
    if not parts:
        return Estimate(None)
    weight = np.array([drawn.weight for drawn, _, _ in parts])
    upper = weight * np.array([value for _, value, _ in parts])
    lower = weight * np.array([value for _, _, value in parts])
    if lower.sum() <= 0:
        return Estimate(None)
    again = resampled([drawn.stratum for drawn, _, _ in parts], draws, seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = interval_of((again @ upper) / (again @ lower)) if len(parts) > 1 else None
    return Estimate(float(upper.sum() / lower.sum()), *(between or (None, None)))


def resampled(strata: Sequence[str], draws: int, seed: int) -> Table:
    """How often each call is drawn again, shape (draws, calls), as many of each stratum as there are."""
    generator = np.random.default_rng(seed)
    counts = np.zeros((draws, len(strata)))
    names = np.array(strata)
    for name in sorted(set(strata)):
        (places,) = np.nonzero(names == name)
        counts[:, places] = generator.multinomial(places.size, np.full(places.size, 1 / places.size), size=draws)
    return counts


def margin(size: int, share: float = 0.5) -> float:
    """How far off a share found in a sample of this size may be, 95 %: said before any result is.

    >>> round(margin(100), 3)
    0.098
    """
    return 1.96 * float((share * (1 - share) / size) ** 0.5) if size else 1.0
