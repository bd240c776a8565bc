"""One batch a store at a time: two would both begin what the other has begun."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from voicecare import saving
from voicecare.errors import InputError, OutputError
from voicecare.qa.store.connecting import shown, told

_LOCK = 0x6E696768
LOCK_ENDING = "-batch"
"""Of the file beside SQLite's. Its own it must not be: closing that would give up SQLite's locks, too."""


@contextmanager
def working_alone(engine: Engine) -> Iterator[None]:
    """Hold the work list of a store until the end; it is let go of when this process dies, too.

    Raises:
        InputError: another holds it. OutputError: nothing can be written beside the store.
    """
    busy = InputError(f"another batch works on the store {shown(engine.url)}; wait for it, or give another --store")
    if engine.dialect.name != "sqlite":
        with told(engine.url), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar():
                raise busy
            yield
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        return
    path = Path(str(engine.url.database) + LOCK_ENDING)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another place for the store") from error
    try:
        if saving.locked(descriptor) is False:
            raise busy
        yield
    finally:
        os.close(descriptor)
