"""The sound systems that are not here, behind their documented interfaces."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest

from voicecare.audio.devices import portaudio
from voicecare.audio.devices.choice import Choice, pick, with_stream
from voicecare.audio.devices.softphones import Softphones
from voicecare.audio.devices.soundsystem import SoundSystemGoneError
from voicecare.audio.devices.telephone import Telephone


class FakeWasapi:
    """The part of PyAudioWPatch that is used."""

    paWASAPI, paInt16, paContinue = 13, 8, 0  # noqa: N815

    def __init__(self):
        self.infos = [
            {"index": 0, "name": "Speakers", "maxInputChannels": 0, "isLoopbackDevice": False, "hostApi": 2},
            {"index": 1, "name": "Mic", "maxInputChannels": 1, "isLoopbackDevice": False, "hostApi": 2},
            {"index": 2, "name": "Speakers [Loopback]", "maxInputChannels": 2, "isLoopbackDevice": True, "hostApi": 2},
        ]
        for info in self.infos:
            info["defaultSampleRate"] = 48_000.0
        self.asked = {}

    def PyAudio(self):  # noqa: N802
        return self

    def get_device_info_generator_by_host_api(self, *, host_api_type):
        assert host_api_type == self.paWASAPI
        return iter(self.infos)

    def get_device_info_generator(self):
        return iter(self.infos)

    def get_host_api_info_by_type(self, kind):
        assert kind == self.paWASAPI
        return {"index": 2}

    def get_default_wasapi_device(self, *, d_in):
        assert d_in
        return self.infos[1]

    def get_default_wasapi_loopback(self):
        return self.infos[2]

    def open(self, **asked):
        self.asked = asked
        return types.SimpleNamespace(is_active=lambda: True, close=lambda: None)

    def terminate(self):
        pass


def test_on_windows_the_loopback_is_opened_as_it_is_and_sleeps(monkeypatch):
    fake = FakeWasapi()
    monkeypatch.setitem(sys.modules, "pyaudiowpatch", fake)
    from voicecare.audio.devices.loopback_windows import Wasapi

    system = Wasapi()
    devices = system.devices()
    assert [(d.name, d.kind, d.default) for d in devices] == [
        ("Mic", "microphone", True),
        ("Speakers [Loopback]", "loopback", True),
    ]
    heard = []
    stream = system.open(pick("caller", Choice(), devices).device, 1, lambda *block: heard.append(block[1:]))
    assert (fake.asked["rate"], fake.asked["channels"], fake.asked["input_device_index"]) == (48_000, 2, 2)
    assert stream.sleeps
    assert fake.asked["stream_callback"](b"abcd", 1, {}, 0) == (None, fake.paContinue)
    assert heard == [(48_000, 2, b"abcd")]


def test_when_the_audio_service_of_windows_restarts_capture_starts_again_and_the_call_goes_on(monkeypatch):
    fake = FakeWasapi()
    monkeypatch.setitem(sys.modules, "pyaudiowpatch", fake)
    from voicecare.audio.devices.loopback_windows import Wasapi

    system = Wasapi()
    fake.get_device_info_generator_by_host_api = lambda **_: (_ for _ in ()).throw(OSError("no host api"))
    with pytest.raises(SoundSystemGoneError, match="audio service"):
        system.devices()


class PortAudio:
    """The part of sounddevice that is used; `fails` is what `start` raises."""

    class PortAudioError(Exception):
        """What it raises."""

    def __init__(self, *, fails=False):
        self.fails, self.done, self.asked = fails, [], {}

    def RawInputStream(self, **asked):  # noqa: N802
        self.asked = asked
        return self

    def start(self):
        if self.fails:
            raise self.PortAudioError("busy")
        self.done.append("start")

    def abort(self, *, ignore_errors):
        assert ignore_errors
        self.done.append("abort")

    def close(self, *, ignore_errors):
        assert ignore_errors
        self.done.append("close")


def test_an_input_is_heard_as_it_comes_until_it_is_ended():
    library, heard = PortAudio(), []
    stream = portaudio.start_input(library, "Mic", 1, lambda *block: heard.append(block[1:]))
    library.asked["callback"](bytearray(b"ab"), 1, None, None)
    portaudio.end(stream)
    assert heard == [(16_000, 1, b"ab")]
    assert library.done == ["start", "abort", "close"]


def test_an_input_that_does_not_start_is_let_go_of():
    library = PortAudio(fails=True)
    with pytest.raises(PortAudio.PortAudioError, match="busy"):
        portaudio.start_input(library, "Mic", 1, lambda *_: None)
    assert library.done == ["close"]


def test_on_macos_the_system_is_tapped_and_floats_become_int16(monkeypatch):
    sessions = []

    class Session:
        is_recording = True

        def __init__(self, on_buffer):
            self.on_buffer = on_buffer
            sessions.append(self)

        def start(self):
            pass

        def close(self):
            self.is_recording = False

    catap = types.SimpleNamespace(
        list_audio_processes=lambda: [types.SimpleNamespace(name="Softphone")],
        record_system_audio=lambda *, mono, on_buffer: Session(on_buffer),  # noqa: ARG005
    )
    sounddevice = types.SimpleNamespace(
        default=types.SimpleNamespace(device=(0, 1)),
        query_devices=lambda: [{"name": "Mic", "max_input_channels": 1}, {"name": "Out", "max_input_channels": 0}],
    )
    monkeypatch.setitem(sys.modules, "catap", catap)
    monkeypatch.setitem(sys.modules, "sounddevice", sounddevice)
    from voicecare.audio.devices.loopback_macos import CoreAudio

    system, heard = CoreAudio(), []
    assert [d.name for d in system.devices()] == ["Mic", "system", "Softphone"]
    tap = system.open(pick("caller", Choice(), system.devices()).device, 1, lambda *block: heard.append(block[1:]))
    form = types.SimpleNamespace(sample_rate=48_000.0, num_channels=1, is_float=True, bits_per_sample=32)
    sessions[0].on_buffer(types.SimpleNamespace(data=np.array([0.5, -2.0], "<f4").tobytes(), format=form))
    assert heard == [(48_000, 1, np.array([16_383, -32_768], "<i2").tobytes())]
    tap.close()
    assert tap.fault() == "device_gone"


def session(process_id, name, state):
    """One of Windows' audio sessions as pycaw gives it."""
    process = None if name is None else types.SimpleNamespace(name=lambda: name)
    return types.SimpleNamespace(ProcessId=process_id, Process=process, State=state)


def fake_pycaw(sessions):
    """The part of pycaw that is used; sessions: by flow, render 0 and capture 1."""

    def device(flow):
        listed = sessions[flow]
        enumerator = types.SimpleNamespace(
            GetCount=lambda: len(listed),
            GetSession=lambda index: types.SimpleNamespace(QueryInterface=lambda _interface: listed[index]),
        )
        manager = types.SimpleNamespace(GetSessionEnumerator=lambda: enumerator)
        return types.SimpleNamespace(AudioSessionManager=manager, FriendlyName=("Speakers", "Mic")[flow])

    flow = types.SimpleNamespace(eRender=types.SimpleNamespace(value=0), eCapture=types.SimpleNamespace(value=1))
    constants = types.SimpleNamespace(
        EDataFlow=flow, DEVICE_STATE=types.SimpleNamespace(ACTIVE=types.SimpleNamespace(value=1))
    )
    pycaw = types.SimpleNamespace(
        AudioUtilities=types.SimpleNamespace(GetAllDevices=lambda flow, _state: [device(flow)]),
        AudioSession=lambda control: control,
        IAudioSessionControl2=object,
    )
    return types.SimpleNamespace(constants=constants, pycaw=pycaw)


def test_on_windows_a_call_is_known_by_the_sessions_of_its_program(monkeypatch):
    fake = fake_pycaw({
        0: [session(0, None, 1), session(11, "MicroSIP.exe", 1), session(12, "chrome.exe", 0)],
        1: [session(11, "MicroSIP.exe", 1)],
    })  # fmt: skip
    monkeypatch.setitem(sys.modules, "pyaudiowpatch", FakeWasapi())
    for name, module in (("pycaw", fake), ("pycaw.constants", fake.constants), ("pycaw.pycaw", fake.pycaw)):
        monkeypatch.setitem(sys.modules, name, module)
    from voicecare.audio.devices.loopback_windows import Wasapi

    sounds = Wasapi().sounds()
    assert [(s.program, s.records, s.corked, s.device) for s in sounds] == [
        ("MicroSIP.exe", False, False, "Speakers"),
        ("chrome.exe", False, True, "Speakers"),
        ("MicroSIP.exe", True, False, "Mic"),
    ]
    line = Telephone(Softphones.load()).look(sounds, 0.0)
    assert (line.phase, line.app) == ("talk", "MicroSIP")


def test_on_windows_without_pycaw_it_is_said_that_programs_are_not_seen(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyaudiowpatch", FakeWasapi())
    monkeypatch.setitem(sys.modules, "pycaw", None)
    from voicecare.audio.devices.loopback_windows import Wasapi

    assert Wasapi().sounds() is None


def test_on_macos_a_call_is_known_by_its_process_and_that_alone_is_tapped(monkeypatch):
    phone = types.SimpleNamespace(name="Telephone", pid=7, bundle_id=None, is_outputting=True, is_inputting=True)
    music = types.SimpleNamespace(
        name="Music", pid=8, bundle_id="com.apple.Music", is_outputting=True, is_inputting=False
    )
    tapped = []

    def record_process(process, *, mono, on_buffer):  # noqa: ARG001
        tapped.append(process)
        return types.SimpleNamespace(start=lambda: None)

    catap = types.SimpleNamespace(list_audio_processes=lambda: [phone, music], record_process=record_process)
    monkeypatch.setitem(sys.modules, "catap", catap)
    monkeypatch.setitem(sys.modules, "sounddevice", types.SimpleNamespace())
    from voicecare.audio.devices.loopback_macos import CoreAudio

    system = CoreAudio()
    line = Telephone(Softphones.load()).look(system.sounds(), 0.0)
    assert (line.phase, line.app, line.stream) == ("talk", "Telephone", 7)
    (device,) = with_stream([], line)
    system.open(pick("caller", Choice(softphone=True).on(line), [device]).device, 1, lambda *_: None)
    assert tapped == [phone]
