"""How long what stays: each kind has its age in days, and what is older goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, TypeAlias, get_args

from sqlalchemy import Connection, delete, select, update

from voicecare.errors import UsageError
from voicecare.qa.store import schema
from voicecare.qa.store.records import Call, Export
from voicecare.qa.store.rows import columns, records
from voicecare.qa.store.schema import calls, cues, exports, notes, results, retention, texts

Kind: TypeAlias = Literal["calls", "recordings", "sessions", "notes", "exports"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""calls: everything of a call. recordings: its sound. sessions: its words and moments, while the figures stay. notes:
what was noted. exports: files that were written. The first three go by the call's time, the others by their own."""


class Retention:
    """What a store keeps how long, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, kind: str, days: float | None) -> None:
        """Keep a kind so many days; None keeps it for good.

        Raises:
            UsageError: there is no such kind, or the days are below 0.
        """
        if kind not in KINDS:
            raise UsageError(f"keep {kind}: not known; choose {', '.join(KINDS)}")
        if days is not None and not 0 <= days <= 36_525:
            raise UsageError(f"keep {kind} {days:g} days: must be 0 to 36525")
        self._connection.execute(delete(retention).where(retention.c.kind == kind))
        if days is not None:
            self._connection.execute(retention.insert().values(kind=kind, days=days))

    def kept(self) -> dict[str, float]:
        """How many days each kind stays; one that is not named stays for good."""
        return {row.kind: row.days for row in self._connection.execute(select(retention).order_by(retention.c.kind))}

    def due(self, kind: Kind, at: datetime) -> list[Call]:
        """The calls of which a kind is older than it may be, at a moment."""
        oldest = self._oldest(kind, at)
        if oldest is None:
            return []
        wanted = select(*columns(calls, Call)).where(calls.c.sort_at < oldest).order_by(calls.c.id)
        if kind == "sessions":
            held = select(results.c.call).join(schema.sessions, schema.sessions.c.result == results.c.id)
            wanted = wanted.where(calls.c.id.in_(held))
        found = records(Call, self._connection.execute(wanted))
        return [call for call in found if call.files] if kind == "recordings" else found

    def old_exports(self, at: datetime) -> list[Export]:
        """The exports that are older than they may be."""
        oldest = self._oldest("exports", at)
        if oldest is None:
            return []
        return records(
            Export, self._connection.execute(select(*columns(exports, Export)).where(exports.c.made_at < oldest))
        )

    def drop_sessions(self, call: Call) -> None:
        """Forget the words and moments of a call; its figures stay."""
        of_call = select(results.c.id).where(results.c.call == call.id)
        for table in (schema.sessions, texts, cues):
            self._connection.execute(delete(table).where(table.c.result.in_(of_call)))

    def drop_recording(self, call: Call) -> None:
        """The files of a call are gone."""
        self._connection.execute(update(calls).where(calls.c.id == call.id).values(files=[]))

    def drop_notes(self, at: datetime) -> int:
        """Forget notes that are older than they may be; return how many."""
        oldest = self._oldest("notes", at)
        if oldest is None:
            return 0
        return self._connection.execute(delete(notes).where(notes.c.made_at < oldest)).rowcount

    def _oldest(self, kind: Kind, at: datetime) -> datetime | None:
        days = self.kept().get(kind)
        return None if days is None else at - timedelta(days=days)
