"""A call moment by moment, as a reviewer works through it: every row with the name its opinions go by, words apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicecare.catalogue.catalogue import Catalogue
from voicecare.qa.opinions import Opinion, targets
from voicecare.qa.store.records import Note, Review
from voicecare.report.moments import Moment, moments
from voicecare.session import Session
from voicecare.timebase import clock, seconds
from voicecare.types import Cue, Heard, TurnEvent

KEYED = ("heard", "cue", "interruption")


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion as it is shown beside its row; by: who gave it."""

    opinion: Opinion
    by: str
    text: str
    comment: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row. key: what its opinions go by, "" where there is nothing to say of it. words: each with its second."""

    moment: Moment
    key: str = ""
    kind: str = ""
    words: tuple[tuple[str, float], ...] = ()
    said: Said | None = None
    note: Note | None = None


def rows(
    session: Session,
    document: Mapping[str, Any],
    reviews: Sequence[Review],
    stand: Mapping[str, Opinion],
    notes: Sequence[Note],
    catalogue: Catalogue,
) -> list[Row]:
    """List the moments of a call, what was added, and the notes, in order of time."""
    names = _names(session)
    spoken = said(reviews, stand, catalogue)
    found: list[Row] = []
    for moment in moments(document, catalogue):
        key, kind, words = names.pop((moment.kind, moment.by, moment.start_s), ("", "", ()))
        found.append(Row(moment, key, kind, words, spoken.get(key)))
    for (_, by, start_s), (key, kind, words) in names.items():
        text = catalogue.say("qa", f"kind_{kind}_{by}") if kind != "heard" else ""
        if text:
            found.append(Row(Moment("interruption", by, start_s, start_s, text), key, kind, words, spoken.get(key)))
    found += _added(spoken, catalogue)
    found += [Row(_noted(note), note=note) for note in notes]
    return sorted(found, key=lambda row: (row.moment.start_s, row.moment.end_s))


def said(reviews: Sequence[Review], stand: Mapping[str, Opinion], catalogue: Catalogue) -> dict[str, Said]:
    """What stands on each thing, worded."""
    last = {review.ref: review for review in reviews}
    return {
        key: Said(opinion, last[key].reviewer, _worded(opinion, catalogue), last[key].comment)
        for key, opinion in stand.items()
        if key in last
    }


def _names(session: Session) -> dict[tuple[str, Any, float], tuple[str, str, tuple[tuple[str, float], ...]]]:
    """What opinions go by, under the kind, party and second by which a row of the list is known."""
    names: dict[tuple[str, Any, float], tuple[str, str, tuple[tuple[str, float], ...]]] = {}
    for key, event in targets(session):
        if isinstance(event, Cue):
            names["cue", None, seconds(event.at)] = (key, event.kind, ())
        elif isinstance(event, Heard):
            words = tuple((word.text, seconds(word.span.start)) for word in event.words)
            joined = " ".join(word for word, _ in words) == event.text
            place = ("heard", event.channel, seconds(event.span.start))
            names[place] = (key, "heard", words if joined else ())
        elif isinstance(event, TurnEvent):
            row = "interruption" if event.kind == "interruption" else event.kind
            names[row, event.by, seconds(event.span.start)] = (key, event.kind, ())
    return names


def _worded(opinion: Opinion, catalogue: Catalogue) -> str:
    parts = [catalogue.say("qa", f"verdict_{opinion.verdict}")]
    if opinion.kind is not None:
        parts.append(catalogue.say("qa", f"kind_{opinion.kind}"))
    if opinion.by is not None:
        parts.append(catalogue.say("party", opinion.by))
    if opinion.start is not None and opinion.verdict == "correct":
        parts.append(clock(opinion.start))
    if opinion.text is not None:
        parts.append(f"“{opinion.text}”")
    return " · ".join(parts)


def _added(spoken: Mapping[str, Said], catalogue: Catalogue) -> Iterator[Row]:
    for key, one in spoken.items():
        opinion = one.opinion
        if opinion.verdict == "add" and opinion.start is not None:
            start_s = seconds(opinion.start)
            text = catalogue.say("qa", f"kind_{opinion.kind}")
            if opinion.by is not None:
                text = catalogue.say("qa", f"kind_{opinion.kind}_{opinion.by}")
            yield Row(Moment("interruption", opinion.by, start_s, start_s, text), key, opinion.kind or "", (), one)


def _noted(note: Note) -> Moment:
    at_s = 0.0 if note.at is None else seconds(note.at)
    return Moment("limit", None, at_s, at_s, note.body)
