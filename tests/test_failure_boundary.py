"""Whatever fails in the middle of a call: it is never complete, never silent, never a traceback."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from itertools import count

import numpy as np
import pytest
from edges import Scribe, edges
from played_calls import demo_hops, live_run

from voicecare import recorded
from voicecare.assembly import Choices
from voicecare.audio.files.recording import Recording
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands import cli
from voicecare.config import Config
from voicecare.cue.viewmodel import ViewModel, Wishes
from voicecare.engine import Engine
from voicecare.errors import InputError, StageError
from voicecare.lanes import LiveLane, LoggedLane, ReplayLane, WordsMayFail
from voicecare.live import run as live
from voicecare.session import read
from voicecare.speech import pipeline
from voicecare.speech.cues.cues import Cues
from voicecare.speech.words.intake import Intake
from voicecare.timebase import HOP, Span, samples
from voicecare.types import Health, Heard, Request, TurnEvent

DEMO = "voicecare/demo/call.flac"
CARD = "4716 8093"


@pytest.fixture(scope="module")
def demo():
    return demo_hops()


class Fails:
    """Stands before a part and fails when it was used `times` times; the error quotes what was said."""

    def __init__(self, part, times=0, error=KeyError):
        self._part, self._times, self._error = part, times, error

    def __getattr__(self, name):
        self._times -= 1
        if self._times < 0:
            raise self._error(CARD)
        return getattr(self._part, name)


class Deafened(Scribe):
    """A recogniser that fails when it has heard `times` requests."""

    def __init__(self, times):
        super().__init__()
        self._left = times

    def hear(self, request):
        self._left -= 1
        if self._left < 0:
            raise KeyError(CARD)
        return super().hear(request)


@pytest.fixture
def breaks(monkeypatch):
    """Let a stage fail, in replay and live; returns a function that says which, after how many uses, in which engines.

    The words of a call never reach a log: the stand-ins' error quotes them.
    """

    def inject(stage, times, engines=1):
        built = count()

        def parts(*_):
            whole, name = edges(), {"head": "arousal_head", "words": "sentiment"}.get(stage, stage)
            if not hasattr(whole, name) or next(built) >= engines:
                return whole
            return dataclasses.replace(whole, **{name: Fails(getattr(whole, name), times)})

        def cues(config):
            return Fails(Cues(config), times) if stage == "cue" and next(built) < engines else Cues(config)

        recogniser = Deafened(times) if stage == "recogniser" else Scribe()
        monkeypatch.setattr(pipeline, "Cues", cues)
        for module in (recorded, live):
            monkeypatch.setattr(module, "build_edges", parts)
            monkeypatch.setattr(module, "build_recogniser", lambda *_: recogniser)
            monkeypatch.setattr(module, "for_call", lambda same: same)
            monkeypatch.setattr(module, "model_versions", lambda _: {})

    return inject


STAGES = [("voice", 20), ("pitch", 3), ("head", 60), ("recogniser", 3), ("cue", 300), ("words", 2)]


@pytest.mark.parametrize(("stage", "times"), STAGES)
def test_a_stage_that_fails_in_a_replay_ends_it_with_one_line_and_what_was_heard_is_written_and_marked(
    breaks, capsys, tmp_path, stage, times
):
    breaks(stage, times)
    files = {name: tmp_path / f"call.{name}" for name in ("json", "html", "csv", "session")}
    asked = [text for name, path in files.items() for text in (f"--{name}", str(path))]
    assert cli.run(["replay", DEMO, *asked]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("voicecare: call.flac: ")
    assert " failed (KeyError" in line
    session = read(files["session"])
    assert not session.complete
    assert session.end > 0
    assert session.events[-1].kind == "stage_failed"
    assert json.loads(files["json"].read_text())["call"]["complete"] is False
    assert all(file.stat().st_size for file in files.values())
    assert not [file for file in files.values() if CARD in file.read_text()]


@pytest.mark.parametrize(("stage", "times"), [one for one in STAGES if one[0] != "recogniser"])
def test_a_stage_that_fails_live_is_said_and_a_fresh_engine_hears_the_rest(breaks, demo, tmp_path, stage, times):
    breaks(stage, times)
    places = {"session": tmp_path / "call.jsonl", "folder": tmp_path / "calls"}
    run = live_run(demo, Wishes(), models=Choices(), **places)
    run.run()
    first, second = (read(tmp_path / name) for name in ("call.jsonl", "call-2.jsonl"))
    failed = first.events[-1]
    assert (failed.kind, first.complete) == ("stage_failed", False)
    assert failed in run.face.events
    assert (second.events[0].note, second.complete) == ("began_anew", False)
    assert first.end + second.end >= (len(demo) - 2) * HOP
    assert any(isinstance(event, TurnEvent) for event in second.events)
    (said,) = run.failures
    assert "failed (KeyError" in said
    kept = [json.loads(file.read_text())["complete"] for file in (tmp_path / "calls").glob("*.counts.json")]
    assert kept == [False, False]
    assert CARD not in "".join(file.read_text() for file in tmp_path.rglob("*.json*"))


def test_a_recogniser_that_fails_live_costs_the_words_and_the_record_says_so(breaks, demo, tmp_path):
    breaks("recogniser", 3)
    run = live_run(demo, Wishes(), models=Choices(), session=tmp_path / "call.jsonl")
    run.run()
    session = read(tmp_path / "call.jsonl")
    assert not session.complete
    assert session.end == len(demo) * HOP
    assert [e.note for e in session.events if isinstance(e, Health) and e.kind == "stage_failed"] == ["no_words"]
    assert [line for line in run.failures if line.startswith("the recogniser failed (KeyError")] == run.failures != []


def test_a_redactor_that_fails_live_costs_the_words_too(breaks, demo, monkeypatch, tmp_path):
    breaks("no stage", 0)
    monkeypatch.setattr(Intake, "take", lambda *_: 1 / 0)
    run = live_run(demo, Wishes(), models=Choices(), session=tmp_path / "call.jsonl")
    run.run()
    session = read(tmp_path / "call.jsonl")
    assert not session.complete
    assert session.end == len(demo) * HOP
    assert not [e for e in session.events if isinstance(e, Heard)]


@pytest.mark.parametrize("times", [0, 40])
def test_engines_that_fail_one_after_the_other_are_not_begun_without_end(breaks, demo, tmp_path, times):
    breaks("voice", times, engines=1_000)
    run = live_run(demo, Wishes(), session=tmp_path / "call.jsonl")
    with pytest.raises(StageError, match="failed"):
        run.run()
    assert run.face.calls == live.MOST_FAILURES + 1
    assert run.face.events[-1].kind == "stage_failed"
    assert not any(read(file).complete for file in tmp_path.glob("*.jsonl"))


def test_an_engine_that_cannot_even_be_built_is_no_traceback_either(monkeypatch, demo, capsys):
    monkeypatch.setattr(live, "build_edges", lambda *_: 1 / 0)
    run = live_run(demo, Wishes())
    with pytest.raises(StageError, match="ZeroDivisionError"):
        run.run()
    assert run.face.events[-1].kind == "stage_failed"
    monkeypatch.setattr(recorded, "build_edges", lambda *_: 1 / 0)
    assert cli.run(["replay", DEMO, "--no-words"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_source_that_fails_ends_the_run_with_its_reason(breaks, demo, tmp_path):
    breaks("no stage", 0)
    run = live_run(demo, Wishes(), {300: lambda: 1 / 0}, session=tmp_path / "call.jsonl")
    with pytest.raises(StageError, match="ZeroDivisionError"):
        run.run()
    assert not read(tmp_path / "call.jsonl").complete


def test_a_face_that_fails_does_not_leave_a_record_that_calls_itself_complete(breaks, demo, monkeypatch, tmp_path):
    breaks("no stage", 0)
    run = live_run(demo, Wishes(), session=tmp_path / "call.jsonl")
    beats = count()
    monkeypatch.setattr(run.face, "beat", lambda _at: next(beats) == 200 and 1 / 0)
    run.run()
    assert not read(tmp_path / "call.jsonl").complete


def test_a_file_that_can_no_longer_be_decoded_is_one_line_and_an_incomplete_session(
    breaks, monkeypatch, capsys, tmp_path
):
    breaks("no stage", 0)
    whole, reads = Recording.__iter__, count()

    def torn(self):
        again = next(reads) > 0  # it is looked through before it is heard
        for number, block in enumerate(whole(self)):
            if again and number == 100:
                raise ValueError("a broken frame")
            yield block

    monkeypatch.setattr(Recording, "__iter__", torn)
    assert cli.run(["replay", DEMO, "--no-words", "--session", str(tmp_path / "call.jsonl")]) == 1
    assert "(ValueError: a broken frame)" in capsys.readouterr().err
    session = read(tmp_path / "call.jsonl")
    assert not session.complete
    assert 100 - recorded.REPLAY_AHEAD < session.end // HOP <= 100


def test_what_was_raised_on_purpose_passes_the_boundary_as_it_is():
    class Refuses:
        def __iter__(self):
            raise InputError("the device is gone")

    with pytest.raises(InputError, match="the device is gone"):
        list(Engine(pipeline.Pipeline(Config(), edges()), LoggedLane(())).run(Refuses()))


class Ended:
    """A lane that notes how it ended."""

    name = "live"

    def __init__(self):
        self.ended = []

    def submit(self, request):
        pass

    def due(self, now):  # noqa: ARG002 - the Lane Protocol
        return []

    def close(self, now):  # noqa: ARG002
        self.ended.append("closed")
        return []

    def abandon(self):
        self.ended.append("abandoned")


@pytest.mark.parametrize(
    ("ends", "how"), [("whole", ["closed", "abandoned"]), ("fails", ["abandoned"]), ("left", ["abandoned"])]
)
def test_however_a_call_ends_its_lane_ends_with_it(demo, ends, how):
    lane = Ended()
    parts = dataclasses.replace(edges(), voice=Fails(edges().voice, 5)) if ends == "fails" else edges()
    events = Engine(pipeline.Pipeline(Config(), parts), lane).run(demo[:600])
    if ends == "left":
        next(events)
        events.close()
    elif ends == "fails":
        with pytest.raises(StageError) as raised:
            list(events)
        assert isinstance(raised.value.__cause__, KeyError)
    else:
        list(events)
    assert lane.ended == how


@pytest.mark.parametrize("kind", [LiveLane, lambda heard: ReplayLane(heard, 0)])
def test_a_lane_that_is_abandoned_drops_what_waits_at_once_and_asks_for_nothing_more(kind):
    gate, asked = threading.Event(), []

    class Waits:
        name = "waits"

        def hear(self, request):
            asked.append(request)
            assert gate.wait(20)
            return Heard("caller", request.span, "too late", (), "en", 1.0, None, request.final, request.at)

    lane = WordsMayFail(kind(Waits()))
    for number in range(6):
        at = 1_000 * number
        lane.submit(Request("caller", Span(at, at + 900), np.zeros(900, np.float32), at))
    while not asked:
        time.sleep(0.001)
    lane.abandon()  # with the gate closed: it waits for nobody
    assert lane.due(samples(60.0)) == []
    assert lane.close(samples(60.0)) == []
    gate.set()
    assert lane.due(samples(90.0)) == []
    assert len(asked) == 1


def test_the_screen_words_a_failure_whatever_part_it_names():
    model = ViewModel(Catalogue.load("en"))
    model.beat(0.0)
    model.push(Health(0, "stage_failed", 1, "speech.turns.turns: KeyError"))
    view = model.view(0.1)
    assert (view.mood, view.details) == ("deaf", (model.catalogue.say("live", "stage_failed"),))
    model.new_call()
    model.push(Health(0, "stage_failed", 1, "began_anew"))
    model.beat(0.2)
    assert model.view(60.0).mood == "deaf"  # stalled
    model.beat(60.0)
    assert (model.view(60.0).mood, model.view(60.0).details) == (
        "listening",
        (model.catalogue.say("live", "began_anew"),),
    )
