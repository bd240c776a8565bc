"""What the tables of the store are made of: how they are named and numbered, moments, and whose a row is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, ForeignKey, Integer, MetaData, Table, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment of the world: aware in Python, UTC without its zone in the database: its text is in order."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """Take a moment with its zone.

        Raises:
            ValueError: it has none.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given
        """Give it back in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
BIG = BigInteger().with_variant(Integer, "sqlite")
HASH_LENGTH = 64


def table(name: str, *columns: Any) -> Table:  # noqa: ANN401 - columns and constraints
    """A table whose numbers are never given again, so that an old link cannot lead to another call."""
    return Table(name, METADATA, Column("id", BIG, primary_key=True), *columns, sqlite_autoincrement=True)


def of_call(*, indexed: bool = True) -> Column[int]:
    """Which call a row belongs to; it goes with it."""
    return Column("call", BIG, ForeignKey("calls.id", ondelete="CASCADE"), nullable=False, index=indexed)


def of_result(*, nullable: bool = False, indexed: bool = True) -> Column[int]:
    """Which result a row belongs to; it goes with it, or stays without where that may be."""
    rule = "SET NULL" if nullable else "CASCADE"
    return Column("result", BIG, ForeignKey("results.id", ondelete=rule), nullable=nullable, index=indexed)
