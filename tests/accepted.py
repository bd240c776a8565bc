"""Compares output with a file in tests/gold, and keeps what differs beside it for a person to judge."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).with_name("gold")


def expect(name: str, actual: str) -> None:
    """Fail where `actual` is not the accepted text; VOICECARE_ACCEPT=1 accepts it."""
    accepted, beside = FOLDER / name, FOLDER / f"{name}.actual"
    if os.environ.get("VOICECARE_ACCEPT") == "1":
        accepted.write_text(actual, encoding="utf-8")
    if accepted.is_file() and accepted.read_text(encoding="utf-8") == actual:
        beside.unlink(missing_ok=True)
        return
    beside.write_text(actual, encoding="utf-8")
    message = f"{name} differs from the accepted one; compare it with {beside.name} (see tests/gold/README.md)"
    raise AssertionError(message)
