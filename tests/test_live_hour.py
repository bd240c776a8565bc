"""An hour of a live call, and forty calls in a row, on the audio's clock: nothing grows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from played_calls import PlayedSource, demo_hops
from simulated_capture import SimulatedCapture

from voicecare.assembly import Choices
from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.viewmodel import ViewModel, Wishes
from voicecare.live.run import LiveOptions, LiveRun
from voicecare.timebase import HOP, samples
from voicecare.types import CallPhase

pytestmark = [pytest.mark.soak, pytest.mark.data]


def memory_mb() -> float:
    """What this process holds in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Screen:
    """A face that keeps what the window would: the view-model alone."""

    def __init__(self, wishes):
        self.model = ViewModel(Catalogue.load("en", "agent"), wishes)
        self.push, self.begin = self.model.push, self.model.new_call

    def beat(self, at):
        self.model.beat(at / 16_000)

    def run(self, work):
        work()


def test_an_hour_of_call_holds_no_more_than_its_first_minutes_did(data_dir, tmp_path):
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    held: list[float] = []
    waiting: list[int] = []
    capture: list[SimulatedCapture] = []

    class Hour(SimulatedCapture):
        recording = min((data_dir / "calls" / "semi-real").glob("*.wav"))

        def __init__(self):
            super().__init__()
            capture.append(self)

        def after_minute(self, _minute):
            held.append(memory_mb())
            waiting.append(sum(len(state.leg._chunks) for state in self.joiner._states.values()))

    wishes = Wishes()
    options = LiveOptions(models=Choices(words=False), seconds=3600.0, session=tmp_path / "hour.jsonl")
    run = LiveRun(options, wishes, Hour, Screen(wishes))
    run.run()
    assert len(held) >= 59
    assert held[-1] - held[9] < 10.0, held
    assert max(waiting[9:]) <= 2 * max(waiting[:10])
    assert {party: round(ppm) for party, ppm in capture[0].joiner.drift_ppm.items()} == {"agent": 200, "caller": -200}
    assert run.kept.failures == []


def test_forty_calls_in_a_row_hold_no_more_than_the_first_ten_did(tmp_path):
    """Each of a minute; the telephone says when it begins and ends."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    talk = demo_hops()[: samples(60.0) // HOP]
    held: list[float] = []

    def day():
        for _ in range(40):
            yield CallPhase(0, "talk", "softphone")
            yield from talk
            yield CallPhase(0, "ended", "softphone")
            yield CallPhase(0, "rest", "softphone")
            held.append(memory_mb())

    wishes = Wishes()
    options = LiveOptions(models=Choices(words=False), folder=tmp_path)
    run = LiveRun(options, wishes, lambda: PlayedSource(day()), Screen(wishes))
    run.run()
    assert len(run.kept.calls) == len(run.calls) == 40
    assert held[-1] - held[9] < 10.0, held
