"""`voicecare devices`: what can be heard, and how loud it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import typer
from rich.console import Console

from voicecare.audio.devices.answering import answered
from voicecare.audio.devices.choice import sound_system
from voicecare.audio.devices.telephone import Sound
from voicecare.catalogue.terminal import legible
from voicecare.commands.doctor import ANSWER_S, checked_choice, checked_seconds, show_devices
from voicecare.commands.options import AgentDevice, AppOption, CallerDevice, ListenSeconds, StereoDevice
from voicecare.commands.telephones import telephone_lines
from voicecare.errors import InputError


def devices(
    agent: AgentDevice = None,
    caller: CallerDevice = None,
    stereo: StereoDevice = None,
    app: AppOption = None,
    seconds: ListenSeconds = 3.0,
) -> None:
    """List what can be heard, say which two devices a live call would use and why, and how loud both are."""
    console = Console(highlight=False, emoji=False, markup=False)
    choice, meter_s = checked_choice(agent, caller, stereo), checked_seconds(seconds)
    code = show_devices(choice, console, meter_s=meter_s)
    with suppress(InputError):  # a sound system that does not answer was said above
        for line in telephone_lines(answered(_sounds, ANSWER_S, "the sound system"), app or ()):
            console.print(legible(line), soft_wrap=True)
    raise typer.Exit(code)


def _sounds() -> Sequence[Sound] | None:
    system = sound_system()
    try:
        return system.sounds()
    finally:
        system.close()
