"""Reads a settings file: TOML with the sections and keys of `config.py`."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

from voicecare.config import Config, from_values
from voicecare.errors import UsageError


def load(path: Path) -> Config:
    """Read a settings file over the defaults.

    Raises:
        UsageError: the file cannot be read, is not TOML, or holds an unknown key or a value of the wrong kind.
    """
    try:
        with path.open("rb") as file:
            values = tomllib.load(file, parse_float=_finite)
    except OSError as error:
        raise UsageError(f"cannot read settings file {path}: {error.strerror}; check the path") from error
    except ValueError as error:
        raise UsageError(f"settings file {path} is not valid TOML: {error}") from error
    return from_values(values, str(path))


def _finite(text: str) -> float:
    """Read a number; no setting is infinite, and none is no number."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no value of a setting")
    return number
