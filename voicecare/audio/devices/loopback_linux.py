"""Both legs on Linux: PulseAudio or PipeWire, monitors found and watched through pulsectl, heard through PortAudio.

PortAudio knows no monitors: its ALSA device `pulse` records the source named by PULSE_SOURCE when it is opened. The
server may silently move a stream to another source when its own vanishes; the stream's index is remembered and its
source looked at after every event of the server.
"""

from __future__ import annotations

import os
from typing import Any

from voicecare.audio.devices import portaudio
from voicecare.audio.devices.program_linux import ProgramStream
from voicecare.audio.devices.soundsystem import Deliver, Device, SoundSystemGoneError
from voicecare.audio.devices.telephone import Sound
from voicecare.audio.joining.wire import FaultCode
from voicecare.errors import InputError

ALSA_NAME = "pulse"
INSTALL = "on Debian: apt install libportaudio2 libasound2-plugins; then pip install 'voicecare[live]'"


class Pulse:
    """PulseAudio, or PipeWire's stand-in for it.

    Raises:
        InputError: PortAudio, its ALSA plug-in or pulsectl is missing.
        SoundSystemGoneError: no server answers.
    """

    hears_programs = True
    tells_changes = True

    def __init__(self) -> None:
        try:
            import pulsectl
        except ImportError as error:
            raise InputError(f"live capture needs pulsectl ({error}); {INSTALL}") from error
        self._pulsectl = pulsectl
        self._changed = self._waiting = False
        try:
            self._pulse: Any = pulsectl.Pulse("voicecare", threading_lock=True)
        except pulsectl.PulseError as error:
            raise SoundSystemGoneError(
                "no sound server answers; start PulseAudio or PipeWire (pipewire-pulse)"
            ) from error
        try:
            import sounddevice  # only now: PortAudio looks for the server once, when it is loaded
        except (ImportError, OSError) as error:  # OSError where the PortAudio library itself is missing
            raise InputError(f"live capture needs sounddevice and PortAudio ({error}); {INSTALL}") from error
        self._portaudio = sounddevice
        self.name = str(self._ask("server_info").server_name)
        self._pulse.event_mask_set("source", "source_output", "sink", "sink_input", "server")
        self._pulse.event_callback_set(self._on_change)

    def devices(self) -> list[Device]:
        """List sources; monitors are loopbacks."""
        info = self._ask("server_info")
        return [
            Device(
                name=source.name,
                label=source.description,
                kind="loopback" if source.monitor_of_sink_name else "microphone",
                default=source.name == info.default_source_name
                or (source.monitor_of_sink_name or "") == info.default_sink_name,
                channels=source.channel_count,
                muted=bool(source.mute),
            )
            for source in self._ask("source_list")
        ]

    def sounds(self) -> list[Sound]:
        """List what programs play and record; meters of a mixer are neither."""
        sinks = {sink.index: sink.name for sink in self._ask("sink_list")}
        sources = {source.index: source.name for source in self._ask("source_list")}
        return [
            *(_sound(one, sinks.get(one.sink, ""), records=False) for one in self._ask("sink_input_list")),
            *(
                _sound(one, sources.get(one.source, ""), records=True)
                for one in self._ask("source_output_list")
                if one.resample_method != "peaks"
            ),
        ]

    def open(self, device: Device, channels: int, deliver: Deliver) -> PulseStream | ProgramStream:
        """Record a source, or what one program plays; the server resamples to 16 kHz and mixes to `channels`."""
        if device.kind == "stream":
            return ProgramStream(device, deliver)
        before = set(self.own_streams())
        stream = self._start(device, channels, deliver)
        fresh = [index for index in self.own_streams() if index not in before]
        if len(fresh) != 1:
            stream.close()
            raise InputError(f"the sound server does not show the stream on {device.name}; try again")
        return PulseStream(device, fresh[0], stream, self)

    def wait(self, at_most_s: float) -> bool:
        """Sleep until the server says that something changed; False where nothing did."""
        self._waiting = True
        try:
            if not self._changed:
                self._pulse.event_listen(timeout=at_most_s)
        except self._pulsectl.PulseDisconnected as error:
            raise SoundSystemGoneError("the sound server went away") from error
        finally:
            self._waiting = False
        changed, self._changed = self._changed, False
        return changed

    def close(self) -> None:
        """Disconnect."""
        self._pulse.close()

    def own_streams(self) -> dict[int, int]:
        """This process's recording streams: index of the stream to index of the source it hears."""
        mine = str(os.getpid())
        return {
            stream.index: stream.source
            for stream in self._ask("source_output_list")
            if stream.proplist.get("application.process.id") == mine
        }

    def sources(self) -> dict[str, int]:
        """The sources that are there, name to index."""
        return {source.name: source.index for source in self._ask("source_list")}

    def _start(self, device: Device, channels: int, deliver: Deliver) -> Any:  # noqa: ANN401 - sounddevice has no types
        before = os.environ.get("PULSE_SOURCE")
        os.environ["PULSE_SOURCE"] = device.name
        try:
            return portaudio.start_input(self._portaudio, ALSA_NAME, channels, deliver)
        except (self._portaudio.PortAudioError, ValueError) as error:  # ValueError: no device of that name
            raise InputError(f"cannot record {device.name}: {error}; {INSTALL}") from error
        finally:
            if before is None:
                del os.environ["PULSE_SOURCE"]
            else:
                os.environ["PULSE_SOURCE"] = before

    def _ask(self, method: str) -> Any:  # noqa: ANN401 - pulsectl has no types
        try:
            return getattr(self._pulse, method)()
        except (self._pulsectl.PulseError, self._pulsectl.PulseDisconnected) as error:
            raise SoundSystemGoneError("the sound server went away") from error

    def _on_change(self, event: Any) -> None:  # noqa: ANN401, ARG002 - pulsectl's callback
        self._changed = True
        if self._waiting:
            raise self._pulsectl.PulseLoopStop


def _sound(stream: Any, device: str, *, records: bool) -> Sound:  # noqa: ANN401 - pulsectl has no types
    """One stream; what belongs together is told by the process, and where a sandbox hides that by the client."""
    known = stream.proplist
    return Sound(
        index=int(stream.index),
        group=str(known.get("application.process.id") or f"client {stream.client}"),
        program=str(known.get("application.process.binary", "")),
        client=str(known.get("application.name", "")),
        records=records,
        corked=bool(stream.corked),
        role=str(known.get("media.role", "")),
        device=device,
    )


class PulseStream:
    """A source that is being recorded."""

    sleeps = False

    def __init__(self, device: Device, index: int, stream: Any, pulse: Pulse) -> None:  # noqa: ANN401 - as above
        self.device = device
        self._index = index
        self._stream = stream
        self._pulse = pulse

    def fault(self) -> FaultCode | None:
        """Look at what the stream really hears, which need not be what it was opened on."""
        hears = self._pulse.own_streams().get(self._index)
        source = self._pulse.sources().get(self.device.name)
        if source is None or hears is None or not self._stream.active:
            return "device_gone"
        if hears != source:
            return "moved"
        return None

    def close(self) -> None:
        """End the stream without waiting for what it still holds."""
        portaudio.end(self._stream)
