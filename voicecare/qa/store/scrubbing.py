"""Takes what was deleted out of a database's files: a deleted row is at first only marked so."""

from __future__ import annotations

import contextlib

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from voicecare.qa.store.schema import TABLES

PATIENCE_S = 30
"""How long it waits for those who read."""
STILL_READ = "still being read, so traces of what was erased are in its files until the next erasure; stop the readers"


def scrub_sqlite(engine: Engine) -> bool:
    """Merge the search index into one piece, and empty the log of writes; rows were overwritten when they were deleted.

    Returns whether the log could be emptied.
    """
    with engine.connect().execution_options(voicecare_writes=True) as connection, connection.begin():
        connection.exec_driver_sql("INSERT INTO texts_fts(texts_fts) VALUES ('optimize')")
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE_S * 1000}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        told = cursor.fetchone()
        cursor.close()
        raw.invalidate()  # its patience was another
        return told is not None and not told[0]
    finally:
        raw.close()


def scrub_postgresql(engine: Engine) -> bool:
    """Write the tables anew, begin a new file of the log and make a checkpoint, where that is allowed.

    Returns whether the tables could be written.
    """
    tables = ", ".join(sorted(TABLES.tables))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{PATIENCE_S}s'")
        try:
            connection.exec_driver_sql(f"VACUUM FULL {tables}")
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == "55P03":  # lock_not_available
                return False
            raise
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
        for command in ("SELECT pg_switch_wal()", "CHECKPOINT"):
            with contextlib.suppress(DBAPIError):  # allowed to superusers and pg_checkpoint alone
                connection.exec_driver_sql(command)
    return True
