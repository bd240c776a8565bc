"""What a recording is, whatever it is called and wherever it lies: the hash of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from voicecare.errors import InputError


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, in hex.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot read {path}: {said}; check the file") from error


def joined(hashes: Sequence[str]) -> str:
    """The identity of a call: of its one file, or of (agent, caller) in this order."""
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("\n".join(("voicecare pair", *hashes)).encode()).hexdigest()


def content_hash(paths: Sequence[Path]) -> str:
    """The identity of a call by its files.

    Raises:
        InputError: one cannot be read.
    """
    return joined([file_hash(path) for path in paths])
