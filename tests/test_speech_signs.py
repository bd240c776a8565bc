"""Signs of joy agree or are none, and trouble near by takes them away."""

from __future__ import annotations

import pytest

from voicecare.config import CueConfig
from voicecare.speech.cues.signs import Signs
from voicecare.timebase import Samples, Span, samples
from voicecare.types import Phrase, Sentiment


class Talk:
    """What was said, as the stage hears it: each utterance's words come together, one second after its end."""

    def __init__(self) -> None:
        self.signs = Signs(CueConfig())
        self.now: Samples = 0

    def says(self, *kinds: str, value: float = 0.0, party: str = "caller"):
        span = Span(self.now, self.now + samples(2.0))
        self.now += samples(3.0)
        for kind in kinds:
            self.signs.push(Phrase(party, kind, self.now, span, kind))
        if party == "caller":
            self.signs.spoke(samples(2.0))
            self.signs.push(Sentiment(self.now, span, value, "neutral", 0.5))
        return self


@pytest.mark.parametrize(
    ("talk", "joy"),
    [
        (Talk(), 0),
        (Talk().says(value=0.3), 0),
        (Talk().says("gratitude"), 1),
        (Talk().says(value=0.9), 1),
        (Talk().says("gratitude", value=0.9), 2),
        (Talk().says("solved").says("gratitude"), 2),
        (Talk().says("solved", party="agent"), 0),
        (Talk().says("solved", party="agent").says("gratitude"), 2),
        (Talk().says("gratitude", "solved", "farewell", value=0.9), 2),
        (Talk().says("trouble", value=0.9), 0),
        (Talk().says("gratitude", value=0.9).says("trouble"), 0),
        (Talk().says("trouble", value=0.9).says("gratitude", value=0.9), 0),
    ],
)
def test_signs_of_joy_add_up_to_two_and_none_counts_where_trouble_is_near(talk, joy):
    assert talk.signs.joy == joy


@pytest.mark.parametrize(
    ("talk", "count"),
    [
        (Talk().says("trouble"), 1),
        (Talk().says(value=-0.9), 1),
        (Talk().says(value=-0.3), 0),
        (Talk().says(value=-0.3).says(value=-0.4), 2),
        (Talk().says(value=0.9), 0),
    ],
)
def test_trouble_is_said_clearly_or_twice(talk, count):
    assert len(talk.signs.trouble) == count


def test_signs_age_by_the_callers_speech_and_not_by_the_clock():
    talk = Talk().says("gratitude", value=0.9)
    talk.now += samples(600.0)
    assert talk.signs.joy == 2
    talk.signs.spoke(samples(CueConfig().signs_s + 1.0))
    assert talk.signs.joy == 0
    assert talk.signs.has_words is False


def test_a_delighted_caller_thanks_after_the_agent_had_it_done():
    assert Talk().says("gratitude", value=0.9).signs.delighted is False
    assert Talk().says("solved", party="agent").says("gratitude", value=0.9).signs.delighted is True
    assert Talk().says("solved", party="agent").says("trouble", "gratitude", value=0.9).signs.delighted is False


def test_the_reasons_name_where_the_signs_were_heard():
    talk = Talk().says("solved", party="agent").says("gratitude", value=0.9)
    assert [(reason.code, reason.at) for reason in talk.signs.why_joy()] == [
        ("caller_thanked", (samples(3.0),)),
        ("friendly_words", (samples(3.0),)),
        ("agent_helped", (0,)),
    ]
