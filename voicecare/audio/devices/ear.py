"""One ear kept on its device: opened, looked after, and opened again where something went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from voicecare.audio.devices.choice import Choice, pick
from voicecare.audio.devices.soundsystem import Deliver, Device, OpenDevice, SoundSystem, SoundSystemGoneError
from voicecare.audio.joining.wire import Block, Ear, Fault, FaultCode, Message, Opened
from voicecare.errors import VoicecareError

RETRY_S = 0.5
"""How long after a device could not be opened it is tried again."""
FOLLOW_S = 1.0
"""A new default device is followed when it has been the default for this long; a vanishing one makes false defaults."""
ADOPT_S = 0.3
"""A device that vanished is waited for this long before the new default takes its place: a server that takes a card
away names others for a moment."""

Say: TypeAlias = Callable[[Message], None]


class Keeper:
    """Keeps one ear on its device: opens it, notices what goes wrong, and tries again."""

    def __init__(self, ear: Ear, choice: Choice, system: SoundSystem, say: Say) -> None:
        self._ear = ear
        self._choice = choice
        self._system = system
        self._say = say
        self._open: OpenDevice | None = None
        self._fault: FaultCode | None = None
        self._retry_at_s = 0.0
        self._current: Device | None = None
        self._other: tuple[str, float] | None = None

    def look(self, devices: list[Device], now_s: float, choice: Choice | None = None) -> None:
        """Compare what is heard with what should be heard, and mend it. choice: a new one, or None."""
        self._choice = choice or self._choice
        wanted = self._wanted(devices, now_s)
        if wanted is None:
            self._lose("device_gone", now_s)
            return
        if self._open is not None:
            fault = self._open.fault()
            if fault is not None or self._open.device.name != wanted.name:
                self._lose(fault or "moved", now_s)
                self._retry_at_s = now_s
        if self._open is None and now_s >= self._retry_at_s:
            self._try(wanted, now_s)
        if self._open is not None and wanted.muted != (self._fault == "muted"):
            self._fault = "muted" if wanted.muted else None
            self._say(Fault(self._ear, now_s, self._fault or "well"))

    @property
    def device(self) -> Device | None:
        """What is heard now."""
        return None if self._open is None else self._open.device

    def close(self) -> None:
        """Stop hearing."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def rest(self, fault: FaultCode | None, now_s: float) -> None:
        """Let go of the device until `look` is called again. fault: what to say of it, or None for nothing."""
        self.close()
        self._current = self._other = None
        if fault is None:
            self._fault = None
        elif self._fault != fault:
            self._fault = fault
            self._say(Fault(self._ear, now_s, fault))

    def _wanted(self, devices: list[Device], now_s: float) -> Device | None:
        """The device to hear now; a call stays with its device until another has been the right one for a while."""
        current = next((d for d in devices if self._current is not None and d.name == self._current.name), None)
        try:
            right = pick(self._ear, self._choice, devices).device
        except VoicecareError:  # it is not there now; it may come back
            return current
        if self._current is None or right.name == self._current.name or right.kind == "stream":
            self._other = None  # a telephone renews its stream when it answers, holds and resumes
        elif self._other is None or self._other[0] != right.name:
            self._other = (right.name, now_s)
        if self._other is not None and now_s - self._other[1] < (ADOPT_S if current is None else FOLLOW_S):
            return current
        self._current, self._other = right, None
        return right

    def _try(self, device: Device, now_s: float) -> None:
        channels = 2 if self._ear == "both" else 1
        try:
            opened = self._open = self._system.open(device, channels, self._deliver())
        except SoundSystemGoneError:
            raise
        except VoicecareError:
            self._retry_at_s = now_s + RETRY_S
            self._lose("device_gone", now_s)
            return
        self._fault = None
        self._say(Opened(self._ear, now_s, device.label, opened.sleeps))

    def _lose(self, fault: FaultCode, now_s: float) -> None:
        self.close()
        if self._fault != fault:
            self._fault = fault
            self._say(Fault(self._ear, now_s, fault))

    def _deliver(self) -> Deliver:
        ear, say = self._ear, self._say

        def deliver(arrived_s: float, rate_hz: int, channels: int, payload: bytes) -> None:
            say(Block(ear, arrived_s, rate_hz, channels, payload))

        return deliver
