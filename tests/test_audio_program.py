"""What one program plays is heard alone by a program that must be there."""

from __future__ import annotations

import pytest

from voicecare.audio.devices import program_linux
from voicecare.audio.devices.soundsystem import Device
from voicecare.errors import InputError


def test_without_parec_it_is_said_what_to_install_before_the_day_begins(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"apt install pulseaudio-utils, or use --calls sound"):
        program_linux.must_be_there()
    with pytest.raises(InputError, match="pulseaudio-utils"):
        program_linux.ProgramStream(Device("stream:1", "Phone", "stream"), lambda *_: None)
