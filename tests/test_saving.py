"""Results are written whole or not at all."""

from __future__ import annotations

import os

import pytest
from test_growing import grow

from voicecare.errors import OutputError
from voicecare.saving import Together, check, check_all, sweep, write_whole


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


def test_a_file_that_was_open_to_others_is_replaced_by_one_that_is_not(tmp_path):
    for write in (lambda path: write_whole(path, "new"), grow):
        (tmp_path / "a").write_text("before")
        (tmp_path / "a").chmod(0o644)
        write(tmp_path / "a")
        assert (tmp_path / "a").read_text() == "new"
        if os.name == "posix":
            assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_link_is_replaced_and_what_it_points_at_stays(tmp_path):
    for write in (lambda path: write_whole(path, "new"), grow):
        (tmp_path / "elsewhere").write_text("another's")
        (tmp_path / "a").unlink(missing_ok=True)
        (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
        write(tmp_path / "a")
        assert not (tmp_path / "a").is_symlink()
        assert ((tmp_path / "a").read_text(), (tmp_path / "elsewhere").read_text()) == ("new", "another's")


def test_results_of_one_call_are_put_in_place_together_or_not_at_all(tmp_path):
    (tmp_path / "a").write_text("before")
    with Together() as results:
        results.write(tmp_path / "a", "new")
        with pytest.raises(UnicodeEncodeError):
            results.write(tmp_path / "b", "\ud800")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "before"}


@pytest.mark.skipif(os.name != "posix", reason="there are no locks on files on this system")
def test_parts_of_dead_runs_are_swept_and_those_of_living_ones_stay(tmp_path):
    dead, other = tmp_path / ".voicecare-dead.part", tmp_path / "download.part"
    dead.write_text("half")
    other.write_text("another program's")
    with Together() as results:
        results.write(tmp_path / "a", "whole")
        check_all([tmp_path / "b"], [])
        assert not dead.exists()
        results.keep()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "download.part"]


@pytest.mark.skipif(os.name != "posix", reason="there are no links without rights on other systems")
def test_a_link_or_a_pipe_that_looks_like_a_part_is_left_alone(tmp_path):
    (tmp_path / "kept").write_text("kept")
    (tmp_path / ".voicecare-link.part").symlink_to(tmp_path / "kept")
    os.mkfifo(tmp_path / ".voicecare-pipe.part")
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("name", "said"), [("x" * 256, "256 bytes"), ("長" * 86, "258 bytes"), ("a\0b", "zero byte"), ("x" * 5000, "bytes")]
)
def test_a_name_that_cannot_be_one_is_refused_before_work(tmp_path, name, said):
    with pytest.raises(OutputError, match=said):
        check(tmp_path / name)
