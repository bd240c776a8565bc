"""What is erased is gone: from rows, index, logs, recordings and exports, down to the bytes of the files."""

from __future__ import annotations

import random
import zlib
from datetime import timedelta

import pytest
from stores import BEGAN, add, bytes_of, digest, session

from voicecare.commands.cli import run
from voicecare.errors import InputError, UsageError
from voicecare.qa.content import content_hash
from voicecare.qa.store.calls import CallQuery
from voicecare.qa.store.filing import unpacked
from voicecare.qa.store.recordings import seen
from voicecare.qa.store.records import Drawn, NewReview, NewScorecard
from voicecare.qa.store.store import Store

SECRET = "xylophonequartz"  # noqa: S105 - no password
"""A word of the call that is erased, and of no other."""


def recorded(folder, name, content):
    """A file that stands for a recording, and the facts of a call of it."""
    file = folder / name
    file.write_bytes(content)
    return {"files": (str(file),), "content_hash": content_hash([file])}


@pytest.fixture
def full(store, tmp_path):
    """A store of thirty calls, of which one holds the secret wherever people and voicecare may put it."""
    for number in range(30):
        add(store, number, session(f"hello number {number}", f"my order {number} never came " * 20))
    facts = recorded(tmp_path, f"{SECRET}.wav", SECRET.encode() * 100)
    said = session(f"you said {SECRET}", f"{SECRET} " * 40 + "and so on " * 2_000, name=f"{SECRET}.wav")
    call, result = add(
        store, 99, said, **facts, call_id=SECRET, caller_ref=f"ref {SECRET}", agent="ann", extra={"k": SECRET}
    )
    export = tmp_path / "export.csv"
    with store.write() as to:
        to.recordings.remember([seen(tmp_path / f"{SECRET}.wav", facts["content_hash"])])
        to.reviews.add(
            NewReview(call, result, "kim", "correct", "word", "heard:3", value={"text": SECRET}, comment=SECRET)
        )
        to.reviews.add_note(call, "kim", f"she said {SECRET}")
        form = to.scoring.add_form("quality", "Quality", {"Items": []}, "kim")
        to.scoring.add(NewScorecard(call, form, "kim", {"a": {"value": "yes", "comment": SECRET}}))
        to.samples.add("March", "random", [Drawn(call, 0, "all", 1.0)], made_by="kim", seed=1, frame=31, definition={})
        to.samples.save_view("kim", "hers", CallQuery(caller_ref=f"ref {SECRET}").plain())
        to.results.correct(result, to.results.summary(result), upto_review=1)
        to.exports.add(export, "csv", [call, 1], made_by="kim")
    export.write_text(f"call,words\n1,{SECRET}\n")
    return store, call


def places(store, request, tmp_path):
    return [tmp_path] if store.dialect == "sqlite" else [tmp_path, request.getfixturevalue("postgresql")[1]]


def test_no_byte_of_a_call_is_left(full, request, tmp_path):
    store, number = full
    with store.read() as to:
        call = to.calls.get(number)
        packed = to.results.raw(call.current)
    everywhere = places(store, request, tmp_path)
    assert any(SECRET.encode() in content for content in bytes_of(*everywhere).values())
    erased = store.erase([call])
    assert sorted(erased.files) == sorted([str(tmp_path / f"{SECRET}.wav"), str(tmp_path / "export.csv")])
    assert erased.left == ()
    body = zlib.compress(packed, 6)
    kept = bytes_of(*everywhere)
    assert [file for file, content in kept.items() if SECRET.encode() in content] == []
    middle = len(body) // 2
    assert [file for file, content in kept.items() if body[middle : middle + 64] in content] == []
    with store.read() as to:
        assert to.calls.count(CallQuery()) == 30
        assert to.calls.count(CallQuery(search="order")) == 30
        assert to.calls.count(CallQuery(search=SECRET)) == 0
        assert to.graves.stone(call.content_hash).files == 2
        assert len(to.exports.all()) == len(to.samples.views("kim")) == 0


def test_an_erased_call_does_not_come_back(full):
    store, number = full
    with store.read() as to:
        call = to.calls.get(number)
    store.erase([call])
    with pytest.raises(InputError, match="was erased"):
        add(store, 99, content_hash=call.content_hash)


def test_copies_of_a_recording_go_with_it_and_what_is_anothers_stays(store, tmp_path):
    one, copy, shared, reused = (tmp_path / name for name in ("one.wav", "copy.wav", "shared.wav", "reused.wav"))
    for file in (one, copy):
        file.write_bytes(b"a call")
    shared.write_bytes(b"another call")
    reused.write_bytes(b"an old call")
    first, _ = add(store, 1, files=(str(one),), content_hash=content_hash([one]))
    second, _ = add(store, 2, files=(str(reused),), content_hash=content_hash([reused]))
    add(store, 3, files=(str(shared),), content_hash=content_hash([shared]))
    with store.write() as to:
        to.recordings.remember(seen(file, content_hash([file])) for file in (one, copy, shared, reused))
    reused.write_bytes(b"a new call under the old name")
    with store.read() as to:
        both = [to.calls.get(first), to.calls.get(second)]
    erased = store.erase(both)
    assert [copy.exists(), one.exists(), shared.exists(), reused.exists()] == [False, False, True, True]
    assert len(erased.left) == 1
    assert "holds another recording by now" in erased.left[0]


def test_who_reads_for_long_is_waited_for_and_then_said(store, monkeypatch):
    monkeypatch.setattr("voicecare.qa.store.scrubbing.PATIENCE_S", 1)
    call, _ = add(store, 1)
    with store.read() as to:
        erased = store.erase([to.calls.get(call)])
        assert to.calls.count(CallQuery()) in (0, 1)
    assert len(erased.left) == 1
    assert "still being read" in erased.left[0]
    assert store.scrub()


def test_a_recording_may_be_left(store, tmp_path):
    facts = recorded(tmp_path, "call.wav", b"a call")
    call, _ = add(store, 1, **facts)
    with store.read() as to:
        known = to.calls.get(call)
    erased = store.erase([known], recordings=False)
    assert (tmp_path / "call.wav").exists()
    assert erased.files == ()


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak), pytest.param(3, marks=pytest.mark.soak)])
def test_whatever_was_added_and_erased_before_no_byte_stays(tmp_path, seed):
    """Rows of all sizes move between the pages of a database; what was moved must not stay behind where it was."""
    chance = random.Random(seed)
    there = {}
    with Store.open(str(tmp_path / "calls.db")) as store:
        for number in range(60):
            word = f"secret{number:03}{chance.randrange(10**9):09}"
            said = session(word, f"{word} and more " * chance.choice((1, 3, 40, 400)))
            call, result = add(store, number, said, call_id=word, caller_ref=word, files=(f"/nowhere/{word}.wav",))
            with store.write() as to:
                for _ in range(chance.randrange(5)):
                    to.reviews.add_note(call, "kim", f"{word} " * chance.choice((1, 30)))
                    to.reviews.add(NewReview(call, result, "kim", "correct", "word", "heard:1", comment=word))
            there[call] = word
            if chance.random() < 0.3:
                with store.read() as to:
                    gone = [to.calls.get(one) for one in chance.sample(sorted(there), min(3, len(there)))]
                store.erase(gone)
                words = [there.pop(one.id) for one in gone]
                content = b"".join(bytes_of(tmp_path).values())
                assert [word for word in words if word.encode() in content] == []
                assert [word for word in there.values() if word.encode() not in content] == []


def test_what_is_older_than_it_may_be_goes(store, tmp_path):
    old = add(store, 1, sort_at=BEGAN, **recorded(tmp_path, "old.wav", b"old"))
    new = add(store, 2, sort_at=BEGAN + timedelta(days=40), **recorded(tmp_path, "new.wav", b"new"))
    with store.write() as to:
        to.reviews.add_note(new[0], "kim", "kept for good")
        for kind, days in (("recordings", 30), ("sessions", 60), ("calls", 365)):
            to.retention.keep(kind, days)
    at = BEGAN + timedelta(days=31)
    assert store.sweep(at).files == (str(tmp_path / "old.wav"),)
    assert (tmp_path / "new.wav").exists()
    store.sweep(BEGAN + timedelta(days=61))
    with store.read() as to:
        assert to.results.raw(old[1]) is None
        assert to.results.figures(old[1])["duration_s"] == 60
        assert to.results.raw(new[1]) is not None
        assert to.calls.count(CallQuery(search="order")) == 1
    assert store.sweep(BEGAN + timedelta(days=366)).calls == 1
    with store.read() as to:
        assert [stone.why for stone in to.graves.stones()] == ["retention"]
        assert to.calls.get(old[0]) is None
        assert len(to.reviews.notes(new[0])) == 1


def test_a_rule_that_is_none_is_refused(store):
    with store.write() as to:
        for kind, days in (("moods", 1), ("calls", -1), ("calls", float("nan"))):
            with pytest.raises(UsageError):
                to.retention.keep(kind, days)


def test_a_damaged_session_is_said_and_no_bomb():
    with pytest.raises(InputError, match="damaged"):
        unpacked(b"no zlib", 10)
    with pytest.raises(InputError, match="damaged"):
        unpacked(zlib.compress(b"0" * 50_000_000), 10)


def test_the_command_erases_by_name_by_caller_and_by_age(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "own"))
    place = str(tmp_path / "calls.db")
    with Store.open(place) as store:
        for number in range(6):
            add(
                store,
                number,
                **recorded(tmp_path, f"{number}.wav", f"call {number}".encode()),
                call_id=f"C{number // 2}",
            )
    assert run(["erase", "C0", "--store", place]) == 2
    assert "say which: #1 (2026-03-01), #2" in capsys.readouterr().err
    assert run(["erase", "#1", "--store", place]) == 0
    assert capsys.readouterr().out == f"erased {tmp_path / '0.wav'}\nerased 1 calls from the store\n"
    assert run(["erase", "C0", "--store", place, "--keep-recording"]) == 0
    assert (tmp_path / "1.wav").exists()
    assert run(["erase", "--caller", "customer 2", "--store", place]) == 0
    assert run(["erase", "--caller", "nobody", "--store", place]) == 2
    assert run(["erase", "--keep", "recordings=0", "--store", place]) == 0
    assert sorted(file.name for file in tmp_path.glob("*.wav")) == ["1.wav"]
    assert run(["erase", "--keep", "recordings=soon", "--store", place]) == 2
    assert run(["erase", "--store", place]) == 2
    assert run(["erase", digest("nobody"), "--store", place]) == 2
