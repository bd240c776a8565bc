"""Plays short sounds into the default output, each in place of the one before."""

from __future__ import annotations

from voicecare.errors import InputError
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats


class Speaker:
    """Plays float32 mono at 16 kHz.

    Raises:
        InputError: PortAudio is missing, or there is no output.
    """

    def __init__(self) -> None:
        try:
            import sounddevice
        except (ImportError, OSError) as error:
            raise InputError(f"the tone needs sounddevice and PortAudio ({error}); leave out --tone") from error
        self._portaudio = sounddevice
        try:
            sounddevice.check_output_settings(samplerate=RATE_HZ, channels=1)
        except (sounddevice.PortAudioError, ValueError) as error:
            raise InputError(f"there is no output for the tone ({error}); leave out --tone") from error

    def play(self, sound: Floats) -> None:
        """Begin to play; returns at once."""
        self._portaudio.play(sound, RATE_HZ)

    def stop(self) -> None:
        """Be silent at once."""
        self._portaudio.stop(ignore_errors=True)
