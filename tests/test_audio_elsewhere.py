"""A call on an output that is not heard is noticed, and its return."""

from __future__ import annotations

import dataclasses
import io

from voicecare.audio.devices.elsewhere import Elsewhere
from voicecare.audio.devices.softphones import Softphones
from voicecare.audio.devices.soundsystem import Device
from voicecare.audio.devices.telephone import Sound
from voicecare.audio.joining import wire

HEARD = Device("headset.monitor", "Monitor of headset", "loopback", default=True)
PLAYS = Sound(7, "1", "baresip", "Baresip", records=False, device="headset")
RECORDS = Sound(3, "1", "baresip", "Baresip", records=True, device="mic")
AWAY = dataclasses.replace(PLAYS, device="speakers")


def test_a_call_on_another_output_is_said_once_and_its_return_once():
    watch = Elsewhere(Softphones.load())
    told = [
        watch.look(sounds, HEARD, at)
        for at, sounds in enumerate(([PLAYS, RECORDS], [AWAY, RECORDS], [AWAY, RECORDS], [PLAYS, RECORDS], []))
    ]
    assert told == [None, "speakers", None, "", None]


def test_music_on_another_output_is_nothing():
    watch = Elsewhere(Softphones.load())
    assert watch.look([dataclasses.replace(AWAY, program="mpv", client="mpv")], HEARD, 0.0) is None
    assert watch.look([AWAY], HEARD, 1.0) is None, "it only rings there"


def test_of_an_input_that_carries_the_line_nothing_is_said():
    watch = Elsewhere(Softphones.load())
    assert watch.look([AWAY, RECORDS], Device("line", "Line in", "microphone"), 0.0) is None
    assert watch.look([AWAY, RECORDS], None, 1.0) is None


def test_it_passes_the_pipe():
    for message in (wire.Elsewhere(1.5, "Lautsprecher"), wire.Phone(2.0, "talk", "Baresip")):
        assert list(wire.decode(io.BytesIO(wire.encode(message)))) == [message]
