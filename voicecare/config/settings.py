"""Reads and writes a settings file: TOML with the sections and keys of `Config`; unknown ones name the nearest."""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
import tomllib
from pathlib import Path
from typing import Any, get_type_hints

from voicecare.config import Config
from voicecare.config.bounds import Within
from voicecare.errors import UsageError

MOST_BYTES = 1_000_000
LARGEST = 1e15
"""Beyond any bound of any setting; a longer number has no float."""
MOST_DOTS = 50
_DOT = re.compile(r"\.(?!\.)")
"""Dots of a dotted key; in a row, as in a comment that rules off, they are none."""


def load(path: Path) -> Config:
    """Read a settings file over the defaults.

    Raises:
        UsageError: the file cannot be read, is not TOML, or holds an unknown key, a value of the wrong kind, or a
            length or count no stage can work with.
    """
    text = _read(path)
    try:
        values = tomllib.loads(text, parse_float=_finite)
    except RecursionError as error:
        raise UsageError(
            f"settings file {path} is nested without end; a setting is [section] and name = value"
        ) from error
    except ValueError as error:
        raise UsageError(f"settings file {path} is not valid TOML: {error}") from error
    return from_values(values, str(path))


def _read(path: Path) -> str:
    """Read a settings file within the bounds that TOML itself does not set.

    Its reader keeps every prefix of a dotted key: 40 kB of dots would take 1.6 GB.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read settings file {path}: {error.strerror}; check the path") from error
    except ValueError as error:
        raise UsageError(f"cannot read settings file {path}: {error}; check the path") from error
    if len(raw) > MOST_BYTES:
        raise UsageError(f"settings file {path} is larger than {MOST_BYTES // 1000} kB: all settings take 6")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"settings file {path} is not valid TOML: it is not UTF-8; save it as that") from error
    for number, line in enumerate(text.splitlines(), 1):
        if len(_DOT.findall(line)) > MOST_DOTS:
            raise UsageError(
                f"settings file {path}, line {number}: more than {MOST_DOTS} dots; a setting has one or two"
            )
    return text.replace("\r\n", "\n")


def _finite(text: str) -> float:
    """Read a number; no setting is infinite, and none is no number."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no value of a setting")
    return number


def to_toml(config: Config) -> str:
    """Write all settings as a settings file that `settings.load` reads back to the same Config."""
    lines = []
    for section in dataclasses.fields(config):
        lines.append(f"[{section.name}]")
        values = getattr(config, section.name)
        for entry in dataclasses.fields(values):
            value = getattr(values, entry.name)
            lines.append(f"{entry.name} = {str(value).lower() if isinstance(value, bool) else repr(value)}")
        lines.append("")
    return "\n".join(lines)


def from_values(values: dict[str, Any], source: str) -> Config:
    """Build a Config from nested plain values; `source` names them in errors."""
    sections = {f.name: f for f in dataclasses.fields(Config)}
    built: dict[str, Any] = {}
    for name, section in values.items():
        if name not in sections:
            raise UsageError(f"{source}: unknown section [{name:.60}]{_nearest(name, list(sections))}")
        if not isinstance(section, dict):
            raise UsageError(f"{source}: {name} must be a section of settings, not {_shown(section)}")
        built[name] = _section(getattr(Config(), name), section, f"{source}: [{name}]")
    return dataclasses.replace(Config(), **built)


def _section(defaults: Any, values: dict[str, Any], where: str) -> Any:  # noqa: ANN401 - one of the section classes
    known = {f.name: getattr(defaults, f.name) for f in dataclasses.fields(defaults)}
    types = get_type_hints(type(defaults), include_extras=True)
    checked: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise UsageError(f"{where}: unknown setting {key!r:.60}{_nearest(key, list(known))}")
        checked[key] = _checked(known[key], value, f"{where} {key}")
        for bounds in getattr(types[key], "__metadata__", ()):
            if isinstance(bounds, Within) and not bounds.allow(checked[key]):
                raise UsageError(f"{where} {key} = {checked[key]:g}: must be {bounds}")
    return dataclasses.replace(defaults, **checked)


def _checked(default: Any, value: Any, where: str) -> Any:  # noqa: ANN401 - a plain TOML value
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise UsageError(f"{where} = {_shown(value)}: must be true or false")
        return value
    if isinstance(default, (int, float)):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:  # noqa: PLR0124 - NaN
            raise UsageError(f"{where} = {_shown(value)}: must be a number")
        if abs(value) > LARGEST:
            raise UsageError(f"{where} = {_shown(value)}: must be at most {LARGEST:g}")
        if isinstance(default, int) and not isinstance(value, int):
            raise UsageError(f"{where} = {_shown(value)}: must be a whole number")
        return type(default)(value)
    if not isinstance(value, type(default)):
        raise UsageError(f"{where} = {_shown(value)}: must be {type(default).__name__}")
    return value


def _shown(value: Any) -> str:  # noqa: ANN401 - as _checked
    """A value as an error names it: short, whatever its size, depth or number of digits."""
    try:
        return f"{value!r:.40}"
    except (ValueError, RecursionError):
        return "a value too large to show"


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word[:60], known, n=1, cutoff=0.4)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(known)}"
