"""The three lanes: deterministic in replay, never waiting live, exact from a log."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from voicecare.errors import StageError
from voicecare.lanes import InTurnLane, LiveLane, LoggedLane, NoLane, ReplayLane
from voicecare.speech.redaction.redaction import PATIENCE_S
from voicecare.speech.words.intake import Intake
from voicecare.timebase import Span, samples
from voicecare.types import Health, Heard, Request, Word


def request(number, *, final=True, at=0):
    return Request("caller", Span(number, number + 1), np.zeros(1, np.float32), at, final=final)


class Echo:
    """A recogniser that answers with the number of the request, once `gate` is open."""

    name = "echo"

    def __init__(self, *, gate=None):
        self.gate = gate
        self.heard = []
        self.started = threading.Event()

    def hear(self, request):
        self.heard.append(request)
        self.started.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        return Heard("caller", request.span, str(request.span.start), (), "en", 1.0, None, request.final, request.at)


class Broken:
    name = "broken"

    def __init__(self, error):
        self.error = error

    def hear(self, _):
        raise self.error


class Reader:
    """A recogniser that hears what it is told to, one text a request."""

    name = "reader"

    def __init__(self, *said):
        self.said = iter(said)

    def hear(self, request):
        text = next(self.said)
        step = max(1, request.span.length // max(1, len(text.split())))
        words = tuple(
            Word(word, Span(request.span.start + i * step, request.span.start + (i + 1) * step), 0.9)
            for i, word in enumerate(text.split())
        )
        return Heard(
            request.channel, request.span, text, words, "en", 0.9, None, final=request.final, arrived=request.at
        )


def texts(deliveries):
    return [d.text for d in deliveries if isinstance(d, Heard)]


@pytest.mark.parametrize("kind", [ReplayLane, InTurnLane])
def test_a_replay_delivers_in_order_at_its_lag_and_not_before(kind):
    lane = kind(Echo(), lag=100)
    lane.submit(request(1, at=0))
    lane.submit(request(2, at=50))
    assert lane.due(99) == []
    (first,) = lane.due(120)
    assert (first.text, first.arrived) == ("1", 120)
    assert texts(lane.close(140)) == ["2"]


def test_in_turn_a_request_is_heard_before_the_audio_goes_on():
    gate = threading.Event()
    threading.Timer(0.2, gate.set).start()
    lane = InTurnLane(Echo(gate=gate), lag=100)
    lane.submit(request(1, at=0))
    assert gate.is_set()
    assert texts(lane.due(100)) == ["1"]


def test_a_live_lane_never_waits_for_its_worker():
    gate = threading.Event()
    echo = Echo(gate=gate)
    lane = LiveLane(echo)
    lane.submit(request(1))
    assert lane.due(10) == []
    gate.set()
    assert texts(lane.close(20)) == ["1"]


def test_a_live_lane_that_falls_behind_drops_its_oldest_partial_work_keeps_finals_and_says_so():
    gate = threading.Event()
    echo = Echo(gate=gate)
    lane = LiveLane(echo, bound=3)
    lane.submit(request(0))
    assert echo.started.wait(10)
    for number, final in ((1, True), (2, False), (3, False), (4, True), (5, True)):
        lane.submit(request(number, final=final))
    (said,) = lane.due(7)
    assert isinstance(said, Health)
    assert (said.kind, said.amount) == ("recogniser_behind", 2)
    gate.set()
    assert texts(lane.close(20)) == ["0", "1", "4", "5"]


def test_partial_work_that_a_newer_request_covers_is_let_go_without_a_word():
    gate = threading.Event()
    echo = Echo(gate=gate)
    lane = LiveLane(echo)
    lane.submit(request(0))
    assert echo.started.wait(10)
    part = replace(request(10), span=Span(10, 20), final=False)
    view = replace(part, want_words=False, want_voice=True)
    for one in (part, view, replace(part, span=Span(10, 30)), replace(part, channel="agent")):
        lane.submit(one)
    lane.submit(replace(part, span=Span(11, 40), final=True, want_voice=True))
    gate.set()
    said = lane.close(20)
    assert not [one for one in said if isinstance(one, Health)]
    assert len(echo.heard) == 3
    assert [(r.channel, r.span.end) for r in echo.heard[1:]] == [("agent", 20), ("caller", 40)]


@pytest.mark.parametrize("error", [StageError("the recogniser failed"), RuntimeError("out of memory"), MemoryError()])
def test_a_failed_recogniser_is_said_and_not_swallowed_whatever_it_raised(error):
    lane = LiveLane(Broken(error))
    lane.submit(request(1))
    with pytest.raises(StageError, match="recogniser failed"):
        lane.close(5)
    replayed = ReplayLane(Broken(error), lag=0)
    replayed.submit(request(1))
    with pytest.raises(StageError, match="recogniser failed"):
        replayed.due(5)


def test_a_live_lane_says_at_the_next_hop_that_its_recogniser_failed():
    lane = LiveLane(Broken(OSError("gone")))
    lane.submit(request(1))
    lane._worker.shutdown(wait=True)
    with pytest.raises(StageError, match="OSError: gone"):
        lane.due(5)


@pytest.mark.parametrize("lane", [lambda r: ReplayLane(r, 0), LiveLane])
def test_nothing_leaves_a_lane_unredacted(lane):
    said = ("it's 4111 1111", "1111 1111 thanks", "and my pin", "4111 1111 1111 1111")
    lane = lane(Reader(*said))
    told = []
    for number in range(4):
        at = 1_000 * number
        lane.submit(replace(request(at, at=at), span=Span(at, at + 1_000)))
        told += lane.due(at + 1)
    told += lane.close(5_000)
    assert texts(told) == ["it's [card]", "[card] thanks", "and my pin", "[card]"]


def test_what_waits_for_the_rest_of_a_number_is_told_in_time():
    lane = ReplayLane(Reader("it is 5120"), 0)
    lane.submit(request(0))
    assert lane.due(0) == []
    assert lane.due(samples(PATIENCE_S)) == []
    (told,) = lane.due(samples(PATIENCE_S) + 1)
    assert (told.text, told.arrived) == ("it is 5120", samples(PATIENCE_S) + 1)


def test_redaction_can_be_switched_off():
    lane = ReplayLane(Reader("4111 1111 1111 1111"), 0, Intake(None))
    lane.submit(request(0))
    assert texts(lane.due(0)) == ["4111 1111 1111 1111"]


def test_of_partial_hearings_only_agreed_words_are_delivered():
    lane = ReplayLane(Reader("I am so", "I am sorry to hear that", "I am sorry to hear that."), 0, Intake(None))
    for number, final in enumerate((False, False, True)):
        lane.submit(replace(request(0, at=number), final=final, span=Span(0, 10 * (number + 1))))
    assert [texts(lane.due(now)) for now in (0, 1, 2)] == [[], ["I am"], ["I am sorry to hear that."]]


def test_a_logged_lane_delivers_what_was_heard_when_it_was_heard():
    heard = [Echo().hear(request(n, at=n)) for n in (10, 20, 30)]
    lane = LoggedLane(heard)
    lane.submit(request(99))
    assert [texts(lane.due(now)) for now in (5, 10, 25)] == [[], ["10"], ["20"]]
    assert texts(lane.close(40)) == ["30"]


def test_no_lane_does_no_work():
    lane = NoLane()
    lane.submit(request(1))
    assert lane.due(10) == lane.close(20) == []
