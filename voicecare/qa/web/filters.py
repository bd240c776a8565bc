"""What a list is asked for, from the address of a page to the query of the store and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from voicecare.errors import UsageError
from voicecare.qa.store.calls import Bound, CallQuery

FIELDS = (
    "q",
    "call",
    "agent",
    "queue",
    "language",
    "lane",
    "status",
    "since",
    "until",
    "why",
    "reviewed",
    "scored",
    "sample",
    "order",
)
ORDERS = ("newest", "oldest", "strain_peak", "rises_unanswered", "agent_interruptions", "duration_s")
"""Calls may be sorted by what happened in them; there is no order by agent or caller."""
WHYS: Mapping[str, CallQuery] = {
    "unacknowledged": CallQuery(bounds=(Bound("rises_unanswered", ">=", 1),)),
    "unresolved": CallQuery(bounds=(Bound("rises_unresolved", ">=", 1),)),
    "interruptions": CallQuery(bounds=(Bound("agent_interruptions", ">=", 3),)),
    "recovered": CallQuery(bounds=(Bound("rises_recovered", ">=", 1),)),
    "well_held": CallQuery(has=("well_held",)),
    "cue_limit": CallQuery(bounds=(Bound("cues_withheld", ">=", 1),)),
}
"""What is worth a look (`worth`), as queries."""
LAST_YEAR = 9999
"""A day in the last year that dates know has no day after it: it asks for nothing."""
_YES_NO = {"yes": True, "no": False}


def query_of(asked: Mapping[str, str]) -> CallQuery:
    """Read the filters of an address; an empty one asks for nothing.

    Raises:
        UsageError: one is not understood.
    """
    given = {name: value.strip()[:200] for name in FIELDS if (value := asked.get(name) or "").strip()}
    why = WHYS.get(given.get("why", ""), CallQuery())
    if "why" in given and given["why"] not in WHYS:
        raise UsageError(f"why {given['why']!r}: not known; choose {', '.join(WHYS)}")
    order = given.get("order", "newest")
    if order not in ORDERS:
        raise UsageError(f"order {order!r}: not known; choose {', '.join(ORDERS)}")
    until = _day(given.get("until"), "until")
    return CallQuery(
        search=given.get("q"),
        call_id=given.get("call"),
        since=_day(given.get("since"), "since"),
        before=None if until is None or until.year >= LAST_YEAR else until + timedelta(days=1),
        bounds=why.bounds,
        has=why.has,
        reviewed=_yes_no(given, "reviewed"),
        scored=_yes_no(given, "scored"),
        sample=_number(given.get("sample")),
        order=order,
        agent=given.get("agent"),
        queue=given.get("queue"),
        language=given.get("language"),
        lane=given.get("lane"),
        status=given.get("status"),
    )


def kept(asked: Mapping[str, str]) -> dict[str, str]:
    """The filters of an address that ask for something, as they are saved and passed on."""
    return {name: value.strip()[:200] for name in FIELDS if (value := asked.get(name) or "").strip()}


def _yes_no(given: Mapping[str, str], name: str) -> bool | None:
    if name in given and given[name] not in _YES_NO:
        raise UsageError(f"{name} {given[name]!r}: choose yes or no")
    return _YES_NO.get(given.get(name, ""))


def _day(text: str | None, name: str) -> datetime | None:
    """The start of a day by this machine's clock."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{name} {text!r}: must be a day, such as 2026-11-27") from None


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise UsageError(f"sample {text!r}: must be a number")
    return int(text)
