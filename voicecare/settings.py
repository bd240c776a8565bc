"""Reads a settings file: TOML with the sections and keys of `config.py`."""

from __future__ import annotations

import dataclasses
import math
import tomllib
from pathlib import Path

from voicecare.config import Config, from_values
from voicecare.errors import UsageError

MORE_THAN_0 = frozenset(
    {
        "every_s",
        "smooth_s",
        "smooth_voice_s",
        "baseline_s",
        "baseline_memory_s",
        "liveliness_s",
        "memory_s",
        "pauses_s",
        "pace_utterances",
    }
)
"""Steps, memories and weights that something is divided by."""


def load(path: Path) -> Config:
    """Read a settings file over the defaults.

    Raises:
        UsageError: the file cannot be read, is not TOML, or holds an unknown key, a value of the wrong kind, or a
            length or count no stage can work with.
    """
    try:
        with path.open("rb") as file:
            values = tomllib.load(file, parse_float=_finite)
    except OSError as error:
        raise UsageError(f"cannot read settings file {path}: {error.strerror}; check the path") from error
    except ValueError as error:
        raise UsageError(f"settings file {path} is not valid TOML: {error}") from error
    config = from_values(values, str(path))
    _check(config, path)
    return config


def _check(config: Config, path: Path) -> None:
    """Refuse lengths and counts that no stage can work with."""
    for section in dataclasses.fields(config):
        values = getattr(config, section.name)
        for entry in dataclasses.fields(values):
            value = getattr(values, entry.name)
            if not (entry.name.endswith("_s") or type(value) is int):
                continue
            divides = entry.name in MORE_THAN_0
            if value < 0 or (divides and not value):
                least = "more than 0" if divides else "0 or more"
                raise UsageError(f"{path}: [{section.name}] {entry.name} = {value:g}: must be {least}")


def _finite(text: str) -> float:
    """Read a number; no setting is infinite, and none is no number."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no value of a setting")
    return number
