"""Writes and removes the entry that starts voicecare at login, where this system looks for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from voicecare import saving
from voicecare.catalogue.catalogue import Catalogue, languages
from voicecare.errors import OutputError, UsageError
from voicecare.live.login import texts

_WITH_PATH = ("--session", "--folder", "--config", "--model")
"""Options whose value may be a path; at login a program starts in another folder."""
AT_LOGIN = "--at-login"
"""Says that no terminal is there to read from: what fails is shown in a window."""
_OWN = ("--install", "--uninstall", AT_LOGIN)
_LOCALES = {"en": "", "zh-Hant": "zh_TW"}


def install(arguments: Sequence[str], *, home: Path | None = None, platform: str = sys.platform) -> Path:
    """Let `voicecare live` start at login with these arguments; an entry that is there is replaced.

    arguments: what follows `voicecare live`. Returns the file that was written.

    Raises:
        UsageError: an argument that no entry can carry. OutputError: the file cannot be written.
    """
    path = place(home or Path.home(), platform)
    command = [_interpreter(platform), "-m", "voicecare", "live", AT_LOGIN, *at_login(arguments, Path.cwd())]
    if platform == "win32":
        text = texts.windows_script(command)
    elif platform == "darwin":
        text = texts.launch_agent(command)
    else:
        comments = {_LOCALES.get(code, code): Catalogue.load(code).say("card", "title") for code in languages()}
        text = texts.xdg_entry(command, comments)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {path.parent}: {error.strerror}; make it first") from error
    saving.write_whole(path, text)
    return path


def uninstall(*, home: Path | None = None, platform: str = sys.platform) -> Path | None:
    """Remove the entry; returns the file that was removed, or None where there was none.

    Raises:
        OutputError: it cannot be removed.
    """
    path = place(home or Path.home(), platform)
    try:
        path.unlink()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"cannot remove {path}: {error.strerror}; remove it by hand") from error
    return path


def place(home: Path, platform: str = sys.platform) -> Path:
    """Where this system looks for what starts at login."""
    if platform == "win32":
        roaming = os.environ.get("APPDATA")
        base = Path(roaming) if roaming else home / "AppData" / "Roaming"
        return base / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Startup" / f"{texts.NAME}.cmd"
    if platform == "darwin":
        return home / "Library" / "LaunchAgents" / f"{texts.LABEL}.plist"
    chosen = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(chosen) if Path(chosen).is_absolute() else home / ".config"
    return base / "autostart" / f"{texts.NAME}.desktop"


def at_login(arguments: Sequence[str], folder: Path) -> list[str]:
    """The arguments as they hold from any folder: without the flags of installing, with whole paths.

    A model that is named, not a folder that is there, stays a name.

    Raises:
        UsageError: `--console`, which needs a terminal.

    >>> at_login(["--install", "--keep", "events"], Path("/"))
    ['--keep', 'events']
    """
    kept: list[str] = []
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if argument in _OWN:
            continue
        if argument == "--console":
            raise UsageError("--console needs a terminal, and at login there is none: leave it out with --install")
        if equals and name in _WITH_PATH:
            kept.append(f"{name}={_whole(name, value, folder)}")
        elif kept and kept[-1] in _WITH_PATH:
            kept.append(_whole(kept[-1], argument, folder))
        else:
            kept.append(argument)
    return kept


def _whole(option: str, value: str, folder: Path) -> str:
    path = folder / value
    return str(path) if option != "--model" or path.exists() else value


def _interpreter(platform: str) -> str:
    """The Python this runs in; on Windows the one without a console window, where it is."""
    here = Path(sys.executable)
    without_console = here.with_name("pythonw.exe")
    return str(without_console if platform == "win32" and without_console.exists() else here)
