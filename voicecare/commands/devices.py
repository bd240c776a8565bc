"""`voicecare devices`: what can be heard, and how loud it is."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from voicecare.audio.devices.answering import answered
from voicecare.audio.devices.choice import Choice, Pick, pick, sound_system
from voicecare.audio.devices.soundsystem import Device
from voicecare.audio.devices.telephone import Sound
from voicecare.audio.joining.wire import Ear
from voicecare.catalogue.terminal import legible
from voicecare.commands import listening
from voicecare.commands.listening import checked_choice, checked_seconds, hear, level_lines
from voicecare.commands.options import AgentDevice, AppOption, CallerDevice, ListenSeconds, StereoDevice
from voicecare.commands.telephones import telephone_lines
from voicecare.errors import InputError, UsageError
from voicecare.types import Floats

METER_S = 3.0


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
    if code != 1:
        for line in telephone_lines(answered(_sounds, listening.ANSWER_S, "the sound system"), app or ()):
            console.print(legible(line), soft_wrap=True)
    raise typer.Exit(code)


def _sounds() -> Sequence[Sound] | None:
    system = sound_system()
    try:
        return system.sounds()
    finally:
        system.close()


def show_devices(choice: Choice, console: Console, *, meter_s: float = METER_S) -> int:
    """List the devices, say which would be used and why, and show for `meter_s` how loud both legs are.

    Returns 0; 1 where no live call can be heard, for want of a sound system or a device; 2 where one was named that is
    not there.

    Raises:
        UsageError: a name fits several devices. InputError: a device cannot be heard now.
    """
    try:
        name, devices = answered(listening.there, listening.ANSWER_S, "the sound system")
        console.print(f"sound system: {name}")
    except InputError as error:
        console.print(legible(f"no  {error}"), soft_wrap=True)
        return 1
    table = Table("name", "what it is", "kind", "default", box=None)
    for device in devices:
        table.add_row(legible(device.name), legible(device.label), device.kind, "yes" if device.default else "")
    console.print(table)
    picks = [_picked(ear, choice, devices) for ear in choice.ears()]
    for picked in picks:
        said = picked if isinstance(picked, str) else f"{picked.ear}: {picked.device.name}, {picked.why}"
        console.print(legible(said), soft_wrap=True)
    if any(isinstance(picked, str) for picked in picks):
        return 1 if choice == Choice() else 2
    if meter_s > 0:
        meter(choice, console, meter_s)
    return 0


def meter(choice: Choice, console: Console, length_s: float) -> None:
    """Show how loud both legs are, moving while it lasts on a terminal, and at the end over all of it.

    Raises:
        InputError: capture cannot start.
    """
    with Live(console=console, auto_refresh=False, transient=True) as moving:

        def show(newest: Floats) -> None:
            if console.is_terminal:
                moving.update(Text("\n".join(level_lines(newest))), refresh=True)

        heard = hear(choice, length_s, on_heard=show)
    for line in level_lines(heard):
        console.print(line)


def _picked(ear: Ear, choice: Choice, devices: Sequence[Device]) -> Pick | str:
    try:
        return pick(ear, choice, devices)
    except UsageError:
        raise
    except InputError as error:
        return f"{ear}: {str(error).splitlines()[0].removesuffix('; there:')}"
