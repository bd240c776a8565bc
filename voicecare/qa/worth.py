"""Why a call is worth a look: what may be learnt from it, good or not. For coaching, never for a published figure.

Rules on the call's own numbers, each with the moment it speaks of. They sort no agent and no caller: calls come in the
order they were made, and a recovered call is as worth a look as a strained one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MANY_INTERRUPTIONS = 3
LONG_TALK_OVER_S = 5.0


@dataclass(frozen=True, slots=True)
class Why:
    """A reason to look: a code of the catalogue, and the second of the call it speaks of."""

    code: str
    at_s: float | None = None
    count: int | None = None


CODES = ("unacknowledged", "unresolved", "interruptions", "talk_over", "recovered", "well_held", "cue_limit")
GOOD = ("recovered", "well_held")
"""Those that tell of something done well."""


def why(summary: Mapping[str, Any]) -> list[Why]:
    """List what makes a call worth a look, from the `summary` of its document; usually nothing."""
    return list(_why(summary))


def _why(summary: Mapping[str, Any]) -> Iterator[Why]:
    rises = summary["strain"]["rises"] or ()
    missed = [rise for rise in rises if rise["acknowledged_s"] is None]
    if missed:
        yield Why("unacknowledged", missed[0]["rose_s"], len(missed))
    standing = [rise for rise in rises if rise["eased_s"] is None]
    if standing:
        yield Why("unresolved", standing[0]["rose_s"], len(standing))
    by_agent = [each["start_s"] for each in summary["interruptions"] if each["by"] == "agent"]
    if len(by_agent) >= MANY_INTERRUPTIONS:
        yield Why("interruptions", by_agent[0], len(by_agent))
    if (summary["talk_over_s"] or 0.0) >= LONG_TALK_OVER_S:
        yield Why("talk_over")
    recovered = [rise for rise in rises if rise["eased_after_s"] is not None]
    if recovered:
        yield Why("recovered", recovered[0]["eased_after_s"], len(recovered))
    if summary["cues"]["praise"]:
        yield Why("well_held", count=summary["cues"]["praise"])
    if summary["cues"]["withheld"]:
        yield Why("cue_limit", summary["cues"]["withheld_s"], summary["cues"]["withheld"])
