"""Thanks are told from politeness, refusal and scorn; figures over 1,000 lines are in scripts/bench/care.py."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.care.thanks import LONGEST, CallerSaid, find, is_thanks, sentences


@pytest.mark.parametrize(
    "text",
    [
        "Thank you so much for your help today.",
        "You have been so kind, thank you.",
        "Thank you, you have made my day!",
        "I really appreciate your patience.",
        "Thanks for explaining it so clearly.",
    ],
)
def test_thanks_that_say_more_than_goodbye_are_thanks(text):
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, bye.",
        "Okay, thank you very much, goodbye!",
        "No, thank you.",
        "Thanks for nothing.",
        "Thank you for hanging up on me.",
        "Thank God you picked up.",
        "I would appreciate it if you called me back.",
        "Oh great, thank you, another hour on hold.",
        "He said thank you.",
        "It is the blue one.",
        "",
    ],
)
def test_politeness_refusal_and_scorn_are_none(text):
    assert not is_thanks(text)


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("真的非常謝謝你的幫忙", True),
        ("謝謝你這麼有耐心聽我講", True),
        ("您人真好，謝謝您！", True),
        ("好，謝謝，再見", False),
        ("不用了，謝謝", False),
        ("真是謝謝你們害我等了三個小時", False),
        ("謝天謝地", False),
    ],
)
def test_so_are_they_in_traditional_chinese(text, thanks):
    assert is_thanks(text, "zh-Hant") is thanks
    assert is_thanks(text, "zh") is thanks


def test_in_a_language_without_a_list_nothing_is_told():
    assert not is_thanks("Vielen Dank für Ihre Hilfe", "de")


def test_while_strain_is_up_more_is_asked_for():
    mild, warm = "Thanks for the letter.", "Thank you so much for your help, you have been wonderful."
    assert is_thanks(mild)
    assert not is_thanks(mild, strain_up=True)
    assert is_thanks(warm, strain_up=True)


def test_a_complaint_in_the_same_breath_takes_it_back():
    said = CallerSaid(12.0, "Thank you for your help. But it is still not working and I waited for hours.", "en")
    assert find([said], [], 0.5) == ()


def test_the_sentence_is_kept_word_for_word_with_its_moment():
    said = CallerSaid(12.0, "Yes. Thank you so much for your help today. My number is [number].", "en")
    (found,) = find([said], [(5.0, 0.2)], 0.5)
    assert (found.at_s, found.text) == (12.0, "Yes. Thank you so much for your help today.")


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "zh-Hant", "de", ""]))
def test_whatever_was_heard_a_sentence_is_a_part_of_it_and_not_too_long(text, language):
    for found in find([CallerSaid(0.0, text, language)], [], 0.5):
        assert len(found.text) <= LONGEST
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
