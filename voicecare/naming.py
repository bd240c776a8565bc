"""Takes names as people type them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from voicecare.errors import UsageError

Name = TypeVar("Name", bound=str)


def one_of(known: Sequence[Name], typed: str, option: str) -> Name:
    """Find what was typed for an option among the names it takes.

    Raises:
        UsageError: it is none of them.
    """
    for name in known:
        if typed == name:
            return name
    raise UsageError(f"{option} {typed}: not known; choose {', '.join(known)}")
