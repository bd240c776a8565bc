"""A made-up caller waits for the agent's turn, cools when acknowledged and heats when interrupted."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.care.practice.director import MOST_ASKED, OPENING_S, SILENT_S, Director
from voicecare.care.practice.scenario import HEATS, parse
from voicecare.care.practice.script import QUIET_S, UNDERSTOOD_S, End, Hush, Say
from voicecare.timebase import HOP, HOP_S, samples

SCENARIO = parse(
    """
    begins = "warm"
    [[step]]
    warm = "one"
    [[step]]
    rises = true
    calm = "two, calmly"
    warm = "two"
    hot = "two!"
    [silence]
    calm = "hello?"
    [interrupted]
    warm = "let me finish"
    [acknowledged]
    calm = "thank you"
    [end]
    calm = "goodbye"
    hot = "enough"
    """,
    "story",
    "en",
)


class Call:
    """A call in which time goes by as told; what the caller says takes `line_s` a line."""

    def __init__(self, scenario=SCENARIO, *, words=False, line_s=2.0) -> None:
        self.director = Director(scenario, words=words)
        self.now = 0
        self._line_s = line_s
        self._playing = 0
        self.said = []
        self.over = False

    def go(self, seconds, *, agent=False):
        """Let time pass; return what was said meanwhile."""
        before = len(self.said)
        for _ in range(round(seconds / HOP_S)):
            self.now += HOP
            self._playing = max(0, self._playing - HOP)
            self.do(self.director.hop(self.now, HOP, agent_speaks=agent, playing=self._playing > 0))
        return self.said[before:]

    def do(self, acts):
        for act in acts:
            if isinstance(act, Say):
                self.said.append(act.lines)
                self._playing = samples(self._line_s * len(act.lines))
            elif isinstance(act, Hush):
                self._playing = 0
            elif isinstance(act, End):
                self.over = True

    def agent(self, seconds=1.0):
        """The agent speaks, and the caller says what comes next."""
        self.go(seconds, agent=True)
        return self.go(QUIET_S + 0.1)

    def talk_over(self, after_s=0.5):
        self.go(after_s)
        self.go(1.0, agent=True)
        self.do(self.director.interrupted(self.now - samples(1.0)))


def test_the_caller_waits_for_a_greeting_and_for_every_turn():
    call = Call()
    assert call.go(OPENING_S - 0.1) == []
    assert call.agent() == [("step1.warm",)]
    assert call.go(2.0 + SILENT_S - 0.2) == []


def test_a_cough_is_no_turn_and_a_pause_for_breath_no_end():
    call = Call()
    assert call.agent(0.2) == []
    call.go(1.0, agent=True)
    assert call.go(QUIET_S - 0.1) == []
    call.go(1.0, agent=True)
    assert call.go(QUIET_S + 0.1) == [("step1.warm",)]


def test_acknowledging_cools_once_a_turn_and_is_answered():
    call = Call()
    call.agent()
    call.go(2.1)
    call.go(1.0, agent=True)
    call.director.acknowledged(call.now)
    call.director.acknowledged(call.now)
    assert call.go(QUIET_S + 0.1) == [("acknowledged.calm", "step2.calm")]
    assert [(c.heat, c.why) for c in call.director.course] == [("warm", "began"), ("calm", "acknowledged")]


def test_a_story_that_gets_worse_heats_where_nothing_was_acknowledged():
    call = Call()
    call.agent()
    call.go(2.1)
    assert call.agent() == [("step2.hot",)]
    assert call.director.course[-1].why == "story"


def test_speaking_over_the_caller_heats_stops_and_brings_the_same_again_once():
    call = Call(line_s=5.0)
    call.agent()
    call.talk_over()
    assert call.director.heat == "hot"
    assert call.go(QUIET_S + 0.2) == [("interrupted.warm", "step1.warm")]
    call.talk_over()
    assert call.go(QUIET_S + 0.2) == [("interrupted.warm", "step2.hot")], "not for ever"


def test_an_agent_who_says_nothing_is_asked_and_then_left():
    call = Call()
    call.go(OPENING_S + 0.1)
    for _ in range(MOST_ASKED):
        assert not call.over
        call.go(2.0 + OPENING_S + 0.1)
    assert call.said == [("silence.calm",)] * MOST_ASKED
    assert call.over
    assert call.director.gave_up


def test_the_call_ends_after_the_last_turn_and_a_goodbye():
    call = Call()
    for said in (("step1.warm",), ("step2.hot",), ("end.hot",)):
        assert call.agent() == [said]
        call.go(2.1)
    call.agent()
    assert call.over
    assert not call.director.gave_up


def test_words_are_waited_for_but_not_for_ever():
    call = Call(words=True)
    call.go(1.0, agent=True)
    assert call.go(QUIET_S + 0.5) == []
    call.director.understood(call.now - samples(QUIET_S + 0.5))
    assert call.go(0.1) == [("step1.warm",)]
    call.go(2.1)
    call.go(1.0, agent=True)
    assert call.go(UNDERSTOOD_S - 0.1) == []
    assert call.go(0.2) == [("step2.hot",)]


def test_how_soon_the_agent_acknowledged_is_counted_from_the_first_rise():
    call = Call(line_s=5.0)
    assert call.director.acknowledged_after_s is None
    call.agent()
    call.talk_over()
    rose = call.director.course[-1].at
    call.go(1.0, agent=True)
    call.director.acknowledged(call.now)
    assert call.director.acknowledged_after_s == pytest.approx((call.now - rose) / 16_000, abs=0.001)
    assert call.director.hottest == "hot"


@given(st.lists(st.sampled_from(["agent", "silence", "talk over", "acknowledge"]), max_size=25))
def test_whatever_the_agent_does_the_caller_has_words_and_the_call_an_end(doings):
    call = Call()
    lines = {name for name, _, _ in SCENARIO.lines()}
    for doing in doings:
        if doing == "talk over":
            call.talk_over()
        elif doing == "silence":
            call.go(3.0)
        else:
            call.go(1.0, agent=True)
            if doing == "acknowledge":
                call.director.acknowledged(call.now)
            call.go(1.0)
        if call.over:
            break
    for _ in range(40):
        call.go(3.0)
        if call.over:
            break
    assert call.over
    assert {line for said in call.said for line in said} <= lines
    course = [HEATS.index(change.heat) for change in call.director.course]
    assert all(abs(a - b) <= 1 for a, b in itertools.pairwise(course))
