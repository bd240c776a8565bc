"""Which programs hold telephone calls: a list that ships, or those the agent names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, Self, TypeAlias

PhoneKind: TypeAlias = Literal["softphone", "browser"]


@dataclass(frozen=True, slots=True)
class Phone:
    """A program that holds calls, by the name people know it under."""

    name: str
    kind: PhoneKind


@dataclass(frozen=True, slots=True)
class Softphones:
    """Tells telephones from other programs that make sound.

    known: every name of a program's file or audio client, in small letters. named: what the agent asked for with
    `--app`, any part of a name; then nothing else counts.
    """

    known: Mapping[str, Phone]
    named: tuple[str, ...] = ()

    @classmethod
    def load(cls, named: tuple[str, ...] = ()) -> Self:
        """Read the list that ships."""
        table = tomllib.loads((files(__package__) / "softphones.toml").read_text(encoding="utf-8"))
        kinds: tuple[tuple[PhoneKind, str], ...] = (("softphone", "softphones"), ("browser", "browsers"))
        known = {
            alias: Phone(name, kind)
            for kind, section in kinds
            for name, aliases in table[section].items()
            for alias in (name.casefold(), *aliases)
        }
        return cls(known, tuple(part.casefold() for part in named))

    def phone(self, program: str, client: str) -> Phone | None:
        """Say which telephone a program is, by the name of its file or of its audio client; None where it is none."""
        names = [name.casefold().removesuffix(".exe") for name in (program, client) if name]
        found = next((self.known[name] for name in names if name in self.known), None)
        if not self.named:
            return found
        shown = found.name.casefold() if found is not None else ""
        if any(part in name for part in self.named for name in (*names, shown)):
            return found or Phone(client or program, "softphone")
        return None
