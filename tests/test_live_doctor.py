"""`voicecare devices` and `voicecare doctor` say in one line each what is there and what to do."""

from __future__ import annotations

import sys
import types
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest
import soundfile
from display import needs
from hypothesis import given, settings
from hypothesis import strategies as st
from sound_server import SoundServer

from voicecare.audio.devices import chirp
from voicecare.audio.devices.choice import Choice
from voicecare.commands import doctor, findings, listening
from voicecare.commands.cli import run
from voicecare.errors import InputError
from voicecare.timebase import RATE_HZ, samples


@given(at=st.integers(0, 2 * RATE_HZ), gain_db=st.floats(-30, 6), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_the_chirp_is_found_where_it_is_beside_a_noise_floor(at, gain_db, seed):
    heard = 1e-4 * np.random.default_rng(seed).standard_normal(samples(3.0)).astype(np.float32)
    sound = chirp.chirp()
    heard[at : at + len(sound)] += (10 ** (gain_db / 20) * sound).astype(np.float32)
    found = chirp.find(heard)
    assert found is not None
    assert found.at == pytest.approx(at, abs=1)
    assert found.gain_db == pytest.approx(gain_db, abs=1)


@pytest.mark.parametrize("silence", [0.0, 1e-3])
def test_the_chirp_is_not_found_where_it_is_not(silence):
    heard = silence * np.random.default_rng(1).standard_normal(samples(3.0)).astype(np.float32)
    assert chirp.find(heard) is None


@pytest.mark.data
def test_the_chirp_is_not_found_in_speech(data_dir):
    call = min((data_dir / "calls" / "semi-real").glob("*.wav"))
    audio, _ = soundfile.read(call, dtype="float32")
    assert not any(chirp.find(audio[i : i + samples(3), 0]) for i in range(0, samples(60), samples(3)))


def test_levels_are_words_for_silence_and_numbers_for_sound():
    heard = np.zeros((2, RATE_HZ), np.float32)
    heard[0] = 0.1
    agent, caller = listening.level_lines(heard)
    assert "-20 dBFS" in agent
    assert "silent" in caller


def test_the_qt_that_loses_references_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(findings, "version", lambda _name: "6.12.0")
    monkeypatch.setattr(findings.sys, "version_info", (3, 11, 9))
    finding = findings.cue_window()
    assert not finding.well
    assert "<6.12" in finding.advice


def test_without_a_sound_server_both_commands_say_so_in_one_line_and_exit_1(monkeypatch, tmp_path, capsys):
    needs("pulseaudio")
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    assert run(["doctor", "--no-play"]) == 1
    doctor_said = [line for line in capsys.readouterr().out.splitlines() if "no sound server answers" in line]
    assert len(doctor_said) == 1
    assert run(["devices"]) == 1
    (devices_said,) = capsys.readouterr().out.splitlines()
    assert "start PulseAudio or PipeWire" in devices_said


@pytest.mark.parametrize("package", ["pulsectl", "sounddevice"])
def test_a_missing_package_is_one_line_that_says_how_to_get_it(monkeypatch, capsys, package):
    if package == "sounddevice":
        monkeypatch.setitem(
            sys.modules, "pulsectl", types.SimpleNamespace(Pulse=lambda *_, **__: None, PulseError=OSError)
        )
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(sys, "platform", "linux")
    assert run(["doctor"]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if package in line]
    assert line.startswith("no  two legs to hear")
    assert "pip install 'voicecare[live]'" in line


def test_without_qt_the_doctor_names_the_extra_and_the_way_round(monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(findings, "version", absent)
    finding = findings.cue_window()
    assert not finding.well
    assert "PySide6 is not installed" in finding.what
    assert "--console" in finding.advice


@pytest.mark.parametrize(
    ("window", "legs", "code", "last"),
    [
        (True, True, 0, "voicecare live"),
        (False, True, 0, "on the terminal only: voicecare live --console"),
        (False, False, 1, "no  two legs to hear: plug the headset in"),
        (True, False, 1, "no  two legs to hear: plug the headset in"),
    ],
)
def test_without_a_desktop_a_call_can_still_be_heard_and_the_last_line_says_how(
    window, legs, code, last, monkeypatch, capsys
):
    monkeypatch.setattr(findings.sys, "platform", "linux")
    monkeypatch.setattr(findings, "_qt_version", lambda: "6.10.1")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0" if window else "")
    found = (
        findings.Finding(True, "two") if legs else findings.Finding(False, "two legs to hear", "plug the headset in")
    )
    monkeypatch.setattr(findings, "devices_for", lambda _choice: found)
    assert run(["doctor", "--seconds", "0"]) == code
    said = capsys.readouterr().out.splitlines()
    assert said[-1].endswith(last)
    assert [line for line in said if line.startswith("-   no desktop")] == [
        "-   no desktop to show the cue window on: start from a desktop, or use --console"
    ] * (not window)


def test_devices_that_cannot_be_opened_are_a_finding_not_a_failure(monkeypatch):
    def refuse(*_):
        raise InputError("cannot record headset_mic: busy;\n close the other program")

    monkeypatch.setattr(findings, "devices_for", lambda _choice: findings.Finding(True, "two devices"))
    monkeypatch.setattr(doctor, "hear", refuse)
    *_, last = doctor.findings(Choice(), play=True)
    assert not last.well
    assert last.advice == "cannot record headset_mic: busy; close the other program"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--stereo", "x", "--agent", "y"], "leave out --agent and --caller"),
        (["--seconds", "-1"], "from 0 to 60"),
        (["--seconds", "nan"], "from 0 to 60"),
        (["--seconds", "1e9"], "from 0 to 60"),
    ],
)
@pytest.mark.parametrize("command", ["devices", "doctor"])
def test_a_wrong_option_is_one_line_and_exit_2(command, arguments, expected, capsys):
    assert run([command, *arguments]) == 2
    error = capsys.readouterr().err
    assert expected in error
    assert error.count("\n") == 1


@pytest.mark.sound
@pytest.mark.slow
def test_on_a_real_server_both_legs_are_metered_and_the_chirp_comes_back(monkeypatch, tmp_path, capfd):
    needs("pulseaudio", "pactl", "paplay")
    with SoundServer() as server:
        for name in ("XDG_RUNTIME_DIR", "PULSE_SERVER"):
            monkeypatch.setenv(name, server.env[name])
        soundfile.write(tmp_path / "voice.wav", 0.1 * np.sin(np.arange(30 * RATE_HZ) / 9), RATE_HZ)
        server.play("agent_mic", tmp_path / "voice.wav")
        assert run(["devices", "--seconds", "1"]) == 0
        listed = capfd.readouterr().out
        assert "agent: headset_mic, the default microphone" in listed
        assert "caller: headset.monitor, what the default output plays" in listed
        assert "agent  -23 dBFS" in listed
        assert "caller    silent" in listed
        assert run(["devices", "--agent", "absent", "--seconds", "1"]) == 2
        assert "there is no device 'absent'" in capfd.readouterr().out
        run(["doctor", "--seconds", "2"])
        said = capfd.readouterr()
        assert "ok  the test sound arrived on the caller's leg" in said.out
        assert said.err == ""
        run(["doctor", "--seconds", "2", "--caller", "spare.monitor"])
        assert "no  the test sound played on the default output did not arrive" in capfd.readouterr().out
        server.pactl("set-source-mute", "headset_mic", "1")
        run(["doctor"])
        assert "headset_mic is muted; unmute it" in capfd.readouterr().out
