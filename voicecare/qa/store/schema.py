"""The tables of the store, for SQLite and PostgreSQL alike; docs/qa-store.md tells their shape.

Times of a call are samples at 16 kHz as everywhere; moments of the world are UTC. Rows of what people said (reviews,
notes, scorecards) are only ever added. `migrations` makes the tables; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from voicecare.qa.store.columns import BIG, HASH_LENGTH, METADATA, Moment, of_call, of_result, table

TABLES = METADATA
"""All tables below, as who makes, compares or clears them takes them."""

calls = table(
    "calls",
    Column("content_hash", String(HASH_LENGTH), nullable=False, unique=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("agent", Text),
    Column("queue", Text),
    Column("caller_ref", Text, index=True),
    Column("started_at", Moment),
    Column("sort_at", Moment, nullable=False),
    Column("agent_channel", String(16), nullable=False),
    Column("files", JSON, nullable=False),
    Column("offset_s", Float, nullable=False),
    Column("raw", String(64)),
    Column("size_bytes", BigInteger, nullable=False),
    Column("lane", String(16), nullable=False),
    Column("csat", Float),
    Column("nps", Float),
    Column("retained", Boolean),
    Column("arm", String(40)),
    Column("extra", JSON, nullable=False),
    Column("duration_s", Float),
    Column("language", String(16)),
    Column("status", String(16), nullable=False),
    Column("current", BigInteger),
    Column("added_at", Moment, nullable=False),
    Index("ix_calls_sort_at_id", "sort_at", "id"),
    Index("ix_calls_agent_sort_at_id", "agent", "sort_at", "id"),
    Index("ix_calls_queue_sort_at_id", "queue", "sort_at", "id"),
    Index("ix_calls_status", "status"),
    Index("ix_calls_current", "current"),
)
"""One row a call. call_id: as QA knows it. sort_at: started_at, or when its file was last changed. files: where its
recording lies, the agent's file first. current: the result shown, a row of `results`; None until one is done."""

files = table(
    "files",
    Column("path", Text, nullable=False, unique=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
    Column("content_hash", String(HASH_LENGTH), nullable=False, index=True),
)
"""What each recording hashed to when it was last read, so that a night that goes on does not read everything again."""

results = table(
    "results",
    Column("result_hash", String(HASH_LENGTH), nullable=False, unique=True),
    of_call(),
    Column("settings", JSON, nullable=False),
    Column("models", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("worker", Text),
    Column("queued_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("wall_s", Float),
    Column("complete", Boolean),
    Column("words", Boolean, nullable=False),
    Index("ix_results_state_id", "state", "id"),
)
"""The ledger: one row a call, settings and models. state: queued, running, done or failed; reason: one line where it
failed or was cut short."""

sessions = Table(
    "sessions",
    METADATA,
    Column("result", BIG, ForeignKey("results.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("length", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""A result's session, as `--session` writes it, compressed (zlib). length: its bytes when unpacked."""

FIGURES = (
    "duration_s",
    "agent_interruptions",
    "caller_interruptions",
    "talk_overs",
    "long_silences",
    "silence_s",
    "overlap_share",
    "agent_talk_share",
    "agent_response_gap_s",
    "agent_pace_wpm",
    "caller_pace_wpm",
    "strain_start",
    "strain_peak",
    "strain_end",
    "strain_change",
    "strain_estimated_share",
    "rises",
    "rises_unanswered",
    "rises_unresolved",
    "rises_recovered",
    "cues_shown",
    "cues_heeded",
    "cues_expired",
    "cues_withheld",
    "cues_logged",
    "lost_s",
    "unheard_s",
)
"""What calls are filtered and ordered by; None where it is not known. `figures.figures` says what each is."""

INDEXED = (
    "duration_s",
    "agent_interruptions",
    "strain_peak",
    "rises_unanswered",
    "rises_unresolved",
    "rises_recovered",
    "cues_shown",
)
"""Figures that calls are looked for by: what is rare, or highest, is found without looking at every call."""

numbers = Table(
    "numbers",
    METADATA,
    Column("result", BIG, ForeignKey("results.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("version", String(16), primary_key=True),
    of_call(),
    Column("made_at", Moment, nullable=False),
    Column("upto_review", BigInteger),
    *(Column(name, Float) for name in FIGURES),
    *(Index(f"ix_numbers_{name}", "version", name, "call") for name in INDEXED),
)
"""The figures of a result, version "heard" or "corrected"; upto_review: the last review that the latter counts."""

summaries = Table(
    "summaries",
    METADATA,
    Column("result", BIG, ForeignKey("results.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("version", String(16), primary_key=True),
    Column("body", JSON, nullable=False),
)
"""All numbers of a result: `summary` of the document that `--json` writes."""

events = table(
    "events",
    of_result(),
    of_call(indexed=False),
    Column("seq", Integer, nullable=False),
    Column("type", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("party", String(8)),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger, nullable=False),
    Column("decided", BigInteger, nullable=False),
    Column("floor", String(8)),
    Column("data", JSON, nullable=False),
    Index("ix_events_kind_call", "kind", "call"),
)
"""What happened in a call and can be counted or corrected; never changed. seq: its place among a document's events."""

cues = table(
    "cues",
    of_result(),
    of_call(indexed=False),
    Column("seq", Integer, nullable=False),
    Column("cue", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("cleared_at", BigInteger),
    Column("cleared_by", String(16)),
    Column("shown", Boolean, nullable=False),
    Column("because", JSON, nullable=False),
    Index("ix_cues_kind_call", "kind", "call"),
)

texts = Table(
    "texts",
    METADATA,
    Column("result", BIG, ForeignKey("results.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("agent", Text, nullable=False),
    Column("caller", Text, nullable=False),
)
"""The redacted words of each party as they are searched (`searching.searched`). SQLite has `texts_fts` over it,
PostgreSQL a column `tsv`; both are kept by the database itself."""

reviews = table(
    "reviews",
    of_call(),
    of_result(nullable=True),
    Column("reviewer", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("target", String(16), nullable=False),
    Column("ref", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("start", BigInteger),
    Column("end", BigInteger),
    Column("value", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("replaces", BigInteger),
    Column("origin", String(16), nullable=False),
)
"""What a person said of an event, a cue, a speaker or a word. verdict: agree, disagree, correct, add or withdraw.
ref: which, such as "event:17" (`events.seq`). replaces: the review it takes the place of. origin: page, textgrid,
elan."""

notes = table(
    "notes",
    of_call(),
    Column("reviewer", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("at", BigInteger),
    Column("body", Text, nullable=False),
    Column("replaces", BigInteger),
    Column("removed", Boolean, nullable=False),
)

forms = table(
    "forms",
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("retired", Boolean, nullable=False),
    UniqueConstraint("name", "version"),
)

scorecards = table(
    "scorecards",
    of_call(),
    Column("form", BIG, ForeignKey("forms.id"), nullable=False, index=True),
    of_result(nullable=True),
    Column("rater", Text, nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("score", Float),
    Column("potential", Float),
    Column("finished", Boolean, nullable=False),
    Column("replaces", BigInteger),
)
"""One rating of a call. answers: RefId -> {"value", "source" (voicecare, person), "comment"}; score: of `potential`
points."""

samples = table(
    "samples",
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("frame", Integer, nullable=False),
    Column("definition", JSON, nullable=False),
)
"""A drawing of calls. frame: out of how many; definition: what was drawn from, strata and their sizes."""

sample_calls = Table(
    "sample_calls",
    METADATA,
    Column("sample", BIG, ForeignKey("samples.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("call", BIG, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True),
    Column("place", Integer, nullable=False),
    Column("stratum", Text, nullable=False),
    Column("probability", Float, nullable=False),
)

views = table(
    "views",
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("owner", "name"),
)
"""Filters that a person saved under a name."""

exports = table(
    "exports",
    Column("path", Text, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
)
"""Files written from the store, known so that erasing a call erases them, too."""

export_calls = Table(
    "export_calls",
    METADATA,
    Column("export", BIG, ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("call", BIG, ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True),
)

tombstones = table(
    "tombstones",
    Column("content_hash", String(HASH_LENGTH), nullable=False, unique=True),
    Column("erased_at", Moment, nullable=False),
    Column("why", String(16), nullable=False),
    Column("files", Integer, nullable=False),
)
"""That a call was erased, so that it does not come back; nothing of what it was. why: asked or retention."""

retention = Table(
    "retention",
    METADATA,
    Column("kind", String(16), primary_key=True),
    Column("days", Float, nullable=False),
)
"""How long what stays: kind is one of `retention.KINDS`."""
