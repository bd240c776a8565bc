"""Does it help? The agent's own weekly question; and for a site, what two groups tell, without a row of one agent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from voicecare.errors import UsageError

Item: TypeAlias = Literal["calm", "seen", "keep"]
"""The three items of the weekly question, each 1 to 5: I stayed calm when I wanted to; the good in my calls was seen; I
would keep voicecare on."""
ITEMS: tuple[Item, ...] = get_args(Item)
WEEK_S = 7 * 86_400.0
LEAST_GROUP = 10
"""A group of fewer agents has no mean that is not nearly one agent's answer."""
_Z_SURE, _Z_POWER = 1.959964, 0.841621
"""95 % sure, 80 % power: what most trials ask for."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of a group of agents: how many, their mean and their standard deviation. Never one agent's row."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A's mean less B's with its 95 % interval (Welch), and the same in standard deviations (Hedges' g)."""

    difference: float
    least: float
    most: float
    g: float


def is_due(last_s: float | None, now_s: float) -> bool:
    """Whether the weekly question may be asked: a week after it was last."""
    return last_s is None or now_s - last_s >= WEEK_S


def needed(d: float) -> int:
    """How many agents each group needs for an effect of `d` standard deviations to be found (80 % power).

    >>> needed(0.5)
    63

    Raises:
        UsageError: no effect needs no end of agents.
    """
    if not 0.05 <= abs(d) <= 3.0:
        raise UsageError(f"an effect of {d:g} standard deviations: choose .05 to 3; breaks gave about .35")
    return math.ceil(2 * ((_Z_SURE + _Z_POWER) / d) ** 2)


def effect(a: Group, b: Group) -> Effect:
    """Compare two groups.

    Raises:
        UsageError: a group is too small, or its numbers are none.
    """
    for name, group in (("A", a), ("B", b)):
        if group.n < LEAST_GROUP:
            raise UsageError(f"group {name} has {group.n} agents; {LEAST_GROUP} are the least that say something")
        if not (group.sd > 0 and math.isfinite(group.sd) and math.isfinite(group.mean)):
            raise UsageError(f"group {name}: a standard deviation above 0 and a mean are needed")
    va, vb = a.sd**2 / a.n, b.sd**2 / b.n
    difference, error = a.mean - b.mean, math.sqrt(va + vb)
    degrees = (va + vb) ** 2 / (va**2 / (a.n - 1) + vb**2 / (b.n - 1))
    half = _t(degrees) * error
    pooled = math.sqrt(((a.n - 1) * a.sd**2 + (b.n - 1) * b.sd**2) / (a.n + b.n - 2))
    g = difference / pooled * (1 - 3 / (4 * (a.n + b.n) - 9))
    return Effect(round(difference, 3), round(difference - half, 3), round(difference + half, 3), round(g, 3))


def _t(degrees: float) -> float:
    """The 97.5 % point of Student's t (Cornish and Fisher's expansion; within .001 from 9 degrees on)."""
    z, v = _Z_SURE, degrees
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )
