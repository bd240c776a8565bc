"""A headset to practise with: what is said into it is played, and what the microphone hears comes back beside it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import BinaryIO, Self, cast

import numpy as np
import numpy.typing as npt

from voicecare.audio.devices.talking import HUSH, ORDER, PAUSE, REPORT, RESUME, SAY
from voicecare.errors import InputError

START_UP_S = 20.0
"""How long the devices may take to give a first sound; on a busy machine Python and the sound libraries do."""
SILENT_S = 5.0
"""A device that says nothing for so long is gone."""

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """20 ms: what the microphone heard and what the headset played then, int16 mono at 16 kHz, of one length.

    waiting: whether anything is left to be played.
    """

    microphone: Pcm
    headset: Pcm
    waiting: bool


class Headset:
    """Plays and hears; iterate for what was heard, use as a context manager. `stop` may be called from any thread.

    agent, headset: the devices' names; None is the system's default. losses: how often the device lost sound.

    Raises:
        InputError: the devices cannot be used, or went away.
    """

    def __init__(self, agent: str | None = None, headset: str | None = None) -> None:
        asked = {"--agent": agent, "--headset": headset}
        options = [part for option, name in asked.items() if name is not None for part in (option, name)]
        self._stopped = threading.Event()
        self.losses = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "voicecare.audio.devices.talking", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # ALSA and PortAudio chatter there
        )
        self._reports: SimpleQueue[bytes | None] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="headset-reader", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        try:
            self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()

    def __iter__(self) -> Iterator[Heard]:
        patience_s = START_UP_S
        while not self._stopped.is_set():
            try:
                report = self._reports.get(timeout=patience_s)
            except Empty:
                raise InputError("nothing comes from the microphone; `voicecare doctor` says what is missing") from None
            if self._stopped.is_set():
                return
            if report is None:
                raise InputError("the process that plays and hears ended; `voicecare doctor` says what is missing")
            patience_s = SILENT_S
            kind, _, left, self.losses = REPORT.unpack(report[: REPORT.size])
            if kind == b"R":
                raise InputError(report[REPORT.size :].decode())
            both = np.frombuffer(report, "<i2", offset=REPORT.size).reshape(2, -1)
            yield Heard(both[0], both[1], left > 0)

    def say(self, sound: Pcm) -> None:
        """Play int16 mono at 16 kHz after what is being played."""
        self._order(SAY, sound.astype("<i2").tobytes())

    def hush(self) -> None:
        """Drop what is left to be played."""
        self._order(HUSH)

    def pause(self) -> None:
        """Hold what is being played."""
        self._order(PAUSE)

    def resume(self) -> None:
        """Go on with what was held."""
        self._order(RESUME)

    def stop(self) -> None:
        """End the iteration."""
        self._stopped.set()
        self._reports.put(None)

    def _order(self, what: bytes, sound: bytes = b"") -> None:
        if self._process.stdin is None or self._stopped.is_set():
            return
        try:
            self._process.stdin.write(ORDER.pack(what, len(sound)) + sound)
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # it has ended, and its last report says why

    def _read(self) -> None:
        if self._process.stdout is not None:
            with self._process.stdout as out:
                for report in _reports(cast("BinaryIO", out)):
                    self._reports.put(report)
        self._reports.put(None)


def _reports(stream: BinaryIO) -> Iterator[bytes]:
    while len(head := stream.read(REPORT.size)) == REPORT.size:
        _, length, _, _ = REPORT.unpack(head)
        rest = stream.read(length)
        if len(rest) < length:
            return
        yield head + rest
