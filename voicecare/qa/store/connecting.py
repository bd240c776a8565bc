"""Opens the database of a store: SQLite with one writer at a time, or PostgreSQL; brings its tables up to date."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from voicecare.errors import InputError, OutputError, UsageError, VoicecareError
from voicecare.qa.place import default_file

PATIENCE_S = 60
"""How long a writer of SQLite waits for its turn; the longest turn is a retention's, a few seconds."""
_LOCK = 0x766F6963
"""PostgreSQL's advisory lock while tables are made: two that open a new store at once make it once."""


def default_url() -> str:
    """The store of this user on this machine."""
    return f"sqlite:///{default_file()}"


def parse(given: str) -> URL:
    """Understand `--store`: a file's name, sqlite:///FILE, or postgresql://USER@HOST/DATABASE.

    Raises:
        UsageError: it is neither.
    """
    if "://" not in given:
        return URL.create("sqlite", database=str(Path(given).absolute()))
    try:
        url = make_url(given)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UsageError(
            f"--store {given.split('://', maxsplit=1)[0]}://…: not understood; give a file, sqlite:///FILE, or "
            "postgresql://USER@HOST/DATABASE"
        )
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise UsageError(f"--store {given}: a store is a file; give sqlite:///FILE")
        return url.set(drivername="sqlite")
    return url.set(drivername="postgresql+psycopg")


def shown(url: URL) -> str:
    """A store's address as it may be printed: without its password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def connect(url: URL, *, create: bool) -> Engine:
    """Open a store's database and bring its tables up to this version.

    create: make it where there is none.

    Raises:
        InputError: there is none, it is no store, or one of a newer voicecare. OutputError: it cannot be made.
    """
    try:
        if url.get_backend_name() == "sqlite":
            _have_file(Path(str(url.database)), create=create)
            engine = create_engine(url, connect_args={"timeout": PATIENCE_S, "check_same_thread": False})
        elif find_spec("psycopg") is None:
            raise UsageError("a store in PostgreSQL needs the package psycopg: pip install 'voicecare[qa]'")
        else:
            engine = create_engine(
                url,
                pool_pre_ping=True,
                connect_args={"options": "-c jit=off"},  # compiling a question takes longer than answering it
            )
    except ImportError as error:
        raise UsageError(f"a store in PostgreSQL needs psycopg and the library libpq ({error})") from error
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    try:
        with told(url):
            _migrate(engine)
    except VoicecareError:
        engine.dispose()
        raise
    return engine


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn what a database raises into one line that names the store.

    Raises:
        OutputError: the database cannot be reached, is full, locked or broken.
    """
    try:
        yield
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())[:200]
        raise OutputError(
            f"the store {shown(url)} cannot be used: {said}; check that it is there and writable"
        ) from error
    except SQLAlchemyError as error:
        raise OutputError(f"the store {shown(url)} cannot be used: {type(error).__name__}") from error


def _have_file(path: Path, *, create: bool) -> None:
    if not path.exists() and not create:
        raise InputError(f"there is no store at {path}; make one with: voicecare batch FOLDER --store {path}")
    try:
        if create and path == default_file():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))  # SQLite's own files take after it
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise OutputError(f"cannot use the store {path}: {error.strerror}; choose another place") from error
    if start and not start.startswith(b"SQLite format 3"):
        raise InputError(f"{path} is no store (no SQLite database); give another --store")


def _connected(connection: Any, _: object) -> None:  # noqa: ANN401 - a driver's own
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # transactions begin where `_begun` says so
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # what is done is done, also when the plug is pulled
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is overwritten
        "temp_store=MEMORY",
        "cache_size=-65536",
        "mmap_size=1073741824",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begun(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A reader that turned writer would be refused at once, however long it may wait: writers say so at the start.
        writes = connection.get_execution_options().get("voicecare_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "voicecare.qa.store:migrations")
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with engine.connect().execution_options(voicecare_writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise InputError(
                f"the store {shown(engine.url)} was made by a newer voicecare; use that version, or another store"
            ) from error
