"""What a platform's sound system is to voicecare: devices that can be heard, and one that is being heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from voicecare.audio.devices.telephone import Sound
from voicecare.audio.joining.wire import FaultCode
from voicecare.errors import InputError

DeviceKind: TypeAlias = Literal["microphone", "loopback", "stream"]

Deliver: TypeAlias = Callable[[float, int, int, bytes], None]
"""Takes arrived_s, rate_hz, channels and interleaved int16; called in the device's own thread: copies and returns."""


@dataclass(frozen=True, slots=True)
class Device:
    """One device that can be heard.

    name: stable and unique, what `--agent` and `--caller` take. label: what people call it.
    kind: `loopback` is what an output plays, `stream` what one program plays.
    default: the system's choice of its kind. muted: by the system's mixer.
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

    hears_programs: whether what one program plays can be heard alone. tells_changes: whether `wait` notices them. Its
    methods raise `SoundSystemGoneError` when the system itself has died.
    """

    name: str
    hears_programs: bool
    tells_changes: bool

    def devices(self) -> list[Device]:
        """List what can be heard now."""
        ...

    def sounds(self) -> list[Sound] | None:
        """List what programs play and record now; None where this system does not tell."""
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
