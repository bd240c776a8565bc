"""The agent's own diary: one SQLite file, readable by its owner alone, apart from the calls that are kept.

No command of quality assurance, no report and no export reads it. What is erased is overwritten in the file.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from voicecare.care.fields import TABLES, Table
from voicecare.care.vault import Vault, is_sealed
from voicecare.errors import InputError, OutputError

NAME = "care.db"
VERSION = 1
BUSY_S = 2.0
GIVEN_IN = "VOICECARE_DIARY_GIVEN_IN"
"""Where a passphrase is looked for when nobody can be asked."""
MOST_TEXT = 2_000
"""Characters of one text; a card takes 140, an import or a slip of the clipboard is cut here."""
Value = str | float | int | None
Row = Mapping[str, Any]


def default_path() -> Path:
    """Where the diary lies: in the agent's own data folder, beside nothing of voicecare's calls."""
    from platformdirs import user_data_path

    return user_data_path("voicecare-care") / NAME


def day_of(now_s: float) -> str:
    """The day a moment belongs to on this machine's clock, as 2026-11-27."""
    return datetime.fromtimestamp(now_s).astimezone().date().isoformat()


class Diary:
    """Keeps and finds rows; one diary a process. path: None keeps all in memory until the process ends.

    passphrase: the file is sealed with it, or will be; None where it is not.

    Raises:
        OutputError: the file cannot be made. InputError: it is no diary, is sealed and no or another passphrase was
            given, or is of a later version.
    """

    def __init__(self, path: Path | None, passphrase: str | None = None) -> None:
        self.path = path
        self._vault = None if path is None or passphrase is None else Vault(path, passphrase)
        if path is not None:
            _make(path, file=self._vault is None)
        if path is not None and self._vault is None and is_sealed(path):
            raise InputError(f"{path} is sealed; its passphrase is asked for on a terminal, or in {GIVEN_IN}")
        name = ":memory:" if path is None or self._vault is not None else str(path)
        try:
            self._db = sqlite3.connect(name, timeout=BUSY_S, isolation_level=None)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.execute("PRAGMA temp_store = MEMORY")
            with self._turn():
                self._prepare()
        except sqlite3.DatabaseError as error:
            raise InputError(
                f"{name} is no diary of voicecare ({error}); move it away, or remove it with: voicecare care erase"
            ) from error

    def add(self, table: Table, now_s: float, **values: Value) -> int:
        """Add a row with its day and moment; return its number."""
        row = {"day": day_of(now_s), "at_s": round(now_s, 1), **{key: _cut(value) for key, value in values.items()}}
        names = _known(table, row)
        # Only names of `TABLES` reach the text of a query; values never do.
        text = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
        return int(self._run(text, tuple(row[name] for name in names)).lastrowid or 0)

    def change(self, table: Table, number: int, **values: Value) -> None:
        """Change fields of one row."""
        names = _known(table, values)
        text = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?"  # noqa: S608 - as add
        self._run(text, (*(_cut(values[name]) for name in names), number))

    def remove(self, table: Table, number: int) -> None:
        """Remove one row, for good."""
        _known(table, ())
        self._run(f"DELETE FROM {table} WHERE id = ?", (number,))  # noqa: S608 - as add

    def rows(self, table: Table, first: date | None = None, last: date | None = None) -> list[Row]:
        """Rows in order of time, of the days from `first` to `last`, both included."""
        _known(table, ())
        since = "0000-00-00" if first is None else first.isoformat()
        until = "9999-99-99" if last is None else last.isoformat()
        text = f"SELECT * FROM {table} WHERE day BETWEEN ? AND ? ORDER BY at_s, id"  # noqa: S608 - as add
        return [dict(row) for row in self._run(text, (since, until)).fetchall()]

    def everything(self) -> dict[str, list[Row]]:
        """All of it, table by table."""
        return {table: self.rows(table) for table in TABLES}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def sealed(self, path: Path, passphrase: str) -> None:
        """Write a copy of the diary to `path`, sealed."""
        Vault(path, passphrase).seal(self._db)

    def plain(self, path: Path) -> None:
        """Write a copy of the diary to `path`, not sealed."""
        _make(path)
        copy = sqlite3.connect(path)
        self._db.backup(copy)
        copy.close()

    def _turn(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext() if self._vault is None else self._vault.turn(self._db)

    def _prepare(self) -> None:
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise InputError(f"{self.path} was written by a later version of voicecare; use that one")
        for table, fields in TABLES.items():
            columns = ", ".join(f"{field.name} {field.kind}" for field in fields)
            self._db.execute(f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY, {columns})")
        self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _run(self, text: str, values: tuple[Value, ...]) -> sqlite3.Cursor:
        try:
            with self._turn():
                return self._db.execute(text, values)
        except sqlite3.OperationalError as error:
            raise OutputError(f"cannot use {self.path}: {error}; close what else has it open") from error
        except sqlite3.DatabaseError as error:
            raise InputError(f"{self.path} is broken ({error}); move it away, or: voicecare care erase") from error


def erase(path: Path) -> list[Path]:
    """Remove the diary and what lies beside it; return what is gone. The text of it is overwritten first.

    Raises:
        OutputError: a file cannot be removed.
    """
    gone = []
    for file in _files(path):
        try:
            if stat.S_ISREG(file.lstat().st_mode):
                _overwrite(file)
            file.unlink()
        except OSError as error:
            raise OutputError(f"cannot erase {file}: {error.strerror}; check whose file it is") from error
        gone.append(file)
    return gone


def _files(path: Path) -> Iterator[Path]:
    pages = (path.with_name(f"{name}.html") for name in ("day", "week"))
    for file in (path, *(path.with_name(f"{path.name}-{part}") for part in ("journal", "wal", "shm", "lock")), *pages):
        if file.is_symlink() or file.exists():
            yield file


def _overwrite(file: Path) -> None:
    """Write zeros over a file; on disks that move what is written that is all a program can do."""
    with contextlib.suppress(OSError), file.open("r+b") as opened:
        opened.write(bytes(file.stat().st_size))
        opened.flush()
        os.fsync(opened.fileno())


def _make(path: Path, *, file: bool = True) -> None:
    """Make folder and file for the owner's eyes only; a link in their place is not followed."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file:
            return
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise OutputError(f"cannot open the diary {path}: {said}; check whose folder it is") from error


def _known(table: Table, names: Mapping[str, object] | tuple[str, ...]) -> list[str]:
    fields = {field.name for field in TABLES[table]}
    unknown = set(names) - fields
    if unknown:
        raise ValueError(f"{table} has no field {', '.join(sorted(unknown))}")
    return [name for name in names if name in fields]


def _cut(value: Value) -> Value:
    return value[:MOST_TEXT] if isinstance(value, str) else value
