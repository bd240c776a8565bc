"""Any recording becomes the same hops, and whatever cannot is refused in one line."""

from __future__ import annotations

import os
import struct
import sys
import time
import tracemalloc
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicecare.audio.files.recording import open_pair, open_recording
from voicecare.errors import InputError
from voicecare.timebase import HOP, RATE_HZ

av = pytest.importorskip("av")

LENGTH_S = 3.0


@cache
def speechlike(rate_hz, seed, length_s=LENGTH_S):
    """Syllables of band-limited noise: rich enough to line up, soft enough for any codec."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(length_s * rate_hz)) / rate_hz
    voice = sum(
        np.sin(2 * np.pi * hz * t + rng.uniform(0, 6) + 3 * np.sin(2 * np.pi * 2.3 * t)) / hz**0.5
        for hz in rng.uniform(200, 1_500, 12)
    )
    return (0.3 * voice / np.abs(voice).max() * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t + seed))).astype(np.float32)


@cache
def call(rate_hz, length_s=LENGTH_S):
    """Left and right of a stereo file, shape (n, 2)."""
    return np.stack([speechlike(rate_hz, 1, length_s), speechlike(rate_hz, 2, length_s)], axis=1)


def write_av(path, samples, rate_hz, codec, *, bit_rate=64_000, codec_rate_hz=None, **container):
    layout = "mono" if samples.ndim == 1 else "stereo"
    with av.open(str(path), "w", options=container) as file:
        stream = file.add_stream(codec, rate=codec_rate_hz or rate_hz)
        stream.layout, stream.bit_rate = layout, bit_rate
        pcm = np.ascontiguousarray((samples * 32_767).astype(np.int16).reshape(1, -1))
        for start in range(0, pcm.shape[1], 8_000):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm[:, start : start + 8_000]), "s16", layout)
            frame.sample_rate, frame.pts = rate_hz, start // (1 if layout == "mono" else 2)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def read(recording):
    return np.concatenate([block.samples for block in recording], axis=1)


def lag_and_level(heard, meant):
    """Where `heard` lies against `meant`, in samples, and how loud it is there (1 = the same)."""
    size = 2 ** (len(heard) + len(meant)).bit_length()
    shared = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(meant, size)))
    lag = int(shared.argmax())
    return (lag if lag < size // 2 else lag - size), float(shared.max() / np.sum(meant**2))


def cut(path, share=0.6):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return path


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


# Files that were cut, and headers that lie.


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("call.wav", {"subtype": "PCM_16"}),
        ("call.wav", {"subtype": "ULAW"}),
        ("call.wav", {"subtype": "IMA_ADPCM"}),
        ("call.rf64", {"format": "RF64"}),
        ("call.flac", {"format": "FLAC"}),
        ("call.mp3", {"format": "MP3"}),
        ("call.ogg", {"format": "OGG", "subtype": "VORBIS"}),
        ("call.opus", {"format": "OGG", "subtype": "OPUS"}),
    ],
)
def test_a_file_cut_in_the_middle_is_read_as_far_as_it_goes_and_says_so(tmp_path, name, settings):
    path = tmp_path / name
    soundfile.write(path, call(16_000, 10.0), 16_000, **settings)
    recording = open_recording(cut(path))
    heard = read(recording)
    assert recording.truncated
    (said,) = recording.health(77)
    assert (said.at, said.kind, said.amount, said.details["file"]) == (77, "truncated", 1, name)
    assert said.note in ("cut_short", "end_mark_missing", "packet_incomplete")
    assert 4 < recording.length / RATE_HZ < 7
    assert np.abs(heard[:, 3 * RATE_HZ : 4 * RATE_HZ]).max() > 0.05


@pytest.mark.parametrize(
    ("name", "codec", "settings"),
    [
        ("call.m4a", "aac", {"movflags": "faststart"}),
        ("call.webm", "libopus", {}),
        ("call.aac", "aac", {}),
        ("call.wma", "wmav2", {}),
    ],
)
def test_a_compressed_file_cut_in_the_middle_too(tmp_path, name, codec, settings):
    path = write_av(tmp_path / name, call(48_000, 10.0), 48_000, codec, **settings)
    recording = open_recording(cut(path))
    read(recording)
    assert recording.truncated
    assert 4 < recording.length / RATE_HZ < 7


def test_an_m4a_without_its_end_has_no_index_and_is_refused_with_the_reason(tmp_path):
    path = cut(write_av(tmp_path / "call.m4a", call(48_000), 48_000, "aac"))
    with pytest.raises(InputError, match=r"^call.m4a is an incomplete M4A or MP4 file"):
        open_recording(path)


def test_a_hole_in_a_compressed_file_becomes_silence_of_its_length(tmp_path):
    path = write_av(tmp_path / "call.mka", call(16_000, 15.0), 16_000, "flac")
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 9_000] = np.random.default_rng(0).bytes(9_000)
    path.write_bytes(whole)
    recording = open_recording(path)
    heard = read(recording)
    lag, _ = lag_and_level(heard[0, 14 * RATE_HZ :], call(RATE_HZ, 15.0)[14 * RATE_HZ :, 1])
    assert recording.length / RATE_HZ == pytest.approx(15, abs=0.1)
    assert abs(lag) <= 1
    assert not recording.truncated
    (said,) = recording.health(0)
    assert (said.kind, said.note) == ("gap", "hole")
    assert said.details["missing_s"] > 0


def with_data_size(path, size, riff_size=None):
    whole = bytearray(path.read_bytes())
    at = whole.index(b"data") + 4
    whole[at : at + 4] = struct.pack("<I", size)
    if riff_size is not None:
        whole[4:8] = struct.pack("<I", riff_size)
    path.write_bytes(whole)


@pytest.mark.parametrize("subtype", ["PCM_16", "ULAW"])
@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF, 0x7FFF_F000, 0x7FFF_FFFF])
def test_a_streaming_recorder_that_never_wrote_the_length_loses_nothing(tmp_path, size, subtype):
    path = tmp_path / "call.wav"
    soundfile.write(path, call(8_000), 8_000, subtype=subtype)
    meant = read(open_recording(path))
    with_data_size(path, size, riff_size=size)
    recording = open_recording(path)
    np.testing.assert_allclose(read(recording), meant, atol=1e-4)
    assert not recording.truncated


def test_a_short_call_without_a_stated_length_is_heard_too(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, call(8_000)[:2_000], 8_000)
    with_data_size(path, 0)
    assert np.abs(read(open_recording(path))).max() > 0.1


def test_a_header_that_stops_short_of_the_audio_is_not_believed(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, call(8_000), 8_000)
    with_data_size(path, 32_000)
    recording = open_recording(path)
    read(recording)
    assert recording.length == LENGTH_S * RATE_HZ
    assert [(said.kind, said.note) for said in recording.health(0)] == [("gap", "header_unfinished")]


@pytest.mark.parametrize(
    "trailer",
    [b"\x01", b"LIST\x04\x00\x00\x00INFO", b"LIST\x60\xea\0\0" + bytes(60_000), b"<agent>someone</agent>" * 3_000],
)
def test_what_follows_the_audio_is_not_heard(tmp_path, trailer):
    path = tmp_path / "call.wav"
    soundfile.write(path, call(8_000), 8_000)
    with path.open("ab") as file:
        file.write(trailer)
    recording = open_recording(path)
    read(recording)
    assert (recording.length, recording.flaws) == (LENGTH_S * RATE_HZ, ())


def test_an_odd_number_of_bytes_loses_at_most_the_broken_sample(tmp_path):
    path = tmp_path / "call.wav"
    soundfile.write(path, call(8_000), 8_000)
    path.write_bytes(path.read_bytes()[:-3])
    recording = open_recording(path)
    read(recording)
    assert recording.length == LENGTH_S * RATE_HZ - 2
    assert recording.truncated


# What is refused.


def wav(tmp_path, samples, rate_hz=8_000, name="call.wav"):
    path = tmp_path / name
    soundfile.write(path, samples, rate_hz)
    return path


def test_mono_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"^call.wav is mono: .* --agent FILE --caller FILE$"):
        open_recording(wav(tmp_path, speechlike(8_000, 1)))


def test_three_channels_are_refused_with_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"^call.wav has 3 channels: .* two-channel file"):
        open_recording(wav(tmp_path, np.zeros((8_000, 3))))


def test_three_audio_tracks_are_refused_with_what_to_do(tmp_path):
    path = tmp_path / "call.mka"
    with av.open(str(path), "w") as file:
        streams = [file.add_stream("flac", rate=8_000, layout="mono") for _ in range(3)]
        for stream in streams:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 8_000), np.int16), "s16", "mono")
            frame.sample_rate, frame.pts = 8_000, 0
            file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
    with pytest.raises(InputError, match=r"^call.mka has 3 audio tracks, .* --agent and --caller$"):
        open_recording(path)


def _header_only(size_of_data_header):
    return (
        struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36, b"WAVE", b"fmt ", 16, 1, 2, 8_000, 32_000, 4, 16)
        + (b"data\0\0\0\0"[:size_of_data_header])
    )


NO_CALLS = {
    "empty.wav": (b"", "is empty (0 bytes)"),
    "one-byte.wav": (b"R", "is not a recording"),
    "text.wav": (b"Dear all,\nthis is not a call.\n" * 99, "is not a recording"),
    "noise.wav": (np.random.default_rng(1).bytes(200_000), "is not a recording"),
    "noise.mp3": (np.random.default_rng(2).bytes(200_000), "is not a recording"),
    "tagged.mp3": (b"ID3\x03" + bytes(6) + np.random.default_rng(3).bytes(200_000), "is not a recording"),
    "noise.flac": (b"fLaC" + np.random.default_rng(4).bytes(9_000), ""),
    "noise.ogg": (b"OggS" + np.random.default_rng(5).bytes(9_000), ""),
    "noise-inside.wav": (b"RIFF\x00\x10\x00\x00WAVE" + np.random.default_rng(6).bytes(9_000), "no audio"),
    "header.wav": (_header_only(8), "has a WAV header but no audio"),
    "half-a-header.wav": (_header_only(0), "has a WAV header but no audio"),
    "riff-alone.wav": (b"RIFF", "has a WAV header but no audio"),
    "page.html": (b"<!doctype html><html><body>404</body></html>", "is not a recording"),
    "zeros.mp3": (bytes(50_000), ""),
}


@pytest.mark.parametrize("name", NO_CALLS)
def test_what_is_no_recording_is_refused_in_one_line_that_names_it(tmp_path, capfd, name):
    content, reason = NO_CALLS[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as refusal:
        open_recording(path)
    text = str(refusal.value)
    assert text.startswith(name)
    assert reason in text
    assert "\n" not in text
    assert capfd.readouterr() == ("", "")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere.wav: No such file or directory; check the path$"):
        open_recording(tmp_path / "nowhere.wav")


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text on this system")
def test_a_name_in_another_encoding_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / os.fsdecode(b"gespr\xe4ch.wav")
    path.write_bytes(b"RIFF")
    with pytest.raises(InputError, match="not in UTF-8; rename it") as caught:
        open_recording(path)
    str(caught.value).encode()


def test_a_directory_is_no_recording(tmp_path):
    with pytest.raises(InputError, match=r"is a directory; give recordings one by one"):
        open_recording(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(InputError, match=r"is not a file; save the recording to a file first$"):
        open_recording(tmp_path / "pipe.wav")


def test_a_file_one_may_not_read_says_so(tmp_path, monkeypatch):
    path = wav(tmp_path, np.zeros((800, 2)))

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"^cannot read .*call.wav: Permission denied; check the file$"):
        open_recording(path)


@pytest.mark.parametrize("rate_hz", [1, 1_000, 2_000_000])
def test_an_absurd_sample_rate_is_a_damaged_header(tmp_path, rate_hz):
    with pytest.raises(InputError, match=f"a sample rate of {rate_hz} Hz is outside"):
        open_recording(wav(tmp_path, np.zeros((8_000, 2)), rate_hz))


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\ncall.m4a\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile call.m4a\n",
    ],
)
def test_a_playlist_cannot_make_voicecare_open_another_file(tmp_path, playlist):
    write_av(tmp_path / "call.m4a", call(48_000), 48_000, "aac")
    path = tmp_path / "call.wav"
    path.write_text(playlist)
    with pytest.raises(InputError, match="is not a recording"):
        open_recording(path)


def test_a_file_that_vanishes_between_two_readings_is_an_input_error(tmp_path):
    path = tmp_path / "call.mp3"
    soundfile.write(path, call(16_000), 16_000, format="MP3")
    other = wav(tmp_path, call(16_000))
    for recording in (open_recording(path), open_recording(other)):
        path.unlink(missing_ok=True)
        other.unlink(missing_ok=True)
        with pytest.raises(InputError, match="any more"):
            list(recording)


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
