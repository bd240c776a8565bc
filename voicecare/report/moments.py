"""The call moment by moment: words, cues, interruptions, silences and turns of strain, in the order they happened."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from voicecare.catalogue.catalogue import Catalogue
from voicecare.report.wording import Sentence, because, linked, page
from voicecare.types import PARTIES, Party

Row = Mapping[str, Any]
SAID_ALOUD = {
    "agent": ("acknowledgement", "paraphrase", "apology", "thanks"),
    "caller": ("gratitude",),
}
"""The phrases that are marked in the transcript: those that help, of either party."""
MANY_PIECES = 3
"""So many stretches in a row that were not heard are told in one line."""
WORTH_A_LINE_S = 1.0
"""Shorter sounds that could not be written down get no line of their own."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One row of the list. `text` is what was said or what happened, `tags` and `reasons` stand beside it."""

    kind: Literal["heard", "cue", "interruption", "overlap", "silence", "strain", "deaf", "limit"]
    by: Party | None
    start_s: float
    end_s: float
    text: str
    unclear: bool = False
    tags: tuple[str, ...] = ()
    reasons: tuple[Sentence, ...] = ()
    outcome: Sentence = ()


def moments(document: Mapping[str, Any], catalogue: Catalogue) -> list[Moment]:
    """List every moment worth a row, by time."""
    events = document["events"]
    turns = [e for e in events if e["type"] == "turn"]
    rows = [
        *_heard(document, catalogue),
        *cues(events, catalogue),
        *_interruptions(turns, catalogue),
        *_overlaps(turns, catalogue),
        *_silences(turns, catalogue),
        *_rises(document["summary"]["strain"]["rises"], catalogue),
        *_deaf(document["summary"]["listening"], catalogue),
        *_kept_away(events, catalogue),
        *_waits(events, document["call"]["duration_s"], catalogue),
    ]
    return _folded(sorted(rows, key=lambda row: (row.start_s, row.end_s)), catalogue)


def cues(events: Iterable[Row], catalogue: Catalogue) -> list[Moment]:
    """List the cues, with their reasons and what became of them."""
    return [_cue(event, catalogue) for event in events if event["type"] == "cue"]


def _cue(cue: Row, catalogue: Catalogue) -> Moment:
    cleared_s = cue["cleared_s"]
    fate = f"cue_{cue['cleared_by'] or 'standing'}"
    at_s = () if cleared_s is None else (cleared_s,)
    return Moment(
        "cue",
        None,
        cue["start_s"],
        cue["start_s"] if cleared_s is None else cleared_s,
        catalogue.cue(cue["kind"]),
        tags=() if cue["shown"] else (page(catalogue, "cue_logged"),),
        reasons=tuple(because(cue["because"], catalogue)),
        outcome=linked(page(catalogue, fate, at_s), at_s),
    )


def _heard(document: Row, catalogue: Catalogue) -> Iterable[Moment]:
    if document["call"]["recogniser"] is None:
        return
    said = {who: _said_aloud(document["events"], who) for who in PARTIES}
    heard = [e for e in document["events"] if e["type"] == "heard"]
    for row in heard:
        if row["text"]:
            phrases = said[row["channel"]]
            inside = phrases[bisect_left(phrases, (row["start_s"],)) : bisect_left(phrases, (row["end_s"],))]
            tags = tuple(dict.fromkeys(page(catalogue, f"said_{kind}") for _, kind in inside))
            yield Moment("heard", row["channel"], row["start_s"], row["end_s"], row["text"], tags=tags)
    unclear = page(catalogue, "unclear")
    for who in PARTIES:
        clear = sorted((e["start_s"], e["end_s"]) for e in heard if e["text"] and e["channel"] == who)
        for row in heard:
            if row["channel"] == who and not row["text"] and row["end_s"] - row["start_s"] >= WORTH_A_LINE_S:
                before = bisect_left(clear, (row["end_s"],))
                if not before or clear[before - 1][1] <= row["start_s"]:
                    yield Moment("heard", who, row["start_s"], row["end_s"], unclear, unclear=True)


def _said_aloud(events: Iterable[Row], who: Party) -> list[tuple[float, str]]:
    """When a party said what counts, and of which kind, in order."""
    found = [(e["start_s"], e["kind"]) for e in events if e["type"] == "phrase" and e["channel"] == who]
    return sorted((one for one in found if one[1] in SAID_ALOUD[who]), key=lambda one: one[0])


def _interruptions(turns: Iterable[Row], catalogue: Catalogue) -> Iterable[Moment]:
    for turn in turns:
        if turn["kind"] == "interruption":
            text = page(catalogue, f"{turn['by']}_over", value=turn["end_s"] - turn["start_s"])
            yield Moment("interruption", turn["by"], turn["start_s"], turn["end_s"], text)


def _overlaps(turns: Sequence[Row], catalogue: Catalogue) -> Iterable[Moment]:
    interruptions = sorted(t["start_s"] for t in turns if t["kind"] == "interruption")
    for turn in turns:
        if turn["kind"] != "talk_over":
            continue
        near = bisect_left(interruptions, turn["start_s"] - 0.5)
        if near == len(interruptions) or interruptions[near] > turn["end_s"]:
            text = page(catalogue, "both_over", value=turn["end_s"] - turn["start_s"])
            yield Moment("overlap", turn["by"], turn["start_s"], turn["end_s"], text)


def _silences(turns: Iterable[Row], catalogue: Catalogue) -> Iterable[Moment]:
    for turn in turns:
        if turn["kind"] == "long_silence":
            text = page(catalogue, "silence", value=turn["end_s"] - turn["start_s"])
            yield Moment("silence", None, turn["start_s"], turn["end_s"], text)


def _rises(rises: Iterable[Row] | None, catalogue: Catalogue) -> Iterable[Moment]:
    for rise in rises or ():
        yield Moment("strain", "caller", rise["rose_s"], rise["rose_s"], page(catalogue, "strain_up"))
        if rise["eased_s"] is not None:
            yield Moment("strain", "caller", rise["eased_s"], rise["eased_s"], page(catalogue, "strain_down"))


def _deaf(listening: Row, catalogue: Catalogue) -> Iterable[Moment]:
    for start_s, end_s in listening["unheard"]:
        yield Moment("deaf", None, start_s, end_s, page(catalogue, "deaf", value=end_s - start_s))
    for leg, start_s, end_s in listening["silent_stretches"]:
        yield Moment("deaf", leg, start_s, end_s, page(catalogue, f"{leg}_silent", value=end_s - start_s))


def _waits(events: Iterable[Row], duration_s: float, catalogue: Catalogue) -> Iterable[Moment]:
    """Where it rang or one party waited, each until the next phase."""
    phases = [event for event in events if event["type"] == "phase"]
    ends = [event["start_s"] for event in phases[1:]] + [duration_s]
    for event, end_s in zip(phases, ends, strict=True) if phases else ():
        if event["phase"] in ("hold", "ringing"):
            text = page(catalogue, event["phase"], value=end_s - event["start_s"])
            yield Moment("silence", None, event["start_s"], end_s, text)


def _folded(rows: Iterable[Moment], catalogue: Catalogue) -> list[Moment]:
    """Join stretches that were not heard and lie next to each other in the list: a torn line has hundreds."""
    folded: list[Moment] = []
    for deaf, run in groupby(rows, lambda row: row.kind == "deaf" and row.by is None):
        pieces = list(run)
        if deaf and len(pieces) >= MANY_PIECES:
            missing_s = sum(piece.end_s - piece.start_s for piece in pieces)
            text = catalogue.say("page", "deaf_pieces", value=missing_s, count=len(pieces))
            pieces = [Moment("deaf", None, pieces[0].start_s, max(piece.end_s for piece in pieces), text)]
        folded += pieces
    return folded


def _kept_away(events: Iterable[Row], catalogue: Catalogue) -> Iterable[Moment]:
    for event in events:
        if event["type"] == "health" and event["kind"] == "cue_limit":
            yield Moment("limit", None, event["start_s"], event["start_s"], page(catalogue, "cue_kept_away"))
