"""What is written of a live call while it goes on: its events, its sound, its counts; each where it was asked for."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from voicecare import saving
from voicecare.audio.files.tape import Tape
from voicecare.errors import OutputError
from voicecare.report.numbers import numbers
from voicecare.session import Header, Session, SessionWriter
from voicecare.timebase import Samples, Span
from voicecare.types import Arousal, AudioBlock, Cue, Event, Heard, Party, Phrase, Reason, Sentiment


@dataclasses.dataclass(frozen=True, slots=True)
class Places:
    """Where what goes, or None. words: whether what was said stays in the events."""

    events: Path | None = None
    sound: Path | None = None
    counts: Path | None = None
    words: bool = True


class Record:
    """Writes one call to its places; events and sound as they come, so that a killed run keeps what it had.

    Raises:
        OutputError: a file cannot be made or written.
    """

    def __init__(self, places: Places, header: Header) -> None:
        self._places = places
        self._header = header
        self._counted: list[Event] = []
        self._writer = None if places.events is None else SessionWriter(places.events, header)
        self._tape = None if places.sound is None else Tape(places.sound)

    def hear(self, block: AudioBlock) -> None:
        """Take a hop's sound."""
        if self._tape is not None:
            self._tape.push(block)

    def mute(self, channel: Party, span: Span) -> None:
        """Silence a stretch of one leg that may not be kept."""
        if self._tape is not None:
            self._tape.mute(channel, span)

    def write(self, event: Event) -> None:
        """Take an event."""
        if self._places.counts is not None and not isinstance(event, (Heard, Arousal, Phrase, Sentiment)):
            self._counted.append(event)
        if self._writer is not None:
            self._writer.write(event if self._places.words else without_words(event))

    def end(self, end: Samples, *, complete: bool) -> None:
        """Close everything and write the counts."""
        if self._tape is not None:
            self._tape.close()
        if self._writer is not None:
            self._writer.end(end, complete=complete)
            self._writer.close()
        if self._places.counts is not None:
            told = counts(Session(self._header, tuple(self._counted), end, complete))
            saving.write_whole(self._places.counts, json.dumps(told, indent=1) + "\n")


class Records:
    """All records of a call; one that fails is given up and said, and the call goes on.

    failed: told the reason, once for each record.
    """

    def __init__(self, records: Iterable[Record], failed: Callable[[str], None]) -> None:
        self._records = list(records)
        self._given_up: list[Record] = []
        self._failed = failed

    def hear(self, block: AudioBlock) -> None:
        """Take a hop's sound."""
        self._each(lambda record: record.hear(block))

    def mute(self, channel: Party, span: Span) -> None:
        """Silence a stretch of one leg that may not be kept; also where a record was given up after it was written."""
        self._each(lambda record: record.mute(channel, span))
        for record in self._given_up:
            with contextlib.suppress(OutputError):  # that it failed was said
                record.mute(channel, span)

    def write(self, event: Event) -> None:
        """Take an event."""
        self._each(lambda record: record.write(event))

    def end(self, end: Samples, *, complete: bool) -> None:
        """Close everything."""
        self._each(lambda record: record.end(end, complete=complete))

    def _each(self, act: Callable[[Record], None]) -> None:
        for record in list(self._records):
            try:
                act(record)
            except OutputError as error:
                self._records.remove(record)
                self._given_up.append(record)
                self._failed(str(error))


def counts(session: Session) -> dict[str, int | float | None]:
    """How often things happened in a call, and for how long it was heard; no moment, no word, no strain.

    None where it cannot be known because a leg was silent all along.
    """
    told = numbers(session)
    each = (told.agent.talk_overs, told.caller.talk_overs)
    return {
        "heard_s": round(told.duration_s),
        "interruptions_by_agent": told.agent.interruptions,
        "interruptions_by_caller": told.caller.interruptions,
        "talk_overs": None if None in each else sum(filter(None, each)),
        "long_silences": told.silences.count,
        "cues_shown": told.cues.shown,
        "cues_heeded": told.cues.heeded,
        "cues_withheld": told.cues.withheld,
        "cues_logged": told.cues.logged,
        "gaps": told.listening.gaps,
    }


def without_words(event: Event) -> Event:
    """Take what was said out of an event; when, how long and how it was estimated stays."""
    match event:
        case Heard():
            return dataclasses.replace(event, text="", words=())
        case Phrase():
            return dataclasses.replace(event, text="")
        case Sentiment() | Arousal() | Cue():
            return dataclasses.replace(event, because=tuple(map(_wordless, event.because)))
        case _:
            return event


def _wordless(reason: Reason) -> Reason:
    return dataclasses.replace(reason, text="")
