"""A recorded call as it was found: its files, and what is known of it so far."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Known:
    """What names or a manifest say of a call; None where they do not.

    agent_channel: "left" or "right". extra: what else a manifest says, by column.
    """

    call: str | None = None
    agent: str | None = None
    queue: str | None = None
    caller: str | None = None
    start: datetime | None = None
    agent_channel: str | None = None
    offset_s: float | None = None
    raw: str | None = None
    csat: float | None = None
    nps: float | None = None
    retained: bool | None = None
    arm: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def over(self, other: Known) -> Known:
        """This, and what is not known here from the other."""
        names = [field.name for field in dataclasses.fields(self) if field.name != "extra"]
        known: dict[str, Any] = {
            name: getattr(other, name) if (own := getattr(self, name)) is None else own for name in names
        }
        return Known(**known, extra={**other.extra, **self.extra})


@dataclass(frozen=True, slots=True)
class Found:
    """A call on disk: one file of both parties, or (agent, caller)."""

    files: tuple[Path, ...]
    known: Known


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was not understood, as a code of the catalogue's section `batch` with what its words need."""

    code: str
    fields: Mapping[str, str | int] = field(default_factory=dict)
