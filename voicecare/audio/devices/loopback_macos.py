"""Both legs on macOS: the microphone through PortAudio, the caller through a Core Audio process tap (catap, 14.2+).

Written against catap 0.6's documented interface and tested with that interface faked; never run on a real Mac. Without
the permission "System Audio Recording" a tap delivers zeros, which is noticed as a silent leg. An installed BlackHole
is an ordinary input and can be named for either leg.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from voicecare.audio.devices import portaudio
from voicecare.audio.devices.soundsystem import Deliver, Device
from voicecare.audio.devices.telephone import Sound
from voicecare.audio.joining.wire import FaultCode
from voicecare.errors import InputError

SYSTEM = "system"
"""The name of the tap on everything that plays; a program's name taps that program alone, which is better privacy."""
INSTALL = "pip install 'voicecare[live]' on macOS 14.2 or newer"


class CoreAudio:
    """The inputs and the programs that play sound.

    Raises:
        InputError: catap or sounddevice is missing, or macOS is too old.
    """

    name = "Core Audio"
    hears_programs = True
    tells_changes = False

    def __init__(self) -> None:
        try:
            import catap
            import sounddevice
        except (ImportError, OSError) as error:
            raise InputError(f"live capture needs catap and sounddevice ({error}); {INSTALL}") from error
        self._catap: Any = catap
        self._portaudio: Any = sounddevice

    def devices(self) -> list[Device]:
        """List inputs, the whole system's output, and each program that can be tapped."""
        default = self._portaudio.default.device[0]
        inputs = [
            Device(info["name"], info["name"], "microphone", index == default, int(info["max_input_channels"]))
            for index, info in enumerate(self._portaudio.query_devices())
            if info["max_input_channels"] > 0
        ]
        programs = [Device(p.name, p.name, "loopback") for p in self._catap.list_audio_processes()]
        return [*inputs, Device(SYSTEM, "everything that plays", "loopback", default=True), *programs]

    def sounds(self) -> list[Sound] | None:
        """List what programs play and record."""
        return [
            Sound(p.pid, str(p.pid), p.name, p.bundle_id or p.name, records)
            for p in self._catap.list_audio_processes()
            for records, runs in ((False, p.is_outputting), (True, p.is_inputting))
            if runs
        ]

    def open(self, device: Device, channels: int, deliver: Deliver) -> Tap | Input:
        """Record an input, or tap an output."""
        if device.kind == "microphone":
            return self._open_input(device, channels, deliver)
        return self._open_tap(device, deliver)

    def wait(self, at_most_s: float) -> bool:
        """Sleep; neither library tells of changes."""
        time.sleep(at_most_s)
        return False

    def close(self) -> None:
        """Nothing is held."""

    def _open_input(self, device: Device, channels: int, deliver: Deliver) -> Input:
        try:
            stream = portaudio.start_input(self._portaudio, device.name, channels, deliver)
        except (self._portaudio.PortAudioError, ValueError) as error:
            raise InputError(
                f"cannot record {device.name}: {error}; see System Settings > Privacy > Microphone"
            ) from error
        return Input(device, stream)

    def _open_tap(self, device: Device, deliver: Deliver) -> Tap:
        def heard(buffer: Any) -> None:  # noqa: ANN401 - catap's AudioBuffer
            form = buffer.format
            deliver(time.perf_counter(), round(form.sample_rate), form.num_channels, _int16(buffer.data, form))

        try:
            if device.name == SYSTEM:
                session = self._catap.record_system_audio(mono=True, on_buffer=heard)
            else:
                session = self._catap.record_process(self._program(device), mono=True, on_buffer=heard)
            session.start()
        except (LookupError, OSError, RuntimeError, ValueError) as error:  # what catap documents
            raise InputError(
                f"cannot tap {device.name}: {error}; see System Settings > Privacy > System Audio Recording"
            ) from error
        return Tap(device, session)

    def _program(self, device: Device) -> Any:  # noqa: ANN401 - a name, or catap's AudioProcess
        if device.kind != "stream":
            return device.name
        wanted = int(device.name.rpartition(":")[2])
        return next((p for p in self._catap.list_audio_processes() if p.pid == wanted), device.label)


class Input:
    """An input that is being recorded."""

    sleeps = False

    def __init__(self, device: Device, stream: Any) -> None:  # noqa: ANN401 - sounddevice has no types
        self.device = device
        self._stream = stream

    def fault(self) -> FaultCode | None:
        """A stream whose device was unplugged is no longer active."""
        return None if self._stream.active else "device_gone"

    def close(self) -> None:
        """End the stream."""
        portaudio.end(self._stream)


class Tap:
    """An output that is being tapped; a program that plays nothing delivers nothing."""

    sleeps = True

    def __init__(self, device: Device, session: Any) -> None:  # noqa: ANN401 - a catap session
        self.device = device
        self._session = session

    def fault(self) -> FaultCode | None:
        """A tap ends with the device or the program it taps."""
        return None if self._session.is_recording else "device_gone"

    def close(self) -> None:
        """End the tap."""
        self._session.close()


def _int16(data: bytes, form: Any) -> bytes:  # noqa: ANN401 - catap's AudioStreamFormat
    """Bring a tap's PCM, as a rule float32, to int16."""
    if form.is_float:
        return np.clip(np.frombuffer(data, "<f4") * 32_767.0, -32_768, 32_767).astype("<i2").tobytes()
    if form.bits_per_sample == 32:
        return (np.frombuffer(data, "<i4") >> 16).astype("<i2").tobytes()
    return data
