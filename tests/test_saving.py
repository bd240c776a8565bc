"""Results are written whole or not at all."""

from __future__ import annotations

import os

import pytest

from voicecare.errors import OutputError
from voicecare.saving import check, check_all, write_whole


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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names on this system")
def test_a_device_or_a_pipe_is_refused_for_it_would_be_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(os.devnull)
    for path in (tmp_path / "pipe", tmp_path / "link"):
        with pytest.raises(OutputError, match="a device or a pipe"):
            check(path)


def test_two_results_for_one_file_are_refused_by_whatever_way_it_is_named(tmp_path):
    one, again = tmp_path / "a.json", tmp_path / "." / "x" / ".." / "a.json"
    (tmp_path / "x").mkdir()
    check_all([one, tmp_path / "b.json"], [])
    with pytest.raises(OutputError, match="cannot write two results to"):
        check_all([one, again], [])
