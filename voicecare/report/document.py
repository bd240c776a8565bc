"""A session as one JSON document: what `--json` writes, what the page draws, what QA's tools read.

Times are seconds at three digits from the start of the call. docs/voicecare.schema.json is its schema, docs/events.md
says what each event and code means.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from voicecare.report.numbers import numbers
from voicecare.report.rows import settled
from voicecare.session import Session
from voicecare.timebase import Span, seconds
from voicecare.types import (
    Arousal,
    CallPhase,
    Cue,
    Event,
    Health,
    Heard,
    Pace,
    Phrase,
    Reason,
    Segment,
    Sentiment,
    TurnEvent,
)

Row = dict[str, Any]


def document(session: Session) -> Row:
    """Build the JSON document of a session: `voicecare`, `call`, `summary` and `events`, plain values only."""
    header = session.header
    summed = numbers(session)
    return {
        "voicecare": header.voicecare,
        "call": {
            "lane": header.lane,
            "sources": list(header.sources),
            "started": header.started,
            "offset_s": header.offset_s,
            "duration_s": seconds(session.end),
            "complete": session.complete,
            "synthetic": header.synthetic,
            "rate_hz": header.rate_hz,
            "agent_channel": header.agent_channel,
            "vad": header.vad,
            "recogniser": header.recogniser,
            "models": dict(header.models),
            "notes": list(header.notes),
            "config": header.config,
        },
        "summary": _plain(dataclasses.asdict(summed)) | {"story": _because(summed.story)},
        "events": [row for event in settled(session.events) if (row := _row(event)) is not None],
    }


def _row(event: Event) -> Row | None:
    if isinstance(event, Heard) and not event.final:
        return None  # what a partial guessed is no part of the record once the whole was heard
    return _ROWS[type(event)](event)


def _segment(event: Segment) -> Row:
    return {"type": "segment", "channel": event.channel, **_when(event.span), "decided_s": seconds(event.decided_at)}


def _turn(event: TurnEvent) -> Row:
    return {
        "type": "turn",
        "id": event.id,
        "kind": event.kind,
        "by": event.by,
        **_when(event.span),
        "decided_s": seconds(event.decided_at),
        "floor": event.floor,
    }


def _heard(event: Heard) -> Row:
    return {
        "type": "heard",
        "channel": event.channel,
        **_when(event.span),
        "text": event.text,
        "words": [{"text": w.text, **_when(w.span), "confidence": round(w.confidence, 3)} for w in event.words],
        "language": event.language,
        "confidence": round(event.confidence, 3),
        "arrived_s": seconds(event.arrived),
    }


def _arousal(event: Arousal) -> Row:
    return {
        "type": "arousal",
        "at_s": seconds(event.at),
        **_when(event.span),
        "decided_s": seconds(event.at),
        "value": None if event.value is None else round(event.value, 3),
        "confidence": round(event.confidence, 3),
        "trend": round(event.trend, 3),
        "tone": event.tone,
        "because": _because(event.because),
    }


def _sentiment(event: Sentiment) -> Row:
    return {
        "type": "sentiment",
        **_when(event.span),
        "decided_s": seconds(event.at),
        "value": round(event.value, 3),
        "label": event.label,
        "confidence": round(event.confidence, 3),
        "because": _because(event.because),
    }


def _phrase(event: Phrase) -> Row:
    return {
        "type": "phrase",
        "channel": event.channel,
        "kind": event.kind,
        **_when(event.span),
        "decided_s": seconds(event.at),
        "text": event.text,
    }


def _pace(event: Pace) -> Row:
    return {
        "type": "pace",
        "channel": event.channel,
        **_when(event.span),
        "decided_s": seconds(event.at),
        "pace_wpm": round(event.pace_wpm, 1),
        "relative": round(event.relative, 3),
    }


def _cue(event: Cue) -> Row:
    return {
        "type": "cue",
        "id": event.id,
        "kind": event.kind,
        "start_s": seconds(event.at),
        "cleared_s": None if event.cleared_at is None else seconds(event.cleared_at),
        "cleared_by": event.cleared_by,
        "shown": event.shown,
        "because": _because(event.because),
    }


def _phase(event: CallPhase) -> Row:
    return {"type": "phase", "phase": event.phase, "start_s": seconds(event.at), "because": event.because}


def _health(event: Health) -> Row:
    return {
        "type": "health",
        "kind": event.kind,
        "start_s": seconds(event.at),
        "end_s": seconds(event.at + (event.amount if event.kind == "gap" else 0)),
        "count": None if event.kind in _UNCOUNTED else event.amount,
        "note": event.note,
        "details": dict(event.details),
    }


_UNCOUNTED = (
    "gap",
    "not_listening",
    "listening",
    "silent_leg",
    "quiet_leg",
    "noisy_leg",
    "language",
    "no_sentiment",
    "no_phrases",
    "no_redaction_rules",
    "whole_output",
)
_ROWS: dict[type, Callable[[Any], Row]] = {
    Segment: _segment,
    TurnEvent: _turn,
    Heard: _heard,
    Arousal: _arousal,
    Sentiment: _sentiment,
    Phrase: _phrase,
    Pace: _pace,
    Cue: _cue,
    CallPhase: _phase,
    Health: _health,
}


def _when(span: Span) -> Row:
    return {"start_s": seconds(span.start), "end_s": seconds(span.end)}


def _because(reasons: Iterable[Reason]) -> list[Row]:
    return [
        {
            "code": reason.code,
            "text": reason.text,
            "at_s": [seconds(at) for at in reason.at],
            "value": None if reason.value is None else round(reason.value, 3),
        }
        for reason in reasons
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON has no tuples, and a document equals what is read back from its file
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
