"""A call that plays on an output which is not the one that is heard: nobody would hear the caller or know why."""

from __future__ import annotations

from collections.abc import Iterable

from voicecare.audio.devices.softphones import Softphones
from voicecare.audio.devices.soundsystem import Device
from voicecare.audio.devices.telephone import Sound, Telephone

_LOOPS = (".monitor", " [Loopback]")
"""What PulseAudio and PyAudioWPatch put behind an output's name to name what is heard of it."""


class Elsewhere:
    """Compares where a known telephone plays with what is heard, where the caller is heard by a device."""

    def __init__(self, softphones: Softphones) -> None:
        self._telephone = Telephone(softphones)
        self._told = ""

    def look(self, sounds: Iterable[Sound], heard: Device | None, now_s: float) -> str | None:
        """Say on which output the call plays, "" where it is the right one again; None where nothing changed."""
        line = self._telephone.look(sounds, now_s)
        away = line.phase == "talk" and heard is not None and heard.kind == "loopback" and line.device != _output(heard)
        where = line.device if away else ""
        if where == self._told:
            return None
        self._told = where
        return where


def _output(heard: Device) -> str:
    for loop in _LOOPS:
        if heard.name.endswith(loop):
            return heard.name.removesuffix(loop)
    return heard.name
