"""The diary is the agent's: one file, for its owner's eyes, and what is erased is gone from the file."""

from __future__ import annotations

import os
import sqlite3
import sys
from datetime import date

import pytest
from care_samples import NOON_S

from voicecare.care.diary import MOST_TEXT, Diary, day_of, erase
from voicecare.care.fields import TABLES
from voicecare.errors import InputError, OutputError

needs_modes = pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")


@needs_modes
def test_file_and_folder_are_for_their_owner_alone_whatever_they_were(tmp_path):
    path = tmp_path / "own" / "care.db"
    path.parent.mkdir(mode=0o700)
    path.touch(0o644)
    before = os.umask(0)
    try:
        with Diary(path) as diary:
            diary.add("energy", NOON_S, value=4)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["care.db"]


@needs_modes
def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / "care.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(OutputError, match="cannot open the diary"):
        Diary(tmp_path / "care.db")
    assert not (tmp_path / "elsewhere.db").exists()


def test_rows_are_found_by_day(tmp_path):
    with Diary(tmp_path / "care.db") as diary:
        diary.add("thanks", NOON_S, text="one")
        diary.add("thanks", NOON_S + 3 * 86_400, text="two")
        first = date.fromisoformat(day_of(NOON_S))
        assert [row["text"] for row in diary.rows("thanks", first, first)] == ["one"]
        assert [row["text"] for row in diary.rows("thanks")] == ["one", "two"]


def test_what_is_removed_is_gone_from_the_file(tmp_path):
    path = tmp_path / "care.db"
    with Diary(path) as diary:
        number = diary.add("moments", NOON_S, note="quizzaciously")
        diary.add("moments", NOON_S, note="other")
        assert b"quizzaciously" in path.read_bytes()
        diary.remove("moments", number)
    assert b"quizzaciously" not in path.read_bytes()


def test_erase_removes_the_diary_and_its_pages(tmp_path):
    path = tmp_path / "care.db"
    Diary(path).close()
    for page in ("day.html", "week.html"):
        (tmp_path / page).write_text("x")
    (tmp_path / "other.txt").write_text("stays")
    assert {file.name for file in erase(path)} == {"care.db", "day.html", "week.html"}
    assert [file.name for file in tmp_path.iterdir()] == ["other.txt"]
    assert erase(path) == []


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be read as one" * 40, b"SQLite format 3\0broken"]
)
def test_another_file_is_no_diary(tmp_path, content):
    path = tmp_path / "care.db"
    path.write_bytes(content)
    with pytest.raises(InputError, match="care erase"):
        Diary(path)


def test_a_diary_of_a_later_version_is_left_alone(tmp_path):
    path = tmp_path / "care.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(InputError, match="later version"):
        Diary(path)


def test_the_file_has_the_fields_that_are_named_and_no_other(tmp_path):
    path = tmp_path / "care.db"
    Diary(path).close()
    database = sqlite3.connect(path)
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")] for table in tables}
    database.close()
    assert found == {table: ["id", *(field.name for field in fields)] for table, fields in TABLES.items()}


def test_a_text_without_end_is_cut_and_an_unknown_field_refused():
    with Diary(None) as diary:
        diary.add("moments", NOON_S, note="x" * 10 * MOST_TEXT)
        assert len(diary.rows("moments")[0]["note"]) == MOST_TEXT
        with pytest.raises(ValueError, match="no field mood"):
            diary.add("moments", NOON_S, mood=3)
