"""The language of a call: noticed from the caller's first speech, once, and said; and when little is understood."""

from __future__ import annotations

from dataclasses import replace

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
    return Heard(channel, span, text, (), "en", 0.9 if text else 0.0, None, final=final, arrived=span.end)


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


def sure(text: str, confidence: float, **how: object) -> Heard:
    return replace(heard(text, 0), **{"confidence": confidence, **how})  # type: ignore[arg-type]


def test_words_are_withheld_until_something_was_heard_clearly_and_believed_from_then_on():
    understood = Understood(CONFIG)
    early = understood.believed(sure("the weight of the impact", 0.55))
    assert (early.text, early.words, early.confidence) == ("", (), 0.55)
    assert understood.believed(sure("good morning", 0.8, channel="agent")).text == "good morning"
    assert understood.believed(sure("my car broke down", 0.5)).text == "my car broke down"


def test_a_partial_hearing_makes_nothing_clear():
    understood = Understood(CONFIG)
    understood.believed(sure("good morning", 0.9, final=False))
    assert understood.believed(sure("my car broke down", 0.5)).text == ""


def test_what_has_to_be_silenced_is_told_however_unclear_and_other_languages_are_left_alone():
    understood = Understood(CONFIG)
    assert understood.believed(sure("it is [number]", 0.5)).text == "it is [number]"
    assert understood.believed(sure("guten Morgen", 0.5, language="de")).text == "guten Morgen"


def test_words_that_were_withheld_count_as_understood():
    understood = Understood(CONFIG)
    hearings = [understood.believed(sure("yes please", 0.6)) for _ in range(10)]
    assert [news for hearing in hearings for news in understood.push(hearing)] == []
