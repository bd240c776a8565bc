"""What recordings held when they were last read, so that only those that changed are read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, select

from voicecare.qa.store.records import Call
from voicecare.qa.store.rows import columns, records, values
from voicecare.qa.store.schema import calls, files

_AT_ONCE = 400
"""Names in one question; databases have a limit."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was read: its size, when it was changed (nanoseconds since 1970), and what it held."""

    path: str
    size_bytes: int
    changed_ns: int
    content_hash: str


def seen(file: Path, content_hash: str) -> Seen:
    """A file as it is now.

    Raises:
        OSError: it is not there.
    """
    status = file.stat()
    return Seen(str(file), status.st_size, status.st_mtime_ns, content_hash)


class Recordings:
    """The recordings a store has seen, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, paths: Sequence[str]) -> dict[str, Seen]:
        """What is known of some files, by path."""
        found: dict[str, Seen] = {}
        for start in range(0, len(paths), _AT_ONCE):
            some = [path for path in paths[start : start + _AT_ONCE] if path.isprintable()]
            wanted = select(*columns(files, Seen)).where(files.c.path.in_(some))
            found |= {one.path: one for one in records(Seen, self._connection.execute(wanted))}
        return found

    def copies(self, call: Call) -> list[str]:
        """Every other file that holds what a call's files hold, but for those that another call lists."""
        own = select(files.c.content_hash).where(files.c.path.in_(call.files))
        wanted = select(files.c.path).where(files.c.content_hash.in_(own), files.c.path.not_in(call.files))
        found = list(self._connection.execute(wanted.order_by(files.c.path)).scalars())
        if not found:
            return []
        listed = select(calls.c.files).where(calls.c.id != call.id)
        others = {path for of_call in self._connection.execute(listed).scalars() for path in of_call}
        return [path for path in found if path not in others]

    def remember(self, ones: Iterable[Seen]) -> None:
        """Keep what files held."""
        rows = {one.path: values(one) for one in ones}
        if rows:
            paths = list(rows)
            for start in range(0, len(paths), _AT_ONCE):
                self._connection.execute(delete(files).where(files.c.path.in_(paths[start : start + _AT_ONCE])))
            self._connection.execute(files.insert(), list(rows.values()))
