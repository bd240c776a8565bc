"""The one small card that stands between two calls: what it is about, and what the agent may answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

CardKind: TypeAlias = Literal[
    "welcome", "check_in", "offer", "break", "ready", "thanks", "recovery", "cues", "moment", "intention_kept", "weekly"
]
SKIP = "skip"
"""The answer that every card takes: it leaves no record."""
Value: TypeAlias = str | float | int


@dataclass(frozen=True, slots=True)
class Card:
    """What is to be shown now; `texts.worded` words it.

    names: what its words name. choices: codes of the answers, the one that declines among them and as large as the
    others. text_of: an optional text may be typed with the answer, at most this many characters, 0 none.
    until_s: when it goes by itself.
    """

    id: int
    kind: CardKind
    shown_s: float
    until_s: float
    names: Mapping[str, Value] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    text_of: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of fact about a call, which a line of `voicecare explain` backs.

    code: a key of the texts' [fact]. at_s: the moment in the call `explain` is asked about. value_s: its number, in
    seconds. backed_by: the code of the line that says so. call: the session's name where it was kept, for the link.
    surprise: which outcome of a call it tells of, good and not so good alike.
    """

    code: str
    at_s: float
    backed_by: str
    value_s: float | None = None
    call: str = ""
