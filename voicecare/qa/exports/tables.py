"""Calls as a table: one row a call with what is known of it and its figures, as CSV or Parquet.

A spreadsheet takes text that begins like a formula for one, so CSV puts an apostrophe before it; Parquet has types and
keeps text as it is. Rows stand in the order of calls, and none is a person's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from voicecare.qa.store.records import Call
from voicecare.qa.store.schema import FIGURES
from voicecare.qa.store.store import Opened

if TYPE_CHECKING:
    import pyarrow as pa

Kind: TypeAlias = Literal["text", "number", "count", "moment", "yes"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_COUNTED = (
    "agent_interruptions",
    "caller_interruptions",
    "talk_overs",
    "long_silences",
    "rises",
    "rises_unanswered",
    "rises_unresolved",
    "rises_recovered",
    "cues_shown",
    "cues_heeded",
    "cues_expired",
    "cues_withheld",
    "cues_logged",
)
COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("call_id", "text"),
    ("agent", "text"),
    ("queue", "text"),
    ("started_at", "moment"),
    ("language", "text"),
    ("lane", "text"),
    ("status", "text"),
    ("complete", "yes"),
    ("troubles", "text"),
    ("csat", "number"),
    ("nps", "number"),
    ("retained", "yes"),
    ("arm", "text"),
    *((name, "count" if name in _COUNTED else "number") for name in FIGURES),
    ("content_hash", "text"),
)
Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A call to write: what is known of it, its figures, and the `summary` of its document (None: not heard yet)."""

    call: Call
    figures: Mapping[str, float | None]
    summary: Mapping[str, Any] | None


def row(told: Told) -> dict[str, Any]:
    """The cells of a call by column; None is not known."""
    call = told.call
    heard = {} if told.summary is None else told.summary["listening"]
    return {
        "call_id": call.call_id,
        "agent": call.agent,
        "queue": call.queue,
        "started_at": call.started_at,
        "language": call.language,
        "lane": call.lane,
        "status": call.status,
        "complete": None if told.summary is None else not heard["truncated"],
        "troubles": _troubles(heard) if told.summary is not None else None,
        "csat": call.csat,
        "nps": call.nps,
        "retained": call.retained,
        "arm": call.arm,
        **{name: told.figures.get(name) for name in FIGURES},
        "content_hash": call.content_hash,
    }


def row_of(to: Opened, call: Call) -> dict[str, Any]:
    """The row of a call of a store."""
    if call.current is None:
        return row(Told(call, {}, None))
    return row(Told(call, to.results.figures(call.current) or {}, to.results.summary(call.current)))


def csv_text(rows: Iterable[Row]) -> str:
    """Write rows as CSV (RFC 4180); what is not known is an empty cell, moments are ISO 8601 in UTC."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([name for name, _ in COLUMNS])
    for one in rows:
        writer.writerow([_cell(one[name], kind) for name, kind in COLUMNS])
    return file.getvalue()


def parquet(rows: Sequence[Row]) -> bytes:
    """Write rows as a Parquet file with types, compressed by zstd."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: [_typed(one[name], kind) for one in rows] for name, kind in COLUMNS}
    table = pa.table(columns, schema=_schema())
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def neutral(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula.

    >>> neutral("=1+1"), neutral("Kim")
    ("'=1+1", 'Kim')
    """
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _troubles(heard: Mapping[str, Any]) -> str:
    told = [f"{code}:{heard[code]}" if isinstance(heard.get(code), str) else code for code in heard["troubles"]]
    said = {"truncated": heard["truncated"], "leak": heard["leak"], "unheard": bool(heard["unheard"])}
    return " ".join([*told, *(code for code, holds in said.items() if holds)])


def _schema() -> pa.Schema:
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "number": pa.float64(),
        "count": pa.int32(),
        "moment": pa.timestamp("ms", tz="UTC"),
        "yes": pa.bool_(),
    }
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS])


def _typed(value: Any, kind: Kind) -> Any:  # noqa: ANN401 - a cell
    if value is None:
        return None
    return int(value) if kind == "count" else float(value) if kind == "number" else value


def _cell(value: Any, kind: Kind) -> str:  # noqa: ANN401 - a cell
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if kind == "yes":
        return str(int(bool(value)))
    if kind == "text":
        return neutral(str(value))
    return f"{value:g}" if kind == "count" else repr(float(value)).removesuffix(".0")
