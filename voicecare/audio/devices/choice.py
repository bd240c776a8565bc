"""Which two devices are heard, and why."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from voicecare.audio.devices.soundsystem import Device, DeviceKind, SoundSystem
from voicecare.audio.devices.telephone import Line
from voicecare.audio.joining.wire import Ear
from voicecare.errors import InputError, UsageError


@dataclass(frozen=True, slots=True)
class Choice:
    """Which devices the user asked for; None is the system's default.

    softphone: the caller is what a telephone program plays, while it holds a call. apps: only those programs.
    """

    agent: str | None = None
    caller: str | None = None
    stereo: str | None = None
    softphone: bool = False
    apps: tuple[str, ...] = ()

    def on(self, line: Line) -> Choice:
        """Choose what a telephone's call is heard by."""
        return dataclasses.replace(self, agent=self.agent or line.microphone or None, caller=stream_name(line.stream))

    def ears(self) -> tuple[Ear, ...]:
        """The devices to open: one for each leg, or one for both."""
        return ("both",) if self.stereo is not None else ("agent", "caller")


@dataclass(frozen=True, slots=True)
class Pick:
    """A device chosen for an ear, and why."""

    ear: Ear
    device: Device
    why: str


def stream_name(index: int | None) -> str:
    """How the stream of one program is named among the devices."""
    return f"stream:{index}"


def with_stream(devices: Sequence[Device], line: Line) -> list[Device]:
    """Add what the telephone plays to the devices."""
    if line.stream is None:
        return list(devices)
    return [*devices, Device(stream_name(line.stream), line.app, "stream")]


def sound_system() -> SoundSystem:
    """Open the sound system of this platform.

    Raises:
        InputError: a package or library that is needed is missing; the text says which and how to get it.
        SoundSystemGoneError: no sound server is running.
    """
    if sys.platform == "win32":
        from voicecare.audio.devices.loopback_windows import Wasapi

        return Wasapi()
    if sys.platform == "darwin":
        from voicecare.audio.devices.loopback_macos import CoreAudio

        return CoreAudio()
    from voicecare.audio.devices.loopback_linux import Pulse

    return Pulse()


def hears_programs() -> bool:
    """Whether what one program plays can be heard alone on this system."""
    return sys.platform != "win32"


def pick(ear: Ear, choice: Choice, devices: Sequence[Device]) -> Pick:
    """Choose the device of an ear.

    Raises:
        InputError: there is none, or the one asked for is not there.
        UsageError: the name asked for fits several.
    """
    if ear == "both":
        return Pick(
            ear, _named(choice.stereo or "", [d for d in devices if d.channels > 1]), "you chose it for both legs"
        )
    wanted: DeviceKind = "microphone" if ear == "agent" else "loopback"
    name = choice.agent if ear == "agent" else choice.caller
    if name is not None:
        return Pick(ear, _named(name, devices), f"you chose it for the {ear}")
    for device in devices:
        if device.kind == wanted and device.default:
            what = "the default microphone" if ear == "agent" else "what the default output plays"
            return Pick(ear, device, what)
    there = ", ".join(d.name for d in devices if d.kind == wanted) or "none"
    raise InputError(f"no default {wanted} for the {ear}; there: {there}; name one with --{ear}")


def _named(name: str, devices: Sequence[Device]) -> Device:
    """Find a device by its name, else by a part of its name or label, whatever the case."""
    for device in devices:
        if name == device.name:
            return device
    part = name.casefold()
    fitting = [d for d in devices if part in d.name.casefold() or part in d.label.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    names = "\n  ".join(f"{d.name}  ({d.label})" for d in (fitting or devices)) or "none"
    if fitting:
        raise UsageError(f"device {name!r} fits several; choose one by its full name:\n  {names}")
    raise InputError(f"there is no device {name!r}; `voicecare devices` lists them; there:\n  {names}")
