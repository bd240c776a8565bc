"""The front door for programs: a recorded call in, its session out, and a session's faces."""

from __future__ import annotations

import json
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from voicecare import session as sessions
from voicecare.assembly import Choices
from voicecare.audio.files.call import CallFiles
from voicecare.audio.files.layout import refuse_copies
from voicecare.audio.files.raw import RawFormat
from voicecare.audio.files.recording import Side
from voicecare.catalogue.catalogue import Catalogue
from voicecare.config import Config
from voicecare.recorded import Replay
from voicecare.report.document import document
from voicecare.report.numbers import Numbers, numbers
from voicecare.report.page import render
from voicecare.report.rows import settled
from voicecare.timebase import seconds
from voicecare.types import Event, Heard

File: TypeAlias = str | PathLike[str]


def replay(
    call: File | tuple[File, File],
    *,
    agent_channel: Side = "right",
    offset_s: float = 0.0,
    raw: RawFormat | None = None,
    config: Config | None = None,
    choices: Choices | None = None,
) -> Session:
    """Hear a recorded call to its end, as `voicecare replay` does.

    call: a recording with one party on each channel or track, or (agent, caller), a mono file each. agent_channel:
    where the agent is in a recording of both. offset_s: how much later the caller's file begins than the agent's. raw:
    how files without a header are coded. config: every number voicecare decides by. choices: which models run;
    `Choices(words=False)` hears without the recogniser.

    Raises:
        UsageError: a choice is not allowed. InputError: a file cannot be used, or a model is missing.
    """
    paths = (Path(call[0]), Path(call[1])) if isinstance(call, tuple) else (Path(call),)
    files = CallFiles(paths, agent_channel, offset_s, raw)
    recording = files.open()
    refuse_copies(recording)
    replayer = Replay(config or Config(), choices or Choices())
    return Session(replayer.run(recording, agent_channel=files.side))


@dataclass(frozen=True, slots=True)
class Session:
    """One call as it was heard.

    record: everything that was said of the call, in the order in which it was known, as the session's file has it.
    """

    record: sessions.Session

    @classmethod
    def load(cls, path: File) -> Session:
        """Read a session's file (`--session`), also one that was cut short.

        Raises:
            InputError: the file cannot be read or is no session.
        """
        return cls(sessions.read(Path(path)))

    def save(self, path: File) -> None:
        """Write the session's file, whole or not at all, readable by its owner only.

        Raises:
            OutputError: it cannot be written; what was there before stays.
        """
        sessions.save(Path(path), self.record)

    @property
    def complete(self) -> bool:
        """Whether the call was heard to its end: False where the recording or the run was cut short."""
        return self.record.complete

    @property
    def duration_s(self) -> float:
        """How much of the call was heard, in seconds."""
        return seconds(self.record.end)

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, each event once and as it ended, in order; times are samples at 16 kHz.

        The classes are those of `voicecare.types`; docs/events.md says what each means.
        """
        return tuple(e for e in settled(self.record.events) if not isinstance(e, Heard) or e.final)

    @property
    def summary(self) -> Numbers:
        """All numbers of the call, in seconds; what is not known is None, never 0."""
        return numbers(self.record)

    def to_json(self) -> str:
        """Write the document that `--json` writes; docs/voicecare.schema.json is its schema."""
        return json.dumps(document(self.record), ensure_ascii=False, indent=1) + "\n"

    def to_html(self, language: str = "en") -> str:
        """Write the page that `--html` writes, without sound and pictures of it.

        language: of the page's words: "en", "zh-Hant".

        Raises:
            UsageError: there are no words in that language.
        """
        return render(document(self.record), None, None, Catalogue.load(language))
