"""Opens the agent's diary for a command, and asks for its passphrase where it has one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from voicecare.care.diary import GIVEN_IN, Diary, default_path
from voicecare.care.vault import is_sealed


def opened(path: Path | None) -> Diary:
    """Open a diary, the agent's own unless another is named.

    Raises:
        InputError: it is no diary, or is sealed with another passphrase.
    """
    place = path or default_path()
    return Diary(place, passphrase() if is_sealed(place) else None)


def passphrase(*, new: bool = False) -> str | None:
    """The passphrase from the environment, or as it is typed; None where nobody can be asked."""
    given = os.environ.get(GIVEN_IN)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        return None
    return str(typer.prompt("Passphrase of your diary", hide_input=True, confirmation_prompt=new))
