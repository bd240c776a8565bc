"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SEARCH_SQLITE = """
CREATE VIRTUAL TABLE texts_fts USING fts5(
    agent, caller, content='texts', content_rowid='result', tokenize='unicode61 remove_diacritics 0'
);;
CREATE TRIGGER texts_added AFTER INSERT ON texts BEGIN
    INSERT INTO texts_fts(rowid, agent, caller) VALUES (new.result, new.agent, new.caller);
END;;
CREATE TRIGGER texts_gone AFTER DELETE ON texts BEGIN
    INSERT INTO texts_fts(texts_fts, rowid, agent, caller) VALUES ('delete', old.result, old.agent, old.caller);
END
"""
# PostgreSQL copies common values of a column into its statistics, where an erasure would not find them.
_SEARCH_POSTGRESQL = """
ALTER TABLE texts ADD COLUMN tsv tsvector;;
CREATE INDEX ix_texts_tsv ON texts USING gin (tsv) WITH (fastupdate = off);;
ALTER TABLE texts ALTER COLUMN agent SET STATISTICS 0, ALTER COLUMN caller SET STATISTICS 0,
    ALTER COLUMN tsv SET STATISTICS 0;;
ALTER TABLE calls ALTER COLUMN call_id SET STATISTICS 0, ALTER COLUMN caller_ref SET STATISTICS 0,
    ALTER COLUMN call_id SET (n_distinct = -1), ALTER COLUMN caller_ref SET (n_distinct = -0.5);;
ALTER TABLE files ALTER COLUMN path SET STATISTICS 0, ALTER COLUMN path SET (n_distinct = -1);;
ALTER TABLE notes ALTER COLUMN body SET STATISTICS 0;;
ALTER TABLE reviews ALTER COLUMN comment SET STATISTICS 0;;
ALTER TABLE exports ALTER COLUMN path SET STATISTICS 0
"""


def upgrade() -> None:  # noqa: PLR0915 - one statement a table and index
    """Make every table, and what words are searched by."""
    op.create_table(
        "calls",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("caller_ref", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("sort_at", sa.DateTime(), nullable=False),
        sa.Column("agent_channel", sa.String(length=16), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("offset_s", sa.Float(), nullable=False),
        sa.Column("raw", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("csat", sa.Float(), nullable=True),
        sa.Column("nps", sa.Float(), nullable=True),
        sa.Column("retained", sa.Boolean(), nullable=True),
        sa.Column("arm", sa.String(length=40), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("current", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_calls_content_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_calls_agent_sort_at_id", "calls", ["agent", "sort_at", "id"], unique=False)
    op.create_index(op.f("ix_calls_call_id"), "calls", ["call_id"], unique=False)
    op.create_index(op.f("ix_calls_caller_ref"), "calls", ["caller_ref"], unique=False)
    op.create_index("ix_calls_current", "calls", ["current"], unique=False)
    op.create_index("ix_calls_queue_sort_at_id", "calls", ["queue", "sort_at", "id"], unique=False)
    op.create_index("ix_calls_sort_at_id", "calls", ["sort_at", "id"], unique=False)
    op.create_index("ix_calls_status", "calls", ["status"], unique=False)
    op.create_table(
        "exports",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_exports_path"), "exports", ["path"], unique=False)
    op.create_table(
        "files",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("path", name=op.f("uq_files_path")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_files_content_hash"), "files", ["content_hash"], unique=False)
    op.create_table(
        "forms",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_forms_name_version")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "retention",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("days", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention")),
    )
    op.create_table(
        "samples",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tombstones",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_tombstones_content_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "views",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_views_owner_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "export_calls",
        sa.Column("export", _BIG, autoincrement=False, nullable=False),
        sa.Column("call", _BIG, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_export_calls_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["export"], ["exports.id"], name=op.f("fk_export_calls_export"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("export", "call", name=op.f("pk_export_calls")),
    )
    op.create_index(op.f("ix_export_calls_call"), "export_calls", ["call"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("call", _BIG, nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("replaces", sa.BigInteger(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_notes_call"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notes_call"), "notes", ["call"], unique=False)
    op.create_table(
        "results",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("result_hash", sa.String(length=64), nullable=False),
        sa.Column("call", _BIG, nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("wall_s", sa.Float(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=True),
        sa.Column("words", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_results_call"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint("result_hash", name=op.f("uq_results_result_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_results_call"), "results", ["call"], unique=False)
    op.create_index("ix_results_state_id", "results", ["state", "id"], unique=False)
    op.create_table(
        "sample_calls",
        sa.Column("sample", _BIG, autoincrement=False, nullable=False),
        sa.Column("call", _BIG, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_sample_calls_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sample"], ["samples.id"], name=op.f("fk_sample_calls_sample"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sample", "call", name=op.f("pk_sample_calls")),
    )
    op.create_index(op.f("ix_sample_calls_call"), "sample_calls", ["call"], unique=False)
    op.create_table(
        "cues",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("result", _BIG, nullable=False),
        sa.Column("call", _BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("cue", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.Column("cleared_by", sa.String(length=16), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_cues_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name=op.f("fk_cues_result"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cues")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cues_kind_call", "cues", ["kind", "call"], unique=False)
    op.create_index(op.f("ix_cues_result"), "cues", ["result"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("result", _BIG, nullable=False),
        sa.Column("call", _BIG, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=8), nullable=True),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("decided", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.String(length=8), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_events_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name=op.f("fk_events_result"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_kind_call", "events", ["kind", "call"], unique=False)
    op.create_index(op.f("ix_events_result"), "events", ["result"], unique=False)
    op.create_table(
        "numbers",
        sa.Column("result", _BIG, autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("call", _BIG, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("upto_review", sa.BigInteger(), nullable=True),
        sa.Column("duration_s", sa.Float(), nullable=True),
        sa.Column("agent_interruptions", sa.Float(), nullable=True),
        sa.Column("caller_interruptions", sa.Float(), nullable=True),
        sa.Column("talk_overs", sa.Float(), nullable=True),
        sa.Column("long_silences", sa.Float(), nullable=True),
        sa.Column("silence_s", sa.Float(), nullable=True),
        sa.Column("overlap_share", sa.Float(), nullable=True),
        sa.Column("agent_talk_share", sa.Float(), nullable=True),
        sa.Column("agent_response_gap_s", sa.Float(), nullable=True),
        sa.Column("agent_pace_wpm", sa.Float(), nullable=True),
        sa.Column("caller_pace_wpm", sa.Float(), nullable=True),
        sa.Column("strain_start", sa.Float(), nullable=True),
        sa.Column("strain_peak", sa.Float(), nullable=True),
        sa.Column("strain_end", sa.Float(), nullable=True),
        sa.Column("strain_change", sa.Float(), nullable=True),
        sa.Column("strain_estimated_share", sa.Float(), nullable=True),
        sa.Column("rises", sa.Float(), nullable=True),
        sa.Column("rises_unanswered", sa.Float(), nullable=True),
        sa.Column("rises_unresolved", sa.Float(), nullable=True),
        sa.Column("rises_recovered", sa.Float(), nullable=True),
        sa.Column("cues_shown", sa.Float(), nullable=True),
        sa.Column("cues_heeded", sa.Float(), nullable=True),
        sa.Column("cues_expired", sa.Float(), nullable=True),
        sa.Column("cues_withheld", sa.Float(), nullable=True),
        sa.Column("cues_logged", sa.Float(), nullable=True),
        sa.Column("lost_s", sa.Float(), nullable=True),
        sa.Column("unheard_s", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_numbers_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name=op.f("fk_numbers_result"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("result", "version", name=op.f("pk_numbers")),
    )
    op.create_index(
        "ix_numbers_agent_interruptions", "numbers", ["version", "agent_interruptions", "call"], unique=False
    )
    op.create_index(op.f("ix_numbers_call"), "numbers", ["call"], unique=False)
    op.create_index("ix_numbers_cues_shown", "numbers", ["version", "cues_shown", "call"], unique=False)
    op.create_index("ix_numbers_duration_s", "numbers", ["version", "duration_s", "call"], unique=False)
    op.create_index("ix_numbers_rises_recovered", "numbers", ["version", "rises_recovered", "call"], unique=False)
    op.create_index("ix_numbers_rises_unanswered", "numbers", ["version", "rises_unanswered", "call"], unique=False)
    op.create_index("ix_numbers_rises_unresolved", "numbers", ["version", "rises_unresolved", "call"], unique=False)
    op.create_index("ix_numbers_strain_peak", "numbers", ["version", "strain_peak", "call"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("call", _BIG, nullable=False),
        sa.Column("result", _BIG, nullable=True),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=True),
        sa.Column("end", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("replaces", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_reviews_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name=op.f("fk_reviews_result"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reviews_call"), "reviews", ["call"], unique=False)
    op.create_index(op.f("ix_reviews_result"), "reviews", ["result"], unique=False)
    op.create_table(
        "scorecards",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("call", _BIG, nullable=False),
        sa.Column("form", _BIG, nullable=False),
        sa.Column("result", _BIG, nullable=True),
        sa.Column("rater", sa.Text(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("potential", sa.Float(), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("replaces", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["call"], ["calls.id"], name=op.f("fk_scorecards_call"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["form"], ["forms.id"], name=op.f("fk_scorecards_form")),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name=op.f("fk_scorecards_result"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_scorecards_call"), "scorecards", ["call"], unique=False)
    op.create_index(op.f("ix_scorecards_form"), "scorecards", ["form"], unique=False)
    op.create_index(op.f("ix_scorecards_result"), "scorecards", ["result"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("result", _BIG, autoincrement=False, nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name=op.f("fk_sessions_result"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("result", name=op.f("pk_sessions")),
    )
    op.create_table(
        "summaries",
        sa.Column("result", _BIG, autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name=op.f("fk_summaries_result"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("result", "version", name=op.f("pk_summaries")),
    )
    op.create_table(
        "texts",
        sa.Column("result", _BIG, autoincrement=False, nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["result"], ["results.id"], name=op.f("fk_texts_result"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("result", name=op.f("pk_texts")),
    )
    search = _SEARCH_SQLITE if op.get_bind().dialect.name == "sqlite" else _SEARCH_POSTGRESQL
    for statement in search.split(";;"):
        op.execute(statement)
