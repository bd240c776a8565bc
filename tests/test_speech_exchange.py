"""What is asked for is hidden until it is answered, and no longer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secrets_said import kept

from voicecare.speech.redaction.asking import asked_in
from voicecare.speech.redaction.numerals import plain_number
from voicecare.speech.redaction.private_words import find_secrets, is_marker

LONG = 3_000
"""Words of an utterance that no recogniser gives; whatever is quadratic in them does not end while a test waits."""


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ("A: your account number | C: hold on | A: sure | C: 31 | A: 31 | C: 92 | C: no wait 93 | A: 93", "31 92 93"),
        ("A: card number please | C: 4929 | A: I also need the expiry date later | C: 1234", "4929 1234"),
        ("C: my card number is | A: yes | C: 49 | C: 29", "49 29"),
        ("C: my sort code is 60 | A: yep | C: 83 | A: yep | C: 71", "60 83 71"),
        ("A: passport number | C: P | C: 12 | C: B 9", "P 12 B 9"),
        ("A: what's your date of birth | C: the ninth | A: yes | C: of March | C: eighty eight", "ninth March eighty"),
        ("A: what's your email | C: lucy cats | A: lucy cats | C: at | C: example dot org", "lucy cats example"),
        ("A: and the memorable word | C: let me think | C: Paddington", "Paddington"),
        ("A: which town were you born in | C: it was Aberystwyth", "Aberystwyth"),
    ],
)
def test_no_part_of_an_answer_is_told(turns, told):
    texts = " ".join(kept(*_turns(turns))).split()
    assert set(told.split()).isdisjoint(texts)


@pytest.mark.parametrize(
    ("turns", "last"),
    [
        ("A: card number please | C: 4111 1111 1111 1111 | A: thanks, how many were there | C: 12", "12"),
        ("A: your card number | C: I called 3 times already", "I called 3 times already"),
        ("A: the order number please | C: 5 5 1 0 2 3", "5 5 1 0 2 3"),
        ("A: your password | C: I don't remember it", "I don't remember it"),
        (
            "A: your password | C: sure | A: so | C: no | A: no? | C: no | A: hm | C: well | C: fine weather",
            "fine weather",
        ),
        ("C: how do I change my card | A: I see 2 cards here", "I see 2 cards here"),
    ],
)
def test_what_does_not_answer_is_told(turns, last):
    assert kept(*_turns(turns))[-1] == last


def test_a_question_is_forgotten_after_a_while():
    turns = [("agent", "your account number please"), *[("caller", "well then")] * 9, ("caller", "it took 12")]
    assert kept(*turns)[-1] == "it took 12"


def test_the_read_back_of_what_waits_for_its_rest_waits_as_well():
    texts = kept("4111 1111", ("agent", "4111 1111 go on"), "1111 1111", ("agent", "thank you"))
    assert not any(character.isdigit() for character in " ".join(texts))


def test_a_read_back_of_what_was_no_secret_is_told():
    texts = kept("it was 5120", ("agent", "5120 right"), "yes it was")
    assert texts == ["it was 5120", "5120 right", "yes it was"]


@pytest.mark.parametrize(
    ("by", "text", "asked"),
    [
        ("agent", "can I take the last four of your social please", "end"),
        ("agent", "what's the password on the account", "password"),
        ("agent", "and the security code on the back", "cvv"),
        ("agent", "I cannot see the title in your account", None),
        ("caller", "why was my card declined", None),
        ("caller", "my email is", "email"),
    ],
)
def test_who_is_to_say_what(by, text, asked):
    plain = [plain_number(word) for word in text.split()]
    names = [mention.topic.name for mention, who in asked_in(by, text.split(), plain) if who is not None]
    assert names == ([] if asked is None else [asked])


WORDS = """
my your card number is 4111 one double hundred thousand at dot com no wait um the first letter password it's A golf 12
號 卡 street flat born May of last four ends in social a I email@x code 7 minutes and before it
"""


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=60))
def test_findings_lie_in_the_words_in_order_and_apart(words):
    found = find_secrets(words)
    assert all(0 <= item.first <= item.last < len(words) for item in found)
    assert all(a.last < b.first for a, b in pairwise(found))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=4))
def test_an_endless_utterance_is_read_like_a_short_one(words):
    text = " ".join((words * LONG)[:LONG])
    told = kept(("agent", text))
    assert sum(map(len, told)) <= len(text) + 12 * sum(map(is_marker, " ".join(told).split()))


def _turns(text):
    parties = {"A": "agent", "C": "caller"}
    return [(parties[turn[0]], turn[2:].strip()) for turn in text.split(" | ")]
