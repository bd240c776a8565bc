"""Files from anywhere: one line and exit code 2 or a result, within bounds, and a bad one never ends a batch."""

from __future__ import annotations

import contextlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest
import report_samples as calls
import soundfile
from conftest import absent

from voicecare import session as sessions
from voicecare.audio.files import decode_av
from voicecare.audio.files.decode import check_length
from voicecare.audio.files.recording import open_recording
from voicecare.catalogue.terminal import legible, one_line
from voicecare.commands.cli import run
from voicecare.config import settings
from voicecare.errors import InputError
from voicecare.session import SessionWriter


@pytest.fixture
def cases(data_dir) -> Path:
    folder = data_dir.parent / "cases" / "files"
    if not folder.is_dir():
        absent(f"there are no cases at {folder}")
    return folder


def refused(arguments: list[str], capsys) -> str:
    """Run a command that must end in one legible line and exit code 2."""
    capsys.readouterr()
    assert run(arguments) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith("voicecare: ")
    assert "Traceback" not in told
    assert len(told) < 700
    return told


TOML = {
    "400 digits": f"[cues]\nmin_gap_s = {'9' * 400}\n",
    "400 digits of a whole number": f"[cues]\nmax_per_call = {'9' * 400}\n",
    "5000 digits": f"[cues]\nmin_gap_s = {'9' * 5000}\n",
    "hex": f"[words]\nredact = 0x{'f' * 5000}\n",
    "hex for a number": f"[cues]\nmin_gap_s = 0x{'f' * 5000}\n",
    "hex for a text": f"[words]\nphone_regions = 0x{'f' * 5000}\n",
    "nested lists": "a = " + "[" * 9_000,
    "nested tables": "a = " + "{a = " * 9_000,
    "dotted": f"{'.'.join(['a'] * 20_000)} = 1\n",
    "dotted with spaces": f"{' . '.join(['a'] * 9_000)} = 1\n",
    "dotted header": f"[{'.'.join(['a'] * 20_000)}]\n",
    "dotted behind a quoted #": f'"#".{".".join(["a"] * 20_000)} = 1\n',
    "a section of a section": f"[cues.{'.'.join(['a'] * 40)}]\nx = 1\n",
    "a list of numbers": f"cues = [{'0x' + 'f' * 5000}]\n",
    "a name of 9 kB": f"{'x' * 9_000} = 1\n",
    "a long setting": f"[cues]\n{'x' * 9_000} = 1\n",
    "not UTF-8": b"[cues]\nmin_gap_s = 1 # \xfc\n",
    "NUL": b"[cues]\nmin_gap_s = \x00\n",
    "over a megabyte": "# nothing\n" * 120_000,
    "one line of 2 MB": "#" * 2_000_000,
    "nan": "[cues]\nmin_gap_s = nan\n",
}


@pytest.mark.parametrize("name", TOML)
def test_a_settings_file_of_any_shape_is_refused_in_one_line(name, tmp_path, capsys):
    file = tmp_path / "s.toml"
    content = TOML[name]
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = refused(["config", str(file)], capsys)
    assert ("dots" in told) == name.startswith("dotted")  # refused before TOML's reader sees them


def test_dots_that_rule_off_a_comment_and_long_comments_are_no_dotted_key(tmp_path):
    file = tmp_path / "s.toml"
    file.write_text(f"# {'.' * 200}\n# see 1.2 and 3.4\n[cues]\nmin_gap_s = 10.5 # s\n")
    assert settings.load(file).cues.min_gap_s == 10.5


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "x/" * 3_000, "\udcff"])
@pytest.mark.parametrize("command", [["config"], ["replay"], ["report", "--json", "-"], ["explain", "--at", "1"]])
def test_a_name_no_system_has_is_one_line_whatever_it_is_given_for(command, name, capsys):
    refused([*command, name], capsys)


def stereo(path: Path, seconds: float = 3.0, rate_hz: int = 8_000, **how) -> Path:
    sound = np.random.default_rng(1).normal(0, 0.02, (round(seconds * rate_hz), 2))
    soundfile.write(path, sound, rate_hz, **how)
    return path


def tagged_wav(path: Path, title: bytes) -> Path:
    """A WAV that was never completed, so that FFmpeg reads it, with a title in its INFO list."""
    raw = bytearray(stereo(path).read_bytes())
    text = title + b"\0" * (2 - len(title) % 2)
    info = b"INFO" + b"INAM" + struct.pack("<I", len(text)) + text
    at = raw.index(b"data")
    raw[at + 4 : at + 8] = b"\0\0\0\0"
    path.write_bytes(bytes(raw[:at]) + b"LIST" + struct.pack("<I", len(info)) + info + bytes(raw[at:]))
    return path


@pytest.mark.parametrize("title", ["Gespräch".encode("latin-1"), b"\xff\xfe\xfd", "通話".encode("big5")])
def test_a_title_in_another_encoding_does_not_keep_a_call_from_being_heard(title, tmp_path):
    recording = open_recording(tagged_wav(tmp_path / "call.wav", title))
    assert sum(block.samples.shape[1] for block in recording) >= 3 * 16_000


def test_hours_that_a_small_file_claims_are_refused_before_they_are_decoded(tmp_path):
    silent = tmp_path / "silent.flac"
    soundfile.write(silent, np.zeros((8_000 * 60, 2)), 8_000)
    assert sum(1 for _ in open_recording(silent)) > 0  # the smallest real recording there is: a minute of nothing
    with pytest.raises(InputError, match=r"50\.0 hours of sound in 2 kB"):
        check_length(silent, 180_000.0)
    claimed = bytearray(silent.read_bytes())
    claimed[21] |= 0x0F  # the count of samples, 36 bits in STREAMINFO
    claimed[22:26] = b"\xff\xff\xff\xff"
    silent.write_bytes(claimed)
    with pytest.raises(InputError, match="hours of sound"):
        open_recording(silent)


def test_a_place_before_the_start_of_a_file_is_refused_without_a_word_of_the_library(tmp_path, capfd):
    path = stereo(tmp_path / "call.w64", format="W64", subtype="PCM_16")
    raw = path.read_bytes()
    at = raw.index(b"data")
    path.write_bytes(raw[: at + 16] + b"\x00\x00\x00\x00\x00\x00\x00\x80" + raw[at + 24 :])
    with contextlib.suppress(InputError):
        list(open_recording(path))
    assert capfd.readouterr().err == ""
    with path.open("rb") as file:
        assert decode_av._careful_seek(file)(-1, 0) < 0


def test_a_bad_file_never_ends_a_batch(tmp_path, capsys):
    good, bad, empty = stereo(tmp_path / "good.wav"), tmp_path / "b\x1b[2J\u202ead.wav", tmp_path / "empty.wav"
    bad.write_bytes(b"RIFF\x00\x00\x00\x00WAVEnothing")
    empty.write_bytes(b"")
    names = [str(bad), str(tmp_path / ("x" * 300)), str(empty), str(good)]
    assert run(["replay", *names, "--no-words"]) == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 3
    assert "good.wav" in told.out
    assert all(letter.isprintable() or letter == "\n" for letter in told.err + told.out)


def test_a_bad_session_never_ends_a_batch(tmp_path, capsys):
    good = tmp_path / "good.jsonl"
    with SessionWriter(good, calls.header()) as writer:
        writer.end(16_000, complete=True)
    bad, table = tmp_path / "b\x1b[2Jad.jsonl", tmp_path / "t.csv"
    bad.write_text("nothing\n")
    assert run(["report", str(bad), str(tmp_path / ("x" * 300)), str(good), "--csv", str(table)]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 2
    assert "\x1b" not in told
    assert len(table.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * 9_000_000, "longer than any event"),
        (b'{"type":"health","at":1,"kind":"leak"}\n' * 130_000, "more than 120,000 lines"),
        (b'{"type":"health","at":1,"kind":"leak","note":"' + b"x" * 3_000_000 + b'"}\n' * 1, None),
        (b"[" * 100_000 + b"\n", "not JSON"),
        (b'{"type":"health","at":' + b"9" * 5_000 + b',"kind":"leak"}\n', "not JSON"),
        (b"\n" * 51_000_000, "larger than 50 MB"),
    ],
)
def test_a_session_without_end_is_refused_plainly(content, said, tmp_path, capsys):
    file = tmp_path / "s.jsonl"
    with SessionWriter(file, calls.header()):
        pass
    with file.open("ab") as out:
        out.write(content)
    if said is None:
        assert len(sessions.read(file).events) == 1
        return
    assert said in refused(["report", str(file), "--html", str(tmp_path / "x.html")], capsys)


NAMES = ["a\x1b[31mb", "a\u202eb", "a\u2066b\u2069", "a\x9b2Jb", "a\x07\x08b", "a\ud800b", "a\nb", "a\u200fb"]


@pytest.mark.parametrize("name", NAMES)
def test_what_reaches_a_terminal_has_no_escape_no_control_and_no_mark_of_direction(name):
    assert all(letter.isprintable() for letter in legible(name))
    assert one_line(name).count("\n") == 0
    assert legible("Größe 通話 – “ok”") == "Größe 通話 – “ok”"


@pytest.mark.parametrize("name", NAMES[:5])
def test_a_command_that_meets_a_name_prints_it_legibly(name, tmp_path, capsys):
    call = stereo(tmp_path / f"{name}.wav")
    session = tmp_path / f"{name}.jsonl"
    assert run(["replay", str(call), "--no-words", "--session", str(session)]) == 0
    assert run(["explain", str(session), "--at", "1"]) == 0
    assert run(["report", str(session), "--json", str(tmp_path / f"{name}.json")]) == 0
    assert run(["replay", str(tmp_path / f"{name}.absent"), "--no-words"]) == 2
    assert run(["config", str(tmp_path / f"{name}.toml")]) == 2
    told = capsys.readouterr()
    assert all(letter.isprintable() or letter == "\n" for letter in told.out + told.err)


@pytest.mark.data
@pytest.mark.parametrize("name", ["int400", "hexbig", "nested", "nested2", "dotted"])
def test_the_settings_that_gave_a_traceback_or_took_gigabytes_are_one_line(cases, name, capsys):
    refused(["config", str(cases / f"{name}.toml")], capsys)


@pytest.mark.data
@pytest.mark.parametrize("name", ["latin1_title.m4a", "id3_utf8_bad.mp3", "info_latin1_unfinished.wav"])
def test_the_tags_that_gave_a_traceback_do_not_keep_their_calls_from_being_heard(cases, name, tmp_path):
    out = tmp_path / "x.json"
    assert run(["replay", str(cases / name), "--no-words", "--json", str(out)]) == 0
    assert json.loads(out.read_text())["call"]["duration_s"] > 2.0


@pytest.mark.data
def test_the_tier_file_and_the_claim_of_fifty_hours_are_one_line(cases, tmp_path, capsys):
    session = tmp_path / "s.jsonl"
    with SessionWriter(session, calls.header()) as writer:
        writer.end(16_000, complete=True)
    assert "encoding" in refused(["report", str(session), "--corrected", str(cases / "eaf_multibyte.eaf")], capsys)
    assert "hours of sound in 93 kB" in refused(["replay", str(cases / "audio_778_s_CAF.caf"), "--no-words"], capsys)
