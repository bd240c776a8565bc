"""What stays of a live call: no more than was asked for, for its owner's eyes, and not for ever."""

from __future__ import annotations

import json
import os
import stat
import time

import numpy as np
import pytest
from report_samples import header, heated

from voicecare.audio.files.recording import open_recording
from voicecare.errors import InputError, OutputError
from voicecare.live import keeping
from voicecare.live.keeping import erase, names, open_folder, places
from voicecare.live.record import Places, Record, Records
from voicecare.session import read
from voicecare.timebase import HOP, Span
from voicecare.types import AudioBlock, Heard, Phrase, TurnEvent


def keep_a_call(folder, keep):
    """Keep the heated call of the samples at a level, with a tone on each leg; return its name."""
    session = heated()
    record = Record(places(folder, keep), header())
    for start in range(0, 40 * HOP, HOP):
        record.hear(AudioBlock(start, np.full((2, HOP), [[0.25], [0.5]], np.float32)))
    for event in session.events:
        record.write(event)
    record.end(session.end, complete=True)
    return names(folder)[-1]


def everything_in(folder):
    return "".join(file.read_text(errors="replace") for file in folder.iterdir())


SAID = [event.text for event in heated().events if isinstance(event, (Heard, Phrase)) and event.text]


@pytest.mark.parametrize(
    ("keep", "files"),
    [
        ("counts", {".counts.json"}),
        ("events", {".counts.json", ".jsonl"}),
        ("text", {".counts.json", ".jsonl"}),
        ("audio", {".counts.json", ".jsonl", ".wav"}),
    ],
)
def test_every_level_keeps_its_own_files_and_nobody_else_may_read_them(tmp_path, keep, files):
    folder = open_folder(tmp_path / "calls", 30)
    name = keep_a_call(folder, keep)
    assert {file.name.removeprefix(name) for file in folder.iterdir()} == files
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_counts_hold_no_word_no_moment_and_no_strain(tmp_path):
    name = keep_a_call(tmp_path, "counts")
    counts = json.loads((tmp_path / f"{name}.counts.json").read_text())
    assert counts["interruptions_by_agent"] == len(
        {e.id for e in heated().events if isinstance(e, TurnEvent) and (e.kind, e.by) == ("interruption", "agent")}
    )
    assert counts["cues_shown"] > 0
    assert all(isinstance(value, int) for value in counts.values())


def test_events_are_kept_without_a_single_word_that_was_said(tmp_path):
    assert SAID
    keep_a_call(tmp_path, "events")
    kept = everything_in(tmp_path)
    assert [text for text in SAID if text in kept] == []


def test_text_is_kept_as_the_session_a_replay_would_write(tmp_path):
    name = keep_a_call(tmp_path, "text")
    assert read(tmp_path / f"{name}.jsonl").events == heated().events


def test_sound_is_kept_as_a_recording_that_can_be_replayed_and_is_silent_where_it_must_be(tmp_path):
    record = Record(Places(sound=tmp_path / "call.wav"), header())
    for start in range(0, 100 * HOP, HOP):
        record.hear(AudioBlock(start, np.full((2, HOP), [[0.25], [0.5]], np.float32)))
        if start == 50 * HOP:
            record.mute("caller", Span(10 * HOP + 7, 20 * HOP))
            record.mute("agent", Span(45 * HOP, 90 * HOP))  # no more than what was heard so far
    record.end(100 * HOP, complete=True)
    agent, caller = np.concatenate([b.samples for b in open_recording(tmp_path / "call.wav")], axis=1)
    assert np.flatnonzero(caller == 0).tolist() == list(range(10 * HOP + 7, 20 * HOP))
    assert np.flatnonzero(agent == 0).tolist() == list(range(45 * HOP, 51 * HOP))
    assert (agent[agent != 0] == 0.25).all()
    assert (caller[caller != 0] == 0.5).all()


def test_calls_older_than_the_days_asked_for_are_gone_at_the_next_start_and_nothing_else_is(tmp_path):
    old, new = keep_a_call(tmp_path, "audio"), keep_a_call(tmp_path, "audio")
    (tmp_path / "notes.txt").write_text("the user's own")
    before = time.time() - 31 * 86_400
    for file in (*tmp_path.glob(f"{old}.*"), tmp_path / "notes.txt"):
        os.utime(file, (before, before))
    open_folder(tmp_path, 30)
    assert names(tmp_path) == [new]
    assert (tmp_path / "notes.txt").exists()


def test_two_calls_that_begin_in_one_second_have_names_of_their_own(tmp_path):
    kept = {keep_a_call(tmp_path, "events") for _ in range(3)}
    assert len(kept) == 3
    assert set(names(tmp_path)) == kept


def test_erasing_a_call_removes_all_of_it_and_no_other(tmp_path):
    first, second = keep_a_call(tmp_path, "audio"), keep_a_call(tmp_path, "audio")
    assert len(erase(tmp_path, first)) == 3
    assert names(tmp_path) == [second]


@pytest.mark.parametrize("name", ["2020-01-01_00-00-00", "../secret", "*", "", "/etc/passwd", "a\nb"])
def test_a_call_that_is_not_kept_is_named_and_nothing_is_removed(tmp_path, name):
    folder = tmp_path / "calls"
    folder.mkdir()
    (tmp_path / "secret.wav").write_text("not a call")
    kept = keep_a_call(folder, "counts")
    with pytest.raises(InputError, match=f"there is no call .*the newest are {kept}"):
        erase(folder, name)
    assert (tmp_path / "secret.wav").exists()
    with pytest.raises(InputError, match="none is kept"):
        erase(tmp_path / "nowhere", name)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot keep calls in .*; choose another with --folder"):
        open_folder(tmp_path / "file" / "calls", 30)


def test_a_record_that_fails_is_said_once_and_the_others_go_on(tmp_path, monkeypatch):
    failures = []
    broken, well = (
        Record(Places(events=tmp_path / "a.jsonl"), header()),
        Record(Places(events=tmp_path / "b.jsonl"), header()),
    )
    monkeypatch.setattr(broken, "write", lambda _event: (_ for _ in ()).throw(OutputError("the disk is full")))
    records = Records([broken, well], failures.append)
    for event in heated().events:
        records.write(event)
    records.end(heated().end, complete=True)
    broken.end(0, complete=False)
    assert failures == ["the disk is full"]
    assert read(tmp_path / "b.jsonl").events == heated().events


def test_what_must_not_be_kept_is_silenced_also_where_the_disk_was_full_meanwhile(tmp_path, monkeypatch):
    record = Record(Places(sound=tmp_path / "call.wav"), header())
    records = Records([record], lambda _why: None)
    loud = np.full((2, HOP), 0.5, np.float32)
    for start in range(0, 20 * HOP, HOP):
        records.hear(AudioBlock(start, loud))
    monkeypatch.setattr(record, "hear", lambda _block: (_ for _ in ()).throw(OutputError("the disk is full")))
    records.hear(AudioBlock(20 * HOP, loud))
    records.mute("caller", Span(5 * HOP, 10 * HOP))
    record.end(20 * HOP, complete=False)
    _, caller = np.concatenate([b.samples for b in open_recording(tmp_path / "call.wav")], axis=1)
    assert not caller[5 * HOP : 10 * HOP].any()


def test_the_default_folder_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert keeping.default_folder().name == "calls"
