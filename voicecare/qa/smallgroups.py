"""Which groups may be shown: none under five calls or five known agents, and none that the others would give away.

Where groups are parts of a total that is shown, the total less the shown parts is what was hidden. So as much is hidden
beside a small group as makes the hidden rest large enough itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

LEAST = 5
G = TypeVar("G", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Member:
    """A call, and whose it was where that is known."""

    call: str
    agent: str | None = None


def large_enough(members: Iterable[Member]) -> bool:
    """Whether a group may be shown: five calls, and where their agents are known five of those."""
    calls, agents, unknown = set(), set(), False
    for member in members:
        calls.add(member.call)
        agents.add(member.agent)
        unknown = unknown or not member.agent
    return len(calls) >= LEAST and (len(agents) >= LEAST or (unknown and not any(agents)))


def shown(groups: Mapping[G, Iterable[Member]]) -> set[G]:
    """Choose the parts of one total that may stand beside it."""
    sizes = {name: list(members) for name, members in groups.items()}
    kept = {name for name, members in sizes.items() if large_enough(members)}
    while kept:
        hidden = [member for name, members in sizes.items() if name not in kept for member in members]
        if not hidden or large_enough(hidden):
            break
        # The smallest first: the least is lost.
        kept.remove(min(kept, key=lambda name: (len(sizes[name]), repr(name))))
    return kept
