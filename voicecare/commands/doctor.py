"""`voicecare doctor`: everything a live call needs, a line each, with what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Annotated

import typer
from rich.console import Console

from voicecare.audio.devices import chirp
from voicecare.audio.devices.choice import Choice
from voicecare.catalogue.terminal import legible
from voicecare.commands import findings as looks
from voicecare.commands.findings import Finding
from voicecare.commands.listening import QUIET_DBFS, checked_choice, checked_seconds, dbfs, hear, level_lines
from voicecare.commands.options import AgentDevice, CallerDevice, ListenSeconds, StereoDevice
from voicecare.errors import VoicecareError
from voicecare.types import PARTIES

SELF_TEST_S = 3.0


def doctor(
    agent: AgentDevice = None,
    caller: CallerDevice = None,
    stereo: StereoDevice = None,
    seconds: ListenSeconds = 3.0,
    no_play: Annotated[bool, typer.Option("--no-play", help="Play no test sound.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Look at everything a live call needs, a line each, with what to do about it."""
    console = Console(highlight=False, emoji=False, markup=False)
    choice, listen_s = checked_choice(agent, caller, stereo), checked_seconds(seconds)
    raise typer.Exit(examine(console, choice=choice, play=not no_play, listen_s=listen_s))


def examine(console: Console, *, choice: Choice | None = None, play: bool = True, listen_s: float = SELF_TEST_S) -> int:
    """Look at everything a live call needs, a line each, and say how it can be shown.

    Returns 0 where a live call can be heard, in the window or on the terminal; else 1.

    Raises:
        UsageError: a device's name fits several.
    """
    missing: list[Finding] = []
    for finding in findings(choice or Choice(), play=play, listen_s=listen_s):
        line = f"{finding.mark:<4}{finding.what}" + (f": {finding.advice}" if finding.advice else "")
        console.print(legible(line), soft_wrap=True)
        if not finding.well:
            missing.append(finding)
    if any(finding.needed for finding in missing):
        return 1
    said = "a live call can be heard and its cue shown: voicecare live"
    if missing:
        said = "a live call can be heard; its cue shows on the terminal only: voicecare live --console"
    console.print(said, soft_wrap=True)
    return 0


def findings(choice: Choice, *, play: bool, listen_s: float = SELF_TEST_S) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which it can fail; `listen_s` 0 hears nothing."""
    yield Finding(True, f"voicecare {version('voicecare')} on Python {sys.version.split()[0]}, {sys.platform}")
    yield looks.recogniser()
    yield looks.cue_window()
    capture = looks.devices_for(choice)
    yield capture
    if not capture.well or not listen_s:
        return
    yield Finding(True, f"listening for {listen_s:g} s: say a few words")
    try:
        heard = hear(choice, listen_s, chirp.chirp() if play else None)
    except VoicecareError as error:
        yield Finding(False, "the devices are there but cannot be heard", " ".join(str(error).split()))
        return
    for party, line in zip(PARTIES, level_lines(heard), strict=True):
        silent = dbfs(heard[PARTIES.index(party)]) < QUIET_DBFS
        yield Finding(
            not (silent and party == "agent"), line, looks.microphone_advice() if silent and party == "agent" else ""
        )
    if play:
        yield looks.loopback(heard[1])
