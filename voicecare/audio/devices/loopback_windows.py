"""Both legs on Windows: WASAPI through PyAudioWPatch, which lists every output once more as a loopback input.

Written against PyAudioWPatch 0.2.12's documented interface and tested with that interface faked; never run on a real
Windows. A loopback delivers nothing while nothing plays: its silence is filled by the clock (`sleeps`). WASAPI shares a
device only at its own rate and channels, so blocks are sent as they come and brought to 16 kHz by the reader.
"""

from __future__ import annotations

import time
from typing import Any

from voicecare.audio.devices import sessions_windows
from voicecare.audio.devices.soundsystem import Deliver, Device, SoundSystemGoneError
from voicecare.audio.devices.telephone import Sound
from voicecare.audio.joining.wire import FaultCode
from voicecare.errors import InputError

BLOCK_S = 0.02
INSTALL = "pip install 'voicecare[live]'"


class Wasapi:
    """The WASAPI devices of this machine.

    The list of devices is as old as PortAudio's start; a device plugged in later is seen when capture starts anew.

    Raises:
        InputError: PyAudioWPatch is missing or Windows offers no WASAPI.
    """

    name = "WASAPI"
    hears_programs = False
    """Windows can loop back one process (since 2004); no kept library offers it beside this one."""
    tells_changes = False

    def __init__(self) -> None:
        try:
            import pyaudiowpatch
        except ImportError as error:
            raise InputError(f"live capture needs PyAudioWPatch ({error}); {INSTALL}") from error
        self._library: Any = pyaudiowpatch
        self._audio: Any = pyaudiowpatch.PyAudio()

    def devices(self) -> list[Device]:
        """List inputs and loopbacks."""
        found: list[Device] = []
        try:
            inputs = list(self._audio.get_device_info_generator_by_host_api(host_api_type=self._library.paWASAPI))
            defaults = {self._default_name(loopback=False), self._default_name(loopback=True)}
        except OSError as error:
            raise SoundSystemGoneError(
                f"Windows offers no WASAPI devices ({error}); check that the audio service runs"
            ) from error
        for info in inputs:
            if info["maxInputChannels"] < 1:
                continue
            found.append(
                Device(
                    name=info["name"],
                    label=info["name"],
                    kind="loopback" if info["isLoopbackDevice"] else "microphone",
                    default=info["name"] in defaults,
                    channels=info["maxInputChannels"],
                )
            )
        return found

    def sounds(self) -> list[Sound] | None:
        """List what programs play and record; None where that is not known."""
        return sessions_windows.sounds()

    def open(self, device: Device, channels: int, deliver: Deliver) -> WasapiStream:  # noqa: ARG002 - as it comes
        """Record a device at its own rate and channels."""
        info = next((i for i in self._audio.get_device_info_generator() if self._is(i, device)), None)
        if info is None:
            raise InputError(f"{device.name} is gone; plug it in or choose another")
        rate_hz, width = int(info["defaultSampleRate"]), int(info["maxInputChannels"])

        def heard(data: bytes, frames: int, when: Any, status: int) -> tuple[None, int]:  # noqa: ANN401, ARG001
            deliver(time.perf_counter(), rate_hz, width, data)
            return None, self._library.paContinue

        try:
            stream = self._audio.open(
                format=self._library.paInt16,
                channels=width,
                rate=rate_hz,
                frames_per_buffer=round(rate_hz * BLOCK_S),
                input=True,
                input_device_index=info["index"],
                stream_callback=heard,
            )
        except OSError as error:
            raise InputError(f"cannot record {device.name}: {error}; see Settings > Privacy > Microphone") from error
        return WasapiStream(device, stream)

    def wait(self, at_most_s: float) -> bool:
        """Sleep; PortAudio tells nothing of changes."""
        time.sleep(at_most_s)
        return False

    def close(self) -> None:
        """Let go of PortAudio."""
        self._audio.terminate()

    def _default_name(self, *, loopback: bool) -> str:
        try:
            if loopback:
                return str(self._audio.get_default_wasapi_loopback()["name"])
            return str(self._audio.get_default_wasapi_device(d_in=True)["name"])
        except LookupError:
            return ""

    def _is(self, info: dict[str, Any], device: Device) -> bool:
        wasapi = self._audio.get_host_api_info_by_type(self._library.paWASAPI)["index"]
        return bool(info["name"] == device.name and info["hostApi"] == wasapi and info["maxInputChannels"] > 0)


class WasapiStream:
    """A device that is being recorded."""

    def __init__(self, device: Device, stream: Any) -> None:  # noqa: ANN401 - the library has no types
        self.device = device
        self.sleeps = device.kind == "loopback"
        self._stream = stream

    def fault(self) -> FaultCode | None:
        """A stream whose device was unplugged is no longer active."""
        return None if self._stream.is_active() else "device_gone"

    def close(self) -> None:
        """End the stream."""
        self._stream.close()
