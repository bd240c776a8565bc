"""The files that were written from the store, so that what is erased is erased there, too."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, delete, select

from voicecare.qa.store.records import Export
from voicecare.qa.store.rows import columns, now, records
from voicecare.qa.store.schema import export_calls, exports


class Exports:
    """The exports a store knows of, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, path: Path, kind: str, calls: Iterable[int], *, made_by: str) -> int:
        """Remember a file that holds these calls; return its id. Say so before the file is written."""
        self._connection.execute(delete(exports).where(exports.c.path == str(path.absolute())))
        row = {"path": str(path.absolute()), "kind": kind, "made_at": now(), "made_by": made_by}
        made = int(self._connection.execute(exports.insert().values(row).returning(exports.c.id)).scalar_one())
        rows = [{"export": made, "call": call} for call in sorted(set(calls))]
        if rows:
            self._connection.execute(export_calls.insert(), rows)
        return made

    def all(self) -> list[Export]:
        """Every file that is known, the newest first."""
        return records(
            Export, self._connection.execute(select(*columns(exports, Export)).order_by(exports.c.id.desc()))
        )

    def of_call(self, call: int) -> list[Export]:
        """The files that hold a call."""
        held = select(export_calls.c.export).where(export_calls.c.call == call)
        wanted = select(*columns(exports, Export)).where(exports.c.id.in_(held)).order_by(exports.c.id)
        return records(Export, self._connection.execute(wanted))

    def forget(self, export: int) -> None:
        """A file is gone."""
        self._connection.execute(delete(exports).where(exports.c.id == export))
