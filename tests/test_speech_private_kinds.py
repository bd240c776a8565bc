"""The kinds of secrets one by one: what tells them, and what looks like them."""

from __future__ import annotations

import pytest
from secrets_said import kept

from voicecare.speech.redaction.dates import births
from voicecare.speech.redaction.foreign import number_words
from voicecare.speech.redaction.glued import put_together, taken_apart
from voicecare.speech.redaction.numerals import digit_runs
from voicecare.speech.redaction.spelling import spelled_runs
from voicecare.timebase import Span
from voicecare.types import Heard, Word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my email is jo at some where dot museum", "my email is [email]"),
        ("write to kim at tiny dot bakery please", "write to [email] please"),
        ("it is m lee twenty two at post dot example dot org", "it is [email]"),
        ("my policy number is HG 77 41 B", "my policy number is [id]"),
        ("booking reference X K 4 P 2", "booking reference [id]"),
        ("booking reference 4 4 1 9 2", "booking reference 4 4 1 9 2"),
        ("model number WH-1000XM5", "model number WH-1000XM5"),
        ("N I number J G 10 37 59 A", "N I number [id]"),
        ("juliet golf one oh three seven five nine alpha", "[id]"),
        ("she was born on March 9th 1988", "she was born on [birth]"),
        ("it arrived on March 9th 1988", "it arrived on March 9th 1988"),
        ("my pin is four four one two", "my pin is [code]"),
        ("error code 5 5 0 1", "error code 5 5 0 1"),
        ("the password is Tulip77", "the password is [password]"),
        ("the password is not working", "the password is not working"),
        ("my password was reset", "my password was reset"),
        ("I live at 12 Mill Lane", "I live at [address]"),
        ("turn left on Mill Lane", "turn left on Mill Lane"),
        ("a 10 minute drive", "a 10 minute drive"),
        ("the zip code is 60614", "the zip code is [address]"),
        ("it is E C 1 A 1 B B", "it is [address]"),
        ("card ending 4242", "card ending [card]"),
        ("the lease ends in 2025", "the lease ends in 2025"),
        ("I was charged 1250 by my card", "I was charged 1250 by my card"),
        ("one two three four five six seven eight nine ten", "one two three four five six seven eight nine ten"),
        ("look at amazon dot com", "look at amazon dot com"),
        ("I work at home", "I work at home"),
        ("我的卡號是 4111111111111111", "我的卡號是 [card]"),
        ("我的卡號是4111111111111111謝謝", "我的卡號是 [card] 謝謝"),
        ("電話零九一二三四五六七八", "電話 [phone]"),
        ("電話0912345678", "電話 [phone]"),
        ("我等了二十分鐘", "我等了二十分鐘"),
        ("住在信義路五段7號", "住在 [address]"),
    ],
)
def test_a_secret_is_hidden_and_what_looks_like_one_stays(text, expected):
    assert kept(text) == [expected]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("four ones", ["1111"]),
        ("three thousand four hundred", ["3400"]),
        ("49 no wait 48 29", ["494829"]),
        ("one hundred and twelve", ["10012"]),
        ("９４１", ["941"]),
        ("5 to 8", ["528"]),
        ("120 to 135", ["120", "135"]),
        ("2021-02-03", []),
        ("plus four nine", ["49"]),
    ],
)
def test_numbers_are_read_across_corrections_and_magnitudes(text, digits):
    assert [run.text for run in digit_runs(text.split())] == digits


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("golf bravo eight two", ["GB82"]),
        ("A as in alpha B for bravo 7", ["AB7"]),
        ("golf in india", []),
        ("I have a dog", []),
        ("OK 1", ["1"]),
        ("THIS SCREEN SHOWS SOME LETTERS", []),
    ],
)
def test_letters_are_read_as_people_spell_them(text, spelled):
    assert [run.text for run in spelled_runs(text.split())] == spelled


@pytest.mark.parametrize(
    ("text", "is_birth"),
    [
        ("4/7/82", True),
        ("the 4th of July 1982", True),
        ("zero four zero seven one nine eight two", True),
        ("bought on the 4th of July 1982", False),
        ("12/03/2024", False),
        ("in July 1982", False),
    ],
)
def test_a_whole_date_of_a_likely_year_is_one_of_birth(text, is_birth):
    assert bool(births(text.split())) == is_birth


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("ich habe drei oder vier", "de", []),
        ("null eins fünf", "de", [0, 1, 2]),
        ("deux, trois-quatre, cinq", "fr", [0, 1, 2]),
        ("uno dos tres", "", [0, 1, 2]),
        ("uno dos tres", "fi", []),
    ],
)
def test_number_words_of_other_languages_are_found_three_in_a_row(text, language, found):
    assert number_words(text.split(), language) == found


def test_a_word_is_taken_apart_in_its_time_and_put_together_again():
    word = Word("卡號4111，好", Span(0, 800), 0.9)
    heard = Heard("caller", Span(0, 800), word.text, (word,), "zh", 0.9, None, final=True, arrived=900)
    apart = taken_apart(heard)
    assert len(apart.words) == 4
    assert (apart.words[0].span.start, apart.words[-1].span.end) == (0, 800)
    assert put_together(apart) == heard
