"""A made-up caller as one text file: what the caller says, calmly, warmly or hotly, and what to say to silence.

A scenario is a TOML file; docs/practice.md shows one. Every part of it has one to three wordings, by the caller's heat;
where a wording is missing the nearest calmer one is said, else the nearest hotter one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeAlias

from voicecare.errors import InputError, UsageError

Heat: TypeAlias = Literal["calm", "warm", "hot"]
HEATS: tuple[Heat, ...] = ("calm", "warm", "hot")
PARTS = ("silence", "interrupted", "acknowledged", "end")
"""Said to an agent who says nothing; who spoke over the caller; who acknowledged; and at the end."""
LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z]{2,8})?")
MOST_BYTES = 100_000
MOST_STEPS = 40
LONGEST = 400
"""Characters of one wording: half a minute of talk."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to be said, by heat. rises: the story itself heats the caller here, unless the agent acknowledged."""

    name: str
    wordings: Mapping[Heat, str]
    rises: bool = False

    def at(self, heat: Heat) -> str | None:
        """The name of the line said at a heat; None where the part has no words at all."""
        place = HEATS.index(heat)
        for near in (*reversed(HEATS[: place + 1]), *HEATS[place + 1 :]):
            if near in self.wordings:
                return f"{self.name}.{near}"
        return None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A caller to practise with.

    name: of its file. voice: who speaks it (scripts/make/practice.py). brief: what the agent should know beforehand.
    """

    name: str
    language: str
    title: str
    brief: str
    voice: str
    begins: Heat
    steps: tuple[Part, ...]
    parts: Mapping[str, Part]

    def lines(self) -> Iterator[tuple[str, Heat, str]]:
        """Every line: its name, its heat, its words."""
        for part in (*self.steps, *self.parts.values()):
            for heat, text in part.wordings.items():
                yield f"{part.name}.{heat}", heat, text


def shipped(language: str) -> list[str]:
    """The names of the scenarios that come with voicecare in a language."""
    folder = resources.files("voicecare.care.practice") / "scenarios" / language
    if not folder.is_dir():
        return []
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


def load(name: str, language: str) -> Scenario:
    """Read a scenario that ships.

    Raises:
        UsageError: there is none of that name.
    """
    known = shipped(language)
    if name not in known:
        there = f"choose {', '.join(known)}" if known else f"none ship in {language}; try --scenario-language en"
        raise UsageError(f"there is no scenario {name!r}: {there}, or give a file (.toml) or a recording")
    text = (resources.files("voicecare.care.practice") / "scenarios" / language / f"{name}.toml").read_text("utf-8")
    return parse(text, name, language)


def read(path: Path) -> Scenario:
    """Read a scenario of one's own.

    Raises:
        InputError: the file cannot be read or is no scenario.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise InputError(f"{path} is larger than {MOST_BYTES // 1000} kB: a scenario takes 4")
        return parse(raw.decode("utf-8"), path.stem, "")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}; check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8; save it as that") from error


def parse(text: str, name: str, language: str) -> Scenario:
    """Read the text of a scenario; `language` where the text names none.

    Raises:
        InputError: it is none; the text names the place and what is allowed there.
    """
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"scenario {name}: not valid TOML: {error}") from error
    unknown = values.keys() - {"title", "brief", "voice", "language", "begins", "step", *PARTS}
    if unknown:
        raise InputError(f"scenario {name}: unknown {min(unknown):.40}; known: step, {', '.join(PARTS)}")
    steps = values.get("step")
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise InputError(f"scenario {name}: needs 1 to {MOST_STEPS} parts [[step]]: what the caller says, turn by turn")
    spoken = _text(values, "language", name, language or "en")
    if not LANGUAGE.fullmatch(spoken):
        raise InputError(f"scenario {name}: language = {spoken!r:.40}: must be a code such as en or zh-Hant")
    begins = values.get("begins", "calm")
    if begins not in HEATS:
        raise InputError(f"scenario {name}: begins = {begins!r:.40}: choose {', '.join(HEATS)}")
    return Scenario(
        name,
        spoken,
        _text(values, "title", name, name),
        _text(values, "brief", name, ""),
        _text(values, "voice", name, ""),
        begins,
        tuple(_part(f"step{number}", step, name) for number, step in enumerate(steps, 1)),
        {part: _part(part, values.get(part, {}), name) for part in PARTS},
    )


def _part(part: str, values: Any, name: str) -> Part:  # noqa: ANN401 - a plain TOML value
    if not isinstance(values, dict) or values.keys() - {*HEATS, "rises"}:
        raise InputError(f"scenario {name}, {part}: may hold {', '.join(HEATS)} and rises")
    rises = values.get("rises", False)
    if not isinstance(rises, bool):
        raise InputError(f"scenario {name}, {part}: rises must be true or false")
    wordings: dict[Heat, str] = {heat: _text(values, heat, f"{name}, {part}", "") for heat in HEATS if heat in values}
    if part.startswith("step") and not wordings:
        raise InputError(f"scenario {name}, {part}: has no words; give at least one of {', '.join(HEATS)}")
    return Part(part, wordings, rises)


def _text(values: Mapping[str, Any], key: str, where: str, default: str) -> str:
    value = values.get(key, default)
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise InputError(f"scenario {where}: {key} must be one line of at most {LONGEST} characters")
    return value
