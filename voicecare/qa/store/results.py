"""Results: what was heard of a call, kept once and never changed; its figures also as corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, select, text, update

from voicecare import session as sessions
from voicecare.qa.store import schema
from voicecare.qa.store.figures import figures as figures_of
from voicecare.qa.store.filing import Filed, unpacked
from voicecare.qa.store.records import CueRow, EventRow, Version
from voicecare.qa.store.rows import columns, named, now, records
from voicecare.qa.store.schema import FIGURES, calls, cues, events, numbers, results, summaries, texts
from voicecare.qa.store.searching import lexemes
from voicecare.session import Session

ADD_TEXTS = "INSERT INTO texts (result, agent, caller, tsv) VALUES (:result, :agent, :caller, CAST(:tsv AS tsvector))"
"""Into PostgreSQL, whose column of words is its own."""


class Results:
    """The results of a store, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, result: int, filed: Filed, *, wall_s: float | None = None, reason: str = "") -> bool:
        """Keep what was heard and show it as the call's; False where it was kept already, which then stays."""
        row = self._connection.execute(select(results.c.call, results.c.state).where(results.c.id == result)).one()
        if row.state == "done":
            return False
        of = {"result": result, "call": row.call}
        done = {
            "state": "done",
            "reason": reason,
            "finished_at": now(),
            "wall_s": wall_s,
            "complete": filed.complete,
        }
        self._connection.execute(update(results).where(results.c.id == result).values(done))
        self._connection.execute(schema.sessions.insert().values(result=result, length=filed.length, body=filed.body))
        self._keep_texts(result, *filed.texts)
        self._keep_numbers(result, row.call, "heard", filed.summary, None)
        if filed.events:
            self._connection.execute(events.insert(), [{**of, **event} for event in filed.events])
        if filed.cues:
            self._connection.execute(cues.insert(), [{**of, **cue} for cue in filed.cues])
        shown = {
            "status": "done",
            "current": result,
            "duration_s": filed.duration_s,
            "language": filed.language,
        }
        self._connection.execute(update(calls).where(calls.c.id == row.call).values(shown))
        return True

    def raw(self, result: int) -> bytes | None:
        """A result's session, byte for byte as `replay --session` writes it; None where there is none (any more).

        Raises:
            InputError: it is damaged.
        """
        kept = schema.sessions
        row = self._connection.execute(select(kept.c.body, kept.c.length).where(kept.c.result == result)).first()
        return None if row is None else unpacked(row.body, row.length)

    def session(self, result: int) -> Session | None:
        """A result's session; None where there is none (any more).

        Raises:
            InputError: it is damaged.
        """
        raw = self.raw(result)
        return None if raw is None else sessions.parsed(raw, f"result {result} of the store")

    def events(self, result: int) -> list[EventRow]:
        """What can be counted and corrected of a result, in order of time."""
        wanted = select(*columns(events, EventRow)).where(events.c.result == result)
        return records(EventRow, self._connection.execute(wanted.order_by(events.c.start, events.c.id)))

    def cues(self, result: int) -> list[CueRow]:
        """The cues of a result, in order of time."""
        wanted = select(*columns(cues, CueRow)).where(cues.c.result == result)
        return records(CueRow, self._connection.execute(wanted.order_by(cues.c.at, cues.c.id)))

    def figures(self, result: int, version: Version = "heard") -> Mapping[str, float | None] | None:
        """The figures of a result; None where there are none of that version."""
        wanted = select(*(numbers.c[name] for name in FIGURES))
        row = self._connection.execute(wanted.where(numbers.c.result == result, numbers.c.version == version)).first()
        return None if row is None else named(row)

    def summary(self, result: int, version: Version = "heard") -> Mapping[str, Any] | None:
        """All numbers of a result, as `summary` of the document; None where there are none of that version."""
        wanted = select(summaries.c.body).where(summaries.c.result == result, summaries.c.version == version)
        found: Mapping[str, Any] | None = self._connection.execute(wanted).scalar()
        return found

    def correct(self, result: int, summary: Mapping[str, Any], *, upto_review: int) -> None:
        """Keep the numbers as corrected by the reviews up to one; those as heard stay as they are."""
        call = self._connection.execute(select(results.c.call).where(results.c.id == result)).scalar_one()
        for table in (numbers, summaries):
            self._connection.execute(delete(table).where(table.c.result == result, table.c.version == "corrected"))
        self._keep_numbers(result, call, "corrected", summary, upto_review)

    def _keep_texts(self, result: int, agent: str, caller: str) -> None:
        row: dict[str, Any] = {"result": result, "agent": agent, "caller": caller}
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text(ADD_TEXTS), {**row, "tsv": lexemes(agent, caller)})
        else:
            self._connection.execute(texts.insert().values(row))

    def _keep_numbers(
        self, result: int, call: int, version: Version, summary: Mapping[str, Any], upto_review: int | None
    ) -> None:
        row = {"result": result, "version": version, "call": call, "made_at": now(), "upto_review": upto_review}
        self._connection.execute(numbers.insert().values({**row, **figures_of(summary)}))
        self._connection.execute(summaries.insert().values(result=result, version=version, body=dict(summary)))
