"""A store, opened: one transaction to read or to write in, and what takes more than one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from voicecare.qa.store import connecting
from voicecare.qa.store.calls import Calls
from voicecare.qa.store.erasing import Erased, Graveyard, remove_recording, scrub_index
from voicecare.qa.store.exports import Exports
from voicecare.qa.store.filing import filed
from voicecare.qa.store.ledger import Ledger
from voicecare.qa.store.records import Call, NewCall
from voicecare.qa.store.results import Results
from voicecare.qa.store.retention import Retention
from voicecare.qa.store.reviews import Reviews
from voicecare.qa.store.sampling import Samples
from voicecare.qa.store.scoring import Scoring
from voicecare.session import Session

_CLEANED = ("calls", "files", "results", "sessions", "numbers", "summaries", "events", "cues", "texts", "reviews")
_CLEANED_TOO = ("notes", "scorecards", "sample_calls", "exports", "export_calls", "views", "samples", "tombstones")


class Opened:
    """One transaction on a store, and everything that can be asked and told in it."""

    def __init__(self, connection: Connection) -> None:
        self.calls = Calls(connection)
        self.ledger = Ledger(connection)
        self.results = Results(connection)
        self.reviews = Reviews(connection)
        self.scoring = Scoring(connection)
        self.samples = Samples(connection)
        self.exports = Exports(connection)
        self.graves = Graveyard(connection)
        self.retention = Retention(connection)


class Store:
    """A store of calls. Open it, `read` or `write` in it, `close` it; also a context manager.

    Threads may share it; processes each open their own.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, given: str, *, create: bool = True) -> Store:
        """Open a store by `--store`: a file, sqlite:///FILE or postgresql://USER@HOST/DATABASE.

        create: make it where there is none.

        Raises:
            UsageError: the address is not understood. InputError: there is none, or one of a newer voicecare.
            OutputError: it cannot be used.
        """
        return cls(connecting.connect(connecting.parse(given), create=create))

    @property
    def name(self) -> str:
        """Its address, as it may be printed."""
        return connecting.shown(self._engine.url)

    @property
    def dialect(self) -> str:
        """Which database it is: "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Opened]:
        """Ask: everything within sees the store as it was at one moment.

        Raises:
            OutputError: the database cannot be used.
        """
        with connecting.told(self._engine.url), self._engine.connect() as connection, connection.begin():
            yield Opened(connection)

    @contextmanager
    def write(self) -> Iterator[Opened]:
        """Tell: everything within is kept together, or nothing where something is raised.

        Raises:
            OutputError: the database cannot be used.
        """
        with (
            connecting.told(self._engine.url),
            self._engine.connect().execution_options(voicecare_writes=True) as connection,
            connection.begin(),
        ):
            yield Opened(connection)

    def add_session(self, call: NewCall, session: Session, result_hash: str) -> int:
        """Add a call together with what was heard of it, such as a live call that was kept; return the call's id."""
        ready = filed(session)
        with self.write() as to:
            number, _ = to.calls.add(call)
            header = session.header
            settings = {"words": header.recogniser is not None, "vad": header.vad}
            result = to.ledger.queue(number, result_hash, settings, header.models)
            to.results.save(result.id, ready)
        return number

    def erase(self, wanted: Sequence[Call], *, why: str = "asked", recordings: bool = True) -> Erased:
        """Erase calls: rows, words, files and exports; what can be overwritten is.

        recordings: whether their files are removed, too.

        Raises:
            OutputError: the database cannot be used.
        """
        gone: list[str] = []
        left: list[str] = []
        for call in wanted:
            before = len(gone)
            if recordings:
                removed, kept = remove_recording(call)
                gone += removed
                left += kept
            with self.write() as to:
                removed, kept = to.graves.removed_exports(call)
                gone += removed
                left += kept
                to.graves.bury(call, why, len(gone) - before)
        if wanted:
            self.scrub()
        return Erased(len(wanted), tuple(gone), tuple(left))

    def scrub(self) -> None:
        """Take what was deleted out of the database's files, too; said in docs/qa-store.md.

        Raises:
            OutputError: the database cannot be used.
        """
        with connecting.told(self._engine.url):
            if self.dialect == "sqlite":
                with (
                    self._engine.connect().execution_options(voicecare_writes=True) as connection,
                    connection.begin(),
                ):
                    scrub_index(connection)
                self._checkpoint()
                return
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"VACUUM FULL {', '.join((*_CLEANED, *_CLEANED_TOO))}")
                with contextlib.suppress(DBAPIError):  # allowed to superusers and pg_checkpoint alone
                    connection.exec_driver_sql("SELECT pg_switch_wal()")
                with contextlib.suppress(DBAPIError):
                    connection.exec_driver_sql("CHECKPOINT")

    def files(self) -> list[Path]:
        """The files of a store in SQLite; none of one in PostgreSQL."""
        if self.dialect != "sqlite":
            return []
        base = str(self._engine.url.database)
        return [path for suffix in ("", "-wal", "-shm") if (path := Path(base + suffix)).exists()]

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _checkpoint(self) -> None:
        """Empty SQLite's log of writes into the database; waits for who is reading."""
        raw = self._engine.raw_connection()
        try:
            raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        finally:
            raw.close()


def named(store: Store, names: Iterable[str]) -> list[Call]:
    """Find calls by what people call them, each once.

    Raises:
        InputError: one is not there, or several are called so.
    """
    from voicecare.errors import InputError

    found: dict[int, Call] = {}
    with store.read() as to:
        for name in names:
            calls = to.calls.named(name)
            if not calls:
                raise InputError(f"there is no call {name!r} in {store.name}; `voicecare batch` lists what it added")
            if len(calls) > 1:
                several = ", ".join(f"#{call.id} ({call.sort_at:%Y-%m-%d})" for call in calls[:5])
                raise InputError(f"{len(calls)} calls are called {name!r}; say which: {several}")
            found[calls[0].id] = calls[0]
    return list(found.values())
