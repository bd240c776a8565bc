"""What is filed of a session: itself, packed; its figures; what can be counted, corrected and searched."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicecare import session as sessions
from voicecare.errors import InputError
from voicecare.qa.store.figures import figures
from voicecare.qa.store.searching import searched
from voicecare.report.document import document
from voicecare.report.rows import settled
from voicecare.session import Session
from voicecare.timebase import Samples, samples, seconds
from voicecare.types import PARTIES, Cue, Event, Health, Heard, Phrase, TurnEvent

NOT_FILED = ("overlap", "response_gap")
"""Turn events that every call has by the dozen; they stay in the session."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filed:
    """One session, ready for the store; made where it was heard, so that the store only writes.

    body: the session's bytes, packed; length: unpacked. events, cues: rows without their result and call.
    texts: (agent, caller), as they are searched.
    """

    body: bytes
    length: int
    complete: bool
    duration_s: float
    language: str | None
    summary: Mapping[str, Any]
    figures: Mapping[str, float | None]
    events: tuple[Row, ...]
    cues: tuple[Row, ...]
    texts: tuple[str, str]


def filed(session: Session) -> Filed:
    """Prepare a session for the store."""
    raw = sessions.text(session).encode()
    summary: Mapping[str, Any] = document(session)["summary"]
    rows = [event for event in settled(session.events) if not isinstance(event, Heard) or event.final]
    said = {party: " ".join(e.text for e in rows if isinstance(e, Heard) and e.channel == party) for party in PARTIES}
    found = [row for seq, event in enumerate(rows) if (row := _event(seq, event)) is not None]
    return Filed(
        body=zlib.compress(raw, 6),
        length=len(raw),
        complete=session.complete,
        duration_s=seconds(session.end),
        language=summary["listening"]["language"],
        summary=summary,
        figures=figures(summary),
        events=(*found, *_rises(summary, session.end)),
        cues=tuple(_cue(seq, event) for seq, event in enumerate(rows) if isinstance(event, Cue)),
        texts=(searched(said["agent"]), searched(said["caller"])),
    )


def unpacked(body: bytes, length: int) -> bytes:
    """A session's bytes, as `--session` wrote them.

    Raises:
        InputError: they are damaged.
    """
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(body, min(length, sessions.MOST_BYTES) + 1)
    except zlib.error as error:
        raise InputError(f"a session in the store is damaged ({error}); hear the call again") from error
    if len(raw) != length:
        raise InputError("a session in the store is damaged (its length is not what it was); hear the call again")
    return raw


def _event(seq: int, event: Event) -> Row | None:
    if isinstance(event, TurnEvent) and event.kind not in NOT_FILED:
        row = _row(seq, "turn", event.kind, event.by, event.span.start, event.span.end, event.decided_at)
        return {**row, "floor": event.floor}
    if isinstance(event, Phrase) and event.answers:
        return _row(seq, "phrase", event.kind, event.channel, event.span.start, event.span.end, event.at)
    if isinstance(event, Health):
        row = _row(seq, "health", event.kind, None, event.at, event.at, event.at)
        return {**row, "data": {"note": event.note, "amount": event.amount, **event.details}}
    return None


def _rises(summary: Mapping[str, Any], end: Samples) -> list[Row]:
    """The rises of strain, which are no events of a session; numbered below zero."""
    rows = []
    for place, rise in enumerate(summary["strain"]["rises"] or ()):
        rose, eased = samples(rise["rose_s"]), rise["eased_s"]
        row = _row(-1 - place, "rise", "rise", "caller", rose, end if eased is None else samples(eased), rose)
        rows.append({**row, "data": dict(rise)})
    return rows


def _row(seq: int, type_: str, kind: str, party: str | None, start: Samples, end: Samples, decided: Samples) -> Row:
    return {
        "seq": seq,
        "type": type_,
        "kind": kind,
        "party": party,
        "start": start,
        "end": end,
        "decided": decided,
        "floor": None,
        "data": {},
    }


def _cue(seq: int, cue: Cue) -> Row:
    reasons = [
        {"code": r.code, "text": r.text, "at_s": [seconds(at) for at in r.at], "value": r.value} for r in cue.because
    ]
    return {
        "seq": seq,
        "cue": cue.id,
        "kind": cue.kind,
        "at": cue.at,
        "cleared_at": cue.cleared_at,
        "cleared_by": cue.cleared_by,
        "shown": cue.shown,
        "because": reasons,
    }
