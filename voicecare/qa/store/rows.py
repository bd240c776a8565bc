"""From rows to records and back: the one place that knows how columns become fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Table

R = TypeVar("R")


def now() -> datetime:
    """The moment, to the millisecond."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def record(kind: type[R], row: Row[Any], prefix: str = "") -> R:
    """Make a record of a row that has its fields as columns, each named after `prefix`; lists become tuples."""
    known = {name.removeprefix(prefix): value for name, value in named(row).items() if name.startswith(prefix)}
    names = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type]  # every kind is a dataclass
    return kind(**{name: tuple(known[name]) if isinstance(known[name], list) else known[name] for name in names})


def named(row: Row[Any]) -> Mapping[str, Any]:
    """A row's values by the names of its columns."""
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def records(kind: type[R], rows: Iterable[Row[Any]]) -> list[R]:
    """Make a record of each row."""
    return [record(kind, row) for row in rows]


def columns(table: Table, kind: type[Any]) -> list[Any]:
    """The columns that a record needs."""
    return [table.c[field.name] for field in dataclasses.fields(kind)]


def values(new: Any) -> dict[str, Any]:  # noqa: ANN401 - any record
    """The fields of a record as a row takes them."""
    fields = ((field.name, getattr(new, field.name)) for field in dataclasses.fields(new))
    return {name: _plain(value) for name, value in fields}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field
    if isinstance(value, str):
        return value.replace("\0", "�")  # PostgreSQL keeps no zero byte
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return {str(key): _plain(item) for key, item in value.items()} if isinstance(value, Mapping) else value
