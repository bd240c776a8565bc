"""What the capture process says to voicecare, and how it is written on the pipe between them.

The process that holds the devices does nothing else and imports little; it sends raw blocks with the time they came.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, TypeAlias, cast, get_args

Ear: TypeAlias = Literal["agent", "caller", "both"]
"""Which leg a device hears; `both` is one device with a channel for each."""
EARS: tuple[Ear, ...] = ("agent", "caller", "both")

FaultCode: TypeAlias = Literal[
    "device_gone", "server_gone", "moved", "muted", "capture_failed", "no_sound", "paused", "well"
]
"""What is wrong with a device; `no_sound` where nothing is known but that none comes, `paused` where the agent wants it
so, `well` where a fault is over."""
FAULTS: tuple[FaultCode, ...] = get_args(FaultCode)


@dataclass(frozen=True, slots=True)
class Block:
    """What a device delivered: interleaved int16; `arrived_s` is when the last sample was handed over."""

    ear: Ear
    arrived_s: float
    rate_hz: int
    channels: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A device was opened (again). `sleeps`: it delivers nothing while nothing plays, and that is silence."""

    ear: Ear
    arrived_s: float
    device: str
    sleeps: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Something is known to be wrong with a device, or no longer is."""

    ear: Ear
    arrived_s: float
    code: FaultCode


PhonePhase: TypeAlias = Literal["rest", "ringing", "talk", "hold", "ended"]
"""What the telephone does (`types.Phase`, which this process is too small to know)."""
PHASES: tuple[PhonePhase, ...] = get_args(PhonePhase)


@dataclass(frozen=True, slots=True)
class Phone:
    """What the telephone does from now on. app: its name."""

    arrived_s: float
    phase: PhonePhase
    app: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The call plays on an output that is not heard; device: its name, "" where it is over."""

    arrived_s: float
    device: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes, whether or not a device speaks."""

    arrived_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """Capture cannot start at all; `text` tells the user why and what to do."""

    arrived_s: float
    text: str


Message: TypeAlias = Block | Opened | Fault | Phone | Elsewhere | Tick | Refused

_HEAD = struct.Struct("<cBdIHI")  # kind, ear, arrived_s, rate_hz, channels, length of what follows


def encode(message: Message) -> bytes:
    """Write a message as bytes."""
    match message:
        case Block(ear, at_s, rate_hz, channels, payload):
            return _HEAD.pack(b"B", EARS.index(ear), at_s, rate_hz, channels, len(payload)) + payload
        case Opened(ear, at_s, device, sleeps):
            name = device.encode()
            return _HEAD.pack(b"O", EARS.index(ear), at_s, int(sleeps), 0, len(name)) + name
        case Fault(ear, at_s, code):
            return _HEAD.pack(b"F", EARS.index(ear), at_s, FAULTS.index(code), 0, 0)
        case Phone(at_s, phase, app):
            named = app.encode(errors="replace")
            return _HEAD.pack(b"P", 0, at_s, PHASES.index(phase), 0, len(named)) + named
        case Elsewhere(at_s, device):
            where = device.encode(errors="replace")
            return _HEAD.pack(b"E", 0, at_s, 0, 0, len(where)) + where
        case Tick(at_s):
            return _HEAD.pack(b"T", 0, at_s, 0, 0, 0)
        case Refused(at_s, text):
            said = text.encode()
            return _HEAD.pack(b"R", 0, at_s, 0, 0, len(said)) + said


def decode(stream: BinaryIO) -> Iterator[Message]:
    """Read messages until the stream ends; a message torn by the end is dropped."""
    while len(head := stream.read(_HEAD.size)) == _HEAD.size:
        kind, ear, at_s, number, channels, length = cast("tuple[bytes, int, float, int, int, int]", _HEAD.unpack(head))
        rest = stream.read(length)
        if len(rest) < length:
            return
        if kind == b"B":
            yield Block(EARS[ear], at_s, number, channels, rest)
        elif kind == b"O":
            yield Opened(EARS[ear], at_s, rest.decode(), bool(number))
        elif kind == b"F":
            yield Fault(EARS[ear], at_s, FAULTS[number])
        elif kind == b"P":
            yield Phone(at_s, PHASES[number], rest.decode(errors="replace"))
        elif kind == b"E":
            yield Elsewhere(at_s, rest.decode(errors="replace"))
        elif kind == b"T":
            yield Tick(at_s)
        else:
            yield Refused(at_s, rest.decode())
