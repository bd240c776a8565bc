"""The call moment by moment: its words, cues, interruptions, silences and turns of strain, in the order they happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from voicecare.cue.words import Catalogue
from voicecare.report.wording import Piece, Sentence, because, linked, page
from voicecare.types import Party

Row = Mapping[str, Any]
SAID_ALOUD = {
    "agent": ("acknowledgement", "paraphrase", "apology", "thanks"),
    "caller": ("gratitude",),
}
"""The phrases that are marked in the transcript: those that help, of either party."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One row of the list. `text` is what was said or what happened, `tags` and `reasons` stand beside it."""

    kind: Literal["heard", "cue", "interruption", "overlap", "silence", "strain", "deaf"]
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
        *_heard(events, catalogue),
        *cues(events, catalogue),
        *_interruptions(turns, catalogue),
        *_overlaps(turns, catalogue),
        *_silences(turns, catalogue),
        *_rises(document["summary"]["strain"]["rises"], catalogue),
        *_deaf(document["summary"]["listening"]["unheard"], catalogue),
    ]
    return sorted(rows, key=lambda row: (row.start_s, row.end_s))


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


def _heard(events: Sequence[Row], catalogue: Catalogue) -> Iterable[Moment]:
    said = [e for e in events if e["type"] == "phrase" and e["kind"] in SAID_ALOUD[e["channel"]]]
    heard = [e for e in events if e["type"] == "heard"]
    # Stretches heard for the sound of the voice alone carry no text and lie within others: one line for each is enough.
    clear = {who: [e for e in heard if e["text"] and e["channel"] == who] for who in ("agent", "caller")}
    place = {"agent": 0, "caller": 0}
    shown_to = {"agent": -1.0, "caller": -1.0}
    for row in sorted(heard, key=lambda e: (e["start_s"], e["end_s"])):
        who = row["channel"]
        if not row["text"]:
            ahead = clear[who]
            while place[who] < len(ahead) and ahead[place[who]]["end_s"] <= row["start_s"]:
                place[who] += 1
            within = place[who] < len(ahead) and ahead[place[who]]["start_s"] < row["end_s"]
            if within or row["start_s"] < shown_to[who]:
                continue
        shown_to[who] = row["end_s"]
        inside = [p for p in said if p["channel"] == who and row["start_s"] <= p["start_s"] < row["end_s"]]
        tags = dict.fromkeys(page(catalogue, f"said_{p['kind']}") for p in inside)
        text = row["text"] or page(catalogue, "unclear")
        yield Moment("heard", who, row["start_s"], row["end_s"], text, unclear=not row["text"], tags=tuple(tags))


def _interruptions(turns: Iterable[Row], catalogue: Catalogue) -> Iterable[Moment]:
    for turn in turns:
        if turn["kind"] == "interruption":
            text = page(catalogue, f"{turn['by']}_over", value=turn["end_s"] - turn["start_s"])
            yield Moment("interruption", turn["by"], turn["start_s"], turn["end_s"], text)


def _overlaps(turns: Sequence[Row], catalogue: Catalogue) -> Iterable[Moment]:
    interruptions = [t["start_s"] for t in turns if t["kind"] == "interruption"]
    for turn in turns:
        told = any(turn["start_s"] - 0.5 <= s <= turn["end_s"] for s in interruptions)
        if turn["kind"] == "talk_over" and not told:
            text = page(catalogue, "both_over", value=turn["end_s"] - turn["start_s"])
            yield Moment("overlap", turn["by"], turn["start_s"], turn["end_s"], text)


def _silences(turns: Iterable[Row], catalogue: Catalogue) -> Iterable[Moment]:
    for turn in turns:
        if turn["kind"] == "long_silence":
            text = page(catalogue, "silence", value=turn["end_s"] - turn["start_s"])
            yield Moment("silence", None, turn["start_s"], turn["end_s"], text)


def _rises(rises: Iterable[Row], catalogue: Catalogue) -> Iterable[Moment]:
    for rise in rises:
        yield Moment("strain", "caller", rise["rose_s"], rise["rose_s"], page(catalogue, "strain_up"))
        if rise["eased_s"] is not None:
            yield Moment("strain", "caller", rise["eased_s"], rise["eased_s"], page(catalogue, "strain_down"))


def _deaf(unheard: Iterable[Sequence[float]], catalogue: Catalogue) -> Iterable[Moment]:
    for start_s, end_s in unheard:
        yield Moment("deaf", None, start_s, end_s, page(catalogue, "deaf", value=end_s - start_s))


__all__ = ["Moment", "Piece", "cues", "moments"]
