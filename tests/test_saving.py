"""Results are written whole or not at all."""

from __future__ import annotations

import os

import pytest

from voicecare.errors import OutputError
from voicecare.saving import check, write_whole


def test_a_file_is_written_for_its_owner_and_nothing_else_is_left(tmp_path):
    write_whole(tmp_path / "a.json", "whole\n")
    assert (tmp_path / "a.json").read_text() == "whole\n"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
    if os.name == "posix":
        assert (tmp_path / "a.json").stat().st_mode & 0o077 == 0


def test_a_failed_write_keeps_what_was_there_and_leaves_no_part(tmp_path):
    (tmp_path / "a.json").write_text("before")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "a.json", "\ud800")
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_text() == "before"


def test_a_folder_a_missing_folder_and_the_recording_itself_are_refused_before_work(tmp_path):
    recording = tmp_path / "call.wav"
    recording.write_bytes(b"RIFF")
    for path, words in ((tmp_path, "it is a folder"), (tmp_path / "no" / "x", "no folder"), (recording, "itself")):
        with pytest.raises(OutputError, match=words):
            check(path, [recording])
