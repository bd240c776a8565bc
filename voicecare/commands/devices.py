"""`voicecare devices`: what can be heard, and how loud it is."""

from __future__ import annotations

import typer
from rich.console import Console

from voicecare.commands.doctor import checked_choice, checked_seconds, show_devices
from voicecare.commands.options import AgentDevice, CallerDevice, ListenSeconds, StereoDevice


def devices(
    agent: AgentDevice = None,
    caller: CallerDevice = None,
    stereo: StereoDevice = None,
    seconds: ListenSeconds = 3.0,
) -> None:
    """List what can be heard, say which two devices a live call would use and why, and how loud both are."""
    console = Console(highlight=False, emoji=False, markup=False)
    raise typer.Exit(show_devices(checked_choice(agent, caller, stereo), console, meter_s=checked_seconds(seconds)))
