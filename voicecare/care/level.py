"""Learns from "helped", "not needed" and "wrong": a small, bounded, reversible move of what raises this agent's cues.

A level is only a change of `Config`, which every session writes into its header: a replay of the session gives the same
cues, and `voicecare explain` says that the agent's own level applied.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from voicecare.config import SENSITIVITY_HIGH, Config

Answer: TypeAlias = Literal["helped", "not_needed", "wrong"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
Movable: TypeAlias = Literal["strain", "pace"]
MOVABLE: tuple[Movable, ...] = get_args(Movable)
"""What a level moves. That somebody was spoken over is a fact by a definition QA counts with, too: it stays."""
MOST_STEPS = 5
STRAIN_STEP = 0.02
HIGHEST_STRAIN = max(SENSITIVITY_HIGH.values())
"""Strain that raises a cue: a step is this much, and no level goes beyond the sensitivities' range ..."""
PACE_STEP, HIGHEST_PACE = 0.04, 1.45
"""... nor pace, which they do not move, by a larger share (.72 is 1.16 times .62, 1.45 times 1.25) ..."""
FRIENDLY_S = 20.0
"""... and beside friendly signs strain must stay for longer, at the last step for so much caller speech. On built calls
that takes most cues of merry callers away; angry and afraid ones with a friendly word are noticed by their words of
trouble, 3 to 4 s later (scripts/bench/care.py)."""
ENOUGH = 20
"""Answers about one kind of cue since its level last moved."""
MANY = 40
"""Answers for a level to come back; older ones than so many are about an agent of another month."""
WEEK_S = 7 * 86_400.0
"""One step, of one kind, in so long at most."""
AIM = 0.2
"""What the makers of voicecare aim at: no more than this share of cues "not needed" or "wrong". A level rises where
there are surely more, and comes back where there are no more."""
SURE_Z = 1.0
"""How sure: one standard error (84 %). A step is small, and the next week can take it back."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer about one cue, and when, in seconds since the epoch."""

    at_s: float
    about: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a level, with the answers that gave it; step: how many steps above usual, from then on."""

    about: Movable
    step: int
    at_s: float
    answers: int = 0
    unneeded: int = 0


def steps(moves: Sequence[Move]) -> dict[Movable, int]:
    """How many steps above usual each kind stands now."""
    now = dict.fromkeys(MOVABLE, 0)
    for move in moves:
        now[move.about] = move.step
    return now


def next_move(answers: Sequence[Answered], moves: Sequence[Move], now_s: float, usual: Config) -> Move | None:
    """The step that the answers ask for now, or None. `usual`: the settings without a level."""
    if moves and now_s - moves[-1].at_s < WEEK_S:
        return None
    for about in MOVABLE:
        since_s = max((move.at_s for move in moves if move.about == about), default=float("-inf"))
        latest = [a for a in answers if a.about == about and a.at_s > since_s][-MANY:]
        if len(latest) < ENOUGH:
            continue
        unneeded = sum(answer.answer != "helped" for answer in latest)
        step = steps(moves)[about]
        if _surely(unneeded, len(latest)) > AIM and step < MOST_STEPS and _moves(usual, about, step):
            return Move(about, step + 1, now_s, len(latest), unneeded)
        if len(latest) == MANY and unneeded <= AIM * MANY and step > 0:
            return Move(about, step - 1, now_s, len(latest), unneeded)
    return None


def with_level(config: Config, above: Mapping[Movable, int]) -> Config:
    """The settings with an agent's level in them, so many steps above usual.

    Strain: a cue asks for a higher level; and beside one friendly sign, or two, strain must stay for longer.
    """
    cues = config.cues
    strain, pace = (min(MOST_STEPS, max(0, above.get(about, 0))) for about in MOVABLE)

    def towards(usual_s: float) -> float:
        return round(usual_s + max(0.0, FRIENDLY_S - usual_s) * strain / MOST_STEPS, 2)

    moved = dataclasses.replace(
        cues,
        high=max(cues.high, min(HIGHEST_STRAIN, round(cues.high + strain * STRAIN_STEP, 3))),
        pleased_s=towards(cues.pleased_s),
        joyful_s=towards(cues.joyful_s),
        pace_ratio=max(cues.pace_ratio, min(HIGHEST_PACE, round(cues.pace_ratio + pace * PACE_STEP, 3))),
    )
    return dataclasses.replace(config, cues=moved)


def _moves(usual: Config, about: Movable, step: int) -> bool:
    """Whether one step more is any different: at low sensitivity strain is as high as it goes."""
    return with_level(usual, {about: step + 1}) != with_level(usual, {about: step})


def _surely(count: int, of: int) -> float:
    """The share that it is surely no less than (Wilson's lower bound)."""
    share, z2 = count / of, SURE_Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    return middle - SURE_Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
