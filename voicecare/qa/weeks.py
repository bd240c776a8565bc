"""Two weeks of calls side by side: figures of groups with the interval of their difference, none of a person.

All calls that were heard count, so nothing is sampled; what the interval tells is how far two such weeks differ by
chance. Where agents are known it draws agents, for calls of one agent are alike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from voicecare.errors import UsageError
from voicecare.qa.agreement import DRAWS, SEED, Estimate, Table, interval_of
from voicecare.qa.smallgroups import Member, shown
from voicecare.qa.store.records import Listed

Figures = Mapping[str, float | None]
Part = Callable[[Figures], tuple[float, float] | None]
"""What a call adds to the upper and to the lower sum of a figure; None where it is not known of the call."""


def _mean(name: str, factor: float = 1.0) -> Part:
    def part(figures: Figures) -> tuple[float, float] | None:
        value = figures.get(name)
        return None if value is None else (factor * value, 1.0)

    return part


def _share(upper: Callable[[Figures], float | None], lower: str) -> Part:
    def part(figures: Figures) -> tuple[float, float] | None:
        over, under = upper(figures), figures.get(lower)
        return None if over is None or under is None else (over, under)

    return part


def _answered(figures: Figures) -> float | None:
    rises, unanswered = figures.get("rises"), figures.get("rises_unanswered")
    return None if rises is None or unanswered is None else rises - unanswered


FIGURES: Mapping[str, Part] = {
    "interruptions": _mean("agent_interruptions"),
    "interruptions_caller": _mean("caller_interruptions"),
    "silence": _mean("silence_s"),
    "peak": _mean("strain_peak", 100.0),
    "rises": _mean("rises"),
    "acknowledged": _share(_answered, "rises"),
    "recovered": _share(lambda figures: figures.get("rises_recovered"), "rises"),
    "cues": _mean("cues_shown"),
    "heeded": _share(lambda figures: figures.get("cues_heeded"), "cues_shown"),
}
SHARES = ("acknowledged", "recovered", "heeded")
EVERYTHING = ""
"""The group of all queues."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of one group in two weeks; None where it is not known, or too few calls to be shown."""

    name: str
    first: float | None
    second: float | None
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Group:
    """A group in two weeks: how many calls, and its figures; counts are None where there are too few to show."""

    name: str
    calls: tuple[int | None, int | None]
    figures: tuple[Compared, ...]


def week_of(text: str) -> tuple[datetime, datetime]:
    """The start of an ISO week, such as "2026-W48", and of the next one, by this machine's clock.

    Raises:
        UsageError: it is none.
    """
    found = re.fullmatch(r"(\d{4})-W(\d{2})", text)
    try:
        start = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found is not None else date.max
        begins, ends = (datetime(d.year, d.month, d.day).astimezone() for d in (start, start + timedelta(days=7)))
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"week {text!r:.20}: must be a week, such as 2026-W48") from None
    return begins, ends


def named(at: datetime) -> str:
    """The ISO week of a moment, by this machine's clock: "2026-W48"."""
    year, week, _ = at.astimezone().isocalendar()
    return f"{year}-W{week:02}"


def compare(first: Sequence[Listed], second: Sequence[Listed]) -> list[Group]:
    """Compare two weeks, all queues first, then each one that may be shown."""
    weeks = [_by_queue(calls) for calls in (first, second)]
    allowed = [shown(_members(week)) for week in weeks]
    totals = [shown({EVERYTHING: _member(calls)}) for calls in (first, second)]
    groups = [_group(EVERYTHING, (first, second), (bool(totals[0]), bool(totals[1])))]
    for queue in sorted({*weeks[0], *weeks[1]}):
        may = (queue in allowed[0], queue in allowed[1])
        groups.append(_group(queue, (weeks[0].get(queue, []), weeks[1].get(queue, [])), may))
    return groups


def _group(name: str, weeks: tuple[Sequence[Listed], Sequence[Listed]], may: tuple[bool, bool]) -> Group:
    counts = tuple(len(calls) if allowed else None for calls, allowed in zip(weeks, may, strict=True))
    rows = []
    for figure, part in FIGURES.items():
        sides = [_Side(calls, part) if allowed else None for calls, allowed in zip(weeks, may, strict=True)]
        values = [None if side is None else side.value for side in sides]
        rows.append(Compared(figure, values[0], values[1], _difference(sides[0], sides[1])))
    return Group(name, (counts[0], counts[1]), tuple(rows))


class _Side:
    """One week's sums of one figure, by agent where all are known, else by call."""

    def __init__(self, calls: Sequence[Listed], part: Part) -> None:
        by_agent = all(listed.call.agent for listed in calls)
        sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for listed in calls:
            added = part(listed.figures)
            if added is not None:
                of = sums[str(listed.call.agent) if by_agent else str(listed.call.id)]
                of[0], of[1] = of[0] + added[0], of[1] + added[1]
        self._sums = np.array(list(sums.values())) if sums else np.zeros((0, 2))

    @property
    def value(self) -> float | None:
        upper, lower = self._sums.sum(axis=0) if len(self._sums) else (0.0, 0.0)
        return float(upper / lower) if lower > 0 else None

    def drawn(self, generator: np.random.Generator) -> Table:
        number = len(self._sums)
        again = generator.multinomial(number, np.full(number, 1 / number), size=DRAWS) @ self._sums
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(again[:, 0] / again[:, 1])


def _difference(first: _Side | None, second: _Side | None) -> Estimate:
    if first is None or second is None or first.value is None or second.value is None:
        return Estimate(None)
    generator = np.random.default_rng(SEED)
    between = interval_of(second.drawn(generator) - first.drawn(generator))
    return Estimate(second.value - first.value, *(between or (None, None)))


def _by_queue(calls: Iterable[Listed]) -> dict[str, list[Listed]]:
    found: dict[str, list[Listed]] = defaultdict(list)
    for listed in calls:
        found[listed.call.queue or "–"].append(listed)
    return dict(found)


def _members(groups: Mapping[str, Iterable[Listed]]) -> dict[str, list[Member]]:
    return {name: _member(calls) for name, calls in groups.items()}


def _member(calls: Iterable[Listed]) -> list[Member]:
    return [Member(str(listed.call.id), listed.call.agent) for listed in calls]
