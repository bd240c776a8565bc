"""Built calls for stores, so that their every table can be filled in milliseconds."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from voicecare.qa.store.filing import filed
from voicecare.qa.store.records import NewCall
from voicecare.session import Header, Session
from voicecare.timebase import Span, samples
from voicecare.types import Arousal, Cue, Health, Heard, Reason, Segment, TurnEvent, Word

BEGAN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def session(agent="how can i help you", caller="my order never arrived", interruptions=1, strain=0.8, name="call.wav"):
    """A call of a minute in which each says one thing, and the agent interrupts so often."""
    events = []
    for at, (party, text) in enumerate((("agent", agent), ("caller", caller))):
        span = Span(samples(10 * at), samples(10 * at + 5))
        words = tuple(Word(word, span, 0.9) for word in text.split())
        events += [
            Segment(party, span, span.end),
            Heard(party, span, text, words, "en", 0.9, None, final=True, arrived=span.end),
        ]
    for at in range(interruptions):
        span = Span(samples(20 + at), samples(20.5 + at))
        events.append(TurnEvent(at, "interruption", "agent", span, span.end, "taken"))
    spell = Span(samples(12), samples(14))
    events.append(Arousal(samples(14), spell, strain, 0.9, 0.1))
    events.append(Cue(1, "slow_down", samples(22), (Reason("spoke_over_caller", (samples(20),)),), samples(50)))
    events.append(Health(samples(60), "quiet_leg", 0, "caller"))
    header = Header("0.1.0", "replay", (name,), 8000, "right", "both", "tiny.en")
    return Session(header, tuple(events), samples(60), complete=True)


def new_call(number, **facts):
    known = {
        "content_hash": digest(f"call {number}"),
        "call_id": f"C{number:05}",
        "files": (f"/nowhere/C{number:05}.wav",),
        "agent_channel": "right",
        "sort_at": BEGAN + timedelta(minutes=number),
        "started_at": BEGAN + timedelta(minutes=number),
        "size_bytes": 1000 + number,
        "agent": f"agent {number % 7}",
        "queue": ("billing", "returns")[number % 2],
        "caller_ref": f"customer {number % 5}",
    }
    return NewCall(**{**known, **facts})


def add(store, number, heard=None, **facts):
    """Add a call and what was heard of it; return the ids of both."""
    with store.write() as to:
        call, _ = to.calls.add(new_call(number, **facts))
        result = to.ledger.queue(call, digest(f"result {number}"), {"words": True}, {"voicecare": "0.1.0"})
        to.ledger.begin(result.id, "test")
        to.results.save(result.id, filed(heard or session(interruptions=number % 4, strain=number % 10 / 10)))
    return call, result.id


def bytes_of(*places):
    """Everything that files, and the files of folders, hold."""
    files = [file for place in places for file in (sorted(Path(place).rglob("*")) if Path(place).is_dir() else [place])]
    return {file: Path(file).read_bytes() for file in files if Path(file).is_file()}
