"""The process that plays and hears at once: `python -m voicecare.audio.devices.talking [--agent MIC] [--headset OUT]`.

It is apart for the same reason as `capturing`: nothing voicecare computes may make the caller's voice stutter. What is
to be played comes on standard input; every block of the microphone goes to standard output together with what the
headset played while it was heard. It ends when its standard input does.
"""

from __future__ import annotations

import argparse
import os
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

from voicecare.audio.devices.portaudio import BLOCK, RATE_HZ
from voicecare.errors import InputError, VoicecareError

SAY, HUSH, PAUSE, RESUME = b"S", b"H", b"P", b"R"
"""Orders: play this after what is being played; drop what waits; hold it; go on."""
ORDER = struct.Struct("<cI")
"""What is ordered, and the length of the int16 samples that follow, in bytes."""
REPORT = struct.Struct("<cIII")
"""`B`lock or `R`efusal; the length of what follows, how much is still to be played in bytes, losses so far."""
BLOCK_BYTES = 2 * BLOCK
LATENCY_S = (0.06, 0.1)
"""Of microphone and headset; with PortAudio's "low" (0.04, 0.06) a machine with both cores busy lost sound."""
LOOK_S = 0.1
RETRY_S = 0.5
MOST_FALLS = 20
"""How often a stream that fell is opened again; on a machine ten times too busy one fell in a minute."""


class Mouth:
    """What is played next; `take` is called in the device's thread, everything else in the one that reads orders.

    delay: how many bytes later a sound played now is heard by the microphone's side: what is reported as played is
    what the agent heard while they spoke.
    """

    def __init__(self, delay: int) -> None:
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._held = False
        self._on_its_way = bytearray(delay)

    def order(self, what: bytes, sound: bytes) -> None:
        """Do as ordered."""
        with self._lock:
            if what == SAY:
                self._waiting += sound
            elif what == HUSH:
                self._waiting.clear()
                self._held = False
            else:
                self._held = what == PAUSE

    def take(self, length: int) -> tuple[bytes, bytes, int]:
        """The next bytes to play, those that are heard now, and how many wait; silence where there are none."""
        with self._lock:
            sound = b"" if self._held else bytes(self._waiting[:length])
            del self._waiting[: len(sound)]
            sound = sound.ljust(length, b"\0")
            self._on_its_way += sound
            heard = bytes(self._on_its_way[:length])
            del self._on_its_way[:length]
            return sound, heard, len(self._waiting)


def orders(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Read orders until the stream ends; one torn by the end is dropped."""
    while len(head := stream.read(ORDER.size)) == ORDER.size:
        what, length = ORDER.unpack(head)
        sound = stream.read(length)
        if len(sound) < length:
            return
        yield what, sound


def talk(agent: str | None, headset: str | None, reports: SimpleQueue[bytes], ended: threading.Event) -> None:
    """Play and hear until told to end.

    Raises:
        InputError: a package or a device is missing, or the device went away.
    """
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise InputError(
            f"practice needs sounddevice and PortAudio ({error}); pip install 'voicecare[live]', and on Debian: "
            "apt install libportaudio2 libasound2-plugins"
        ) from error
    line = Line(reports)
    devices = _named(agent, headset)
    for _ in range(MOST_FALLS):
        try:
            with line.opened(sounddevice, devices) as stream:
                if not line.obeys:
                    line.obeys = True
                    threading.Thread(target=_obey, args=(line.mouth, ended), daemon=True).start()
                while stream.active:
                    if ended.wait(LOOK_S):
                        return
        except (sounddevice.PortAudioError, ValueError) as error:
            if not line.obeys:
                raise InputError(
                    f"cannot play and hear here ({error}); `voicecare doctor` says what is missing"
                ) from error
            if ended.wait(RETRY_S):  # the server has not let go of the fallen stream yet, or is gone
                return
        line.losses += 1
    raise InputError("the headset or the microphone fails again and again; plug it in anew, or try another")


class Line:
    """The stream of both devices, which may fall and be opened again: PortAudio ends one where a busy machine was late.

    mouth: what is played; it outlasts a fall. losses: how often sound was lost.
    """

    def __init__(self, reports: SimpleQueue[bytes]) -> None:
        self._reports = reports
        self.mouth = Mouth(0)
        self.obeys = False
        self.losses = 0

    @contextmanager
    def opened(self, portaudio: Any, devices: tuple[str | None, str | None]) -> Iterator[Any]:  # noqa: ANN401 - untyped
        """Play and hear; raises what PortAudio raises where it cannot."""

        def both(heard: Any, played: Any, frames: int, when: Any, status: Any) -> None:  # noqa: ANN401, ARG001 - PortAudio's
            self.losses += bool(status)
            sound, then, left = self.mouth.take(2 * frames)
            played[:] = sound
            self._reports.put(REPORT.pack(b"B", 4 * frames, left, self.losses) + bytes(heard) + then)

        stream = portaudio.RawStream(
            device=devices,
            samplerate=RATE_HZ,
            channels=(1, 1),
            dtype="int16",
            blocksize=BLOCK,
            latency=LATENCY_S,
            callback=both,
        )
        if not self.obeys:
            self.mouth = Mouth(2 * round(sum(stream.latency) * RATE_HZ))
        try:
            stream.start()
            yield stream
        finally:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)


def _named(agent: str | None, headset: str | None) -> tuple[str | None, str | None]:
    """The devices as PortAudio knows them; on Linux the sound server is told in its own way which ones are meant."""
    if not sys.platform.startswith("linux"):
        return agent, headset
    from voicecare.audio.devices.choice import Choice, pick, sound_system
    from voicecare.audio.devices.loopback_linux import ALSA_NAME

    system = sound_system()
    try:
        devices = system.devices()
    finally:
        system.close()
    os.environ["PULSE_SOURCE"] = pick("agent", Choice(agent), devices).device.name
    if headset is not None:  # an output is known by the monitor that hears it
        outputs = [device for device in devices if device.kind == "loopback"]
        os.environ["PULSE_SINK"] = pick("caller", Choice(caller=headset), outputs).device.name.removesuffix(".monitor")
    return ALSA_NAME, ALSA_NAME


def _obey(mouth: Mouth, ended: threading.Event) -> None:
    for what, sound in orders(sys.stdin.buffer):
        mouth.order(what, sound)
    ended.set()


def _send(reports: SimpleQueue[bytes], ended: threading.Event) -> None:
    out = sys.stdout.buffer
    try:
        while not ended.is_set():
            try:
                out.write(reports.get(timeout=LOOK_S))
            except Empty:
                continue
            if reports.empty():
                out.flush()
    except BrokenPipeError:
        ended.set()


def main() -> int:
    """Run the process."""
    parser = argparse.ArgumentParser(description="Play what comes on standard input and send what is heard meanwhile.")
    parser.add_argument("--agent")
    parser.add_argument("--headset")
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who practises decides when it ends
    reports: SimpleQueue[bytes] = SimpleQueue()
    ended = threading.Event()
    writer = threading.Thread(target=_send, args=(reports, ended))
    writer.start()
    refused = b""
    try:
        talk(asked.agent, asked.headset, reports, ended)
    except VoicecareError as error:
        refused = str(error).encode()
    finally:
        ended.set()
        writer.join()
    if refused:
        sys.stdout.buffer.write(REPORT.pack(b"R", len(refused), 0, 0) + refused)
        sys.stdout.buffer.flush()
    os._exit(2 if refused else 0)  # the thread that reads orders may hang in its read


if __name__ == "__main__":
    sys.exit(main())
