"""The figures of a result: what lists are filtered and ordered by, taken from the numbers every face shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Figures = Mapping[str, float | None]


def figures(summary: Mapping[str, Any]) -> dict[str, float | None]:
    """Take the figures out of a document's `summary`; None where it is not known.

    Rises are of the caller's strain: `rises_unanswered` had no acknowledgement, `rises_unresolved` never eased,
    `rises_recovered` eased after an acknowledgement. talk_overs are both parties'.
    """
    agent, caller, strain, cues = (summary[part] for part in ("agent", "caller", "strain", "cues"))
    rises = strain["rises"]
    return {
        "duration_s": summary["duration_s"],
        "agent_interruptions": agent["interruptions"],
        "caller_interruptions": caller["interruptions"],
        "talk_overs": _sum(agent["talk_overs"], caller["talk_overs"]),
        "long_silences": summary["silences"]["count"],
        "silence_s": summary["silences"]["total_s"],
        "overlap_share": summary["overlap_share"],
        "agent_talk_share": agent["talk_share"],
        "agent_response_gap_s": agent["response_gap_s"],
        "agent_pace_wpm": agent["pace_wpm"],
        "caller_pace_wpm": caller["pace_wpm"],
        "strain_start": strain["start"],
        "strain_peak": strain["peak"],
        "strain_end": strain["end"],
        "strain_change": strain["change"],
        "strain_estimated_share": strain["estimated_share"],
        "rises": None if rises is None else len(rises),
        "rises_unanswered": _rises(rises, lambda rise: rise["acknowledged_s"] is None),
        "rises_unresolved": _rises(rises, lambda rise: rise["eased_s"] is None),
        "rises_recovered": _rises(rises, lambda rise: rise["eased_after_s"] is not None),
        "cues_shown": cues["shown"],
        "cues_heeded": cues["heeded"],
        "cues_expired": cues["expired"],
        "cues_withheld": cues["withheld"],
        "cues_logged": cues["logged"],
        "lost_s": summary["listening"]["lost_s"],
        "unheard_s": sum(end - start for start, end in summary["listening"]["unheard"]),
    }


def _sum(*counts: float | None) -> float | None:
    return None if None in counts else sum(filter(None, counts))


def _rises(rises: list[dict[str, Any]] | None, counts: Any) -> int | None:  # noqa: ANN401 - a test of one rise
    return None if rises is None else sum(map(counts, rises))
