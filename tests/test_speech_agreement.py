"""LocalAgreement: what two hearings in a row say, and nothing that is taken back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voicecare.speech.words.agreement import Agreement
from voicecare.timebase import Span
from voicecare.types import Heard, Party, Word


def heard(text: str, *, start: int = 0, final: bool = False, channel: Party = "caller") -> Heard:
    words = tuple(Word(word, Span(start + 100 * i, start + 100 * i + 90), 0.9) for i, word in enumerate(text.split()))
    span = Span(start, start + 100 * len(words) + 500)
    return Heard(channel, span, text, words, "en", 0.8, None, final, arrived=span.end)


def texts(*hearings: Heard) -> list[str]:
    agreement = Agreement()
    return [agreement.push(hearing).text for hearing in hearings]


def test_words_are_shown_once_two_hearings_agree_on_them():
    assert texts(heard("I want"), heard("I want to talk"), heard("I want to talk about")) == [
        "",
        "I want",
        "I want to talk",
    ]


def test_a_word_that_changes_is_not_shown_nor_what_follows_it():
    assert texts(heard("I won't talk"), heard("I want talk now"), heard("I want to talk")) == ["", "I", "I want"]


def test_case_and_punctuation_do_not_count_as_disagreement():
    assert texts(heard("okay. so"), heard("Okay, so what")) == ["", "Okay, so"]


def test_an_agreed_word_is_never_taken_back():
    assert texts(heard("a b c"), heard("a b c d"), heard("x y"), heard("x y z")) == ["", "a b c", "a b c", "a b c"]


def test_the_final_hearing_passes_as_it_is_and_ends_the_utterance():
    agreement = Agreement()
    agreement.push(heard("hello"))
    final = heard("hello there", final=True)
    assert agreement.push(final) is final
    assert agreement.push(heard("hello")).text == ""


def test_another_utterance_begins_anew():
    assert texts(heard("hello there"), heard("hello there", start=9000)) == ["", ""]


def test_the_parties_do_not_agree_with_each_other():
    assert texts(heard("hello"), heard("hello", channel="agent")) == ["", ""]


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c"]), max_size=6), max_size=8))
def test_what_is_shown_only_grows_and_was_heard_twice(hearings):
    agreement = Agreement()
    shown: list[str] = []
    for before, words in zip([[], *hearings], hearings, strict=False):
        now = agreement.push(heard(" ".join(words))).text.split()
        assert now[: len(shown)] == shown
        fresh = list(range(len(shown), len(now)))
        assert all(before[i] == words[i] == now[i] for i in fresh)
        shown = now
