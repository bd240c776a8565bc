"""What is kept of a try, only where the agent asked for it: its story and three numbers, in one small file a scenario.

It lies in the agent's own data folder, for the owner's eyes only, and holds no sound, no words and no strain. A new try
takes the place of the last one: there is no history, and nothing is compared with anybody else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicecare import saving
from voicecare.codec import DecodeError, from_plain, to_plain
from voicecare.errors import InputError, OutputError
from voicecare.types import Reason

MOST_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Try:
    """One try.

    story: as codes, so that it is worded in the language of whoever looks. interruptions: by the agent.
    acknowledged_after_s: from the caller's first rise of heat to the agent's first acknowledgement after it; None
    where there was none. hottest: the caller's highest heat, ended: the last one; "" where a recording has none.
    """

    story: tuple[Reason, ...]
    interruptions: int
    acknowledged_after_s: float | None
    hottest: str = ""
    ended: str = ""


def default_folder() -> Path:
    """Where tries are kept on this machine."""
    from platformdirs import user_data_path

    return user_data_path("voicecare") / "practice"


def path_of(folder: Path, name: str) -> Path:
    """The file of a scenario."""
    return folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)[:80]}.json"


def kept(folder: Path) -> list[Path]:
    """The files of all tries that are kept."""
    return sorted(folder.glob("*.json"))


def erase(folder: Path) -> list[Path]:
    """Remove all tries; return the files that are gone.

    Raises:
        OutputError: one cannot be removed.
    """
    gone = kept(folder)
    for path in gone:
        try:
            path.unlink()
        except OSError as error:
            raise OutputError(f"cannot erase {path}: {error.strerror}; check whose file it is") from error
    return gone


def last(folder: Path, name: str) -> Try | None:
    """The try that was kept of a scenario, or None.

    Raises:
        InputError: the file is not one of ours.
    """
    path = path_of(folder, name)
    try:
        with path.open("rb") as file:
            values: Any = json.loads(file.read(MOST_BYTES))
        one: Try = from_plain(Try, values)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}; voicecare practice --forget removes it") from error
    except (ValueError, RecursionError, DecodeError) as error:
        raise InputError(f"{path} is no kept try ({error}); voicecare practice --forget removes it") from error
    return one


def keep(folder: Path, name: str, one: Try) -> Path:
    """Keep a try in place of the last one; return its file.

    Raises:
        OutputError: it cannot be written.
    """
    path = path_of(folder, name)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make {folder}: {error.strerror}; nothing was kept") from error
    saving.write_whole(path, json.dumps(to_plain(one), ensure_ascii=False, indent=1) + "\n")
    return path


def forget(folder: Path) -> int:
    """Remove everything that was kept; return how many tries there were.

    Raises:
        OutputError: a file cannot be removed.
    """
    gone = 0
    try:
        for path in sorted(folder.glob("*.json")):
            path.unlink()
            gone += 1
    except OSError as error:
        raise OutputError(f"cannot remove {error.filename}: {error.strerror}; remove it yourself") from error
    return gone
