"""How far raters agree, item by item of a form; and what calls of a random sample score. Never a row of a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voicecare.qa.agreement import Agreement, Estimate, Level, agreement
from voicecare.qa.sampling import Drawn, mean
from voicecare.qa.scorecard import Form, Question
from voicecare.qa.smallgroups import LEAST
from voicecare.qa.store.records import Scorecard


@dataclass(frozen=True, slots=True)
class Item:
    """A question, and how far those who answered it for the same calls agree."""

    question: Question
    agreement: Agreement


def items(form: Form, cards: Sequence[Scorecard]) -> list[Item]:
    """Measure every item that was answered twice or more of some call; text is not measured."""
    found = []
    raters = sorted({card.rater for card in cards})
    calls = sorted({card.call for card in cards})
    for question in form.questions:
        if question.type == "TEXT":
            continue
        table = np.full((len(raters), len(calls)), np.nan)
        codes: dict[str, float] = {}
        for card in cards:
            answer = card.answers.get(question.ref)
            value = None if answer is None else _code(question, answer["value"], codes)
            if value is not None:
                table[raters.index(card.rater), calls.index(card.call)] = value
        level: Level = "interval" if question.type == "NUMERIC" else "nominal"
        measured = agreement(table, level)
        if measured.calls:
            found.append(Item(question, measured))
    return found


def rated_once(cards: Iterable[Scorecard], rater: str) -> list[int]:
    """Calls that one other person has rated, and this one has not: for a blind second rating."""
    by_call: dict[int, set[str]] = defaultdict(set)
    for card in cards:
        by_call[card.call].add(card.rater)
    return sorted(call for call, raters in by_call.items() if len(raters) == 1 and rater not in raters)


def mean_score(drawn: Iterable[Drawn], cards: Iterable[Scorecard]) -> tuple[Estimate, int]:
    """The weighted mean score of the calls of random samples, and of how many; nothing of fewer than five."""
    scores: Mapping[str, list[float]] = defaultdict(list)
    for card in cards:
        if card.score is not None and card.finished:
            scores[str(card.call)].append(card.score)
    values = [(one, float(np.mean(scores[one.call]))) for one in drawn if one.call in scores]
    return (mean(values) if len(values) >= LEAST else Estimate(None)), len(values)


def _code(question: Question, value: object, codes: dict[str, float]) -> float | None:
    """An answer as a number: what does not apply is an answer of its own, but no measure."""
    if question.type == "NUMERIC":
        return float(value) if isinstance(value, int | float) else None
    return codes.setdefault(repr(value), float(len(codes)))
