"""Devices: which are chosen and why, and how each is kept."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from voicecare.audio.devices.capture import Capture
from voicecare.audio.devices.choice import Choice, pick
from voicecare.audio.devices.ear import ADOPT_S, FOLLOW_S, Keeper
from voicecare.audio.devices.soundsystem import Device
from voicecare.audio.files.recording import open_recording
from voicecare.audio.joining.inlet import Inlet
from voicecare.audio.joining.silence import SilenceWatch
from voicecare.audio.joining.wire import Block, Fault, Opened, Refused, Tick, decode, encode
from voicecare.errors import InputError, UsageError
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import PARTIES, AudioBlock

MIC = Device("usb-mic", "Headset microphone", "microphone", default=True)
OTHER_MIC = Device("onboard-mic", "Built-in microphone", "microphone")
SPEAKER = Device("usb.monitor", "Monitor of headset", "loopback", default=True, channels=2)
ALL = [MIC, OTHER_MIC, SPEAKER]


def test_without_a_wish_the_defaults_are_taken_and_it_is_said_why():
    assert pick("agent", Choice(), ALL).device == MIC
    chosen = pick("caller", Choice(), ALL)
    assert (chosen.device, chosen.why) == (SPEAKER, "what the default output plays")


def test_a_device_is_named_in_full_or_by_any_part_of_its_name_or_label():
    assert pick("agent", Choice(agent="onboard-mic"), ALL).device == OTHER_MIC
    assert pick("agent", Choice(agent="BUILT-IN"), ALL).device == OTHER_MIC


def test_a_name_that_fits_several_is_refused_with_the_list():
    with pytest.raises(UsageError, match=r"fits several(.|\n)*usb-mic(.|\n)*onboard-mic"):
        pick("agent", Choice(agent="microphone"), ALL)


def test_a_name_that_fits_none_is_refused_with_what_is_there():
    with pytest.raises(InputError, match=r"no device 'jabra'(.|\n)*usb-mic"):
        pick("agent", Choice(agent="jabra"), ALL)


def test_no_default_says_what_to_do():
    with pytest.raises(InputError, match="name one with --caller"):
        pick("caller", Choice(), [MIC])


@pytest.mark.parametrize(
    "message",
    [
        Block("both", 12.5, 48_000, 2, b"\x01\x02\x03\x04"),
        Opened("caller", 1.25, "Kopfhörer", sleeps=True),
        Fault("agent", 2.0, "moved"),
        Tick(3.5),
        Refused(0.5, "no sound server answers"),
    ],
)
def test_what_is_written_on_the_pipe_is_read_back(message):
    assert list(decode(io.BytesIO(encode(message)))) == [message]
    assert list(decode(io.BytesIO(encode(message)[:-1]))) == [], "a message torn by the end is dropped"


def test_a_two_channel_device_is_split_into_its_legs():
    frames = np.array([[1000, -2000]] * 320, "<i2")
    block = Block("both", 1.0, RATE_HZ, 2, frames.tobytes())
    agent, caller = Inlet("right").push(block)
    assert (agent.leg, caller.leg) == ("agent", "caller")
    assert agent.samples[0] == pytest.approx(-2000 / 32768)
    assert caller.samples[0] == pytest.approx(1000 / 32768)
    assert Inlet("left").push(block)[0].samples[0] == pytest.approx(1000 / 32768)


def test_a_device_at_its_own_rate_becomes_16_khz_mono():
    """What the resampler holds back does not shift the leg: a sample's stamp is when it was heard."""
    inlet, total = Inlet(), 0
    for n in range(100):
        for stamped in inlet.push(Block("caller", 0.02 * (n + 1), 48_000, 2, bytes(4 * 960))):
            total += len(stamped.samples)
            assert total / RATE_HZ == pytest.approx(stamped.arrived_s, abs=1e-4)
    assert total > samples(1.9)


def hop(agent, caller, start=0, *, gap=False):
    rows = np.zeros((2, HOP), np.float32)
    rows[0], rows[1] = agent, caller
    return AudioBlock(start, rows, gap=gap)


def test_a_muted_microphone_is_noticed_within_two_seconds_and_lost_audio_is_not_taken_for_it():
    watch = SilenceWatch()
    assert [h for n in range(200) for h in watch.push(hop(0, 0.1, n * HOP, gap=True))] == []
    said = [h for n in range(60) for h in watch.push(hop(0, 0.1, n * HOP))]
    assert [(h.kind, h.note) for h in said] == [("silent_leg", "agent_silent")]
    assert said[0].at < samples(2)
    assert [(h.kind, h.note) for h in watch.push(hop(0.1, 0.1))] == [("listening", "agent_silent")]


class FakeSystem:
    """A sound system whose devices come and go by hand."""

    name = "fake"

    def __init__(self):
        self.opened, self.faulty = [], None

    def open(self, device, channels, deliver):  # noqa: ARG002
        system = self

        class Open:
            sleeps = False

            def __init__(self):
                self.device = device

            def fault(self):
                return system.faulty

            def close(self):
                system.opened.remove(device.name)

        self.opened.append(device.name)
        return Open()


def keeper(system, said, ear="caller"):
    return Keeper(ear, Choice(), system, said.append)


def test_a_vanished_device_is_said_at_once_and_its_return_opens_it_again():
    system, said = FakeSystem(), []
    ear = keeper(system, said)
    ear.look([SPEAKER], 0.0)
    ear.look([], 1.0)
    assert said[-1] == Fault("caller", 1.0, "device_gone")
    assert system.opened == []
    ear.look([SPEAKER], 2.0)
    assert system.opened == ["usb.monitor"]
    assert isinstance(said[-1], Opened)


def test_another_default_is_not_taken_for_the_device_that_vanished_until_long_after():
    """The default that remains may play something else, or the agent's own voice."""
    system, said = FakeSystem(), []
    ear = keeper(system, said)
    ear.look([SPEAKER], 0.0)
    other = Device("hdmi.monitor", "Monitor of screen", "loopback", default=True)
    ear.look([other], 1.0)
    ear.look([other], 1.0 + ADOPT_S - 0.1)
    assert system.opened == []
    ear.look([other], 1.0 + ADOPT_S + 0.1)
    assert system.opened == ["hdmi.monitor"]


def test_a_default_that_the_user_changes_is_followed():
    system, said = FakeSystem(), []
    ear = keeper(system, said)
    ear.look([SPEAKER], 0.0)
    old = Device("usb.monitor", "Monitor of headset", "loopback", channels=2)
    new = Device("jabra.monitor", "Monitor of Jabra", "loopback", default=True)
    ear.look([old, new], 1.0)
    assert system.opened == ["usb.monitor"]
    ear.look([old, new], 1.0 + FOLLOW_S)
    assert system.opened == ["jabra.monitor"]


def test_a_stream_that_was_moved_is_opened_again_on_its_device():
    system, said = FakeSystem(), []
    ear = keeper(system, said)
    ear.look([SPEAKER], 0.0)
    system.faulty = "moved"
    ear.look([SPEAKER], 1.0)
    assert [type(m) for m in said] == [Opened, Fault, Opened]
    assert system.opened == ["usb.monitor"]


def test_a_mute_at_the_mixer_is_said_and_its_end_too():
    system, said = FakeSystem(), []
    ear = keeper(system, said, "agent")
    ear.look([MIC], 0.0)
    ear.look([Device("usb-mic", "Headset microphone", "microphone", default=True, muted=True)], 1.0)
    ear.look([MIC], 2.0)
    assert said[1:] == [Fault("agent", 1.0, "muted"), Fault("agent", 2.0, "well")]


def test_leaving_a_capture_lets_go_of_the_devices_also_where_the_iterator_is_still_held(monkeypatch, tmp_path):
    """A call that fails in the middle keeps the iterator in its traceback."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    with Capture(Choice()) as capture:
        items = iter(capture)
        try:
            next(items)
        except InputError as error:
            pytest.skip(str(error))
        process = capture._process
        assert process.poll() is None
    assert process.poll() is not None
    items.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a Ctrl-C cannot be sent to one process there")
def test_a_ctrl_c_on_the_terminal_does_not_end_the_capture_process_and_the_end_of_its_input_does(tmp_path):
    """It waits for a sound server here, or has refused to start where the sound packages are missing."""
    command = [sys.executable, "-m", "voicecare.audio.devices.capturing"]
    environment = os.environ | {"PULSE_SERVER": f"unix:{tmp_path}/none"}
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        first = next(decode(process.stdout))
        if isinstance(first, Refused):
            pytest.skip(first.text)
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.0)
        process.stdin.close()
        process.stdout.read()
        assert process.wait(10) == 0


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 96_000])
def test_a_device_and_a_file_of_one_rate_give_the_very_same_samples(tmp_path, rate_hz):
    """One recipe: a call heard live has the samples of its replay."""
    noise = np.random.default_rng(rate_hz).normal(0.0, 0.1, (rate_hz, 2))
    played = np.clip(np.rint(noise * 32_768), -32_768, 32_767).astype("<i2")
    soundfile.write(tmp_path / "call.wav", played, rate_hz, "PCM_16")
    replayed = np.concatenate([b.samples for b in open_recording(tmp_path / "call.wav")], axis=1)
    inlet, live = Inlet("right"), {"agent": [], "caller": []}
    size = rate_hz // 50
    for number in range(50):
        payload = played[number * size : (number + 1) * size].tobytes()
        for stamped in inlet.push(Block("both", (number + 1) / 50, rate_hz, 2, payload)):
            live[stamped.leg].append(stamped.samples)
            assert abs(stamped.arrived_s - sum(map(len, live[stamped.leg])) / RATE_HZ) < 1 / RATE_HZ
    for row, leg in enumerate(PARTIES):
        heard = np.concatenate(live[leg])
        assert len(heard) > 0.9 * RATE_HZ
        assert (heard == replayed[row, : len(heard)]).all()
