"""Results are written whole or not at all."""

from __future__ import annotations

import os

import pytest

from voicecare.errors import OutputError
from voicecare.saving import Growing, Together, check, check_all, sweep, write_whole


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


def grow(path, text="new"):
    file = Growing(path)
    file.file.write(text)
    file.keep()


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


def test_a_file_grows_in_its_place_and_is_readable_at_any_moment(tmp_path):
    file = Growing(tmp_path / "s")
    file.file.write("one\n")
    file.file.flush()
    assert (tmp_path / "s").read_text() == "one\n"
    file.close()  # as a kill would
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_file_that_stands_there_stays_until_the_new_one_is_whole(tmp_path):
    (tmp_path / "s").write_text("earlier")
    file = Growing(tmp_path / "s")
    file.file.write("one\n")
    file.file.flush()
    assert (tmp_path / "s").read_text() == "earlier"
    file.close()  # as a kill would
    assert (tmp_path / "s.unfinished").read_text() == "one\n"
    grow(tmp_path / "s")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"s": "new"}


def died(path, text):
    """What a killed run leaves of this name."""
    file = Growing(path)
    file.file.write(text)
    file.close()


def test_what_a_run_that_died_left_is_moved_aside_and_dropped_only_when_the_next_is_whole(tmp_path):
    path = tmp_path / "s"
    path.write_text("earlier")
    died(path, "first")
    died(path, "second")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {
        "s": "earlier",
        "s.unfinished": "second",
        "s.unfinished-1": "first",
    }
    (tmp_path / "s.unfinished-of mine").write_text("mine")
    grow(path)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"s": "new", "s.unfinished-of mine": "mine"}


def test_what_cannot_be_heard_again_stays_aside_and_what_holds_nothing_does_not(tmp_path):
    path = tmp_path / "s"
    path.write_text("earlier")
    died(path, "a live call")
    died(path, "")
    file = Growing(path, once=True)
    file.file.write("the next")
    file.keep()
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"s": "the next", "s.unfinished-1": "a live call"}


def test_what_is_discarded_leaves_what_was_there(tmp_path):
    Growing(tmp_path / "a").discard()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "a").write_text("earlier")
    Growing(tmp_path / "a").discard()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "earlier"}


@pytest.mark.skipif(os.name != "posix", reason="there are no locks on files on this system")
@pytest.mark.parametrize("earlier", [False, True])
def test_one_file_grows_for_one_run_at_a_time(tmp_path, earlier):
    if earlier:
        (tmp_path / "s").write_text("earlier")
    first = Growing(tmp_path / "s")
    with pytest.raises(OutputError, match="another run is writing it"):
        Growing(tmp_path / "s")
    first.file.write("first")
    first.keep()
    assert (tmp_path / "s").read_text() == "first"
    grow(tmp_path / "s", "second")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"s": "second"}


@pytest.mark.parametrize(
    ("name", "said"), [("x" * 256, "256 bytes"), ("長" * 86, "258 bytes"), ("a\0b", "zero byte"), ("x" * 5000, "bytes")]
)
def test_a_name_that_cannot_be_one_is_refused_before_work(tmp_path, name, said):
    with pytest.raises(OutputError, match=said):
        check(tmp_path / name)


def test_a_name_of_the_longest_kind_grows_and_is_written(tmp_path):
    for name in ("x" * 255, "長" * 85):
        check(tmp_path / name)
        write_whole(tmp_path / name, "one")
        grow(tmp_path / name, "two")
        assert (tmp_path / name).read_text() == "two"
