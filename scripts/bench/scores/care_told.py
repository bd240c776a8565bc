"""What care tells of callers, against the truth: thanks over labelled lines, recoveries over built calls."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

from scripts.bench.corpora.thanks_set import Line, lines
from scripts.bench.measures.intervals import wilson_interval
from scripts.bench.scores.care_calls import HeardCall
from scripts.bench.scores.care_figures import Figure, least
from scripts.bench.scores.care_shifts import as_seen
from voicecare.care.recovery import STAY_S, recovery
from voicecare.care.thanks import is_thanks
from voicecare.config import Config

JOYFUL = 1 / 3
"""How many callers who say true thanks are merry: their voice rises as an angry one's does."""
SOON_S = 10.0


def thanks(data: Path, calls: list[HeardCall], seed: int) -> Iterator[Figure]:
    """Precision and recall of thanks; by words alone, and with the strain at which such callers were heard."""
    every = lines(data)
    kinds = {kind: sum(line.kind == kind for line in every) for kind in ("thanks", "polite", "sarcasm", "other")}
    told = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    yield Figure(
        "C5", "labelled lines, English and Traditional Chinese", ">= 500", f"{len(every)} ({told})", len(every) >= 500
    )
    rng = random.Random(seed)
    up = {line: _is_up(line, calls, rng) for line in every}
    for language in ("en and zh-Hant", "en", "zh-Hant"):
        held = [line for line in every if line.language in language.split() and not line.chosen]
        yield from _scored(f"{language}, held lines, by words alone", held, dict.fromkeys(held, False))
        yield from _scored(f"{language}, held lines, with the strain of such callers", held, up)


def recoveries(calls: list[HeardCall]) -> Iterator[Figure]:
    """F1 of recoveries: each heated call whole, ended within the heat, and ended shortly after; the others whole."""
    cases = list(_cases(calls))
    merry = ("elated",)
    yield _f1("callers angry, afraid, calm, or merry now and then", [case for case in cases if case[0] not in merry])
    yield _f1("with as many who are merry for half a minute and more", cases)


def _scored(name: str, held: list[Line], up: dict[Line, bool]) -> Iterator[Figure]:
    found = {line: is_thanks(line.text, line.language, strain_up=up[line]) for line in held}
    right = sum(found[line] for line in held if line.kind == "thanks")
    told, wanted = sum(found.values()), sum(line.kind == "thanks" for line in held)
    for score, of, want in (("precision", told, 0.95), ("recall", wanted, 0.6)):
        low, high = wilson_interval(right, of)
        what = f"thanks, {name} ({len(held)}): {score}"
        figure = least("C5", what, want, right / max(1, of), f" ({low:.2f} to {high:.2f})")
        yield figure if " and " in name else dataclasses.replace(figure, want="-", met=None)


def _is_up(line: Line, calls: list[HeardCall], rng: random.Random) -> bool:
    """Whether strain was up, drawn from what was heard of callers who would say such a line."""
    inside = line.kind == "sarcasm"
    kinds: tuple[str, ...] = ("heated",) if inside else ("calm",)
    if line.kind == "thanks" and rng.random() < JOYFUL:
        kinds = ("elated", "joyful")
    call = rng.choice([one for one in calls if one.kind in kinds])
    start_s, end_s = call.aroused[-1] if inside else (0.0, call.length_s)
    values = [value for at_s, value in call.strain if start_s + SOON_S <= at_s <= end_s]
    return bool(values) and rng.choice(values) > Config().cues.low


def _cases(calls: list[HeardCall]) -> Iterator[tuple[str, bool, bool]]:
    """Kind, truth, and what was told."""
    for call in calls:
        ends = [(call.length_s, bool(call.aroused) and call.length_s - call.aroused[-1][1] >= STAY_S)]
        if call.aroused:
            start_s, end_s = call.aroused[-1]
            ends += [((start_s + end_s) / 2, False), (end_s + SOON_S, False)]
        for end_s, truth in ends:
            yield call.kind, truth, recovery(as_seen(call, end_s)) is not None


def _f1(name: str, cases: list[tuple[str, bool, bool]]) -> Figure:
    right = sum(truth and told for _, truth, told in cases)
    missed = sum(truth and not told for _, truth, told in cases)
    false = sum(told and not truth for _, truth, told in cases)
    f1 = 2 * right / max(1, 2 * right + missed + false)
    return least(
        "C6", f"recoveries, {name} ({len(cases)}): F1", 0.9, f1, f" (right {right}, missed {missed}, false {false})"
    )
