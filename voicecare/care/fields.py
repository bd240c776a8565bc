"""Every field of care.db, named once: the file is made from this list, and `voicecare privacy` reads it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Table: TypeAlias = Literal[
    "thanks", "recoveries", "moments", "answers", "levels", "intentions", "energy", "weekly", "switches"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name and its type in SQLite. What it is stands in the texts, under [field], as `table_name`."""

    name: str
    kind: Literal["TEXT", "REAL", "INTEGER"]


DAY = Field("day", "TEXT")
AT = Field("at_s", "REAL")

TABLES: dict[Table, tuple[Field, ...]] = {
    "thanks": (DAY, AT, Field("text", "TEXT"), Field("language", "TEXT")),
    "recoveries": (DAY, AT, Field("calm_s", "REAL")),
    "moments": (DAY, AT, Field("fact", "TEXT"), Field("value_s", "REAL"), Field("went", "TEXT"), Field("note", "TEXT")),
    "answers": (DAY, AT, Field("about", "TEXT"), Field("answer", "TEXT")),
    "levels": (
        DAY,
        AT,
        Field("about", "TEXT"),
        Field("step", "INTEGER"),
        Field("answers", "INTEGER"),
        Field("unneeded", "INTEGER"),
    ),
    "intentions": (DAY, AT, Field("text", "TEXT"), Field("kept", "TEXT")),
    "energy": (DAY, AT, Field("value", "INTEGER")),
    "weekly": (DAY, AT, Field("item", "TEXT"), Field("value", "INTEGER")),
    "switches": (DAY, AT, Field("feature", "TEXT"), Field("state", "TEXT"), Field("until_s", "REAL")),
}
"""Each table has a row number (`id`) besides. Nothing is kept of breaks, nor of a card that was declined."""
