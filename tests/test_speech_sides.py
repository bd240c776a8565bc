"""The channels may be the wrong way round: said where the words say so, and never in a call that is the right way."""

from __future__ import annotations

import dataclasses

import pytest

from voicecare.backends.phrases import load_phrases
from voicecare.speech.words.phrasebook import PhraseBook
from voicecare.speech.words.sides import Sides
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Party, other

BOOK = PhraseBook.from_values(load_phrases())

RIGHT: dict[str, list[tuple[Party, str]]] = {
    "a complaint": [
        ("agent", "Thank you for calling Brightline Energy, my name is Dana, how can I help you today?"),
        ("caller", "I have been waiting on hold for an hour and nobody called me back"),
        ("agent", "I am so sorry about that, may I have your account number please"),
    ],
    "a question": [
        ("agent", "Hello, support, what can I do for you?"),
        ("caller", "Hi, I'm calling about a delivery that never came"),
    ],
    "the greeting was not recorded": [
        ("caller", "Yes hello I'm calling because my order is still missing"),
        ("agent", "Let me look into that, could you confirm your postcode for me"),
        ("agent", "Is there anything else I can help you with"),
    ],
    "the caller greets politely": [
        ("agent", "How may I help you"),
        ("caller", "Hello, thank you for taking my call, my internet keeps dropping"),
        ("caller", "how can I get this fixed"),
    ],
    "Chinese": [
        ("agent", "您好，感謝您的來電，請問有什麼可以幫您？"),
        ("caller", "我要投訴，我的訂單一直沒收到"),
    ],
}
LANGUAGE = {"Chinese": "zh"}


def told(lines: list[tuple[Party, str]], language: str) -> list[str]:
    sides = Sides(BOOK)
    news = []
    for number, (party, text) in enumerate(lines, 1):
        span = Span(samples(10 * number), samples(10 * number + 5))
        said = Heard(party, span, text, (), language, 0.8, None, final=True, arrived=span.end)
        news += sides.push(dataclasses.replace(said, final=False))
        news += sides.push(said)
    return [event.kind for event in news]


@pytest.mark.parametrize("name", RIGHT)
def test_a_call_the_right_way_round_is_not_suspected(name):
    assert told(RIGHT[name] * 2, LANGUAGE.get(name, "en")) == []


@pytest.mark.parametrize("name", RIGHT)
def test_the_same_call_with_its_channels_swapped_is_told_once(name):
    swapped = [(other(party), text) for party, text in RIGHT[name]]
    assert told(swapped * 2, LANGUAGE.get(name, "en")) == ["swapped_legs"]


def test_a_greeting_alone_is_not_enough_and_a_language_without_phrases_says_nothing():
    assert told([("caller", "How can I help you?"), ("agent", "This is Ana of Brightline.")], "en") == []
    assert told([("caller", "How can I help you?"), ("agent", "I'm calling about my bill")] * 2, "de") == []
