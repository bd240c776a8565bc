"""The process that holds the devices: `python -m voicecare.audio.devices.capturing --agent NAME --caller NAME`.

It is apart so that nothing voicecare computes can delay a device's callback: one C call that keeps the interpreter to
itself was measured to stall callbacks by 1.6 s. The callback stamps, copies and puts; a writer sends; the main thread
keeps each ear on its device and says what is wrong. With `--softphone` it watches the telephone, too, and opens the
devices for as long as a call lasts: between calls no microphone is open. Its standard input says `PAUSE` and `GO_ON`;
it ends with that.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from queue import Empty, Full, Queue

from voicecare.audio.devices import elsewhere, program_linux
from voicecare.audio.devices.choice import Choice, pick, sound_system, with_stream
from voicecare.audio.devices.ear import RETRY_S, Keeper, Say
from voicecare.audio.devices.softphones import Softphones
from voicecare.audio.devices.soundsystem import Device, SoundSystem, SoundSystemGoneError
from voicecare.audio.devices.telephone import Line, Telephone
from voicecare.audio.joining.wire import Ear, Elsewhere, Fault, FaultCode, Message, Phone, Refused, Tick, encode
from voicecare.errors import VoicecareError

TICK_S = 0.1
WAIT_S = 0.25
REST_S = 5.0
"""Between calls the server's own news are enough; all the same it is asked so often."""
LOOK_S = 1.0
"""How often the devices are looked at although the sound system said nothing."""
WAITING_BLOCKS = 6_000
"""Blocks kept for a reader that stalls: 60 s of two legs, 4 MB. Beyond that blocks are lost, as their clock shows."""
PAUSE, GO_ON = b"-", b"+"
"""What the reader writes: let go of the devices, and hear again."""
START_AGAIN = 75
"""Exit code: the sound server is back, and PortAudio must be started afresh to see it."""


class Signs:
    """What the reader wants, told through standard input by a thread that waits there."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.paused = threading.Event()
        self.changed = threading.Event()

    def heed(self) -> None:
        """Follow standard input to its end."""
        while said := os.read(0, 1024):  # not through sys.stdin: its lock would be held when the interpreter ends
            if said[-1:] == PAUSE:
                self.paused.set()
            else:
                self.paused.clear()
            self.changed.set()
        self.ended.set()


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


class Ears:
    """Opens the devices and closes them again: all along, or while the telephone holds a call; never while paused."""

    def __init__(self, choice: Choice, system: SoundSystem, say: Say, paused: threading.Event) -> None:
        self._choice = choice
        self._system = system
        self._say = say
        self._paused = paused
        self._keepers = [Keeper(ear, choice, system, say) for ear in choice.ears()]
        softphones = Softphones.load(choice.apps)
        self._telephone = Telephone(softphones) if choice.softphone else None
        self._elsewhere = elsewhere.Elsewhere(softphones)
        self._told: Line | None = None

    @property
    def patience_s(self) -> float:
        """How long nothing need be looked at while the sound system says nothing."""
        if self._telephone is not None and self._telephone.unsettled:
            return WAIT_S
        if self._telephone is None or not self._system.tells_changes or self._telephone.line.phase in ("talk", "hold"):
            return LOOK_S
        return REST_S

    def look(self, now_s: float) -> None:
        """Hear what should be heard now."""
        line = None if self._telephone is None else self._telephone.look(self._system.sounds() or (), now_s)
        if line is not None and (self._told is None or self._told.phase != line.phase):
            self._say(Phone(now_s, line.phase, line.app))
        self._told = line
        if self._paused.is_set():
            self._rest("paused", now_s)
        elif line is None or (line.phase == "talk" and not self._system.hears_programs):
            self._hear(self._system.devices(), self._choice, now_s)
        elif line.phase == "talk":
            self._hear(with_stream(self._system.devices(), line), self._choice.on(line), now_s)
        elif line.phase != "hold":  # what stands still while the caller is held is opened again by and by
            self._rest(None, now_s)

    def _look_elsewhere(self, now_s: float) -> None:
        """Say where a call plays if that is not what is heard of the caller."""
        sounds = self._system.sounds()
        where = None if sounds is None else self._elsewhere.look(sounds, self._keepers[-1].device, now_s)
        if where is not None:
            self._say(Elsewhere(now_s, where))

    def close(self) -> None:
        """Let go of the devices."""
        for keeper in self._keepers:
            keeper.close()

    def _hear(self, devices: list[Device], choice: Choice, now_s: float) -> None:
        for keeper in self._keepers:
            keeper.look(devices, now_s, choice)

    def _rest(self, fault: FaultCode | None, now_s: float) -> None:
        for keeper in self._keepers:
            keeper.rest(fault, now_s)


def hear(choice: Choice, outbox: Outbox, signs: Signs, *, again: bool) -> int:
    """Keep the ears open until told to end; return the exit code.

    again: a call is going on, so a device that was asked for and is not there is waited for, not refused.
    """
    system = _system_when_there(choice, outbox, signs.ended)
    if system is None:
        return 0
    if not again:
        _must_exist(choice, system)
    ears = Ears(choice, system, outbox.put, signs.paused)
    try:
        while not signs.ended.is_set():
            signs.changed.clear()
            ears.look(time.perf_counter())
            until_s = time.perf_counter() + ears.patience_s
            while not (signs.changed.is_set() or system.wait(min(WAIT_S, ears.patience_s))):
                if time.perf_counter() >= until_s or signs.ended.is_set():
                    break
    except SoundSystemGoneError:
        _say_gone(choice, outbox)
        return START_AGAIN
    finally:
        ears.close()
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
    if choice.softphone and sys.platform == "linux":
        program_linux.must_be_there()
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
    parser.add_argument("--softphone", action="store_true", help="hear the telephone's calls, and nothing between them")
    parser.add_argument("--app", action="append", default=[], help="the telephone")
    parser.add_argument("--paused", action="store_true", help="open no device yet")
    parser.add_argument("--again", action="store_true", help="a call is going on already")
    asked = parser.parse_args()
    # A Ctrl-C reaches the whole terminal; the call that hears this process decides when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    outbox, signs = Outbox(), Signs()
    if asked.paused:
        signs.paused.set()
    threading.Thread(target=signs.heed, daemon=True).start()
    writer = threading.Thread(target=outbox.send_until, args=(signs.ended,))
    writer.start()
    choice = Choice(asked.agent, asked.caller, asked.stereo, asked.softphone, tuple(asked.app))
    try:
        return hear(choice, outbox, signs, again=asked.again)
    except VoicecareError as error:
        outbox.put(Refused(time.perf_counter(), str(error)))
        return error.exit_code
    finally:
        signs.ended.set()
        writer.join()
        outbox.send_rest()


if __name__ == "__main__":
    sys.exit(main())
