"""Reads the phrase lists: one TOML file a language, the package's own or a folder of one's own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from voicecare.errors import InputError, UsageError

SHIPPED = Path(__file__).resolve().parent.parent / "speech" / "words" / "phrases"


def load_phrases(folder: Path = SHIPPED) -> dict[str, dict[str, Any]]:
    """Read every `*.toml` of a folder; return its values by file name, for `PhraseBook.from_values`.

    Raises:
        UsageError: the folder holds no phrase list.
        InputError: a file cannot be read or is not TOML.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise UsageError(f"there are no phrase lists (*.toml) in {folder}; the shipped ones are in {SHIPPED.name}/")
    return {file.name: _read(file) for file in files}


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise InputError(f"cannot read phrase list {path}: {error.strerror}; check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"phrase list {path} is not valid TOML: {error}") from error
