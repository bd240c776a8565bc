"""The entries as text: what each desktop reads to start a program at login. Pure; nothing is written here."""

from __future__ import annotations

import plistlib
import subprocess
from collections.abc import Mapping, Sequence

from voicecare.errors import UsageError

NAME = "voicecare"
LABEL = "voicecare.live"
"""The name of the macOS agent."""
_DESKTOP_SPECIAL = '"`$\\'
_DESKTOP_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def xdg_entry(command: Sequence[str], comments: Mapping[str, str]) -> str:
    """A desktop entry for XDG autostart (freedesktop.org, Desktop Entry and Autostart Specifications).

    comments: what it does, by locale; "" is the one without.

    Raises:
        UsageError: a word of the command holds a character that no desktop entry can carry.
    """
    lines = ["[Desktop Entry]", "Type=Application", "Version=1.0", f"Name={NAME}"]
    for locale, comment in comments.items():
        lines.append(f"Comment{f'[{locale}]' if locale else ''}={comment.translate(_DESKTOP_ESCAPES)}")
    quoted = " ".join(_desktop_quoted(word) for word in command)
    return "\n".join(
        [
            *lines,
            f"Exec={quoted.translate(_DESKTOP_ESCAPES)}",
            "Icon=audio-headset",
            "Terminal=false",
            "StartupNotify=false",
            "X-GNOME-Autostart-enabled=true",
            "",
        ]
    )


def windows_script(command: Sequence[str]) -> str:
    """A script for the Startup folder, which starts the program without a window of its own and is gone.

    Written against Microsoft's documentation of `start`, `chcp` and the Startup folder; never run on a real Windows.

    Raises:
        UsageError: a word of the command holds a line break or a quotation mark, which no script can carry.
    """
    for word in command:
        _one_line(word)
        if '"' in word:
            raise UsageError(f'{word!r:.80}: no quotation mark (") can stand in an entry at login; leave it out')
    words = subprocess.list2cmdline(list(command)).replace("%", "%%")
    return "\r\n".join(["@echo off", "chcp 65001 >nul", f'start "{NAME}" /b {words}', ""])


def launch_agent(command: Sequence[str]) -> str:
    """A property list for launchd: run at login, in the desktop's session only, and not again once it was quit.

    Written against launchd.plist(5); never run on a real macOS.
    """
    for word in command:
        _one_line(word)
    entry = {
        "Label": LABEL,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "KeepAlive": False,
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Interactive",
    }
    return plistlib.dumps(entry).decode("utf-8")


def _desktop_quoted(word: str) -> str:
    """Quote a word for Exec: in double quotes, with the four special characters escaped and % doubled."""
    _one_line(word)
    escaped = "".join(f"\\{letter}" if letter in _DESKTOP_SPECIAL else letter for letter in word)
    return f'"{escaped.replace("%", "%%")}"'


def _one_line(word: str) -> None:
    if not word.isprintable():
        raise UsageError(
            f"{word!r:.80}: no line break or control character can stand in an entry at login; leave it out"
        )
