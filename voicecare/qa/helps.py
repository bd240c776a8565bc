"""Does it help? An outcome of calls with cues shown beside that of calls in shadow mode: how far they differ.

How many calls it takes to see a difference that matters is said before any result. Where agents are known the interval
draws agents, not calls, for calls of one agent are alike; no agent has a row. Groups are as they were set up: unless
chance put agents into them, the difference may be theirs and not voicecare's.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from voicecare.errors import InputError, UsageError
from voicecare.qa.agreement import DRAWS, SEED, Estimate, Table, interval_of
from voicecare.qa.smallgroups import Member, large_enough

Group: TypeAlias = Literal["shown", "shadow"]
GROUPS: tuple[Group, Group] = ("shadow", "shown")
OUTCOMES = ("csat", "nps", "retained")
POWER = 0.8
_Z = 1.96 + 0.8416
"""Two-sided 5 % and a power of 80 %."""
MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call: a number such as CSAT 1 to 5, NPS 0 to 10, or 1 and 0 for stayed and left."""

    call: str
    agent: str | None
    group: Group
    value: float


@dataclass(frozen=True, slots=True)
class Need:
    """How many calls a group it takes, None where it is not known yet.

    spread: standard deviation of the outcome over both groups. design: how many times more it takes for agents'
    likeness, 1 and above; it is in `calls` already.
    """

    difference: float
    spread: float | None
    design: float
    calls: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The result. sizes: calls a group; means and difference are None where a group is too small to be shown."""

    need: Need
    sizes: Mapping[Group, int]
    means: Mapping[Group, float] | None
    difference: Estimate
    by_agent: bool

    @property
    def enough(self) -> bool:
        """Whether both groups have the number of calls that was said to be needed."""
        return self.need.calls is not None and min(self.sizes.values()) >= self.need.calls


def read_outcomes(text: str, outcome: str) -> dict[str, float]:
    """Read a CSV of outcomes: a column `call` and one named as the outcome; empty cells are left out.

    Raises:
        InputError: a column is missing, or a cell is no number.
    """
    if outcome not in OUTCOMES:
        raise UsageError(f"{outcome!r:.40} is no outcome; choose {', '.join(OUTCOMES)}")
    rows = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    for wanted in ("call", outcome):
        if wanted not in names:
            raise InputError(f'the file has no column "{wanted}"; its first line must name call and {outcome}')
    found: dict[str, float] = {}
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS:
            raise InputError(f"the file has more than {MOST_ROWS:,} lines")
        cell = (row[names[outcome]] or "").strip()
        if not cell:
            continue
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise InputError(f"line {number}: {cell[:20]!r} is no number; leave the cell empty where there is none")
        found[(row[names["call"]] or "").strip()] = value
    return found


def need(outcomes: Sequence[Outcome], difference: float) -> Need:
    """Say how many calls a group it takes to see this difference; the groups are not told apart for it.

    Raises:
        UsageError: the difference is not above 0.
    """
    if not (math.isfinite(difference) and difference > 0):
        raise UsageError("the smallest difference that matters must be above 0")
    values = np.array([each.value for each in outcomes])
    if values.size < 2 or float(values.std(ddof=1)) == 0.0:
        return Need(difference, None, 1.0, None)
    spread = float(values.std(ddof=1))
    design = _design(outcomes)
    return Need(difference, spread, design, math.ceil(2 * (_Z * spread / difference) ** 2 * design))


def effect(outcomes: Sequence[Outcome], difference: float, *, draws: int = DRAWS, seed: int = SEED) -> Effect:
    """Compare the groups; nothing of a group under five calls, or five agents where they are known, is told."""
    wanted = need(outcomes, difference)
    parts = {group: [each for each in outcomes if each.group == group] for group in GROUPS}
    sizes = {group: len(members) for group, members in parts.items()}
    by_agent = bool(outcomes) and all(each.agent for each in outcomes)
    may = all(large_enough(Member(each.call, each.agent) for each in members) for members in parts.values())
    if not may:
        return Effect(wanted, sizes, None, Estimate(None), by_agent)
    generator = np.random.default_rng(seed)
    means = {group: float(np.mean([each.value for each in members])) for group, members in parts.items()}
    drawn = {group: _means(members, draws, generator, by_agent=by_agent) for group, members in parts.items()}
    between = interval_of(drawn["shown"] - drawn["shadow"])
    return Effect(
        wanted, sizes, means, Estimate(means["shown"] - means["shadow"], *(between or (None, None))), by_agent
    )


def _means(members: Sequence[Outcome], draws: int, generator: np.random.Generator, *, by_agent: bool) -> Table:
    clusters: dict[str, list[float]] = defaultdict(list)
    for each in members:
        clusters[each.agent if by_agent and each.agent else each.call].append(each.value)
    sums = np.array([sum(values) for values in clusters.values()])
    sizes = np.array([len(values) for values in clusters.values()], float)
    again = generator.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=draws)
    return np.asarray((again @ sums) / (again @ sizes))


def _design(outcomes: Sequence[Outcome]) -> float:
    """How many times more calls are needed because calls of one agent are alike (1 + (m - 1) ρ, Kish 1965)."""
    clusters: dict[str, list[float]] = defaultdict(list)
    for each in outcomes:
        if not each.agent:
            return 1.0
        clusters[each.agent].append(each.value)
    sizes = [len(values) for values in clusters.values()]
    many, number = sum(sizes), len(sizes)
    if number < 2 or many <= number:
        return 1.0
    mean = sum(map(sum, clusters.values())) / many
    between = sum(len(v) * (np.mean(v) - mean) ** 2 for v in clusters.values()) / (number - 1)
    within = sum(float(((np.array(v) - np.mean(v)) ** 2).sum()) for v in clusters.values()) / (many - number)
    usual = (many - sum(size * size for size in sizes) / many) / (number - 1)
    spread = between + (usual - 1) * within
    alike = min(1.0, max(0.0, float((between - within) / spread))) if spread > 0 else 0.0
    return 1 + (many / number - 1) * alike
