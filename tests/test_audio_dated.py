"""When a recording began is taken from the file, where it says so, and from nowhere else."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import soundfile

from voicecare.audio.files.dated import started
from voicecare.audio.files.recording import open_pair, open_recording
from voicecare.commands import cli

av = pytest.importorskip("av")

HZ = 8_000
SOUND = (np.random.default_rng(0).standard_normal((2 * HZ, 2)) * 0.1).astype(np.float32)


def tagged(path, codec, tags, layout="stereo"):
    """Write a compressed file with these tags."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=48_000, layout=layout)
        for name, value in tags.items():
            file.metadata[name] = value
        kind = stream.codec_context.format.name
        samples = np.zeros((2 if kind.endswith("p") else 1, 4_800 if kind.endswith("p") else 9_600))
        frame = av.AudioFrame.from_ndarray(samples.astype("i2" if kind.startswith("s16") else "f4"), kind, layout)
        frame.sample_rate, frame.pts = 48_000, 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def broadcast(path, date=b"2024-03-05", time=b"14:03:22", sound=SOUND):
    """Write a broadcast WAV: a `bext` chunk before the sound (EBU Tech 3285)."""
    soundfile.write(path, sound, HZ, subtype="PCM_16")
    whole = path.read_bytes()
    chunk = struct.pack("<256s32s32s10s8sQH", b"a call", b"recorder", b"1", date, time, 0, 1).ljust(602, b"\0")
    inside = whole[12:36] + struct.pack("<4sI", b"bext", len(chunk)) + chunk + whole[36:]
    path.write_bytes(b"RIFF" + struct.pack("<I", len(inside) + 4) + b"WAVE" + inside)
    return path


def test_a_broadcast_wav_says_when_it_began(tmp_path):
    assert started(broadcast(tmp_path / "call.wav")) == "2024-03-05T14:03:22"
    assert open_recording(tmp_path / "call.wav").started == "2024-03-05T14:03:22"


@pytest.mark.parametrize(
    ("name", "codec", "tags", "said"),
    [
        ("call.m4a", "aac", {"creation_time": "2024-03-05T14:03:22.000000Z"}, "2024-03-05T14:03:22Z"),
        ("call.mka", "flac", {"creation_time": "2024-03-05T14:03:22.000000Z"}, "2024-03-05T14:03:22Z"),
        ("call.flac", "flac", {"date": "2024-03-05 14:03"}, "2024-03-05T14:03:00"),
        ("call.ogg", "flac", {"date": "2024-03-05T14:03:22+0100"}, "2024-03-05T14:03:22+0100"),
        ("call.flac", "flac", {"date": "2024"}, None),
        ("call.flac", "flac", {"date": "2024-03-05"}, None),
        ("call.flac", "flac", {"date": "2024-13-45T25:00:00"}, None),
        ("call.flac", "flac", {"date": "1970-01-01T00:00:00"}, None),
        ("call.flac", "flac", {"date": "=1+1 \x1b[31m"}, None),
        ("call.flac", "flac", {}, None),
    ],
)
def test_tags_say_it_in_one_form_or_not_at_all(tmp_path, name, codec, tags, said):
    assert started(tagged(tmp_path / name, codec, tags)) == said


@pytest.mark.parametrize(("date", "time"), [(b"0000-00-00", b"00:00:00"), (b"\xff" * 10, b"\xff" * 8), (b"", b"")])
def test_a_recorder_that_leaves_its_fields_empty_says_nothing(tmp_path, date, time):
    assert started(broadcast(tmp_path / "call.wav", date, time)) is None


def test_of_two_files_the_first_that_says_it_counts_and_the_offset_is_kept(tmp_path):
    agent = tmp_path / "agent.wav"
    soundfile.write(agent, SOUND[:, 0], HZ)
    caller = broadcast(tmp_path / "caller.wav", sound=SOUND[:, 1])
    call = open_pair(agent, caller, offset_s=0.6)
    assert (call.started, call.offset_s) == ("2024-03-05T14:03:22", 0.6)


def test_session_document_table_and_page_have_both(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    soundfile.write("agent.wav", SOUND[:, 0], HZ)
    broadcast(tmp_path / "caller.wav", sound=SOUND[:, 1])
    files = ["--agent", "agent.wav", "--caller", "caller.wav", "--offset", "0.5", "--no-words"]
    faces = ["--json", "call.json", "--csv", "call.csv", "--html", "call.html", "--session", "call.jsonl"]
    assert cli.run(["replay", *files, *faces]) == 0
    header = json.loads((tmp_path / "call.jsonl").read_text().splitlines()[0])
    assert (header["started"], header["offset_s"]) == ("2024-03-05T14:03:22", 0.5)
    call = json.loads((tmp_path / "call.json").read_text())["call"]
    assert (call["started"], call["offset_s"]) == ("2024-03-05T14:03:22", 0.5)
    assert "2024-03-05T14:03:22" in (tmp_path / "call.csv").read_text()
    assert "Recorded 2024-03-05 14:03:22" in (tmp_path / "call.html").read_text()
