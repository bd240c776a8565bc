"""One row per call for a spreadsheet: the numbers QA sorts and joins by, each column with its meaning."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, where in the document it comes from, and what it means."""

    name: str
    path: tuple[str, ...]
    meaning: str


COLUMNS: tuple[Column, ...] = (
    Column("call", ("call", "sources"), "file or device names, joined with +"),
    Column("lane", ("call", "lane"), "replay, live or logged"),
    Column("started", ("call", "started"), "when the recording began, as its file says"),
    Column("duration_s", ("summary", "duration_s"), "length of the call heard"),
    Column("complete", ("call", "complete"), "1, or 0 where the run or the recording was cut short"),
    Column("lost_s", ("summary", "listening", "lost_s"), "audio that never arrived"),
    Column("truncated", ("summary", "listening", "truncated"), "1: the recording stops before the call did"),
    Column("unheard_s", ("unheard_s",), "not listened to, lost audio included"),
    Column("silent_leg", ("summary", "listening", "silent_leg"), "agent, caller or both: what they did is not known"),
    Column("silent_leg_s", ("silent_leg_s",), "longest leg without sound at the start or the end"),
    Column("quiet_leg", ("summary", "listening", "quiet_leg"), "agent, caller or both: too quiet to be judged by"),
    Column("noisy_leg", ("summary", "listening", "noisy_leg"), "agent, caller or both: too noisy to be judged by"),
    Column("swapped_legs", ("summary", "listening", "swapped_legs"), "1: the channels may be the wrong way round"),
    Column("leak", ("summary", "listening", "leak"), "1: one party is heard on the other's leg, trust overlap less"),
    Column(
        "mixed_leg",
        ("summary", "listening", "mixed_leg"),
        "agent, caller or both: a mix of both, not to be trusted",
    ),
    Column("agent_speech_s", ("summary", "agent", "speech_s"), "the agent's speech"),
    Column("caller_speech_s", ("summary", "caller", "speech_s"), "the caller's speech"),
    Column("agent_talk_share", ("summary", "agent", "talk_share"), "0..1 of both parties' speech"),
    Column("overlap_s", ("summary", "overlap_s"), "both speaking"),
    Column("overlap_share", ("summary", "overlap_share"), "0..1 of the time anyone spoke"),
    Column("talk_over_s", ("summary", "talk_over_s"), "in overlaps of at least 1 s"),
    Column("agent_interruptions", ("summary", "agent", "interruptions"), "started by the agent"),
    Column("caller_interruptions", ("summary", "caller", "interruptions"), "started by the caller"),
    Column("interruption_latency_s", ("summary", "interruption_latency_s"), "median from onset to decision"),
    Column("agent_backchannels", ("summary", "agent", "backchannels"), "short listening sounds by the agent"),
    Column("caller_backchannels", ("summary", "caller", "backchannels"), "short listening sounds by the caller"),
    Column("agent_response_gap_s", ("summary", "agent", "response_gap_s"), "median silence before answering"),
    Column("caller_response_gap_s", ("summary", "caller", "response_gap_s"), "median silence before answering"),
    Column("agent_longest_monologue_s", ("summary", "agent", "longest_monologue_s"), "of at least 60 s"),
    Column("caller_longest_monologue_s", ("summary", "caller", "longest_monologue_s"), "of at least 60 s"),
    Column("long_silences", ("summary", "silences", "count"), "nobody speaking for at least 5 s"),
    Column("long_silences_s", ("summary", "silences", "total_s"), "their length in all"),
    Column("agent_pace_wpm", ("summary", "agent", "pace_wpm"), "words a minute of recognised speech"),
    Column("caller_pace_wpm", ("summary", "caller", "pace_wpm"), "words a minute of recognised speech"),
    Column("strain_start", ("summary", "strain", "start"), "caller, 0..1, relative to the caller's own start"),
    Column("strain_peak", ("summary", "strain", "peak"), "caller, 0..1"),
    Column("strain_peak_s", ("summary", "strain", "peak_s"), "when"),
    Column("strain_end", ("summary", "strain", "end"), "caller, 0..1"),
    Column("strain_change", ("summary", "strain", "change"), "end less start"),
    Column("strain_trend", ("summary", "strain", "trend"), "rising, easing or steady"),
    Column("strain_estimated_share", ("summary", "strain", "estimated_share"), "0..1 of the caller's speech"),
    Column("strain_rises", ("summary", "strain", "rises"), "how often strain went up to high"),
    Column("recovery_s", ("highest_rise", "recovery_s"), "highest rise: from its peak to easing"),
    Column("acknowledged_after_s", ("highest_rise", "acknowledged_after_s"), "highest rise: to an acknowledgement"),
    Column("cues_shown", ("summary", "cues", "shown"), "cues on the agent's screen"),
    Column("cues_heeded", ("summary", "cues", "heeded"), "cleared because the agent did it"),
    Column("cues_expired", ("summary", "cues", "expired"), "went away undone"),
    Column("cues_withheld", ("summary", "cues", "withheld"), "kept away by the limit of cues"),
    Column("cues_logged", ("summary", "cues", "logged"), "kept off the screen: shadow mode or snoozed"),
)
"""Empty cells mean "not known". A CSAT or NPS column joins by `call`."""


def csv_row(document: Mapping[str, Any]) -> dict[str, Cell]:
    """Give the row of one call, column name to cell, in the order of COLUMNS; what is not known is ""."""
    rises = document["summary"]["strain"]["rises"] or ()
    heard = document["summary"]["listening"]
    whole = {
        **document,
        "highest_rise": max(rises, key=lambda rise: rise["peak"], default={}),
        "unheard_s": round(sum(end_s - start_s for start_s, end_s in heard["unheard"]), 3),
        "silent_leg_s": max((round(end_s - start_s, 3) for _, start_s, end_s in heard["silent_stretches"]), default=0),
    }
    return {column.name: _cell(_at(whole, column.path)) for column in COLUMNS}


def csv_text(documents: Iterable[Mapping[str, Any]]) -> str:
    """Write calls as CSV (RFC 4180) with a header line, one call a line."""
    return _written([column.name for column in COLUMNS], (csv_row(document) for document in documents))


def rows_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write rows that share their columns as CSV with a header line; what is not known is an empty cell."""
    cells = [{name: _cell(value) for name, value in row.items()} for row in rows]
    return _written(list(cells[0]) if cells else [], cells)


def _written(names: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _at(values: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - a plain JSON value
    for key in path:
        values = values.get(key)
    return values


def _cell(value: Any) -> Cell:  # noqa: ANN401 - a plain JSON value
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list):
        return _text(" + ".join(value)) if all(isinstance(v, str) for v in value) and value else len(value)
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    """Keep a spreadsheet from taking a file name for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
