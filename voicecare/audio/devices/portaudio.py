"""An input heard through PortAudio (sounddevice), as Linux and macOS both hear theirs."""

from __future__ import annotations

import time
from typing import Any

from voicecare.audio.devices.soundsystem import Deliver

RATE_HZ = 16_000
BLOCK = 320
"""20 ms: half the cost of 10 ms blocks, 18 ms from click to callback."""


def start_input(portaudio: Any, name: str, channels: int, deliver: Deliver) -> Any:  # noqa: ANN401 - it has no types
    """Hear an input as int16 at 16 kHz; return its stream.

    Raises:
        ValueError: there is no device of that name.
        portaudio.PortAudioError: it cannot be opened now.
    """

    def heard(data: Any, frames: int, when: Any, status: Any) -> None:  # noqa: ANN401, ARG001 - PortAudio's callback
        deliver(time.perf_counter(), RATE_HZ, channels, bytes(data))

    stream = portaudio.RawInputStream(
        device=name,
        samplerate=RATE_HZ,
        channels=channels,
        dtype="int16",
        blocksize=BLOCK,
        latency="low",
        callback=heard,
    )
    try:
        stream.start()
    except portaudio.PortAudioError:
        stream.close(ignore_errors=True)  # it is tried again every half second, and nothing else would let go of it
        raise
    return stream


def end(stream: Any) -> None:  # noqa: ANN401 - as above
    """End a stream without waiting for what it still holds."""
    stream.abort(ignore_errors=True)
    stream.close(ignore_errors=True)
