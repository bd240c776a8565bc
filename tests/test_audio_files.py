"""Recordings that were told wrongly or refused wrongly: where legs begin, what is missing, what has no header."""

from __future__ import annotations

import io
import os
import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import absent

from voicecare.audio.files.call import CallFiles
from voicecare.audio.files.raw import CODINGS, RawFormat
from voicecare.audio.files.recording import open_pair, open_recording
from voicecare.errors import InputError, UsageError
from voicecare.timebase import RATE_HZ

av = pytest.importorskip("av")

HZ = 8_000
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def legs():
    """Caller and agent of the demo call, ten seconds of each."""
    audio, _ = soundfile.read(ROOT / "voicecare" / "demo" / "call.flac", dtype="float32", frames=10 * HZ)
    return audio[:, 0], audio[:, 1]


def write_tracks(path, tracks, codec="flac", *, picture_s=0):
    """Write mono tracks, each (samples, start in seconds), and a picture of its own length."""
    with av.open(str(path), "w") as file:
        streams = [file.add_stream(codec, rate=HZ, layout="mono") for _ in tracks]
        picture = file.add_stream("mpeg4", rate=5) if picture_s else None
        if picture is not None:
            picture.width = picture.height = 64
            picture.pix_fmt = "yuv420p"
        for stream, (samples, start_s) in zip(streams, tracks, strict=True):
            kind = stream.codec_context.format.name
            for at in range(0, len(samples), 1_024):
                block = samples[None, at : at + 1_024]
                coded = block if kind.startswith("flt") else (block * 32_767).astype(np.int16)
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(coded), kind, "mono")
                frame.sample_rate, frame.time_base, frame.pts = HZ, Fraction(1, HZ), at + int(start_s * HZ)
                file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
        for at in range(picture_s * 5):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
            frame.pts = at
            file.mux(picture.encode(frame))
        if picture is not None:
            file.mux(picture.encode(None))
    return path


def read(recording):
    return np.concatenate([block.samples for block in recording], axis=1)


def written(audio, **how):
    file = io.BytesIO()
    soundfile.write(file, audio, HZ, **how)
    return file.getvalue()


def late_by(heard, expected):
    """How many samples at 16 kHz a leg is late, to 4 ms; found where both lie best on each other."""
    length = min(len(heard), len(expected)) - 4_000
    lags = range(-3_200, 3_201, 64)
    return max(lags, key=lambda lag: float(np.dot(heard[3_500 + lag : length + lag], expected[3_500:length])))


def flaws(recording):
    read(recording)
    return [flaw.code for _, flaw in recording.flaws]


@pytest.mark.parametrize(("suffix", "codec"), [("mka", "flac"), ("mkv", "flac"), ("m4a", "aac")])
@pytest.mark.parametrize("start_s", [0, 3])
def test_two_mono_tracks_are_a_pair_each_from_its_own_start(tmp_path, legs, suffix, codec, start_s):
    caller, agent = legs
    path = write_tracks(tmp_path / f"call.{suffix}", [(caller[start_s * HZ :], start_s), (agent, 0)], codec)
    recording = open_recording(path)
    heard = read(recording)
    soundfile.write(tmp_path / "both.wav", np.stack(legs, axis=1), HZ)
    expected = read(open_recording(tmp_path / "both.wav"))
    expected[1, : start_s * RATE_HZ] = 0
    assert [late_by(heard[leg], expected[leg]) for leg in (0, 1)] == [0, 0]
    assert (recording.truncated, recording.flaws, recording.sources) == (False, (), (path.name,))
    assert np.array_equal(read(open_recording(path, agent_channel="left"))[::-1], heard)


@pytest.mark.parametrize(("suffix", "codec"), [("mkv", "flac"), ("m4a", "aac")])
def test_a_file_that_begins_later_is_laid_where_it_says(tmp_path, legs, suffix, codec):
    caller, agent = legs
    late = write_tracks(tmp_path / f"caller.{suffix}", [(caller[3 * HZ :], 3)], codec)
    soundfile.write(tmp_path / "agent.wav", agent, HZ)
    soundfile.write(tmp_path / "caller.wav", np.concatenate([np.zeros(3 * HZ, np.float32), caller[3 * HZ :]]), HZ)
    recording = open_pair(tmp_path / "agent.wav", late)
    expected = read(open_pair(tmp_path / "agent.wav", tmp_path / "caller.wav"))
    assert late_by(read(recording)[1], expected[1]) == 0
    assert (recording.truncated, recording.flaws) == (False, ())


@pytest.mark.parametrize("offset_s", [2.5, -2.5])
def test_an_offset_says_how_two_files_lie_to_each_other(tmp_path, legs, offset_s):
    for name, leg in zip(("caller", "agent"), legs, strict=True):
        soundfile.write(tmp_path / f"{name}.wav", leg, HZ)
    pair = (tmp_path / "agent.wav", tmp_path / "caller.wav")
    plain, moved = read(open_pair(*pair)), open_pair(*pair, offset_s=offset_s)
    late, heard = int(offset_s > 0), read(moved)
    assert moved.length_s == pytest.approx(12.5, abs=0.01)
    assert moved.length == 12.5 * RATE_HZ
    begin = int(2.5 * RATE_HZ)
    assert not heard[late, :begin].any()
    np.testing.assert_array_equal(heard[late, begin : begin + 150_000], plain[late, :150_000])
    np.testing.assert_array_equal(heard[1 - late, :150_000], plain[1 - late, :150_000])


def test_a_picture_longer_than_its_sound_cuts_nothing_short(tmp_path, legs):
    path = write_tracks(tmp_path / "call.mkv", [(legs[0], 0), (legs[1], 0)], picture_s=14)
    recording = open_recording(path)
    assert flaws(recording) == []
    assert recording.length_s == pytest.approx(10.0, abs=0.05)


def test_a_leg_that_ends_long_before_the_other_is_said(tmp_path, legs):
    for name, leg in (("agent", legs[1][: 3 * HZ]), ("caller", legs[0])):
        soundfile.write(tmp_path / f"{name}.wav", leg, HZ)
    recording = open_pair(tmp_path / "agent.wav", tmp_path / "caller.wav")
    assert flaws(recording) == ["agent_shorter"]
    assert recording.flaws[0][1].details == {"missing_s": 7.0}
    assert not recording.truncated


@pytest.mark.parametrize("form", ["AIFF", "W64", "CAF", "AU", "WAV", "RF64"])
def test_a_recording_cut_in_the_middle_is_incomplete_whatever_holds_it(tmp_path, legs, form):
    whole = written(np.stack(legs, axis=1), format=form, subtype="PCM_16")
    path = tmp_path / f"call.{form.lower()}"
    path.write_bytes(whole)
    assert flaws(open_recording(path)) == []
    path.write_bytes(whole[: len(whole) // 2])
    recording = open_recording(path)
    assert flaws(recording) == ["cut_short"]
    assert recording.truncated
    assert recording.flaws[0][1].details["missing_s"] == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize("extra", [8, 36, 44])
def test_a_header_that_counts_itself_promises_no_sound(tmp_path, legs, extra):
    wav = bytearray(written(np.stack(legs, axis=1), format="WAV", subtype="PCM_16"))
    wav[40:44] = struct.pack("<I", struct.unpack("<I", wav[40:44])[0] + extra)
    (tmp_path / "call.wav").write_bytes(wav)
    assert flaws(open_recording(tmp_path / "call.wav")) == []


def test_two_recordings_written_into_one_file_are_not_told_as_one(tmp_path, legs):
    wav = written(np.stack(legs, axis=1), format="WAV", subtype="PCM_16")
    (tmp_path / "call.wav").write_bytes(wav + wav)
    recording = open_recording(tmp_path / "call.wav")
    assert flaws(recording) == ["joined"]
    assert recording.truncated


def test_chained_ogg_is_read_to_its_end(tmp_path, legs):
    both = np.stack(legs, axis=1)
    parts = [written(both[: seconds * HZ], format="OGG", subtype="VORBIS") for seconds in (9, 6)]
    (tmp_path / "call.ogg").write_bytes(b"".join(parts))
    recording = open_recording(tmp_path / "call.ogg")
    assert flaws(recording) == []
    assert recording.length == pytest.approx(15 * RATE_HZ, rel=0.01)
    assert recording.length_s is None


@pytest.mark.parametrize("name", ["call.ul", "call.al", "call.pcm", "call.raw", "call.RAW"])
def test_samples_without_a_header_are_refused_with_what_to_give(tmp_path, legs, name):
    (tmp_path / name).write_bytes(written(np.stack(legs, axis=1), format="RAW", subtype="ULAW"))
    with pytest.raises(InputError, match="--raw ulaw:8000:2"):
        open_recording(tmp_path / name)


def test_a_compressed_file_of_a_headerless_name_is_read_for_what_it_is(tmp_path, legs):
    (tmp_path / "call.pcm").write_bytes(written(np.stack(legs, axis=1), format="FLAC"))
    assert open_recording(tmp_path / "call.pcm").length_s == 10.0


@pytest.mark.parametrize("coding", CODINGS)
def test_raw_samples_are_read_as_they_are_said_to_be_coded(tmp_path, legs, coding):
    subtype, endian = CODINGS[coding]
    soundfile.write(tmp_path / "call", np.stack(legs, axis=1), HZ, format="RAW", subtype=subtype, endian=endian)
    soundfile.write(tmp_path / "call.wav", np.stack(legs, axis=1), HZ)
    heard = read(open_recording(tmp_path / "call", raw=RawFormat.parse(f"{coding}:8000:2")))
    np.testing.assert_allclose(heard, read(open_recording(tmp_path / "call.wav")), atol=0.02)


def test_raw_mono_files_are_a_pair(tmp_path, legs):
    for name, leg in zip(("caller", "agent"), legs, strict=True):
        soundfile.write(tmp_path / name, leg, HZ, format="RAW", subtype="ALAW", endian="FILE")
    files = CallFiles((tmp_path / "agent", tmp_path / "caller"), raw=RawFormat("alaw", HZ, 1))
    assert files.open().length_s == 10.0


@pytest.mark.parametrize("typed", ["", "ulaw", "ulaw:8000", "ulaw:8000:0", "ulaw:8000:3", "ulaw:٨٠٠٠:2", "x:8000:2"])
def test_a_coding_that_is_none_is_refused(typed):
    with pytest.raises(UsageError, match="--raw"):
        RawFormat.parse(typed)


def test_an_unknown_coding_in_wav_is_named(tmp_path):
    head = struct.pack("<HHIIHHH", 0x0133, 2, 8_000, 2_000, 20, 0, 0)
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", 2_000) + bytes(2_000)
    (tmp_path / "call.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    with pytest.raises(InputError, match=r"WAV with G\.729, .* save it as PCM or G\.711"):
        open_recording(tmp_path / "call.wav")


@pytest.fixture(scope="module")
def cases():
    """Files that once gave a traceback or took gigabytes, kept beside the project."""
    folder = Path(os.environ.get("VOICECARE_CASES", ROOT.parent / "shared" / "cases")) / "files"
    if not folder.is_dir():
        absent(f"there are no cases at {folder}; set VOICECARE_CASES")
    return folder


@pytest.mark.data
@pytest.mark.parametrize("name", ["latin1_title.m4a", "id3_utf8_bad.mp3", "info_latin1_unfinished.wav"])
def test_tags_of_another_encoding_are_no_hindrance(cases, name):
    recording = open_recording(cases / name)
    read(recording)
    assert recording.length == pytest.approx(3 * RATE_HZ, rel=0.02)


@pytest.mark.data
def test_hours_that_a_few_bytes_cannot_hold_are_refused(cases):
    recording = open_recording(cases / "audio_778_s_CAF.caf")
    with pytest.raises(InputError, match=r"2\.6 hours of sound in 93 kB"):
        for _ in recording:
            pass
