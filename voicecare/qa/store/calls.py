"""Calls: added, found, filtered, searched and listed a page at a time."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, update

from voicecare.errors import InputError, UsageError
from voicecare.qa.store.columns import HASH_LENGTH
from voicecare.qa.store.records import Call, Listed, NewCall, Page
from voicecare.qa.store.rows import columns, named, now, record, records, values
from voicecare.qa.store.schema import (
    FIGURES,
    calls,
    cues,
    events,
    numbers,
    reviews,
    sample_calls,
    scorecards,
    tombstones,
)
from voicecare.qa.store.searching import matching, narrowed

Comparison: TypeAlias = Literal[">=", "<=", "=="]
MOST_ROWS = 500
OUTCOMES = ("csat", "nps", "retained", "arm")
_FACTS = ("call_id", "agent", "queue", "caller_ref", "started_at", "sort_at", *OUTCOMES)


@dataclass(frozen=True, slots=True)
class Bound:
    """A condition on a figure: it is known, and stands so to a value."""

    figure: str
    is_: Comparison
    value: float


@dataclass(frozen=True, slots=True)
class CallQuery:
    """Which calls, and in which order; what is None or empty asks for nothing.

    search: words that were said, as `searching.terms` understands them. call_id: how it begins. since, before: of
    `sort_at`. has: kinds of events or cues that must occur. reviewed: whether anybody said anything of it. sample: the
    id of one. order: newest, oldest, or a figure, the highest first.
    """

    search: str | None = None
    call_id: str | None = None
    agent: str | None = None
    queue: str | None = None
    caller_ref: str | None = None
    status: str | None = None
    lane: str | None = None
    language: str | None = None
    arm: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    bounds: tuple[Bound, ...] = ()
    has: tuple[str, ...] = ()
    reviewed: bool | None = None
    scored: bool | None = None
    sample: int | None = None
    order: str = "newest"

    def plain(self) -> dict[str, Any]:
        """Give it as JSON values, what asks for nothing left out; `CallQuery.of` reads it back."""
        known = {name: value for name, value in asdict(self).items() if value not in (None, (), [])}
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in known.items()}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> CallQuery:
        """Read back what `plain` gave.

        Raises:
            UsageError: it is none.
        """
        try:
            known = dict(plain)
            for name in {"since", "before"} & known.keys():
                known[name] = datetime.fromisoformat(known[name])
            known["bounds"] = tuple(Bound(**bound) for bound in known.get("bounds", ()))
            known["has"] = tuple(known.get("has", ()))
            return cls(**known)
        except (TypeError, ValueError) as error:
            raise UsageError(
                f"not a list of filters ({error}); known are {', '.join(f.name for f in fields(cls))}"
            ) from error


class Calls:
    """The calls of a store, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: NewCall) -> tuple[int, bool]:
        """Add a call; return its id, and whether it is new. Of one that is there, what was not known is filled in.

        Raises:
            InputError: it was erased.
        """
        found = self.by_hash(new.content_hash)
        if found is not None:
            self._fill(found, new)
            return found.id, False
        buried = select(tombstones.c.id).where(tombstones.c.content_hash == new.content_hash)
        if self._connection.execute(buried).first() is not None:
            raise InputError(f"{new.call_id}: was erased, and is not added again")
        row = {**values(new), "status": "none", "added_at": now()}
        return int(self._connection.execute(calls.insert().values(row).returning(calls.c.id)).scalar_one()), True

    def get(self, number: int) -> Call | None:
        """Find a call by its id."""
        return self._one(calls.c.id == number)

    def by_hash(self, content_hash: str) -> Call | None:
        """Find a call by its content."""
        return self._one(calls.c.content_hash == content_hash)

    def named(self, name: str) -> list[Call]:
        """Find calls by call id, by id (`#12`), or by the first eight or more digits of their content hash."""
        wanted: ColumnElement[bool] = calls.c.call_id == name
        if name.startswith("#") and name[1:].isdecimal() and len(name) < 20:
            wanted = or_(wanted, calls.c.id == int(name[1:]))
        if 8 <= len(name) <= HASH_LENGTH and not set(name) - set("0123456789abcdef"):
            wanted = or_(wanted, calls.c.content_hash.startswith(name))
        return records(Call, self._connection.execute(select(*columns(calls, Call)).where(wanted).order_by(calls.c.id)))

    def of_caller(self, caller_ref: str) -> list[Call]:
        """Find the calls of a caller reference."""
        wanted = select(*columns(calls, Call)).where(calls.c.caller_ref == caller_ref).order_by(calls.c.id)
        return records(Call, self._connection.execute(wanted))

    def set_facts(self, number: int, facts: Mapping[str, Any]) -> None:
        """Change what is known of a call from outside: its names, start and outcomes.

        Raises:
            UsageError: a fact is none of those.
        """
        unknown = facts.keys() - set(_FACTS)
        if unknown:
            raise UsageError(f"{min(unknown)}: no fact of a call; known are {', '.join(_FACTS)}")
        self._connection.execute(update(calls).where(calls.c.id == number).values(dict(facts)))

    def page(self, query: CallQuery, *, limit: int = 50, after: str | None = None) -> Page:
        """List the calls of a query, `limit` (1..500) at a time; `after`: what the page before gave.

        Raises:
            UsageError: the query or `after` is not understood.
        """
        wanted = self._filtered(
            select(*columns(calls, Call), *(numbers.c[name].label(f"_{name}") for name in FIGURES)), query, every=False
        )
        key, ascending = _order(query)
        if after is not None:
            wanted = wanted.where(_beyond(key, after, ascending=ascending, moment=query.order in ("newest", "oldest")))
        # The same number as calls.id, of the table whose index has this order.
        number = calls.c.id if query.order in ("newest", "oldest") else numbers.c.call
        order = (key.asc(), number.asc()) if ascending else (key.desc(), number.desc())
        limit = max(1, min(limit, MOST_ROWS))
        found = self._connection.execute(wanted.order_by(*order).limit(limit + 1)).all()
        rows = tuple(
            Listed(record(Call, row), {name: named(row)[f"_{name}"] for name in FIGURES} if row.current else {})
            for row in found[:limit]
        )
        return Page(rows, _mark(query, rows[-1]) if len(found) > limit else None)

    def count(self, query: CallQuery, *, most: int | None = None) -> int:
        """Count the calls of a query; `most`: no further than this, so that a page need not wait for it."""
        wanted = self._filtered(select(calls.c.id), query, every=True)
        inner = (wanted if most is None else wanted.limit(most)).subquery()
        return int(self._connection.execute(select(func.count()).select_from(inner)).scalar_one())

    def ids(self, query: CallQuery) -> list[int]:
        """The ids of all calls of a query, in order of id: the frame of a sample."""
        wanted = self._filtered(select(calls.c.id), query, every=True).order_by(calls.c.id)
        return list(self._connection.execute(wanted).scalars())

    def values(self, fact: Literal["agent", "queue", "language", "lane", "status", "arm"]) -> list[str]:
        """The values that occur of a fact, for a choice of filters."""
        column = calls.c[fact]
        found = self._connection.execute(
            select(column).where(column.is_not(None)).distinct().order_by(column).limit(MOST_ROWS)
        )
        return [str(value) for value in found.scalars()]

    def _one(self, wanted: ColumnElement[bool]) -> Call | None:
        row = self._connection.execute(select(*columns(calls, Call)).where(wanted)).first()
        return None if row is None else record(Call, row)

    def _fill(self, found: Call, new: NewCall) -> None:
        told = {name: getattr(new, name) for name in _FACTS if name not in ("call_id", "sort_at")}
        fresh = {name: value for name, value in told.items() if value is not None and value != getattr(found, name)}
        if new.started_at is not None:
            fresh["sort_at"] = new.sort_at
        if new.files != found.files and not _all_exist(found.files):
            fresh["files"] = list(new.files)
        if fresh:
            self._connection.execute(update(calls).where(calls.c.id == found.id).values(fresh))

    def _filtered(self, wanted: Select[Any], query: CallQuery, *, every: bool) -> Select[Any]:
        """The calls of a query; `every`: all of them will be read, not a page."""
        joined = and_(numbers.c.call == calls.c.id, numbers.c.result == calls.c.current, numbers.c.version == "heard")
        needs = query.bounds or query.order not in ("newest", "oldest")
        wanted = wanted.select_from(calls.join(numbers, joined) if needs else calls.outerjoin(numbers, joined))
        if query.search is not None:
            found = matching(query.search, self._connection.dialect.name)
            wanted = wanted.where(calls.c.current.in_(found) if every else narrowed(query.search, self._connection))
        return wanted.where(*_conditions(query))


def _conditions(query: CallQuery) -> Iterable[ColumnElement[bool]]:
    yield from _facts(query)
    yield from map(_bound, query.bounds)
    yield from map(_occurs, query.has)
    for said, rows in ((query.reviewed, reviews), (query.scored, scorecards)):
        if said is not None:
            any_of_it = exists().where(rows.c.call == calls.c.id)
            yield any_of_it if said else ~any_of_it
    if query.sample is not None:
        yield calls.c.id.in_(select(sample_calls.c.call).where(sample_calls.c.sample == query.sample))
    if query.order not in ("newest", "oldest"):
        yield _figure(query.order).is_not(None)


def _facts(query: CallQuery) -> Iterable[ColumnElement[bool]]:
    for name in ("agent", "queue", "caller_ref", "status", "lane", "language", "arm"):
        if getattr(query, name) is not None:
            yield calls.c[name] == getattr(query, name)
    if query.call_id is not None:
        yield calls.c.call_id.startswith(query.call_id, autoescape=True)
    if query.since is not None:
        yield calls.c.sort_at >= query.since
    if query.before is not None:
        yield calls.c.sort_at < query.before


def _occurs(kind: str) -> ColumnElement[bool]:
    return or_(*(exists().where(of.c.result == calls.c.current, of.c.kind == kind) for of in (events, cues)))


def _figure(name: str) -> ColumnElement[Any]:
    if name not in FIGURES:
        raise UsageError(f"{name}: no figure of a call; known are newest, oldest, {', '.join(FIGURES)}")
    return numbers.c[name]


def _bound(bound: Bound) -> ColumnElement[bool]:
    figure = _figure(bound.figure)
    comparisons = {">=": figure >= bound.value, "<=": figure <= bound.value, "==": figure == bound.value}
    if bound.is_ not in comparisons:
        raise UsageError(f"{bound.figure} {bound.is_} {bound.value:g}: compare by {', '.join(comparisons)}")
    return comparisons[bound.is_]


def _order(query: CallQuery) -> tuple[ColumnElement[Any], bool]:
    if query.order in ("newest", "oldest"):
        return calls.c.sort_at, query.order == "oldest"
    return _figure(query.order), False


def _beyond(key: ColumnElement[Any], after: str, *, ascending: bool, moment: bool) -> ColumnElement[bool]:
    try:
        at, number = json.loads(base64.urlsafe_b64decode(after.encode()))
        at = datetime.fromisoformat(at) if moment else float(at)
        number = int(number)
    except (ValueError, TypeError) as error:
        raise UsageError(f"page {after!r:.40}: not a place in this list; begin at its start") from error
    if ascending:
        return or_(key > at, and_(key == at, calls.c.id > number))
    return or_(key < at, and_(key == at, calls.c.id < number))


def _mark(query: CallQuery, last: Listed) -> str:
    at = last.call.sort_at.isoformat() if query.order in ("newest", "oldest") else last.figures[query.order]
    return base64.urlsafe_b64encode(json.dumps([at, last.call.id]).encode()).decode()


def _all_exist(files: Iterable[str]) -> bool:
    from pathlib import Path

    return all("://" in file or Path(file).exists() for file in files)
