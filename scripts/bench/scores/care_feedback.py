"""Agents whose answers teach care a level: what a year of weeks does to their false and their true cues.

The cues are those that were heard at each level (`care_calls`): of callers who were angry or afraid, and of merry ones.
An animated-caller agent has as many merry callers as worked-up ones; a usual agent has few.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from scripts.bench.scores.care_calls import HeardCall
from scripts.bench.scores.care_figures import Figure, least, most
from scripts.bench.scores.cues import GRACE_S
from voicecare.care.level import MANY, MOST_STEPS, Answered, Move, next_move, steps
from voicecare.config import Config

WEEK_S = 7 * 86_400.0
CALLS_A_WEEK = 200
ANSWERED = 0.5
"""The share of cues that are answered, and of answers that are mistaken."""
MISTAKEN = 0.05
Mix = Mapping[str, float]
ANIMATED: Mix = {"heated": 0.04, "fearful": 0.02, "elated": 0.2, "joyful": 0.2, "calm": 0.54}
USUAL: Mix = {"heated": 0.06, "fearful": 0.02, "elated": 0.005, "joyful": 0.015, "calm": 0.9}


@dataclass(frozen=True, slots=True)
class Rates:
    """Cues a call of each kind gives at one level: true ones (the caller noticed, 0..1) and false ones."""

    true: dict[str, float]
    false: dict[str, float]


@dataclass(frozen=True, slots=True)
class Year:
    """What became of one agent: the step at each week's end, and expected cues a week at the first and last level."""

    levels: tuple[int, ...]
    false_before: float
    false_after: float
    true_before: float
    true_after: float


def rates(calls: list[HeardCall]) -> list[Rates]:
    """Measure true and false cues a call at each step of a level."""
    measured = []
    for step in range(MOST_STEPS + 1):
        true: dict[str, list[float]] = {}
        false: dict[str, list[float]] = {}
        for call in calls:
            spans = [(a, b + 2 * GRACE_S) for a, b in call.aroused]
            at_s = call.cues_s[step]
            right = [t for t in at_s if any(a <= t <= b for a, b in spans)]
            true.setdefault(call.kind, []).append(float(bool(right)) if spans else 0.0)
            false.setdefault(call.kind, []).append(float(len(at_s) - len(right)))
        measured.append(Rates(_means(true), _means(false)))
    return measured


def _means(of: dict[str, list[float]]) -> dict[str, float]:
    return {kind: sum(values) / len(values) for kind, values in of.items()}


def year(measured: list[Rates], mix: Mix, weeks: int, seed: int, then: Mix | None = None) -> Year:
    """Let an agent answer for so many weeks; `then`: the callers of the second half."""
    rng, usual = random.Random(seed), Config()
    answers: list[Answered] = []
    moves: list[Move] = []
    levels = []
    for week in range(weeks):
        callers = then if then is not None and week >= weeks // 2 else mix
        level = steps(moves)["strain"]
        for number in range(CALLS_A_WEEK):
            now_s = week * WEEK_S + number * WEEK_S / CALLS_A_WEEK
            kind = rng.choices(list(callers), list(callers.values()))[0]
            told = len(answers)
            for helped in _cues(measured[level], kind, rng):
                if rng.random() < ANSWERED:
                    said = helped != (rng.random() < MISTAKEN)
                    answers.append(Answered(now_s, "strain", "helped" if said else rng.choice(("not_needed", "wrong"))))
            move = next_move(answers[-4 * MANY :], moves, now_s, usual) if len(answers) > told else None
            if move is not None:
                moves.append(move)
                level = steps(moves)["strain"]
        levels.append(level)
    first, last = measured[0], measured[levels[-1]]
    return Year(
        tuple(levels),
        _expected(first.false, mix),
        _expected(last.false, mix),
        _expected(first.true, mix),
        _expected(last.true, mix),
    )


def most_steps_a_week(levels: tuple[int, ...]) -> int:
    """The most steps from one week's end to the next."""
    return max((abs(after - before) for before, after in pairwise(levels)), default=0)


def _cues(at: Rates, kind: str, rng: random.Random) -> list[bool]:
    """The cues of one call: True where one was right."""
    found = [True] if rng.random() < at.true[kind] else []
    share = at.false[kind]
    return found + [False for _ in range(int(share) + (rng.random() < share % 1))]


def _expected(of: dict[str, float], mix: Mix) -> float:
    return CALLS_A_WEEK * sum(share * of[kind] for kind, share in mix.items())


def figures(calls: list[HeardCall], seed: int, agents: int = 100, weeks: int = 40) -> Iterator[Figure]:
    """What a level takes away from an animated-caller agent, leaves to a usual one, and gives back."""
    measured = rates(calls)
    animated = [year(measured, ANIMATED, weeks, seed + n) for n in range(agents)]
    usual = [year(measured, USUAL, weeks, seed + n) for n in range(agents)]
    changed = [year(measured, ANIMATED, 2 * weeks, seed + n, USUAL) for n in range(agents)]
    fewer = 1 - _sum(animated, "false_after") / _sum(animated, "false_before")
    a_week = f" ({_sum(animated, 'false_before') / agents:.1f} to {_sum(animated, 'false_after') / agents:.1f} a week)"
    yield least("C9", f"false cues less, an animated-caller agent after {weeks} weeks", 0.4, fewer, a_week)
    lost = 1 - _sum(animated, "true_after") / _sum(animated, "true_before")
    yield most("C9", "true cues less, the same agent", 0.05, lost)
    yield most(
        "C9", "steps a week, the most", 1, max(most_steps_a_week(one.levels) for one in animated + usual + changed)
    )
    last = sum(one.levels[-1] for one in animated) / agents
    yield Figure("C9", "steps above usual at the end, an animated-caller agent", "-", f"{last:.2f}", None)
    kept = sum(one.levels[-1] for one in usual) / agents
    yield Figure("C9", "the same, a usual agent", "-", f"{kept:.2f}", None)
    before = sum(one.levels[weeks - 1] for one in changed) / agents
    after = sum(one.levels[-1] for one in changed) / agents
    yield Figure(
        "C9",
        f"steps when an animated-caller agent gets usual callers, after {weeks} weeks more",
        f"< {before:.2f}",
        f"{after:.2f}",
        after < before,
    )
    for step, at in enumerate(measured):
        true = ", ".join(f"{kind} {at.true[kind]:.2f}" for kind in ("heated", "fearful"))
        false = ", ".join(f"{kind} {at.false[kind]:.2f}" for kind in at.false)
        yield Figure("C9", f"step {step}: true cues a call: {true}; false", "-", false, None)


def _sum(years: list[Year], name: str) -> float:
    return float(sum(getattr(one, name) for one in years))
