"""What the name of a recording tells: the call, the agent, the queue, when it began, whose leg it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from voicecare.errors import UsageError

FIELDS = ("call", "agent", "queue", "caller", "start")
"""What a pattern may name."""
AGENT_WORDS = ("agent", "advisor", "adviser", "operator", "representative", "staff", "employee", "consultant")
CALLER_WORDS = ("caller", "customer", "client", "patient", "consumer", "guest", "member")
UNSURE_WORDS = (
    ("in", "out"),
    ("rx", "tx"),
    ("left", "right"),
    ("l", "r"),
    ("near", "far"),
    ("local", "remote"),
    ("ch0", "ch1"),
    ("ch1", "ch2"),
    ("0", "1"),
    ("1", "2"),
    ("a", "b"),
)
"""Ends that recorders give to the legs of a call without saying whose they are: what is "in" depends on who called."""
_APART = re.compile(r"[._\-+ ]+")
_MOMENT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-_.]?(?P<month>[01]\d)[-_.]?(?P<day>[0-3]\d)"
    r"(?:[T_\-. ]{0,3}(?P<hour>[0-2]\d)[-_.:]?(?P<minute>[0-5]\d)(?:[-_.:]?(?P<second>[0-5]\d))?(?!\d)"
    r"(?P<zone>_?UTC|Z|[+-][01]\d:?[0-5]\d)?)?"
)
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_SIDE = re.compile(
    rf"(?:^|[._\- ])(?:(?P<first>left|right|l|r)[-=](?P<party>{'|'.join((*AGENT_WORDS, *CALLER_WORDS))})"
    rf"|(?P<party2>{'|'.join((*AGENT_WORDS, *CALLER_WORDS))})[-=_](?P<second>left|right))(?=$|[._\- ])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A name's shape, such as "{queue}/{agent}_{call}_{start}": `{}` is anything that does not matter.

    folders: how many folders above the file it speaks of.
    """

    shape: str
    expression: re.Pattern[str]
    folders: int

    @classmethod
    def of(cls, shape: str) -> Pattern:
        """Understand a pattern.

        Raises:
            UsageError: it names something that is not known, or one thing twice.
        """
        parts = re.split(r"(\{\w*\})", shape)
        named = [part[1:-1] for part in parts[1::2] if part != "{}"]
        unknown = [name for name in named if name not in FIELDS]
        if unknown or len(set(named)) != len(named) or "{" in "".join(parts[::2]) or not parts[1::2]:
            raise UsageError(
                f"--pattern {shape}: not understood; name each of {', '.join(f'{{{name}}}' for name in FIELDS)} once "
                "at most, and {} for what does not matter, as in {queue}/{agent}_{call}"
            )
        said = (
            re.escape(part) if place % 2 == 0 else "[^/]*?" if part == "{}" else f"(?P<{part[1:-1]}>[^/]+?)"
            for place, part in enumerate(parts)
        )
        return cls(shape, re.compile("".join(said), re.IGNORECASE), shape.count("/"))

    def read(self, name: str) -> Mapping[str, str] | None:
        """What it finds in a name without its ending, its folders before it; None where the name has another shape."""
        match = self.expression.fullmatch("/".join(name.split("/")[-1 - self.folders :]))
        return None if match is None else match.groupdict()


@dataclass(frozen=True, slots=True)
class Pair:
    """How the two files of a call are named: "{call}_agent,{call}_caller"."""

    agent: re.Pattern[str]
    caller: re.Pattern[str]

    @classmethod
    def of(cls, shape: str) -> Pair:
        """Understand `--pair`.

        Raises:
            UsageError: it is not two names that each hold {call}.
        """
        halves = shape.split(",")
        if len(halves) != 2 or any(half.count("{call}") != 1 for half in halves) or halves[0] == halves[1]:
            raise UsageError(
                f"--pair {shape}: give the agent's and the caller's name, without their ending, as in "
                "{call}_agent,{call}_caller"
            )
        return cls(*(_half(half) for half in halves))

    def leg(self, stem: str) -> tuple[str, str] | None:
        """The call and the party of a file; None where it is none of a pair so named."""
        for party, expression in (("agent", self.agent), ("caller", self.caller)):
            match = expression.fullmatch(stem)
            if match is not None:
                return match["call"], party
        return None


def legs(stem: str) -> Iterator[tuple[str, str]]:
    """Every way in which a name may be one leg's: what is left without the word, and whose it is.

    >>> list(legs("4711-agent"))
    [('4711-*', 'agent')]
    """
    parts = _APART.split(stem)
    at = 0
    for part in parts:
        at = stem.index(part, at)
        word = part.casefold()
        party = "agent" if word in AGENT_WORDS else "caller" if word in CALLER_WORDS else None
        if party is not None and len(parts) > 1:
            yield f"{stem[:at]}*{stem[at + len(part) :]}", party
        at += len(part)


def without_leg(rest: str) -> str:
    """The call's name, from what `legs` left of its file's.

    >>> without_leg("4711-*")
    '4711'
    """
    return _APART.sub(lambda found: found[0][0], rest.replace("*", "")).strip("._-+ ") or rest.replace("*", "")


def unsure_legs(stem: str) -> Iterator[tuple[str, str, str]]:
    """Every way in which a name may be one of two legs, nobody knows whose: the rest, its word, the other's word."""
    parts = _APART.split(stem)
    last = parts[-1].casefold()
    if len(parts) < 2 or not stem[: -len(last)]:
        return
    for one, two in UNSURE_WORDS:
        if last in (one, two):
            yield stem[: -len(last)], last, two if last == one else one


def agent_side(stem: str) -> str | None:
    """On which channel a name says the agent is: "left", "right" or None.

    >>> agent_side("call_40.L-caller.R-agent.8k"), agent_side("4711_agent-left"), agent_side("4711")
    ('right', 'left', None)
    """
    found = {
        ((match["first"] or match["second"])[0].casefold(), (match["party"] or match["party2"]).casefold())
        for match in _SIDE.finditer(stem)
    }
    sides = {side if party in AGENT_WORDS else "r" if side == "l" else "l" for side, party in found}
    return None if len(sides) != 1 else {"l": "left", "r": "right"}[sides.pop()]


def moment(text: str) -> datetime | None:
    """When a call began, from a name or a cell; without a zone it is this machine's time. None where it says nothing.

    >>> moment("q7_20261127-101500Z_4711").isoformat()
    '2026-11-27T10:15:00+00:00'
    """
    for match in _MOMENT.finditer(text):
        try:
            year, month, day, hour, minute, second = (int(match[part] or 0) for part in _PARTS)
            at = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is set below
            return at.astimezone() if match["zone"] is None else at.replace(tzinfo=_zone(match["zone"]))
        except (ValueError, OverflowError):
            continue
    return None


def _zone(said: str) -> timezone:
    if said[0] not in "+-":
        return UTC
    digits = said[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if said[0] == "-" else ahead)


def _half(shape: str) -> re.Pattern[str]:
    before, after = shape.split("{call}")
    return re.compile(f"{re.escape(before)}(?P<call>.+){re.escape(after)}", re.IGNORECASE)
