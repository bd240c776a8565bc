"""What is kept of live calls, in a folder of the user's own: counts, unless more was asked for; and never for ever."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from voicecare.errors import InputError, OutputError
from voicecare.live.record import Places

Keep: TypeAlias = Literal["counts", "events", "text", "audio"]
"""How much of a live call stays: how often things happened; besides, what happened when; the words; the sound."""
KEEPS: tuple[Keep, ...] = get_args(Keep)
DAYS = 30
"""How long it stays unless said otherwise: a month's calls can be looked back on together."""
_COUNTS, _EVENTS, _SOUND = SUFFIXES = (".counts.json", ".jsonl", ".wav")
_NAME = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(-\d+)?")
_DAY_S = 86_400
LEAP_DAYS = 7
_LAST_RUN = ".last-run"


def default_folder() -> Path:
    """Where calls are kept on this machine."""
    from platformdirs import user_data_path

    return user_data_path("voicecare") / "calls"


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed because it was old. leapt: nothing, because the clock is not to be believed today."""

    removed: tuple[str, ...] = ()
    leapt: bool = False


def open_folder(folder: Path, days: float) -> Swept:
    """Make the folder, for its owner's eyes only, and remove the calls that are older than `days`.

    After a week without a run, or where the clock went back, nothing is removed until the next run: a clock that is
    wrong at one start must not cost what was to be kept.

    Raises:
        OutputError: it cannot be made, or an old call cannot be removed.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        now_s = time.time()
        if _leapt(folder / _LAST_RUN, now_s):
            return Swept(leapt=bool(_older(folder, now_s - days * _DAY_S)))
        removed = _older(folder, now_s - days * _DAY_S)
        for name in removed:
            erase(folder, name)
    except OSError as error:
        raise OutputError(f"cannot keep calls in {folder}: {error.strerror}; choose another with --folder") from error
    return Swept(tuple(removed))


def _older(folder: Path, than_s: float) -> list[str]:
    return [name for name in names(folder) if all(file.stat().st_mtime < than_s for file in _files(folder, name))]


def _leapt(mark: Path, now_s: float) -> bool:
    """Whether the clock moved too far since the last run to act by it; this run is the last one from now on."""
    try:
        since_s = now_s - mark.stat().st_mtime
    except FileNotFoundError:
        since_s = 0.0
    os.close(os.open(mark, os.O_WRONLY | os.O_CREAT, 0o600))
    os.utime(mark, (now_s, now_s))
    return not -_DAY_S < since_s < LEAP_DAYS * _DAY_S


def places(folder: Path, keep: Keep) -> Places:
    """Where the next call goes; it is named by the time at which it begins, and the name is taken by its counts.

    Raises:
        OutputError: nothing can be written there.
    """
    begun = datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    for number in count(1):
        name = begun if number == 1 else f"{begun}-{number}"
        if not _files(folder, name) and _taken(folder / f"{name}{_COUNTS}"):
            break
    return Places(
        counts=folder / f"{name}{_COUNTS}",
        events=None if keep == "counts" else folder / f"{name}{_EVENTS}",
        sound=folder / f"{name}{_SOUND}" if keep == "audio" else None,
        words=keep in ("text", "audio"),
    )


def _taken(path: Path) -> bool:
    """Make an empty file; False where another run was quicker."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another with --folder") from error
    return True


def erase(folder: Path, name: str) -> list[Path]:
    """Remove everything kept of a call; return the files that are gone.

    Raises:
        InputError: no such call is kept. OutputError: a file cannot be removed.
    """
    gone = _files(folder, name) if _NAME.fullmatch(name) else []
    if not gone:
        newest = names(folder)[-3:]
        known = f"the newest are {', '.join(newest)}" if newest else "none is kept"
        raise InputError(f"there is no call {name!r} in {folder}; {known}")
    for file in gone:
        try:
            file.unlink()
        except OSError as error:
            raise OutputError(f"cannot erase {file}: {error.strerror}; check whose file it is") from error
    return gone


def names(folder: Path) -> list[str]:
    """The calls that are kept, oldest first; other files in the folder are left alone."""
    if not folder.is_dir():
        return []
    stems = {file.name.removesuffix(s) for file in folder.iterdir() for s in SUFFIXES if file.name.endswith(s)}
    return sorted(stem for stem in stems if _NAME.fullmatch(stem))


def _files(folder: Path, name: str) -> list[Path]:
    return [file for suffix in SUFFIXES if (file := folder / f"{name}{suffix}").is_file()]
