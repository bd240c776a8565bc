"""The language of a call: noticed from the caller's first speech, once, and said; and when little is understood."""

from __future__ import annotations

import pytest

from voicecare.config import WordsConfig
from voicecare.speech.words.noticing import CallLanguage, Understood
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Party

CONFIG = WordsConfig()
GERMAN = {"de": 0.95, "nl": 0.05}


def call() -> CallLanguage:
    return CallLanguage(CONFIG)


def test_nothing_is_settled_by_less_speech_than_it_takes():
    noticing = call()
    noticing.push(samples(CONFIG.language_s - 0.1), {"de": 1.0})
    assert noticing.settled is None
    noticing.push(samples(0.1), {"de": 1.0})
    assert noticing.settled == "de"


def test_one_short_word_taken_for_another_language_changes_nothing():
    noticing = call()
    noticing.push(samples(0.6), {"cy": 1.0})
    assert noticing.likely(samples(2), GERMAN) == "de"
    noticing.push(samples(2), GERMAN)
    noticing.push(samples(2), GERMAN)
    assert noticing.settled == "de"


def test_what_is_settled_stays_for_the_call():
    noticing = call()
    noticing.push(samples(5), GERMAN)
    noticing.push(samples(60), {"en": 1.0})
    assert noticing.settled == "de"
    assert noticing.likely(samples(60), {"en": 1.0}) == "de"


def test_doubtful_speech_waits_and_then_the_likeliest_is_taken():
    noticing = call()
    shares = {"pl": 0.4, "uk": 0.35, "hr": 0.25}
    noticing.push(samples(CONFIG.language_most_s - 0.5), shares)
    assert noticing.settled is None
    noticing.push(samples(0.5), shares)
    assert noticing.settled == "pl"


def test_of_nothing_nothing_is_likely():
    assert call().likely(samples(1), {}) == ""


def heard(text: str, number: int, *, channel: Party = "caller", length_s: float = 2.0, final: bool = True) -> Heard:
    span = Span(samples(10 * number), samples(10 * number + length_s))
    return Heard(channel, span, text, (), "en", 0.9, None, final=final, arrived=span.end)


def said(understood: Understood, texts: list[str], **how: object) -> list[str]:
    return [event.kind for number, text in enumerate(texts) for event in understood.push(heard(text, number, **how))]  # type: ignore[arg-type]


def test_a_caller_of_whom_hardly_anything_is_understood_is_said_once():
    assert said(Understood(CONFIG), ["", "", "hello", "", "", "", "", "", "", ""]) == ["not_understood"]


@pytest.mark.parametrize(
    "how", [{"channel": "agent"}, {"length_s": 0.6}, {"final": False}], ids=["agent", "short", "partial"]
)
def test_short_words_the_agents_and_partial_hearings_say_nothing_of_it(how):
    assert said(Understood(CONFIG), [""] * 20, **how) == []


def test_a_stretch_of_unclear_speech_in_a_call_that_was_understood_is_no_news():
    assert said(Understood(CONFIG), [*["yes please"] * 6, *[""] * 8]) == []


def test_a_caller_who_is_now_and_then_too_unclear_is_no_news():
    assert said(Understood(CONFIG), ["yes please", "", "it broke"] * 8) == []
