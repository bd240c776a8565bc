"""A store, opened: one transaction to read or to write in, and what takes more than one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine

from voicecare.qa.store import connecting
from voicecare.qa.store.alone import working_alone
from voicecare.qa.store.calls import Calls
from voicecare.qa.store.erasing import Erased, Graveyard, remove_recording, removed
from voicecare.qa.store.exports import Exports
from voicecare.qa.store.filing import filed
from voicecare.qa.store.ledger import Ledger
from voicecare.qa.store.recordings import Recordings
from voicecare.qa.store.records import Call, NewCall
from voicecare.qa.store.results import Results
from voicecare.qa.store.retention import Retention
from voicecare.qa.store.reviews import Reviews
from voicecare.qa.store.rows import now
from voicecare.qa.store.sampling import Samples
from voicecare.qa.store.scoring import Scoring
from voicecare.qa.store.scrubbing import STILL_READ, scrub_postgresql, scrub_sqlite
from voicecare.session import Session


class Opened:
    """One transaction on a store, and everything that can be asked and told in it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.calls = Calls(connection)
        self.ledger = Ledger(connection)
        self.results = Results(connection)
        self.reviews = Reviews(connection)
        self.scoring = Scoring(connection)
        self.samples = Samples(connection)
        self.exports = Exports(connection)
        self.recordings = Recordings(connection)
        self.graves = Graveyard(connection)
        self.retention = Retention(connection)


class Store:
    """A store of calls. Open it, `read` or `write` in it, `close` it; also a context manager.

    Threads may share it; processes each open their own.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, given: str, *, create: bool = True) -> Self:
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
                with self.read() as to:
                    copies = to.recordings.copies(call)
                told, kept = remove_recording(call, copies)
                gone += told
                left += kept
            with self.write() as to:
                told, kept = to.graves.removed_exports(call)
                gone += told
                left += kept
                to.graves.bury(call, why, len(gone) - before)
        if wanted and not self.scrub():
            left.append(f"{self.name}: {STILL_READ}")
        return Erased(len(wanted), tuple(gone), tuple(left))

    def sweep(self, at: datetime | None = None) -> Erased:
        """Let go of what is older than it may be, at a moment or now.

        Raises:
            OutputError: the database cannot be used.
        """
        at = at or now()
        with self.read() as to:
            if not to.retention.kept():
                return Erased(0, (), ())
            whole, sounds = to.retention.due("calls", at), to.retention.due("recordings", at)
            worded, old = to.retention.due("sessions", at), to.retention.old_exports(at)
        erased = self.erase(whole, why="retention")
        gone, left = list(erased.files), list(erased.left)
        for export in old:
            removed(Path(export.path), gone, left)
        with self.write() as to:
            for export in old:
                to.exports.forget(export.id)
            for call in {call.id: call for call in worded}.values():
                to.retention.drop_sessions(call)
            to.retention.drop_notes(at)
        buried = {call.id for call in whole}
        for call in sounds:
            if call.id not in buried:
                with self.read() as to:
                    copies = to.recordings.copies(call)
                told, kept = remove_recording(call, copies)
                gone, left = [*gone, *told], [*left, *kept]
                with self.write() as to:
                    to.retention.drop_recording(call)
        if worded and not self.scrub():
            left.append(f"{self.name}: {STILL_READ}")
        return Erased(erased.calls, tuple(gone), tuple(left))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the store's work list: one batch a store at a time, however many machines it uses.

        Raises:
            InputError: another one holds it.
        """
        with working_alone(self._engine):
            yield

    def scrub(self) -> bool:
        """Take what was deleted out of the database's files, too; said in docs/qa-store.md.

        False where somebody read for longer than `PATIENCE_S`: what could not be done is done with the next erasure.

        Raises:
            OutputError: the database cannot be used.
        """
        with connecting.told(self._engine.url):
            if self.dialect == "sqlite":
                return scrub_sqlite(self._engine)
            return scrub_postgresql(self._engine)

    def tidy(self) -> None:
        """Let the database look at what it holds, so that it asks its indexes in a good order; after much was added.

        Raises:
            OutputError: the database cannot be used.
        """
        with (
            connecting.told(self._engine.url),
            self._engine.connect().execution_options(voicecare_writes=True) as connection,
            connection.begin(),
        ):
            if self.dialect == "sqlite":
                connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            connection.exec_driver_sql("ANALYZE")

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
