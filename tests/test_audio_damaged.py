"""Files that were cut, headers that lie, and what is no recording of a call at all."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from recordings import LENGTH_S, call, cut, lag_and_level, read, speechlike, wav, write_av

from voicecare.audio.files.recording import open_recording
from voicecare.errors import InputError
from voicecare.timebase import RATE_HZ

av = pytest.importorskip("av")


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
