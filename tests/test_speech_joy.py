"""Joy is not distress: how long strain must stay before a cue depends on the signs beside it."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.config import CueConfig
from voicecare.speech.cues.cues import Cues
from voicecare.speech.cues.strainwatch import StrainWatch
from voicecare.timebase import HOP, RATE_HZ, Samples, Span, samples
from voicecare.types import Arousal, Cue, Phrase, Reason, Sentiment

CONFIG = CueConfig()
TENSE, PLAIN, PLEASED = -1.0, 0.0, 1.0


class Caller:
    """A caller whose strain is up, whose voice leans somewhere and whose words are read as they come."""

    def __init__(self, config: CueConfig = CONFIG) -> None:
        self.cues = Cues(config)
        self.now: Samples = 0
        self.told: list[Cue] = []

    def speaks(self, length_s: float, strain: float = 0.2, tone: float | None = PLAIN, because=()):
        spoken: Samples = 0
        for _ in range(round(samples(length_s) / HOP)):
            self.now += HOP
            spoken += HOP
            if spoken >= samples(0.5):
                spoken -= samples(0.5)
                span = Span(self.now - HOP, self.now)
                self.told += self.cues.push(Arousal(self.now, span, strain, 0.8, 0.0, because, tone), self.now)
            self.told += self.cues.hop(self.now, HOP, agent_speaks=False, caller_speaks=True)
        return self

    def says(self, *kinds: str, value: float = 0.0, party: str = "caller"):
        span = Span(max(0, self.now - samples(1.0)), self.now)
        for kind in kinds:
            self.told += self.cues.push(Phrase(party, kind, self.now, span, kind), self.now)
        if party == "caller":
            self.told += self.cues.push(Sentiment(self.now, span, value, "neutral", 0.5), self.now)
        return self

    def cue_after_s(self, tone: float, longest_s: float = 30.0, because=()) -> float:
        """How much speech at high strain it takes from now on until an acknowledgement is asked for."""
        start = self.now
        self.speaks(longest_s, 0.8, tone, because)
        raised = [cue.at for cue in self.told if "acknowledge" in cue.kind and cue.at > start]
        return (
            (raised[0] - start) / RATE_HZ - 0.5 if raised else math.inf
        )  # the first estimate comes after half a second


def caller() -> Caller:
    return Caller().speaks(20)


@pytest.mark.parametrize(
    ("before", "tone", "asked_s"),
    [
        (caller(), TENSE, CONFIG.sustained_s),
        (caller(), PLAIN, CONFIG.unsure_s),
        (caller(), PLEASED, CONFIG.pleased_s),
        (caller().says("trouble"), PLAIN, CONFIG.sustained_s),
        (caller().says("trouble"), PLEASED, CONFIG.sustained_s),
        (caller().says(value=0.1), PLAIN, CONFIG.unread_s),
        (caller().says("gratitude"), PLAIN, CONFIG.pleased_s),
        (caller().says("gratitude"), TENSE, CONFIG.unread_s),
        (caller().says("gratitude"), PLEASED, CONFIG.joyful_s),
        (caller().says("gratitude", value=0.9), PLAIN, CONFIG.joyful_s),
    ],
)
def test_strain_must_stay_for_longer_the_more_signs_of_joy_agree(before, tone, asked_s):
    assert before.cue_after_s(tone) == pytest.approx(asked_s, abs=0.1)


def test_words_twice_and_the_voice_together_keep_the_cue_away_while_they_last():
    delighted = caller().says("gratitude", "solved", value=0.9)
    assert delighted.cue_after_s(PLEASED, CONFIG.signs_s - 1.0) == math.inf


@pytest.mark.parametrize("kinds", [("trouble",), ("trouble", "gratitude"), ("trouble", "solved", "farewell")])
def test_kind_words_beside_a_complaint_silence_nothing(kinds):
    """As in "oh wonderful, another hour on hold"."""
    call = caller().speaks(1.0, 0.8, PLAIN).says(*kinds, value=0.9).speaks(1.0, 0.8, PLEASED)
    raised = [cue for cue in call.told if "acknowledge" in cue.kind]
    assert raised
    assert "trouble_words" in [reason.code for reason in raised[0].because]


def test_without_words_the_cue_says_that_it_rests_on_the_voice_alone():
    def codes(call):
        call.cue_after_s(PLAIN)
        return [reason.code for cue in call.told for reason in cue.because if cue.cleared_at is None]

    assert "voice_only" in codes(caller())
    assert "voice_only" not in codes(caller().says(value=0.0))


def test_a_pleased_voice_alone_never_keeps_a_cue_away():
    assert caller().cue_after_s(4.0) == pytest.approx(CONFIG.pleased_s, abs=0.1)


def test_a_start_that_is_guessed_asks_for_longer_but_not_where_words_speak_of_trouble():
    guess = (Reason("population_baseline"),)
    assert caller().cue_after_s(PLAIN, because=guess) == pytest.approx(CONFIG.strange_s, abs=0.1)
    assert caller().cue_after_s(TENSE, because=guess) == pytest.approx(CONFIG.pleased_s, abs=0.1)
    assert caller().says("trouble").cue_after_s(PLAIN, because=guess) == pytest.approx(CONFIG.sustained_s, abs=0.1)


def test_words_that_speak_neither_of_trouble_nor_of_joy_ask_for_longer_than_none():
    call = caller().says().speaks(1.1, 0.8).says(value=0.1)
    assert call.cue_after_s(PLAIN) + 1.1 == pytest.approx(CONFIG.neutral_s, abs=0.1)


def test_where_one_view_hears_strain_and_the_other_does_not_strain_must_stay_but_not_where_words_speak_of_trouble():
    differ = (Reason("views_differ", value=0.4),)
    assert caller().cue_after_s(PLAIN, because=differ) == pytest.approx(CONFIG.joyful_s, abs=0.1)
    assert caller().cue_after_s(PLEASED, because=differ) == pytest.approx(CONFIG.joyful_s, abs=0.1)
    assert caller().says("trouble").cue_after_s(PLAIN, because=differ) == pytest.approx(CONFIG.sustained_s, abs=0.1)


def test_words_of_trouble_twice_ask_for_an_acknowledgement_from_a_stirred_voice_on():
    def raised(strain, times):
        call = caller().speaks(3.0, strain)
        for _ in range(times):
            call.speaks(1.0, strain).says("trouble")
        return [reason.code for cue in call.speaks(1.0, strain).told for reason in cue.because]

    assert raised(0.5, 2) == ["trouble_words"]
    assert raised(0.5, 1) == []
    assert raised(0.2, 2) == []


def test_an_animated_caller_who_thanks_for_what_was_done_is_told_to_the_agent_once():
    call = caller().speaks(2.0, 0.8, PLEASED).says("solved", party="agent").says("gratitude", value=0.9)
    call.speaks(40.0, 0.2).says("gratitude", value=0.9).speaks(1.0)
    held = [cue for cue in call.told if cue.kind == "well_held" and cue.cleared_at is None]
    assert len(held) == 1
    assert [reason.code for reason in held[0].because] == ["caller_thanked", "friendly_words", "agent_helped"]


@pytest.mark.parametrize(
    "call",
    [
        caller().says("gratitude", value=0.9).speaks(2.0),
        caller().speaks(2.0, 0.8, PLEASED).says("gratitude", value=0.9),
        caller().speaks(2.0, 0.8, PLEASED).says("solved", party="agent").says("trouble", "gratitude", value=0.9),
    ],
)
def test_a_polite_thanks_or_one_beside_a_complaint_is_no_praise(call):
    assert "well_held" not in [cue.kind for cue in call.told]


def test_praise_can_be_switched_off():
    call = Caller(dataclasses.replace(CONFIG, well_held=False)).speaks(20).speaks(2.0, 0.8, PLEASED)
    call.says("solved", party="agent").says("gratitude", value=0.9)
    assert "well_held" not in [cue.kind for cue in call.told]


@settings(max_examples=60, deadline=None)
@given(
    tone=st.none() | st.floats(-4.0, 4.0),
    said=st.lists(st.sampled_from(["gratitude", "solved", "farewell"]), max_size=4),
    value=st.floats(-1.0, 1.0),
)
def test_trouble_never_makes_the_cue_later_and_joy_never_sooner(tone, said, value):
    def asked_s(*kinds):
        watch = StrainWatch(CONFIG)
        for number, kind in enumerate(kinds):
            watch.notice(Phrase("caller", kind, number, Span(number, number + 1), kind))
        watch.read(Sentiment(len(kinds), Span(0, 10), value, "neutral", 0.5))
        watch.push(Arousal(5, Span(0, 5), 0.8, 0.8, 0.0, (), tone))
        return watch.asked_s

    assert asked_s("trouble", *said) <= asked_s(*said)
    assert asked_s() <= asked_s(*said) or value < 0
