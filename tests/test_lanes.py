"""The three lanes: deterministic in replay, never waiting live, exact from a log."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from voicecare.errors import StageError
from voicecare.lanes import LiveLane, LoggedLane, NoLane, ReplayLane
from voicecare.timebase import Span
from voicecare.types import Health, Heard, Request


def request(number, *, final=True, at=0):
    return Request("caller", Span(number, number + 1), np.zeros(1, np.float32), at, final=final)


class Echo:
    """A recogniser that answers with the number of the request, once `gate` is open."""

    name = "echo"

    def __init__(self, *, gate=None):
        self.gate = gate
        self.started = threading.Event()

    def hear(self, request):
        self.started.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        return Heard("caller", request.span, str(request.span.start), (), "en", 1.0, None, request.final, request.at)


class Broken:
    name = "broken"

    def hear(self, _):
        raise StageError("the recogniser failed")


def texts(deliveries):
    return [d.text for d in deliveries if isinstance(d, Heard)]


def test_a_replay_delivers_in_order_at_its_lag_and_not_before():
    lane = ReplayLane(Echo(), lag=100)
    lane.submit(request(1, at=0))
    lane.submit(request(2, at=50))
    assert lane.due(99) == []
    (first,) = lane.due(120)
    assert (first.text, first.arrived) == ("1", 120)
    assert texts(lane.close(140)) == ["2"]


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


def test_a_failed_recogniser_is_said_and_not_swallowed():
    lane = LiveLane(Broken())
    lane.submit(request(1))
    with pytest.raises(StageError):
        lane.close(5)
    replayed = ReplayLane(Broken(), lag=0)
    replayed.submit(request(1))
    with pytest.raises(StageError):
        replayed.due(5)


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
