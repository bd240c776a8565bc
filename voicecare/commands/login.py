"""How `voicecare live` starts by itself: the entry at login, and the settings of the user's own that it then takes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from voicecare.errors import VoicecareError


def own_settings() -> Path | None:
    """The user's own settings file, which the menu opens, where there is one."""
    from voicecare.cue.settingsfile import default_path

    path = default_path()
    return path if path.is_file() else None


@contextmanager
def shown_where_no_terminal_is(*, wanted: bool) -> Iterator[None]:
    """Show what keeps voicecare from running in a window before it is raised: at login nobody reads a terminal."""
    try:
        yield
    except VoicecareError as error:
        if wanted:
            from voicecare.cue.refusal import refuse

            refuse(str(error))
        raise


def at_login(*, wanted: bool) -> int:
    """Write or remove the entry that starts voicecare at login, with the options of this command line."""
    from voicecare.live.login.entry import install, uninstall

    if wanted:
        typer.echo(f"voicecare starts at login: {install(sys.argv[2:])}")
        return 0
    gone = uninstall()
    typer.echo(f"removed: {gone}" if gone is not None else "there was no entry that starts voicecare at login")
    return 0
