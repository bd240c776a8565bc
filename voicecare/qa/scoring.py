"""What a filled scorecard comes to, and which of its answers voicecare gives by itself.

Each answer says whose it is. What does not apply is taken out, and the weights of the rest stand for the whole; an
answer that fails sets its section, or all, to zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from voicecare.errors import UsageError
from voicecare.qa.categories import categories
from voicecare.qa.scorecard import MOST_TEXT, Automation, Form, Option, Question

Source: TypeAlias = Literal["voicecare", "person"]
Answers: TypeAlias = Mapping[str, Mapping[str, Any]]
"""RefId to {"value", "source", "comment"}; value None: does not apply. A question that is not there is not answered."""
ScoreSource: TypeAlias = Literal["SYSTEM_GENERATED_ONLY", "INCLUDES_MANUAL_EDITS"]


@dataclass(frozen=True, slots=True)
class Score:
    """percent: 0..100 of what could be reached, None where nothing counts. sections: the same by RefId."""

    percent: float | None
    sections: Mapping[str, float | None]
    failed: bool


def checked(form: Form, answers: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - JSON from outside
    """See that answers fit their questions; what was left empty is left out.

    Raises:
        UsageError: one does not.
    """
    if not isinstance(answers, Mapping):
        raise UsageError("answers: must be an object of RefIds")
    known = {question.ref: question for question in form.questions}
    found: dict[str, dict[str, Any]] = {}
    for ref, given in answers.items():
        if ref not in known or not isinstance(given, Mapping):
            raise UsageError(f"the form has no question {ref!r:.60}")
        value, comment = _value(known[ref], given.get("value")), given.get("comment", "")
        if not isinstance(comment, str) or len(comment) > MOST_TEXT:
            raise UsageError(f"the comment on {ref}: must be a text of at most {MOST_TEXT} characters")
        source = "voicecare" if given.get("source") == "voicecare" else "person"
        found[ref] = {"value": value, "source": source, "comment": comment}
    return found


def by_voicecare(form: Form, document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers voicecare gives by itself, from a call's document; nothing where it does not know."""
    there = categories(document)
    found: dict[str, dict[str, Any]] = {}
    for question in form.questions:
        if question.automation is None:
            continue
        value = _automatic(question.automation, there, document)
        if value is not None:
            found[question.ref] = {"value": value, "source": "voicecare", "comment": ""}
    return found


def merged(automatic: Answers, given: Answers) -> dict[str, dict[str, Any]]:
    """What a person left as voicecare had it stays voicecare's; every other answer is the person's."""
    return {
        ref: {
            **answer,
            "source": "voicecare" if ref in automatic and automatic[ref]["value"] == answer["value"] else "person",
        }
        for ref, answer in given.items()
    }


def source_of(answers: Answers) -> ScoreSource:
    """Whether a person answered anything, in the words of Google's quality scores."""
    only = all(answer["source"] == "voicecare" for answer in answers.values())
    return "SYSTEM_GENERATED_ONLY" if only else "INCLUDES_MANUAL_EDITS"


def score(form: Form, answers: Answers) -> Score:
    """Add a scorecard up."""
    if form.mode is None:
        return Score(None, {}, failed=False)
    chosen = {question.ref: _chosen(question, answers.get(question.ref)) for question in form.questions}
    failing = [option for options in chosen.values() for option in options if option.fails]
    failed_sections = {option.fails_section for option in failing if option.fails_section}
    failed = any(option.fails_section is None for option in failing)
    sections: dict[str, float | None] = {}
    for section in form.sections:
        reached = list(_reached(section.questions, answers, chosen))
        weights = [question.weight if form.mode == "QUESTION_ONLY" else 1.0 for question, _ in reached]
        percent = _weighted([share for _, share in reached], weights)
        sections[section.ref] = 0.0 if section.ref in failed_sections and percent is not None else percent
    if form.mode == "SECTION_ONLY":
        percents = [(sections[s.ref], s.weight) for s in form.sections]
    else:
        percents = [
            (0.0 if q.section in failed_sections else 100 * share, q.weight)
            for q, share in _reached(form.questions, answers, chosen)
        ]
    known = [(percent, weight) for percent, weight in percents if percent is not None]
    total = _weighted([percent / 100 for percent, _ in known], [weight for _, weight in known])
    return Score(0.0 if failed and total is not None else total, sections, failed)


def _reached(
    questions: tuple[Question, ...], answers: Answers, chosen: Mapping[str, list[Option]]
) -> Iterator[tuple[Question, float]]:
    """The questions that count, with the share 0..1 of their best score that was reached."""
    for question in questions:
        scores = [option.score for option in question.options if option.score is not None]
        best = sum(s for s in scores if s > 0) if question.type == "MULTISELECT" else max(scores, default=0.0)
        answer = answers.get(question.ref)
        if best <= 0 or answer is None or answer["value"] is None:
            continue
        reached = sum(option.score or 0.0 for option in chosen[question.ref])
        yield question, min(1.0, max(0.0, reached / best))


def _weighted(shares: list[float], weights: list[float]) -> float | None:
    total = sum(weights)
    if total <= 0:
        return None
    return 100 * sum(share * weight for share, weight in zip(shares, weights, strict=True)) / total


def _chosen(question: Question, answer: Mapping[str, Any] | None) -> list[Option]:
    value = None if answer is None else answer["value"]
    if value is None:
        return []
    if question.type == "NUMERIC":
        return [option for option in question.options if option.least <= value <= option.most][:1]
    picked = value if isinstance(value, list) else [value]
    return [option for option in question.options if option.ref in picked]


def _value(question: Question, value: Any) -> Any:  # noqa: ANN401 - JSON in, the same of the right kind out
    refs = {option.ref for option in question.options}
    if value is None:
        if not question.optional:
            raise UsageError(f"question {question.ref} has to be answered: it allows no “does not apply”")
        return None
    if question.type == "SINGLESELECT" and isinstance(value, str) and value in refs:
        return value
    if question.type == "MULTISELECT" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        if set(value) <= refs:
            return sorted(set(value))
    elif question.type == "TEXT" and isinstance(value, str) and len(value) <= MOST_TEXT:
        return value
    elif question.type == "NUMERIC" and isinstance(value, int | float) and not isinstance(value, bool):
        least = -math.inf if question.least is None else question.least
        most = math.inf if question.most is None else question.most
        if least <= value <= most:
            return value
        raise UsageError(f"question {question.ref}: {value:g} must be from {least:g} to {most:g}")
    raise UsageError(f"question {question.ref}: {value!r:.60} is no answer to it")


def _automatic(by: Automation, there: Mapping[str, Any], document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a value
    if by.label is not None:
        return _label(by.label, document)
    if document["summary"]["agent"]["interruptions"] is None:
        return None  # a leg was silent all along: what is not there may only not have been heard
    for category, present, option in by.rules:
        if (category in there) == present:
            return option
    return by.default


def _label(label: str, document: Mapping[str, Any]) -> float | None:
    summary = document["summary"]
    silent_s: float | None = summary["silences"]["total_s"]
    length_s: float = summary["duration_s"]
    if label == "NUMBER_OF_INTERRUPTIONS":
        interruptions: int | None = summary["agent"]["interruptions"]
        return interruptions
    if label == "CONTACT_DURATION":
        return round(length_s)
    if label == "OVERALL_CUSTOMER_SENTIMENT_SCORE":
        values = [e["value"] for e in document["events"] if e["type"] == "sentiment"]
        return round(5 * sum(values) / len(values), 1) if values else None
    if silent_s is None:
        return None
    if label == "NON_TALK_TIME":
        return float(round(silent_s))
    return float(round(100 * silent_s / length_s)) if length_s else None
