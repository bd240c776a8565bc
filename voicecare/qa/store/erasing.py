"""Erasing a call: its rows, its words in the index, its files and the exports it is in; a tombstone stays."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, select

from voicecare.errors import InputError
from voicecare.qa.content import content_hash, file_hash
from voicecare.qa.store.exports import Exports
from voicecare.qa.store.records import Call, Tombstone
from voicecare.qa.store.rows import columns, now, records
from voicecare.qa.store.schema import calls, files, samples, tombstones, views


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    calls: how many. files: those removed: recordings and exports. left: files that stay, each with the reason why.
    """

    calls: int
    files: tuple[str, ...]
    left: tuple[str, ...]


class Graveyard:
    """The erasures of a store, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bury(self, call: Call, why: str, files_gone: int) -> None:
        """Delete every row of a call; leave a tombstone."""
        connection = self._connection
        connection.execute(delete(files).where(files.c.path.in_(call.files)))
        connection.execute(delete(files).where(files.c.content_hash == call.content_hash))
        for table in (views, samples):
            column = views.c.query if table is views else samples.c.definition
            for row in connection.execute(select(table.c.id, column.label("said"))).all():
                if call.caller_ref is not None and call.caller_ref == row.said.get("caller_ref"):
                    connection.execute(delete(table).where(table.c.id == row.id))
        connection.execute(delete(calls).where(calls.c.id == call.id))
        stone = {"content_hash": call.content_hash, "erased_at": now(), "why": why, "files": files_gone}
        connection.execute(tombstones.insert().values(stone))

    def stone(self, content_hash: str) -> Tombstone | None:
        """The tombstone of a call, by its content."""
        wanted = select(*columns(tombstones, Tombstone)).where(tombstones.c.content_hash == content_hash)
        found = records(Tombstone, self._connection.execute(wanted))
        return found[0] if found else None

    def stones(self) -> list[Tombstone]:
        """Every tombstone, the newest first."""
        wanted = select(*columns(tombstones, Tombstone)).order_by(tombstones.c.id.desc())
        return records(Tombstone, self._connection.execute(wanted))

    def removed_exports(self, call: Call) -> tuple[list[str], list[str]]:
        """Remove the exports that hold a call; return those gone and those left."""
        known = Exports(self._connection)
        gone: list[str] = []
        left: list[str] = []
        for export in known.of_call(call.id):
            removed(Path(export.path), gone, left)
            known.forget(export.id)
        return gone, left


def remove_recording(call: Call, copies: Sequence[str]) -> tuple[list[str], list[str]]:
    """Remove the files of a call, and copies of them; one that is another's by now stays.

    Return those gone and those left, each of these with the reason why.
    """
    gone: list[str] = []
    left = [f"{file}: lies elsewhere; remove it there" for file in call.files if "://" in file]
    paths = [Path(file) for file in call.files if "://" not in file]
    there = [path for path in paths if path.exists()]
    if call.lane == "replay" and len(there) == len(call.files) and not _same(call, there):
        left += [f"{path}: holds another recording by now" for path in there]
        there = []
    held = _hashes(there) if copies else set()
    for copy in map(Path, copies):
        if copy.exists() and _hashes([copy]) <= held:
            removed(copy, gone, left)
    for path in there:
        removed(path, gone, left)
    return gone, left


def removed(path: Path, gone: list[str], left: list[str]) -> None:
    """Remove a file, and note whether it is gone."""
    try:
        path.unlink()
        gone.append(str(path))
    except FileNotFoundError:
        pass
    except OSError as error:
        left.append(f"{path}: {error.strerror}")


def _same(call: Call, paths: Sequence[Path]) -> bool:
    try:
        return content_hash(paths) == call.content_hash
    except InputError:
        return False


def _hashes(paths: Sequence[Path]) -> set[str]:
    found = set()
    for path in paths:
        with contextlib.suppress(InputError):
            found.add(file_hash(path))
    return found
