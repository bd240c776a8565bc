"""Care is told of each call that the window shows, when it is over, and never of one that runs."""

from __future__ import annotations

from played_calls import Seen
from report_samples import heated

from voicecare.care.help.help import load
from voicecare.commands.cared_for import CaredFor
from voicecare.config import Config
from voicecare.types import CallPhase, Cue


class Desk:
    """Remembers what it was told."""

    def __init__(self):
        self.told_of = []
        self.calls = []

    def call_rings(self):
        self.told_of.append("rings")

    def ringing_stopped(self):
        self.told_of.append("stopped")

    def call_begins(self):
        if self.told_of[-1:] != ["begins"]:
            self.told_of.append("begins")

    def call_ended(self, call, facts):
        self.told_of.append("ended")
        self.calls.append((call, facts))

    def told(self, about, answer):
        self.told_of.append((about, answer))


def day(*phases):
    desk = Desk()
    face = CaredFor(Seen(), desk, Config())
    for phase in phases:
        if phase == "call":
            for event in heated().events:
                face.push(event)
            face.beat(heated().end)
        else:
            face.push(CallPhase(0, phase, "softphone"))
            face.wait(30.0)
    return face, desk


def test_a_call_is_handed_on_when_it_is_over_and_everything_passes_to_the_window():
    face, desk = day("rest", "ringing", "talk", "call", "ended", "rest")
    assert desk.told_of == ["rings", "begins", "ended"]
    assert len(face.face.events) == len(heated().events) + 5
    ((seen, facts),) = desk.calls
    assert seen.length_s > 0
    assert len(seen.cues) > 0
    assert all(fact.backed_by for fact in facts)


def test_a_ring_that_nobody_answers_is_no_call():
    _, desk = day("ringing", "rest")
    assert desk.told_of == ["rings", "stopped"]


def test_without_phases_the_next_call_ends_the_one_before():
    face, desk = day("call")
    face.begin()
    face.wait(30.0)
    assert desk.told_of == ["begins", "ended"]


def test_an_answer_about_a_cue_goes_to_the_diary_as_what_the_cue_rested_on():
    face, desk = day("call")
    cue = next(e for e in heated().events if isinstance(e, Cue) and e.kind == "acknowledge")
    face.answered(cue.id, "not_helped")
    face.answered(10_000, "helped")
    assert desk.told_of[1:] == [("strain", "not_needed")]


def test_what_was_asked_last_is_named_as_the_help_names_it():
    face, _ = day("rest")
    assert face.asked_last() == ""
    face, _ = day("rest", "talk", "call")
    kinds = [event.kind for event in heated().events if isinstance(event, Cue) and event.shown]
    named = {topic.name for topic in load("en").topics}
    assert face.asked_last() in named
    assert face.asked_last().startswith(kinds[-1].replace("_", "-")[:9])
