"""What one program plays, heard alone: `parec` on its stream, whatever else sounds in the same headset.

ALSA's plug-in, through which devices are heard, cannot ask for one stream. Measured in one sink: the program asked for
at -13 dB, another one's tone at -135 dB. The volume of the stream counts, that of the output does not.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
import time

from voicecare.audio.devices.portaudio import BLOCK, RATE_HZ
from voicecare.audio.devices.soundsystem import Deliver, Device
from voicecare.audio.joining.wire import FaultCode
from voicecare.errors import InputError

PROGRAM = "parec"
INSTALL = "on Debian: apt install pulseaudio-utils"
LATENCY_MS = 20
_BLOCK_BYTES = 2 * BLOCK
_END_S = 1.0


def must_be_there() -> None:
    """See that one program can be heard alone here.

    Raises:
        InputError: `parec` is not installed.
    """
    if shutil.which(PROGRAM) is None:
        raise InputError(f"{PROGRAM} hears the telephone alone, and is not installed; {INSTALL}, or use --calls sound")


class ProgramStream:
    """A stream of a program that is being heard; it sends nothing while the program plays nothing, and that is silence.

    Raises:
        InputError: `parec` is not installed.
    """

    sleeps = True

    def __init__(self, device: Device, deliver: Deliver) -> None:
        self.device = device
        index = device.name.rpartition(":")[2]
        command = [PROGRAM, f"--monitor-stream={index}", "--raw", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1"]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - no shell, and the index is a number
                [*command, f"--latency-msec={LATENCY_MS}", "--client-name=voicecare"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise InputError(
                f"to hear the telephone alone {PROGRAM} is needed ({error.strerror}); {INSTALL}"
            ) from error
        threading.Thread(target=self._read, args=(deliver,), name="program", daemon=True).start()

    def fault(self) -> FaultCode | None:
        """It ends where the stream does, or is moved to another output; then it is opened again."""
        return None if self._process.poll() is None else "moved"

    def close(self) -> None:
        """Stop hearing it."""
        self._process.kill()
        self._process.wait(_END_S)

    def _read(self, deliver: Deliver) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as out:
            while len(block := out.read(_BLOCK_BYTES)) == _BLOCK_BYTES:
                deliver(time.perf_counter(), RATE_HZ, 1, block)
