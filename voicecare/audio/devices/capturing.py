"""The process that holds the devices: `python -m voicecare.audio.devices.capturing --agent NAME --caller NAME`.

It is apart so that nothing voicecare computes can delay a device's callback: one C call that keeps the interpreter to
itself was measured to stall callbacks by 1.6 s. The callback stamps, copies and puts; a writer sends; the main thread
keeps each ear on its device and says what is wrong. It ends when its standard input does.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from queue import Empty, Full, Queue

from voicecare.audio.devices.choice import Choice, pick, sound_system
from voicecare.audio.devices.soundsystem import Deliver, Device, OpenDevice, SoundSystem, SoundSystemGoneError
from voicecare.audio.joining.wire import Block, Ear, Fault, FaultCode, Message, Opened, Refused, Tick, encode
from voicecare.errors import VoicecareError

TICK_S = 0.1
WAIT_S = 0.25
LOOK_S = 1.0
"""How often the devices are looked at although the sound system said nothing."""
RETRY_S = 0.5
"""How long after a device could not be opened it is tried again."""
FOLLOW_S = 1.0
"""A new default device is followed when it has been the default for this long; a vanishing one makes false defaults."""
ADOPT_S = 10.0
"""A device that vanished is waited for this long before the new default takes its place; meanwhile nobody is heard."""
WAITING_BLOCKS = 6_000
"""Blocks kept for a reader that stalls: 60 s of two legs, 4 MB. Beyond that blocks are lost, as their clock shows."""
START_AGAIN = 75
"""Exit code: the sound server is back, and PortAudio must be started afresh to see it."""

Say = Callable[[Message], None]


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

    def look(self, devices: list[Device], now_s: float) -> None:
        """Compare what is heard with what should be heard, and mend it."""
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

    def close(self) -> None:
        """Stop hearing."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _wanted(self, devices: list[Device], now_s: float) -> Device | None:
        """The device to hear now; a call stays with its device until another has been the right one for a while."""
        current = next((d for d in devices if self._current is not None and d.name == self._current.name), None)
        try:
            right = pick(self._ear, self._choice, devices).device
        except VoicecareError:  # it is not there now; it may come back
            return current
        if self._current is None or right.name == self._current.name:
            self._other = None
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


class Outbox:
    """What is to be sent, in a queue that never blocks who puts."""

    def __init__(self) -> None:
        self._queue: Queue[Message] = Queue(WAITING_BLOCKS)

    def put(self, message: Message) -> None:
        """Take a message; without room it is lost, and the stamps of the next blocks show that."""
        try:
            self._queue.put_nowait(message)
        except Full:
            return

    def send_until(self, ended: threading.Event) -> None:
        """Write what was put to standard output, and ticks, until told or the reader is gone."""
        out = sys.stdout.buffer
        try:
            while not ended.is_set():
                try:
                    message = self._queue.get(timeout=TICK_S)
                except Empty:
                    message = Tick(time.perf_counter())
                out.write(encode(message))
                if self._queue.empty():
                    out.flush()
        except BrokenPipeError:
            ended.set()

    def send_rest(self) -> None:
        """Write what is left."""
        out = sys.stdout.buffer
        while not self._queue.empty():
            out.write(encode(self._queue.get_nowait()))
        out.flush()


def hear(choice: Choice, outbox: Outbox, ended: threading.Event, *, again: bool) -> int:
    """Keep the ears open until told to end; return the exit code.

    again: a call is going on, so a device that was asked for and is not there is waited for, not refused.
    """
    system = _system_when_there(choice, outbox, ended)
    if system is None:
        return 0
    if not again:
        _must_exist(choice, system)
    keepers = [Keeper(ear, choice, system, outbox.put) for ear in choice.ears()]
    try:
        looked_s = 0.0
        while not ended.is_set():
            if not system.wait(WAIT_S) and time.perf_counter() < looked_s + LOOK_S:
                continue
            devices = system.devices()
            looked_s = time.perf_counter()
            for keeper in keepers:
                keeper.look(devices, looked_s)
    except SoundSystemGoneError:
        _say_gone(choice, outbox)
        return START_AGAIN
    finally:
        for keeper in keepers:
            keeper.close()
        system.close()
    return 0


def _system_when_there(choice: Choice, outbox: Outbox, ended: threading.Event) -> SoundSystem | None:
    """Wait for a sound server; None where the end comes first."""
    told = False
    while not ended.is_set():
        try:
            return sound_system()
        except SoundSystemGoneError:
            if not told:
                told = True
                _say_gone(choice, outbox)
            ended.wait(RETRY_S)
    return None


def _must_exist(choice: Choice, system: SoundSystem) -> None:
    """Refuse names that fit nothing, or several, before the call begins."""
    named: dict[Ear, str | None] = {"agent": choice.agent, "caller": choice.caller, "both": choice.stereo}
    for ear, name in named.items():
        if name is not None:
            pick(ear, choice, system.devices())


def _say_gone(choice: Choice, outbox: Outbox) -> None:
    for ear in choice.ears():
        outbox.put(Fault(ear, time.perf_counter(), "server_gone"))


def main() -> int:
    """Run the capture process."""
    parser = argparse.ArgumentParser(description="Send what two devices hear to standard output.")
    for ear in ("agent", "caller", "stereo"):
        parser.add_argument(f"--{ear}")
    parser.add_argument("--again", action="store_true", help="a call is going on already")
    asked = parser.parse_args()
    # A Ctrl-C reaches the whole terminal; the call that hears this process decides when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    outbox, ended = Outbox(), threading.Event()

    def wait_for_the_end() -> None:
        while os.read(0, 1024):  # not through sys.stdin: its lock would be held when the interpreter ends
            pass
        ended.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    writer = threading.Thread(target=outbox.send_until, args=(ended,))
    writer.start()
    try:
        return hear(Choice(asked.agent, asked.caller, asked.stereo), outbox, ended, again=asked.again)
    except VoicecareError as error:
        outbox.put(Refused(time.perf_counter(), str(error)))
        return error.exit_code
    finally:
        ended.set()
        writer.join()
        outbox.send_rest()


if __name__ == "__main__":
    sys.exit(main())
