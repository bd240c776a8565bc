"""95 % intervals of counts and shares."""

from __future__ import annotations

import numpy as np

CONFIDENCE = 0.95


def poisson_interval(count: int) -> tuple[float, float]:
    """The exact 95 % interval of a Poisson mean, from one count (Garwood 1936)."""
    from scipy.stats import chi2

    tail = (1 - CONFIDENCE) / 2
    return float(chi2.ppf(tail, 2 * count) / 2) if count else 0.0, float(chi2.ppf(1 - tail, 2 * count + 2) / 2)


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); 0 to 1 where nothing was tried."""
    if not count:
        return 0.0, 1.0
    z2 = 1.959964**2
    middle = (hits + z2 / 2) / (count + z2)
    half = np.sqrt(z2 * (hits * (count - hits) / count + z2 / 4)) / (count + z2)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
