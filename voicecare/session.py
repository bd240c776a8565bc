"""The record of one call: JSON Lines, a header and then every event, each line complete when written.

A killed run leaves a readable session: at worst its last line is torn, and a session without its `end` line says of
itself that it is incomplete. It grows in its place, or beside a file that stands there already (`growing.py`).
Times stay in samples, so that a session replays to the identical events.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from voicecare import saving
from voicecare.codec import LARGEST, DecodeError, from_plain, to_plain
from voicecare.config import Config
from voicecare.config.settings import from_values
from voicecare.errors import InputError, OutputError, UsageError
from voicecare.growing import Growing
from voicecare.timebase import Samples
from voicecare.types import Arousal, CallPhase, Cue, Event, Health, Heard, Pace, Phrase, Segment, Sentiment, TurnEvent

FORMAT = 1
MOST_LINE_BYTES = 4_000_000
"""An utterance of an hour with all its words is a tenth of this; a line without end is read no further."""
MOST_LINES = 120_000
MOST_BYTES = 50_000_000
"""Two hours of talk are some 10,000 events of 350 bytes. What is larger would take minutes and gigabytes to draw."""
KINDS: dict[str, type[Event]] = {
    "segment": Segment,
    "turn": TurnEvent,
    "heard": Heard,
    "arousal": Arousal,
    "sentiment": Sentiment,
    "phrase": Phrase,
    "pace": Pace,
    "cue": Cue,
    "phase": CallPhase,
    "health": Health,
}
"""The name of each event on disk and in the published JSON."""
NAMES: dict[type[Event], str] = {cls: name for name, cls in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """What a reader must know to trust and to repeat a session; no folder of this machine is named.

    lane: "replay", "live" or "logged". models: name -> version or sha256. started: when the recording began, as its
    file says, in ISO 8601; None where nothing says. offset_s: how much later the caller's file was taken to begin.
    """

    voicecare: str
    lane: str
    sources: tuple[str, ...]
    rate_hz: int
    agent_channel: str
    vad: str
    recogniser: str | None
    models: dict[str, str] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    synthetic: bool = False
    notes: tuple[str, ...] = ()
    started: str | None = None
    offset_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Session:
    """One call as recorded; a TurnEvent or Cue may appear twice with one id, the last says how it ended.

    end: the length of call heard, in samples. complete: False where the run or the recording was cut short.
    """

    header: Header
    events: tuple[Event, ...]
    end: Samples
    complete: bool


class SessionWriter:
    """Writes a session while the call goes on; use as a context manager.

    place: where to; a path is that of a call heard once, and kept by `close` once the session has its end. A `Growing`
    is kept or not by its owner.

    Raises:
        OutputError: the file cannot be created or written, or another run is writing it.
    """

    def __init__(self, place: Path | Growing, header: Header) -> None:
        self._keeps = isinstance(place, Path)
        self._place = Growing(place, once=True) if isinstance(place, Path) else place
        self._ended = False
        self._line(_header_line(header))

    def write(self, event: Event) -> None:
        """Append one event."""
        self._line(_event_line(event))

    def mark(self) -> int:
        """Where the next event will be written, for `back_to`."""
        try:
            return self._place.size()
        except (OSError, ValueError) as error:
            raise OutputError(f"cannot write session {self._place.path}: {error}") from error

    def back_to(self, mark: int) -> None:
        """Take out every event from a mark on, as if it had not been written.

        Raises:
            OutputError: it cannot be.
        """
        try:
            self._place.cut(mark)
        except (OSError, ValueError) as error:
            raise OutputError(f"cannot take anything out of session {self._place.path}: {error}") from error

    def end(self, end: Samples, *, complete: bool) -> None:
        """Write the last line: the call was heard to `end`."""
        self._line(_last_line(end, complete=complete))
        self._ended = True

    def close(self) -> None:
        """Close the file; without an end it stays as it is, readable as far as it goes."""
        if self._keeps and self._ended:
            self._place.keep()
        elif self._keeps:
            self._place.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _line(self, line: str) -> None:
        try:
            self._place.append(line)
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else "its file is closed"
            raise OutputError(f"cannot write session {self._place.path}: {said}; free some space") from error


def save(path: Path, session: Session) -> None:
    """Write a session that is over, whole or not at all: the same file as the one that grew while it was heard.

    Raises:
        OutputError: it cannot be written; what was there before stays.
    """
    saving.write_whole(path, text(session))


def text(session: Session) -> str:
    """Give a session that is over as its file has it."""
    events = map(_event_line, session.events)
    return "".join((_header_line(session.header), *events, _last_line(session.end, complete=session.complete)))


def read(path: Path) -> Session:
    """Read a session, also one that was cut short.

    Raises:
        InputError: the file cannot be read or is not a session.
    """
    return _read(_lines(path), path)


def parsed(raw: bytes, name: str) -> Session:
    """Read a session out of the bytes of its file; `name` says in an error whose they are.

    Raises:
        InputError: they are not a session.
    """
    return _read(_lines_of(BytesIO(raw), Path(name)), Path(name))


def _read(lines: Iterator[tuple[int, Any]], path: Path) -> Session:
    first = next(lines, None)
    if first is None or not isinstance(first[1], dict) or "session" not in first[1]:
        raise InputError(
            f"{path} is not a voicecare session: its first line is no header; give a file written by --session"
        )
    number, head = first
    if head.pop("session") != FORMAT:
        raise InputError(f"{path} was written by another version of voicecare; this one reads session format {FORMAT}")
    header: Header = _decoded(Header, head, path, number)
    try:
        recorded_config(header.config)
    except UsageError as error:
        raise InputError(f"{path}, line {number}: {error}; the session was changed by hand") from error
    events: list[Event] = []
    end: Samples | None = None
    complete = False
    for number, line in lines:
        kind = line.pop("type", None) if isinstance(line, dict) else None
        if kind == "end":
            end, complete = _end_line(line, path, number)
        elif isinstance(kind, str) and kind in KINDS:
            events.append(_decoded(KINDS[kind], line, path, number))
        else:
            raise InputError(f"{path}, line {number}: unknown event {kind!r:.40}; known: {', '.join(KINDS)}")
    return Session(header, tuple(events), max([0, *map(moment, events)]) if end is None else end, complete)


def recorded_config(values: Mapping[str, Any]) -> Config:
    """Read the settings of a header; what its version did not know stands at its default.

    Raises:
        UsageError: a value is of the wrong kind.
    """
    usual = dataclasses.asdict(Config())
    known = {
        name: {key: value for key, value in section.items() if key in usual[name]}
        for name, section in values.items()
        if name in usual and isinstance(section, dict)
    }
    return from_values(known, "the session")


def moment(event: Event) -> Samples:
    """When an event was known, in samples."""
    match event:
        case Segment() | TurnEvent():
            return event.decided_at
        case Heard():
            return event.arrived
        case Cue():
            return event.at if event.cleared_at is None else event.cleared_at
        case _:
            return event.at


def _header_line(header: Header) -> str:
    return _line({"session": FORMAT, **to_plain(header)})


def _event_line(event: Event) -> str:
    return _line({"type": NAMES[type(event)], **to_plain(event)})


def _last_line(end: Samples, *, complete: bool) -> str:
    return _line({"type": "end", "end": end, "complete": complete})


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _end_line(line: dict[str, Any], path: Path, number: int) -> tuple[Samples, bool]:
    end, complete = line.get("end"), line.get("complete")
    if type(end) is not int or not 0 <= end <= LARGEST or not isinstance(complete, bool):
        raise InputError(f"{path}, line {number}: a broken end line; the session was changed by hand")
    return end, complete


def _decoded(cls: type[Any], line: dict[str, Any], path: Path, number: int) -> Any:  # noqa: ANN401 - an object of `cls`
    try:
        return from_plain(cls, line)
    except DecodeError as error:
        raise InputError(f"{path}, line {number}: {error}") from error


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        with path.open("rb") as file:
            if path.stat().st_size > MOST_BYTES:
                raise InputError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB; a session holds one call")
            yield from _lines_of(file, path)
    except OSError as error:
        raise InputError(f"cannot read session {path}: {error.strerror}; check the path") from error
    except ValueError as error:  # a name no system has
        raise InputError(f"cannot read session {path}: {error}; check the path") from error


def _lines_of(file: BinaryIO, path: Path) -> Iterator[tuple[int, Any]]:
    for number, raw in enumerate(iter(lambda: file.readline(MOST_LINE_BYTES + 1), b""), 1):
        if len(raw) > MOST_LINE_BYTES:
            raise InputError(f"{path}, line {number}: longer than any event of a call; it is no session")
        if number > MOST_LINES:
            raise InputError(f"{path} has more than {MOST_LINES:,} lines; a session holds one call")
        if not raw.endswith(b"\n"):
            return  # torn by a kill in the middle of a line; what came before still counts
        try:
            values = json.loads(raw)
        except (ValueError, RecursionError):
            raise InputError(f"{path}, line {number}: not JSON; give a file written by --session") from None
        yield number, values
