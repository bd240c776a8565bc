"""What is written of a live call while it goes on: its events, its sound, its counts; each where it was asked for."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
from collections import deque
from collections.abc import Callable, Iterable
from io import FileIO
from pathlib import Path
from typing import Any, TypeVar

from voicecare.audio.files.tape import Tape
from voicecare.errors import OutputError
from voicecare.report.numbers import numbers
from voicecare.session import Header, Session, SessionWriter, moment
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, Arousal, AudioBlock, Cue, Event, Heard, Party, Phrase, Reason, Sentiment

COUNTED_EVERY_S = 60.0
"""How often the counts are written while the call goes on: a kill costs no more than a minute of them."""
RESERVED = 4_096
"""Bytes the counts take from the start, a block of most disks: written over, they need nothing of a full one."""

Kept = TypeVar("Kept")


@dataclasses.dataclass(frozen=True, slots=True)
class Places:
    """Where what goes, or None. words: whether what was said stays in the events."""

    events: Path | None = None
    sound: Path | None = None
    counts: Path | None = None
    words: bool = True


class Records:
    """Everything that is kept of a call; what fails is given up and said, and the rest and the call go on.

    failed: told why, once for each that cannot be made or written.
    """

    def __init__(self, places: Iterable[Places], header: Header, failed: Callable[[OutputError], None]) -> None:
        self._failed = failed
        self._events: list[Events] = []
        self._sounds: list[Sound] = []
        self._counts: list[Counts] = []
        self._given_up: list[Sound] = []
        for place in places:
            if place.counts is not None:
                self._open(self._counts, Counts, place.counts, header)
            if place.events is not None:
                self._open(self._events, Events, place.events, header, place.words)
            if place.sound is not None:
                self._open(self._sounds, Sound, place.sound)

    def hear(self, block: AudioBlock) -> None:
        """Take a hop's sound; it is written when it is `release`d."""
        self._each(self._sounds, lambda sound: sound.hear(block))
        self._each(self._counts, lambda counts: counts.hear(block))

    def release(self, upto: Samples) -> None:
        """The sound before `upto` may be written: what must not be kept of it was silenced."""
        self._each(self._sounds, lambda sound: sound.release(upto))

    def mute(self, channel: Party, span: Span) -> None:
        """Silence a stretch of one leg that may not be kept; also where a tape was given up after it was written."""
        self._each(self._sounds, lambda sound: sound.mute(channel, span))
        for sound in self._given_up:
            with contextlib.suppress(OutputError):  # that it failed was said
                sound.mute(channel, span)

    def write(self, event: Event) -> None:
        """Take an event."""
        self._each(self._counts, lambda counts: counts.write(event))
        self._each(self._events, lambda events: events.write(event))

    def forget(self, since: Samples) -> None:
        """Take out what was known from `since` on; sound that was not released goes with `end`."""
        self._each(self._counts, lambda counts: counts.forget(since))
        self._each(self._events, lambda events: events.forget(since))

    def end(self, end: Samples, *, complete: bool) -> None:
        """Close everything; sound that was not released is dropped."""
        self._each(self._sounds, lambda sound: sound.end())
        self._each(self._events, lambda events: events.end(end, complete=complete))
        self._each(self._counts, lambda counts: counts.end(end, complete=complete))
        for sound in self._given_up:
            with contextlib.suppress(OutputError):
                sound.end()

    def _open(self, kept: list[Kept], make: Callable[..., Kept], *how: Any) -> None:  # noqa: ANN401 - as `make` takes
        try:
            kept.append(make(*how))
        except OutputError as error:
            self._failed(error)

    def _each(self, kept: list[Kept], act: Callable[[Kept], None]) -> None:
        for one in list(kept):
            try:
                act(one)
            except OutputError as error:
                if not isinstance(one, Events):  # those go on when there is room again
                    kept.remove(one)
                if isinstance(one, Sound):
                    self._given_up.append(one)
                self._failed(error)


class Events:
    """A session written as it comes, so that a killed run keeps what it had.

    What a full disk refuses waits, and is tried again with what comes after it; only the first refusal is raised.

    Raises:
        OutputError: the file cannot be made or written.
    """

    def __init__(self, path: Path, header: Header, words: bool) -> None:  # noqa: FBT001 - `Places.words`
        self._writer = SessionWriter(path, header)
        self._words = words
        self._marks: list[tuple[Samples, int]] = []
        self._waiting: deque[Event] = deque()
        self._refused = False

    def write(self, event: Event) -> None:
        """Append an event."""
        self._waiting.append(event if self._words else without_words(event))
        try:
            self._write_waiting()
        except OutputError:
            if not self._refused:
                self._refused = True
                raise

    def forget(self, since: Samples) -> None:
        """Take out the events from the first on that was known at `since` or later."""
        mark = next((mark for at, mark in self._marks if at >= since), None)
        if mark is not None:
            self._writer.back_to(mark)
        if mark is not None or any(moment(event) >= since for event in self._waiting):
            self._waiting.clear()

    def end(self, end: Samples, *, complete: bool) -> None:
        """Write what waits, and the last line; that something was refused to the end was said when it began."""
        said = self._refused
        try:
            self._write_waiting()
            self._writer.end(end, complete=complete)
        except OutputError:
            if not said:
                raise
        finally:
            self._writer.close()

    def _write_waiting(self) -> None:
        while self._waiting:
            mark = self._writer.mark()
            self._writer.write(self._waiting[0])
            self._marks.append((moment(self._waiting.popleft()), mark))
        self._refused = False


class Sound:
    """A tape written behind the redaction: sound waits in memory until it is known what of it may not be kept.

    A kill loses what waits, and leaves nothing that should have been silenced.

    Raises:
        OutputError: the file cannot be made or written.
    """

    def __init__(self, path: Path) -> None:
        self._tape = Tape(path)
        self._waiting: deque[AudioBlock] = deque()

    def hear(self, block: AudioBlock) -> None:
        """Take the next hop."""
        self._waiting.append(block)

    def release(self, upto: Samples) -> None:
        """Write what waits before `upto`."""
        while self._waiting and self._waiting[0].end <= upto:
            self._tape.push(self._waiting.popleft())

    def mute(self, channel: Party, span: Span) -> None:
        """Silence a stretch of one leg, of what waits and of what was written."""
        row = PARTIES.index(channel)
        for at, block in enumerate(self._waiting):
            if block.start < span.end and span.start < block.end:
                silenced = block.samples.copy()  # the pipeline may hold the same array
                silenced[row, max(0, span.start - block.start) : span.end - block.start] = 0.0
                self._waiting[at] = dataclasses.replace(block, samples=silenced)
        self._tape.mute(channel, span)

    def end(self) -> None:
        """Finish the file."""
        self._waiting.clear()
        self._tape.close()


class Counts:
    """How often things happened, written every minute into a block of its own that a full disk cannot take away.

    Raises:
        OutputError: the file cannot be made or written.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._header = header
        self._counted: list[Event] = []
        self._written: Samples = 0
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
            self._file = FileIO(path, "r+b")
        except OSError as error:
            raise self._error(error) from error
        self._save(0, complete=False)

    def write(self, event: Event) -> None:
        """Take an event."""
        if not isinstance(event, (Heard, Arousal, Phrase, Sentiment)):
            self._counted.append(event)

    def forget(self, since: Samples) -> None:
        """Count no event that was known at `since` or later."""
        self._counted = [event for event in self._counted if moment(event) < since]

    def hear(self, block: AudioBlock) -> None:
        """The call was heard to the end of `block`."""
        if block.end - self._written >= samples(COUNTED_EVERY_S):
            self._save(block.end, complete=False)

    def end(self, end: Samples, *, complete: bool) -> None:
        """Write them for good."""
        length = self._save(end, complete=complete)
        try:
            self._file.truncate(length)
            self._file.close()
        except OSError as error:
            raise self._error(error) from error

    def _save(self, end: Samples, *, complete: bool) -> int:
        self._written = end
        told = counts(Session(self._header, tuple(self._counted), end, complete))
        data = (json.dumps(told, indent=1) + "\n").encode()
        try:
            self._file.seek(0)
            self._file.write(data.ljust(RESERVED))
        except OSError as error:
            raise self._error(error) from error
        return len(data)

    def _error(self, error: OSError) -> OutputError:
        return OutputError(f"cannot write {self._path}: {error.strerror}; free some space or choose another folder")


def counts(session: Session) -> dict[str, int | float | None]:
    """How often things happened in a call, and for how long it was heard; no moment, no word, no strain.

    None where it cannot be known because a leg was silent all along.
    """
    told = numbers(session)
    each = (told.agent.talk_overs, told.caller.talk_overs)
    return {
        "complete": session.complete,
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
