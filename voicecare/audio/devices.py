"""The devices of this machine: what there is, which two would be used, and why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from voicecare.audio.wire import Ear, FaultCode
from voicecare.errors import InputError, UsageError

DeviceKind: TypeAlias = Literal["microphone", "loopback"]

Deliver: TypeAlias = Callable[[float, int, int, bytes], None]
"""Takes arrived_s, rate_hz, channels and interleaved int16; called in the device's own thread: copies and returns."""


@dataclass(frozen=True, slots=True)
class Device:
    """One device that can be heard.

    name: stable and unique, what `--agent` and `--caller` take. label: what people call it.
    kind: `loopback` is what an output plays. default: the system's choice of its kind. muted: by the system's mixer.
    """

    name: str
    label: str
    kind: DeviceKind
    default: bool = False
    channels: int = 1
    muted: bool = False


class OpenDevice(Protocol):
    """A device that is being heard."""

    device: Device
    sleeps: bool

    def fault(self) -> FaultCode | None:
        """What is wrong with it now, or None."""
        ...

    def close(self) -> None:
        """Stop hearing it."""
        ...


class SoundSystem(Protocol):
    """The sound system of a platform.

    Its methods raise `SoundSystemGoneError` when the system itself has died.
    """

    name: str

    def devices(self) -> list[Device]:
        """List what can be heard now."""
        ...

    def open(self, device: Device, channels: int, deliver: Deliver) -> OpenDevice:
        """Start to hear a device.

        Raises:
            InputError: it cannot be opened now.
        """
        ...

    def wait(self, at_most_s: float) -> bool:
        """Sleep until something about the devices may have changed; False where nothing is known to have."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class SoundSystemGoneError(InputError):
    """The sound server is not there (any more)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which devices the user asked for; None is the system's default."""

    agent: str | None = None
    caller: str | None = None
    stereo: str | None = None

    def ears(self) -> tuple[Ear, ...]:
        """The devices to open: one for each leg, or one for both."""
        return ("both",) if self.stereo is not None else ("agent", "caller")


@dataclass(frozen=True, slots=True)
class Pick:
    """A device chosen for an ear, and why."""

    ear: Ear
    device: Device
    why: str


def sound_system() -> SoundSystem:
    """Open the sound system of this platform.

    Raises:
        InputError: a package or library that is needed is missing; the text says which and how to get it.
        SoundSystemGoneError: no sound server is running.
    """
    if sys.platform == "win32":
        from voicecare.audio.loopback_windows import Wasapi

        return Wasapi()
    if sys.platform == "darwin":
        from voicecare.audio.loopback_macos import CoreAudio

        return CoreAudio()
    from voicecare.audio.loopback_linux import Pulse

    return Pulse()


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
