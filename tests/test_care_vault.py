"""A diary under a passphrase: nothing of it is on the disk in the open, and another passphrase opens nothing."""

from __future__ import annotations

import pytest
from care_samples import NOON_S

from voicecare.care.diary import GIVEN_IN, Diary
from voicecare.care.vault import MAGIC, is_sealed
from voicecare.commands.cli import run
from voicecare.errors import InputError, UsageError

pytest.importorskip("cryptography")
WORD, SECRET = "quizzaciously", "eight or more"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "own" / "care.db"


def everything_on_disk(path):
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_what_is_written_is_never_on_the_disk_in_the_open(path):
    with Diary(path, SECRET) as diary:
        diary.add("moments", NOON_S, note=WORD)
        assert WORD.encode() not in everything_on_disk(path)
    assert is_sealed(path)
    assert path.stat().st_mode & 0o077 == 0
    with Diary(path, SECRET) as diary:
        assert [row["note"] for row in diary.rows("moments")] == [WORD]


def test_two_at_once_lose_nothing_of_each_other(path):
    with Diary(path, SECRET) as tray, Diary(path, SECRET) as command:
        tray.add("thanks", NOON_S, text="one")
        command.add("thanks", NOON_S + 1, text="two")
        tray.add("thanks", NOON_S + 2, text="three")
        assert [row["text"] for row in command.rows("thanks")] == ["one", "two", "three"]


def test_another_passphrase_none_and_a_short_one_open_nothing(path):
    Diary(path, SECRET).close()
    with pytest.raises(InputError, match="passphrase is not"):
        Diary(path, "another one")
    with pytest.raises(InputError, match="is sealed"):
        Diary(path)
    with pytest.raises(UsageError, match="8 characters"):
        Diary(path, "short")


@pytest.mark.parametrize("broken", ["", "!!!!", "AAAA", "A" * 400])
def test_a_file_that_was_changed_is_named_and_not_believed(path, broken):
    Diary(path, SECRET).close()
    path.write_text(MAGIC + broken)
    with pytest.raises(InputError, match="care"):
        Diary(path, SECRET)


def test_lock_and_unlock_leave_one_file_and_no_trace(path, monkeypatch, capsys):
    with Diary(path) as diary:
        diary.add("thanks", NOON_S, text=WORD)
    place = ["--diary", str(path)]
    assert run(["care", "lock", *place]) == 2
    assert GIVEN_IN in capsys.readouterr().err
    monkeypatch.setenv(GIVEN_IN, SECRET)
    assert run(["care", "lock", *place]) == 0
    assert WORD.encode() not in everything_on_disk(path)
    assert run(["care", "lock", *place]) == 2
    assert run(["care", "show", *place]) == 0
    assert WORD in capsys.readouterr().out
    monkeypatch.delenv(GIVEN_IN)
    assert run(["care", "show", *place]) == 2
    monkeypatch.setenv(GIVEN_IN, SECRET)
    assert run(["care", "unlock", *place]) == 0
    assert run(["care", "unlock", *place]) == 2
    assert not is_sealed(path)
    with Diary(path) as diary:
        assert [row["text"] for row in diary.rows("thanks")] == [WORD]
