"""When the caller objects, what waits goes with it; and sound is written only when it is known what of it to hide."""

from __future__ import annotations

import itertools
import random
import threading
import time

import numpy as np
import pytest
from edges import edges
from played_calls import demo_hops, live_run
from test_private_calls import Tells

from voicecare.assembly import Choices
from voicecare.audio.files.recording import open_recording
from voicecare.config import WordsConfig
from voicecare.cue.viewmodel import Wishes
from voicecare.lanes import LiveLane, NoLane
from voicecare.live import record
from voicecare.live import run as live
from voicecare.live.clearing import PATIENCE_S, Clearing
from voicecare.live.record import Sound
from voicecare.session import moment, read
from voicecare.speech.redaction.redaction import Redactor
from voicecare.timebase import HOP, Span, samples
from voicecare.types import PARTIES, Health, Heard, Phrase, Request, Sentiment


@pytest.fixture(scope="module")
def demo():
    return demo_hops()


class Slow(Tells):
    """Hears when the gate is open; counts what it was asked."""

    def __init__(self):
        super().__init__(("please stop listening to me",) * 50)
        self.gate, self.asked = threading.Event(), 0
        self.requests = []

    def hear(self, request):
        self.asked += 1
        self.requests.append(request)
        assert self.gate.wait(60)
        return super().hear(request)


@pytest.fixture
def slow(monkeypatch):
    """A recogniser that lets everything wait."""
    recogniser = Slow()
    monkeypatch.setattr(live, "build_recogniser", lambda *_: recogniser)
    monkeypatch.setattr(live, "build_edges", lambda *_: edges())
    yield recogniser
    recogniser.gate.set()


def sound_of(path):
    return np.concatenate([b.samples for b in open_recording(path)], axis=1)


def length_of(tape):
    """How many samples a WAV of ours states, which may be none."""
    return int.from_bytes(tape.read_bytes()[40:44], "little") // 4


def test_of_what_waits_when_the_caller_objects_nothing_is_heard_scored_or_kept(slow, demo, tmp_path):
    wishes = Wishes()
    lanes = []
    run = live_run(demo, wishes, None, models=Choices(), keep="audio", folder=tmp_path, session=tmp_path / "call.jsonl")
    make = run._lane
    run._lane = lambda: lanes.append(make()) or lanes[-1]
    waiting = []

    def object_now():
        waiting.append(len(lanes[0]._lane._lane._waiting))
        wishes.objected = True

    run._open_source().at = {900: object_now}
    run.run()  # with the gate closed: nothing is waited for
    slow.gate.set()
    assert waiting[0] > 2
    assert slow.asked == 1
    kept = read(tmp_path / "call.jsonl").events
    asked = min(r.span.start for r in slow.requests)
    assert all(moment(event) < asked for event in kept[:-1])  # nor what was known of the stretch that waits
    assert len(kept) < len(run.face.events)
    for events in (run.face.events, kept):
        assert not [e for e in events if isinstance(e, (Heard, Phrase, Sentiment))]
        assert events[-1] == Health(900 * HOP, "not_listening", 1, "caller_objects")
    (tape,) = tmp_path.glob("*.wav")
    assert length_of(tape) < 300 * HOP  # what was clear before the first utterance that waits


@pytest.mark.parametrize("hop", [300, 301, 345])
def test_an_objection_stands_also_where_the_agent_begins_a_new_call_in_the_same_moment(slow, demo, tmp_path, hop):
    wishes = Wishes()
    run = live_run(demo, wishes, None, models=Choices(), session=tmp_path / "call.jsonl", seconds=15.0)

    def object_and_go_on():
        wishes.objected = True
        run.next_call()  # as the tray and the keys do
        wishes.objected = False
        slow.gate.set()  # the second call ends as any other

    run._open_source().at = {hop: object_and_go_on}
    run.run()
    first, second = read(tmp_path / "call.jsonl"), read(tmp_path / "call-2.jsonl")
    assert first.events[-1].note == "caller_objects"
    assert not [e for e in first.events if isinstance(e, Heard)]
    assert second.end > 0
    assert not [e for e in second.events if isinstance(e, Health) and e.note == "caller_objects"]


def test_after_an_objection_nothing_more_is_heard(demo, tmp_path):
    wishes = Wishes()
    run = live_run(demo, wishes, {300: lambda: setattr(wishes, "objected", True)}, session=tmp_path / "call.jsonl")
    run.run()
    session = read(tmp_path / "call.jsonl")
    assert session.events[-1].note == "caller_objects"
    assert session.end == 300 * HOP
    assert run.face.beats == 300
    assert run.heard == 300 * HOP


def test_the_seconds_asked_for_go_by_after_an_objection_too(demo, tmp_path):
    wishes = Wishes()
    hops = list(demo)
    run = live_run(hops, wishes, {}, session=tmp_path / "call.jsonl", seconds=20.0)
    source = run._open_source()
    after = samples(20.0) // HOP + 5
    source.at = {300: lambda: setattr(wishes, "objected", True), after: lambda: pytest.fail("it goes on")}
    run.run()
    assert run.heard == 300 * HOP


def test_a_killed_run_leaves_no_sound_of_which_it_is_not_known_what_to_hide(slow, demo, tmp_path):
    run = live_run(demo, Wishes(), None, models=Choices(), keep="audio", folder=tmp_path)
    seen = []

    def look():
        (tape,) = tmp_path.glob("*.wav")
        seen.append(length_of(tape))
        slow.gate.set()

    run._open_source().at = {1_200: look, 1_201: run.stop}
    run.run()
    assert seen[0] < 300 * HOP


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_recogniser_takes_no_sound_is_written_before_it_is_silenced(monkeypatch, demo, tmp_path, seed):
    """Also what lies between two hidden stretches: at no moment of the call would a kill leave any of it."""
    takes = random.Random(seed)

    class Ponders(Tells):
        def hear(self, request):
            time.sleep(0.15 * takes.random() ** 2)
            return super().hear(request)

    silenced = []

    class Watched(Sound):
        def mute(self, channel, span):
            written = np.frombuffer(self._tape._path.read_bytes()[44:], "<i2").reshape(-1, 2)
            silenced.append((channel, span))
            assert not written[span.start : span.end, 0 if channel == "caller" else 1].any()
            super().mute(channel, span)

    monkeypatch.setattr(record, "Sound", Watched)
    monkeypatch.setattr(live, "build_recogniser", lambda *_: Ponders())
    monkeypatch.setattr(live, "build_edges", lambda *_: edges())
    run = live_run(demo, Wishes(), models=Choices(), keep="audio", folder=tmp_path)
    beat, paced = run.face.beat, itertools.count()
    monkeypatch.setattr(run.face, "beat", lambda at: (next(paced) % 4 == 0 and time.sleep(0.002), beat(at)))
    run.run()
    assert len(silenced) > 3
    assert run.failures == []


def test_a_call_that_ends_as_it_should_keeps_all_of_its_sound(monkeypatch, demo, tmp_path):
    monkeypatch.setattr(live, "build_recogniser", lambda *_: Tells(("hello there",) * 50))
    run = live_run(demo, Wishes(), models=Choices(), keep="audio", folder=tmp_path)
    run.run()
    (tape,) = tmp_path.glob("*.wav")
    kept = sound_of(tape)
    played = np.concatenate([block.samples for block in demo], axis=1)
    assert kept.shape == played.shape
    assert np.abs(kept - played).max() <= 1 / 32_768


def test_where_the_recogniser_failed_no_speech_is_kept_that_nobody_looked_at(monkeypatch, demo, tmp_path):
    class Fails(Tells):
        def hear(self, _request):
            raise OSError("gone")

    monkeypatch.setattr(live, "build_recogniser", lambda *_: Fails())
    monkeypatch.setattr(live, "build_edges", lambda *_: edges())
    run = live_run(demo, Wishes(), models=Choices(), keep="audio", folder=tmp_path, session=tmp_path / "call.jsonl")
    run.run()
    (tape,) = tmp_path.glob("*.wav")
    kept = sound_of(tape)
    spoken = [
        e for e in read(tmp_path / "call.jsonl").events if type(e).__name__ == "Segment" and e.span.length > HOP * 20
    ]
    assert len(spoken) > 5
    for segment in spoken:
        assert not kept[PARTIES.index(segment.channel), segment.span.start : segment.span.end].any()


WORDS = WordsConfig()


def request(start_s, end_s, channel="caller"):
    span = Span(samples(start_s), samples(end_s))
    return Request(channel, span, np.zeros(span.length, np.float32), span.end)


class Told:
    """A lane that tells what it is told to."""

    name = "told"

    def __init__(self):
        self.next = []

    def submit(self, request):
        pass

    def due(self, now):  # noqa: ARG002 - the Lane Protocol
        told, self.next = self.next, []
        return told

    close = due

    def abandon(self):
        pass


def tell(lane, clearing, start_s, end_s, channel="caller", *, final=True):
    span = Span(samples(start_s), samples(end_s))
    lane.next = [Heard(channel, span, "", (), "en", 1.0, None, final, span.end)]
    clearing.due(span.end)


def test_sound_is_clear_up_to_the_oldest_utterance_that_was_not_told():
    lane = Told()
    clearing = Clearing(lane, WORDS)
    later = samples(600.0)
    free = clearing.clear(later)
    assert free < later
    clearing.submit(request(100, 105))
    clearing.submit(request(101, 102, "agent"))
    assert clearing.clear(later) < samples(100)
    tell(lane, clearing, 100, 103)  # its beginning alone
    assert clearing.clear(later) < samples(101)
    tell(lane, clearing, 101, 102, "agent", final=False)
    assert clearing.clear(later) < samples(101)
    tell(lane, clearing, 101, 102, "agent")
    assert samples(90) < clearing.clear(later) < samples(103)
    tell(lane, clearing, 103, 105)
    assert clearing.clear(later) == free


def test_what_is_never_told_is_given_up_and_silenced():
    clearing = Clearing(NoLane(), WORDS)
    clearing.submit(request(10, 15))
    assert clearing.given_up(samples(15.0)) == []
    assert clearing.given_up(samples(15.1)) == [("caller", Span(samples(10.0), samples(15.0)))]
    assert clearing.given_up(samples(15.1)) == []
    assert clearing.clear(samples(600.0)) > samples(15.0)
    assert WORDS.max_request_s < PATIENCE_S


def test_what_redaction_holds_back_is_told_before_its_sound_is_given_up():
    redactor = Redactor()
    waited_s = [0.0]
    for second in range(900):
        told = redactor.due(samples(second))
        if second % 25 == 0:  # a number that never ends
            span = Span(samples(max(0, second - 2)), samples(second))
            said = Heard("caller", span, "five one two", (), "en", 0.9, None, final=True, arrived=span.end)
            told = [*told, *redactor.push(said)]
        waited_s += [second - one.span.end / 16_000 for one in told]
    assert 30.0 < max(waited_s) < PATIENCE_S - 20.0


def test_views_of_the_voice_and_partial_work_hold_nothing_back():
    clearing = Clearing(LiveLane(Tells()), WORDS)
    free = clearing.clear(samples(600.0))
    part = request(10, 15)
    for one in (Request(part.channel, part.span, part.audio, part.at, final=False),):
        clearing.submit(one)
    assert clearing.clear(samples(600.0)) == free
    clearing.abandon()
