"""Both legs of a live call as hops: the capture process kept alive, its blocks converted, its clocks joined."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import BinaryIO, Literal, Self, cast

from voicecare.audio.devices.capturing import GO_ON, PAUSE, START_AGAIN
from voicecare.audio.devices.choice import Choice
from voicecare.audio.joining.inlet import Inlet
from voicecare.audio.joining.joining import Joiner
from voicecare.audio.joining.silence import SilenceWatch
from voicecare.audio.joining.wire import (
    Block,
    Elsewhere,
    Fault,
    Message,
    Opened,
    Phone,
    PhonePhase,
    Refused,
    Tick,
    decode,
)
from voicecare.errors import InputError
from voicecare.source import Item
from voicecare.timebase import Samples
from voicecare.types import PARTIES, AudioBlock, CallPhase, Health, HealthKind

START_UP_S = 20.0
"""How long the capture process may take to say its first word: on a busy machine Python and the sound libraries do."""
QUIET_S = 1.0
"""The capture process ticks ten times a second; when it says nothing for this long, it hangs and is replaced."""
_CALL: tuple[PhonePhase, ...] = ("talk", "hold")
RESTART_S = 0.5
"""How long to wait before the capture process is started again."""


class Capture:
    """The two legs of a call, live: iterate for hops and what is to be said about them; use as a context manager.

    Where the telephone is followed hops come only while it holds a call, between a `CallPhase` "talk" and an "ended";
    each call's time begins at 0.

    Whoever iterates sets the pace and may stall for minutes: blocks wait, and each knows when it was heard. Iteration
    ends after `stop`. It is a `LiveSource`. silent: asked all the time whether microphone and line should be closed.

    Raises:
        InputError: capture cannot start here; the text says what is missing and what to do.
    """

    def __init__(
        self,
        choice: Choice,
        *,
        agent_channel: Literal["left", "right"] = "right",
        silent: Callable[[], bool] = lambda: False,
    ) -> None:
        self._choice = choice
        self._inlet = Inlet(agent_channel)
        self._joiner = Joiner()
        self._silence = SilenceWatch()
        self._stopping = threading.Event()
        self._silent = silent
        self._paused = False
        self._gone: list[str] = []
        self._phase: PhonePhase | None = None if choice.softphone else "talk"
        self._process: subprocess.Popen[bytes] | None = None
        self._complaint = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - lives as long as the capture
        self.devices: dict[str, str] = {}
        self.pid: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The devices that are heard: of each leg, or of both; "" while not known."""
        return tuple(self.devices.get(ear, "") for ear in self._choice.ears())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._process is not None:
            # Whoever iterated may have failed and hold the iterator still; the devices are let go of all the same.
            self._end(self._process)
        self._complaint.close()

    def __iter__(self) -> Iterator[Item]:
        while not self._stopping.is_set():
            for message in self._one_process():
                for item in self._take(message):
                    yield item
                    if isinstance(item, AudioBlock):
                        yield from self._silence.push(item)

    def time_of(self, at: Samples) -> float:
        """When a sample of the call was heard, in seconds of `time.perf_counter`."""
        return self._joiner.time_of(at)

    def stop(self) -> None:
        """End the call; may be called from any thread."""
        self._stopping.set()

    def _take(self, message: Message) -> list[Item]:
        match message:
            case Refused(text=text):
                raise InputError(text)
            case Phone():
                return self._enter(message)
            case Elsewhere(device=device):
                kind: HealthKind = "not_listening" if device else "listening"
                return [Health(self._joiner.at, kind, 0, "caller_elsewhere", {"device": device} if device else {})]
            case Block() | Opened() | Fault() | Tick() if self._phase not in _CALL:
                return self._at_rest(message)
            case Block():
                return [item for stamped in self._inlet.push(message) for item in self._joiner.push(stamped)]
            case Opened():
                self.devices[message.ear] = message.device
                self._inlet.opened(message.ear)
                return list(self._joiner.push(message))
            case Fault() | Tick():
                return list(self._joiner.push(message))

    def _at_rest(self, message: Message) -> list[Item]:
        """Between calls only a sound system that is gone is worth a word: no call would be noticed."""
        if self._gone or not isinstance(message, Fault) or message.code != "server_gone":
            return []
        self._gone = [f"{party}_server_gone" for party in PARTIES]
        return [Health(0, "not_listening", 1, note) for note in self._gone]

    def _enter(self, news: Phone) -> list[Item]:
        """The telephone enters another phase; a capture process that was replaced says again what is known."""
        before, self._phase = self._phase, news.phase
        told: list[Item] = [Health(0, "listening", 0, note) for note in self._gone]
        self._gone = []
        if before == news.phase:
            return told
        if before in _CALL and news.phase not in (*_CALL, "ended"):  # its end was missed
            told.append(CallPhase(self._joiner.at, "ended", "softphone"))
        if before not in _CALL and news.phase in _CALL:
            self._joiner, self._silence = Joiner(), SilenceWatch()
            for ear in self._choice.ears():
                self._inlet.opened(ear)
            if news.phase == "hold":
                told.append(CallPhase(0, "talk", "softphone"))
        return [*told, CallPhase(self._joiner.at if news.phase in (*_CALL, "ended") else 0, news.phase, "softphone")]

    def _heed_silence(self, process: subprocess.Popen[bytes]) -> None:
        """Have the devices let go of, or opened again, as is wished."""
        if self._silent() == self._paused or process.stdin is None:
            return
        self._paused = not self._paused
        with contextlib.suppress(OSError):  # it has just ended; the next one is told at its start
            process.stdin.write(PAUSE if self._paused else GO_ON)
            process.stdin.flush()

    def _one_process(self) -> Iterator[Message]:
        """What one life of the capture process says, and time passing until the next may begin."""
        process = self._start()
        heard_anything = False
        said: SimpleQueue[Message | None] = SimpleQueue()
        reader = threading.Thread(target=_read, args=(process, said), name="capture-reader")
        reader.start()
        try:
            for message in self._said(process, said):
                self._heed_silence(process)
                heard_anything = heard_anything or message is not None
                yield message or Tick(time.perf_counter())  # time passes, also for a call that waits for a new process
        finally:
            self._end(process)
            reader.join()
        if not self._stopping.is_set() and process.returncode != START_AGAIN:
            if not heard_anything:
                raise InputError(f"the capture process failed at once: {self._last_complaint()}")
            for ear in self._choice.ears():
                yield Fault(ear, time.perf_counter(), "capture_failed")
        resume_s = time.perf_counter() + RESTART_S
        while not self._stopping.is_set() and (now_s := time.perf_counter()) < resume_s:
            yield Tick(now_s)
            self._stopping.wait(0.1)

    def _said(self, process: subprocess.Popen[bytes], said: SimpleQueue[Message | None]) -> Iterator[Message | None]:
        """What the capture process says; None now and then while it starts and has said nothing."""
        patience_s = START_UP_S
        waits_since_s = time.perf_counter()
        while not self._stopping.is_set():
            try:
                message = said.get(timeout=min(QUIET_S, patience_s))
            except Empty:
                if time.perf_counter() - waits_since_s < patience_s:
                    yield None
                    continue
                process.kill()
                return
            if message is None:
                return
            patience_s, waits_since_s = QUIET_S, time.perf_counter()
            yield message

    def _start(self) -> subprocess.Popen[bytes]:
        asked = {"--agent": self._choice.agent, "--caller": self._choice.caller, "--stereo": self._choice.stereo}
        options = [part for option, name in asked.items() if name is not None for part in (option, name)]
        options += ["--softphone"] if self._choice.softphone else []
        options += [part for app in self._choice.apps for part in ("--app", app)]
        options += ["--paused"] if self._paused else []
        if self.pid is not None:
            options.append("--again")
        process = self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "voicecare.audio.devices.capturing", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaint,  # ALSA and PortAudio chatter there when a server goes
        )
        self.pid = process.pid
        return process

    def _last_complaint(self) -> str:
        self._complaint.seek(0)
        lines = self._complaint.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing; see `voicecare doctor`"

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """End the capture process gently, else not."""
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _read(process: subprocess.Popen[bytes], said: SimpleQueue[Message | None]) -> None:
    """Empty the pipe as it fills; None marks the end."""
    if process.stdout is not None:
        with process.stdout as out:
            for message in decode(cast("BinaryIO", out)):
                said.put(message)
    said.put(None)
