"""`voicecare devices` and `voicecare doctor` say in one line each what is there and what to do."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from display import needs
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from sound_server import SoundServer

from voicecare import doctor
from voicecare.audio import chirp
from voicecare.audio.devices import Choice
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
    agent, caller = doctor.level_lines(heard)
    assert "-20 dBFS" in agent
    assert "silent" in caller


def test_the_qt_that_loses_references_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr(doctor, "version", lambda _name: "6.12.0")
    monkeypatch.setattr(doctor.sys, "version_info", (3, 11, 9))
    finding = doctor.cue_window()
    assert not finding.well
    assert "<6.12" in finding.advice


def test_without_a_sound_server_the_doctor_says_so_and_does_not_fail(monkeypatch, tmp_path):
    needs("pulseaudio")
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    out = io.StringIO()
    assert doctor.examine(Console(file=out, width=200), play=False) == 1
    assert "no sound server answers" in out.getvalue()


@pytest.mark.sound
@pytest.mark.slow
def test_on_a_real_server_both_legs_are_metered_and_the_chirp_comes_back(monkeypatch, tmp_path):
    needs("pulseaudio", "pactl", "paplay")
    with SoundServer() as server:
        for name in ("XDG_RUNTIME_DIR", "PULSE_SERVER"):
            monkeypatch.setenv(name, server.env[name])
        soundfile.write(tmp_path / "voice.wav", 0.1 * np.sin(np.arange(10 * RATE_HZ) / 9), RATE_HZ)
        server.play("agent_mic", tmp_path / "voice.wav")
        heard = doctor.hear(Choice(), 3.0)
        agent, caller = doctor.level_lines(heard)
        assert "-23 dBFS" in agent
        assert "silent" in caller
