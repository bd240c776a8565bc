"""What grows while a call lasts: readable at any moment, and what stood there stays until it is whole."""

from __future__ import annotations

import os

import pytest

from voicecare.errors import OutputError
from voicecare.growing import Growing
from voicecare.saving import check, write_whole


def grow(path, text="new"):
    file = Growing(path)
    file.file.write(text)
    file.keep()


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


def test_a_name_of_the_longest_kind_grows_and_is_written(tmp_path):
    for name in ("x" * 255, "長" * 85):
        check(tmp_path / name)
        write_whole(tmp_path / name, "one")
        grow(tmp_path / name, "two")
        assert (tmp_path / name).read_text() == "two"
