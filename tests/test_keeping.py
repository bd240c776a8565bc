"""What stays of a live call: no more than was asked for, for its owner's eyes, and not for ever."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from report_samples import header, heated

from voicecare.audio.files.recording import open_recording
from voicecare.audio.files.tape import Tape
from voicecare.errors import InputError, OutputError
from voicecare.live import keeping
from voicecare.live.keeping import erase, names, open_folder, places
from voicecare.live.record import Counts, Places, Records
from voicecare.session import read
from voicecare.timebase import HOP, RATE_HZ, Span
from voicecare.types import AudioBlock, Heard, Phrase, TurnEvent


def keep_a_call(folder, keep):
    """Keep the heated call of the samples at a level, with a tone on each leg; return its name."""
    session = heated()
    record = Records([places(folder, keep)], header(), _never)
    for start in range(0, 40 * HOP, HOP):
        record.hear(AudioBlock(start, np.full((2, HOP), [[0.25], [0.5]], np.float32)))
    for event in session.events:
        record.write(event)
    record.release(40 * HOP)
    record.end(session.end, complete=True)
    return names(folder)[-1]


def _never(error):
    raise error


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
    folder = tmp_path / "calls"
    open_folder(folder, 30)
    name = keep_a_call(folder, keep)
    kept = {file.name.removeprefix(name) for file in folder.iterdir()}
    assert kept == files | {".last-run"}
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


def hops(record, first, last):
    """Let a record hear a tone on each leg, from one hop to before another."""
    for start in range(first * HOP, last * HOP, HOP):
        record.hear(AudioBlock(start, np.full((2, HOP), [[0.25], [0.5]], np.float32)))


def sound_of(path):
    return np.concatenate([b.samples for b in open_recording(path)], axis=1)


def test_sound_is_kept_as_a_recording_that_can_be_replayed_and_is_silent_where_it_must_be(tmp_path):
    record = Records([Places(sound=tmp_path / "call.wav")], header(), _never)
    hops(record, 0, 51)
    record.release(30 * HOP)
    record.mute("caller", Span(10 * HOP + 7, 20 * HOP))  # written already
    record.mute("agent", Span(25 * HOP + 3, 45 * HOP + 9))  # in part
    hops(record, 51, 100)
    record.release(100 * HOP)
    record.end(100 * HOP, complete=True)
    agent, caller = sound_of(tmp_path / "call.wav")
    assert np.flatnonzero(caller == 0).tolist() == list(range(10 * HOP + 7, 20 * HOP))
    assert np.flatnonzero(agent == 0).tolist() == list(range(25 * HOP + 3, 45 * HOP + 9))
    assert (agent[agent != 0] == 0.25).all()
    assert (caller[caller != 0] == 0.5).all()


def test_sound_that_was_not_released_is_in_no_file_whatever_ends_the_call(tmp_path):
    record = Records([Places(sound=tmp_path / "call.wav")], header(), _never)
    hops(record, 0, 100)
    record.release(40 * HOP + 5)
    killed = sound_of(tmp_path / "call.wav")  # as a kill would leave it
    record.end(100 * HOP, complete=False)
    assert killed.shape[1] == sound_of(tmp_path / "call.wav").shape[1] == 40 * HOP


def test_silencing_what_waits_leaves_what_the_pipeline_hears_as_it_was(tmp_path):
    record = Records([Places(sound=tmp_path / "call.wav")], header(), _never)
    block = AudioBlock(0, np.full((2, HOP), 0.5, np.float32))
    record.hear(block)
    record.mute("caller", Span(0, HOP))
    record.release(HOP)
    record.end(HOP, complete=True)
    assert (block.samples == 0.5).all()
    assert not sound_of(tmp_path / "call.wav")[1].any()


@given(st.lists(st.integers(-32_768, 32_767), min_size=2, max_size=50))
def test_what_a_device_gave_in_16_bits_comes_back_as_the_very_samples(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("tape") / "call.wav"
    given = np.tile(np.array(values, np.float32) / 32_768, (2, 1))
    tape = Tape(path)
    tape.push(AudioBlock(0, given))
    tape.close()
    read_back, rate_hz = soundfile.read(path, dtype="float32")
    assert rate_hz == 16_000
    assert (given == read_back.T).all()


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


@pytest.mark.parametrize(("since_days", "removes"), [(1, True), (6.9, True), (8, False), (40, False), (-2, False)])
def test_old_calls_are_removed_only_by_a_clock_that_did_not_leap(tmp_path, since_days, removes):
    """A clock forty days ahead at one start cost every kept call once."""
    open_folder(tmp_path, 30)
    name = keep_a_call(tmp_path, "events")
    old_s = time.time() - 31 * 86_400
    for file in tmp_path.glob(f"{name}*"):
        os.utime(file, (old_s, old_s))
    last_s = time.time() - since_days * 86_400
    os.utime(tmp_path / ".last-run", (last_s, last_s))
    swept = open_folder(tmp_path, 30)
    assert (swept.removed, swept.leapt) == (((name,), False) if removes else ((), True))
    assert names(tmp_path) == ([] if removes else [name])
    assert open_folder(tmp_path, 30).removed == (() if removes else (name,)), "at the next start the clock is believed"


def full(*_):
    raise OutputError("the disk is full")


def no_room(*_):
    raise OSError(errno.ENOSPC, "no room")


def test_when_there_is_room_again_nothing_of_the_events_is_missing(tmp_path, monkeypatch):
    failures, events = [], heated().events
    records = Records([Places(events=tmp_path / "a.jsonl")], header(), failures.append)
    place = records._events[0]._writer._place
    for number, event in enumerate(events):
        with monkeypatch.context() as patched:
            if number % 7 in (2, 3, 4):
                patched.setattr(place, "append", no_room)
            records.write(event)
    records.end(heated().end, complete=True)
    told = read(tmp_path / "a.jsonl")
    assert (told.events, told.complete) == (events, True)
    assert len(failures) == len(range(2, len(events), 7)), "each time it begins, not each event"


def test_what_fails_is_said_once_and_the_rest_goes_on(tmp_path, monkeypatch):
    failures = []
    everything = Places(tmp_path / "a.jsonl", tmp_path / "a.wav", tmp_path / "a.counts.json")
    records = Records([everything, Places(events=tmp_path / "b.jsonl")], header(), failures.append)
    monkeypatch.setattr(records._events[0]._writer._place, "append", no_room)
    monkeypatch.setattr(records._sounds[0], "hear", full)
    hops(records, 0, 3)
    for event in heated().events:
        records.write(event)
    records.end(heated().end, complete=True)
    assert [str(failure).rpartition(": ")[2] for failure in failures] == [
        "the disk is full",
        "no room; free some space",
    ]
    assert read(tmp_path / "b.jsonl").events == heated().events
    kept = json.loads((tmp_path / "a.counts.json").read_text())
    assert kept["complete"] is True
    assert kept["cues_shown"] > 0


def test_what_cannot_be_made_is_said_and_the_rest_is_kept(tmp_path):
    failures = []
    (tmp_path / "a.wav").write_text("taken")
    places = Places(tmp_path / "none" / "a.jsonl", tmp_path / "a.wav", tmp_path / "a.counts.json")
    records = Records([places], header(), failures.append)
    records.end(HOP, complete=True)
    assert [str(error).split(":")[0].split(" ")[:2] for error in failures] == [["cannot", "write"], ["cannot", "keep"]]
    assert json.loads((tmp_path / "a.counts.json").read_text())["complete"] is True


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of a file")
def test_on_a_disk_that_fills_up_the_counts_stay_and_the_sound_ends_with_a_whole_sample(tmp_path):
    """In a process of its own, whose files may not grow beyond 100 kB."""
    call = """
import resource, sys, numpy as np
from pathlib import Path
from report_samples import header, heated
from voicecare.live.record import Places, Records
from voicecare.timebase import HOP
from voicecare.types import AudioBlock
folder = Path(sys.argv[1])
failed = []
records = Records([Places(folder / "a.jsonl", folder / "a.wav", folder / "a.counts.json")], header(), failed.append)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_001, 100_001))
for start in range(0, 100 * HOP, HOP):
    records.hear(AudioBlock(start, np.full((2, HOP), 0.5, np.float32)))
    records.release(start + HOP)
    for event in heated().events:
        records.write(event)
records.end(heated().end, complete=True)
print(len(failed))
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", call, tmp_path], env=environment, capture_output=True, text=True)  # noqa: PLW1510
    assert (done.stdout, done.stderr) == ("2\n", "")
    assert json.loads((tmp_path / "a.counts.json").read_text())["complete"] is True
    assert not read(tmp_path / "a.jsonl").complete
    sound = sound_of(tmp_path / "a.wav")
    assert sound.shape[1] % HOP == 0
    assert (sound == 0.5).all()


def test_counts_are_there_while_the_call_goes_on_and_need_no_new_room_at_its_end(tmp_path):
    kept = Counts(tmp_path / "a.counts.json", header())
    reserved = (tmp_path / "a.counts.json").stat().st_size
    kept.write(next(e for e in heated().events if isinstance(e, TurnEvent) and e.kind == "interruption"))
    kept.hear(AudioBlock(61 * RATE_HZ, np.zeros((2, HOP), np.float32)))
    told = json.loads((tmp_path / "a.counts.json").read_text())
    assert (told["heard_s"], told["complete"]) == (61, False)
    assert (tmp_path / "a.counts.json").stat().st_size == reserved >= 4_096
    kept.end(90 * RATE_HZ, complete=True)
    told = json.loads((tmp_path / "a.counts.json").read_text())
    assert (told["heard_s"], told["complete"]) == (90, True)
    assert (tmp_path / "a.counts.json").stat().st_size < 1_000


def test_two_runs_that_begin_a_call_in_one_second_take_names_of_their_own(tmp_path):
    ready = threading.Barrier(8)

    def begin(_):
        ready.wait()
        return [places(tmp_path, "audio").counts for _ in range(5)]

    with ThreadPoolExecutor(8) as runs:
        taken = [path for paths in runs.map(begin, range(8)) for path in paths]
    assert len(set(taken)) == 40


def test_what_must_not_be_kept_is_silenced_also_where_the_disk_was_full_meanwhile(tmp_path, monkeypatch):
    records = Records([Places(sound=tmp_path / "call.wav")], header(), lambda _why: None)
    hops(records, 0, 20)
    records.release(20 * HOP)
    monkeypatch.setattr(records._sounds[0], "hear", full)
    hops(records, 20, 21)
    records.mute("caller", Span(5 * HOP, 10 * HOP))
    records.end(20 * HOP, complete=False)
    _, caller = sound_of(tmp_path / "call.wav")
    assert not caller[5 * HOP : 10 * HOP].any()


def test_the_default_folder_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert keeping.default_folder().name == "calls"
