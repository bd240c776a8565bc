"""Any recording becomes the same hops, and whatever cannot is refused in one line."""

from __future__ import annotations

import struct
import time
import tracemalloc

import numpy as np
import pytest
import soundfile
from recordings import LENGTH_S, call, cut, lag_and_level, read, speechlike, wav, write_av

from voicecare.audio.files.recording import open_pair, open_recording
from voicecare.errors import InputError
from voicecare.timebase import HOP, RATE_HZ

av = pytest.importorskip("av")


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"])
@pytest.mark.parametrize("rate_hz", [8_000, 16_000])
def test_every_wav_coding_gives_the_same_call(tmp_path, subtype, rate_hz):
    path = tmp_path / "call.wav"
    soundfile.write(path, call(rate_hz), rate_hz, subtype=subtype)
    recording = open_recording(path)
    heard = read(recording)
    meant = call(RATE_HZ).T[::-1]
    quiet = 0.01 if subtype in {"PCM_U8", "ULAW", "ALAW"} else 0.003
    assert np.sqrt(np.mean((heard[:, : meant.shape[1]] - meant)[:, 500:-500] ** 2)) < quiet
    assert recording.length == LENGTH_S * RATE_HZ
    assert (recording.rate_hz, recording.length_s, recording.truncated, recording.flaws) == (
        rate_hz,
        LENGTH_S,
        False,
        (),
    )
    assert recording.sources == ("call.wav",)


@pytest.mark.parametrize(
    ("name", "codec", "within"),
    [
        ("call.m4a", "aac", 1),
        ("call.webm", "libopus", 1),
        ("call.mka", "alac", 1),
        ("call.ac3", "ac3", 100),
        ("call.wma", "wmav2", 700),
        ("call.aac", "aac", 2_100),
    ],
)
def test_what_only_ffmpeg_reads_lies_where_it_should_in_time(tmp_path, name, codec, within):
    """The last three carry no count of their encoder's delay: both legs are late alike, by at most one codec frame."""
    path = write_av(tmp_path / name, call(48_000), 48_000, codec, bit_rate=128_000)
    heard = read(open_recording(path))
    for leg, meant in zip(heard, call(RATE_HZ).T[::-1], strict=True):
        lag, level = lag_and_level(leg, meant)
        assert abs(lag) <= within
        assert level == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("call.flac", {"format": "FLAC"}),
        ("call.mp3", {"format": "MP3"}),
        ("call.ogg", {"format": "OGG", "subtype": "VORBIS"}),
        ("call.opus", {"format": "OGG", "subtype": "OPUS"}),
        ("call.aiff", {"format": "AIFF"}),
        ("call.au", {"format": "AU", "subtype": "ULAW"}),
        ("call.w64", {"format": "W64"}),
        ("call.rf64", {"format": "RF64"}),
        ("call.caf", {"format": "CAF"}),
        ("blocks.wav", {"format": "WAV", "subtype": "IMA_ADPCM"}),
        ("named-wrongly.raw", {"format": "WAV"}),
        ("no-suffix", {"format": "FLAC"}),
    ],
)
def test_recordings_are_told_by_their_content(tmp_path, name, settings):
    path = tmp_path / name
    soundfile.write(path, call(16_000), 16_000, **settings)
    recording = open_recording(path)
    heard = read(recording)
    for leg, meant in zip(heard, call(RATE_HZ).T[::-1], strict=True):
        lag, level = lag_and_level(leg, meant)
        assert abs(lag) <= 1
        assert level == pytest.approx(1, abs=0.05)
    assert recording.length / RATE_HZ == pytest.approx(LENGTH_S, abs=0.1)
    assert (recording.truncated, recording.flaws) == (False, ())


def test_the_agent_is_on_the_right_unless_said(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.full((1_000, 2), [0.1, 0.2]), 16_000, subtype="FLOAT")
    (first, _) = open_recording(path)
    assert first.samples[:, 5] == pytest.approx([0.2, 0.1])
    (first, _) = open_recording(path, agent_channel="left")
    assert first.samples[:, 5] == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize("rate_hz", [6_000, 8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000])
def test_an_impulse_stays_where_it_is_at_every_sample_rate(tmp_path, rate_hz):
    samples = np.zeros((rate_hz * 3, 2), np.float32)
    moments_s = (0.5, 1.234, 2.9)
    for moment_s in moments_s:
        samples[round(moment_s * rate_hz)] = 0.9
    path = tmp_path / "call.wav"
    soundfile.write(path, samples, rate_hz, subtype="FLOAT")
    recording = open_recording(path)
    heard = np.abs(read(recording))
    for moment_s in moments_s:
        around = round(moment_s * rate_hz) / rate_hz * RATE_HZ
        start = int(around) - 400
        assert abs(start + heard[0, start : start + 800].argmax() - around) <= 1
    assert abs(recording.length - 3 * RATE_HZ) <= 1


def test_a_tone_keeps_its_level_from_8_khz(tmp_path):
    t = np.arange(16_000) / 8_000
    tone = 0.5 * np.sin(2 * np.pi * 1_000 * t)
    path = tmp_path / "call.wav"
    soundfile.write(path, np.stack([tone, tone], axis=1), 8_000)
    heard = read(open_recording(path))[0, 2_000:-2_000]
    assert np.sqrt(2 * np.mean(heard**2)) == pytest.approx(0.5, rel=0.001)


def test_the_length_is_true_and_only_the_last_hop_is_padded(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.full((HOP + 10, 2), 0.5), 16_000)
    recording = open_recording(path)
    assert recording.length is None
    blocks = list(recording)
    assert [block.start for block in blocks] == [0, HOP]
    assert recording.length == HOP + 10
    assert not blocks[1].samples[:, 10:].any()


def test_a_recording_can_be_read_again_and_half_read(tmp_path):
    path = tmp_path / "call.mp3"
    soundfile.write(path, call(16_000), 16_000, format="MP3")
    recording = open_recording(path)
    next(iter(recording))
    np.testing.assert_array_equal(read(recording), read(recording))


def test_samples_that_are_no_sound_become_zeros_and_harm_nothing_beside_them(tmp_path):
    samples = np.full((8_000, 2), 0.25, np.float32)
    samples[4_000] = [np.nan, np.inf]
    samples[5_000] = [-np.inf, 1e30]
    path = tmp_path / "call.wav"
    soundfile.write(path, samples, 16_000, subtype="FLOAT")
    heard = read(open_recording(path))[:, :8_000]
    assert (heard[:, [4_000, 5_000]] == 0).all()
    assert np.delete(heard, [4_000, 5_000], axis=1) == pytest.approx(0.25)


def test_loud_float_samples_are_left_as_they_are(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, np.full((1_000, 2), 1.5), 16_000, subtype="FLOAT")
    assert read(open_recording(path))[0, 500] == 1.5


def test_memory_does_not_grow_with_the_length_of_the_call(tmp_path):
    minutes, bytes_per_s = 8, 32_000
    size = minutes * 60 * bytes_per_s
    path = tmp_path / "call.wav"
    fields = (b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 2, 8_000, bytes_per_s, 4, 16, b"data", size)
    with path.open("wb") as file:
        file.write(struct.pack("<4sI4s4sIHHIIHH4sI", *fields))
        file.truncate(44 + size)  # a hole: silence that takes no room on the disk
    recording = open_recording(path)
    tracemalloc.start()
    hops = sum(1 for _ in recording)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert hops == minutes * 60 * RATE_HZ // HOP
    assert peak < 4_000_000, "the whole call would be 61 million bytes"


# One file per party.


def test_two_mono_files_make_a_call_and_the_shorter_is_silent_to_the_end(tmp_path):
    agent = wav(tmp_path, speechlike(8_000, 1, 2.0), 8_000, "agent.wav")
    caller = wav(tmp_path, speechlike(44_100, 2, 3.5), 44_100, "caller.wav")
    recording = open_pair(agent, caller)
    heard = read(recording)
    assert recording.sources == ("agent.wav", "caller.wav")
    assert (recording.rate_hz, recording.length_s) == (8_000, 3.5)
    assert recording.length == 3.5 * RATE_HZ
    assert lag_and_level(heard[0], speechlike(RATE_HZ, 1, 2.0)) == (0, pytest.approx(1, abs=0.01))
    assert lag_and_level(heard[1], speechlike(RATE_HZ, 2, 3.5)) == (0, pytest.approx(1, abs=0.01))
    assert not heard[0, 2 * RATE_HZ :].any()


def test_a_pair_is_the_same_call_as_its_stereo_file(tmp_path):
    samples = call(8_000)
    pair = open_pair(
        wav(tmp_path, samples[:, 1], name="agent.wav"),
        wav(tmp_path, samples[:, 0], name="caller.wav"),
    )
    np.testing.assert_array_equal(read(pair), read(open_recording(wav(tmp_path, samples))))


def test_a_pair_says_which_of_its_files_was_cut(tmp_path):
    agent = wav(tmp_path, speechlike(8_000, 1), name="agent.wav")
    caller = cut(wav(tmp_path, speechlike(8_000, 2), name="caller.wav"))
    recording = open_pair(agent, caller)
    read(recording)
    assert recording.truncated
    (said,) = recording.health(0)
    assert (said.note, said.details["file"]) == ("cut_short", "caller.wav")


def test_a_pair_takes_mono_files_only(tmp_path):
    mono, stereo = wav(tmp_path, speechlike(8_000, 1), name="mono.wav"), wav(tmp_path, call(8_000), name="stereo.wav")
    with pytest.raises(InputError, match=r"^stereo.wav has 2 channels, but --caller takes one party's mono file"):
        open_pair(mono, stereo)


def test_amr_from_a_phone_is_one_party(tmp_path):
    try:
        path = write_av(tmp_path / "caller.amr", speechlike(8_000, 2), 8_000, "libopencore_amrnb", bit_rate=12_200)
    except av.codec.codec.UnknownCodecError:
        pytest.skip("this build of PyAV cannot write AMR")
    recording = open_pair(wav(tmp_path, speechlike(8_000, 1), name="agent.wav"), path)
    lag, _ = lag_and_level(read(recording)[1], speechlike(RATE_HZ, 2))
    assert abs(lag) < 0.01 * RATE_HZ
    assert recording.codec.endswith("AMR-NB (Adaptive Multi-Rate NarrowBand)")


# Real recordings.


@pytest.mark.data
def test_every_two_channel_recording_at_hand_is_read_whole(data_dir):
    paths = sorted([*data_dir.glob("calls/*/*.wav"), *data_dir.glob("calls/*/*.mp3"), *data_dir.glob("heated/*.wav")])
    read_whole = 0
    for path in paths:
        info = soundfile.info(path)
        if info.channels == 1:
            with pytest.raises(InputError, match="is mono"):
                open_recording(path)
            continue
        recording = open_recording(path)
        hops = sum(1 for _ in recording)
        assert not recording.truncated, path
        assert hops == -(-recording.length // HOP)
        assert recording.length / RATE_HZ == pytest.approx(info.duration, abs=0.2)
        read_whole += 1
    assert read_whole >= 18


@pytest.mark.data
def test_reading_a_phone_call_costs_under_a_thousandth_of_its_length(data_dir):
    path = data_dir / "calls/auto-repairs/Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav"
    recording = open_recording(path)
    started = time.process_time()
    for _ in recording:
        pass
    assert (time.process_time() - started) / (recording.length / RATE_HZ) < 0.001


@pytest.mark.data
def test_the_two_mono_files_of_a_call_are_its_stereo_file(data_dir):
    folder = data_dir / "calls/auto-repairs"
    pair = read(open_pair(folder / "Auto_Repairs_40_UTC_agent.wav", folder / "Auto_Repairs_40_UTC_caller.wav"))
    stereo = read(open_recording(folder / "Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav"))
    for alone, together in zip(pair, stereo, strict=True):
        lag, level = lag_and_level(together[: 60 * RATE_HZ], alone[: 60 * RATE_HZ])
        assert lag == 0
        assert level == pytest.approx(1, abs=0.05)
