"""Phrases, sentiment and pace: what is read from which party's words."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import BOOK, Scorer, heard

from voicecare.speech.words.language import Language
from voicecare.timebase import Span
from voicecare.types import Heard, Pace, Phrase, Sentiment


def test_a_phrase_says_which_words_made_it_and_when():
    said = heard("Well okay I'm sorry to hear that", start_s=5)
    phrase = next(e for e in Language(BOOK, None).push(said) if isinstance(e, Phrase) and e.kind == "acknowledgement")
    assert phrase.text == "I'm sorry to hear"
    assert phrase.span == Span(said.words[2].span.start, said.words[5].span.end)
    assert phrase.at == said.arrived


def test_the_callers_own_words_said_again_are_a_paraphrase():
    language = Language(BOOK, None)
    language.push(heard("my washing machine leaked water over the kitchen floor", "caller"))
    again = language.push(heard("okay so your washing machine leaked in the kitchen"))
    assert [(event.kind, event.text) for event in again if isinstance(event, Phrase)] == [
        ("paraphrase", "kitchen leaked machine washing")
    ]
    other = language.push(heard("may I have your date of birth and postcode please"))
    assert not [event for event in other if isinstance(event, Phrase)]


@pytest.mark.parametrize(
    "said",
    [
        "the dog is at the door and a kid is sitting there talking",  # the same things, said of nobody
        "there is talking and sitting, is your kid at the door with your dog",  # none of it in the caller's order
        "is your dog well",  # too little
    ],
)
def test_talk_about_the_same_things_is_no_paraphrase(said):
    language = Language(BOOK, None)
    language.push(heard("my dog is at the door barking", "caller"))
    language.push(heard("so the kid was sitting there", "caller"))
    language.push(heard("and somebody was talking", "caller"))
    assert not [e for e in language.push(heard(said)) if isinstance(e, Phrase) and e.kind == "paraphrase"]


def test_the_agents_own_words_said_again_are_no_paraphrase():
    language = Language(BOOK, None)
    language.push(heard("your washing machine leaked water over the kitchen floor"))
    assert not [e for e in language.push(heard("washing machine leaked kitchen")) if isinstance(e, Phrase)]


@given(st.text())
def test_the_agent_never_gets_sentiment_and_no_scorer_sees_the_agents_words(text):
    scorer = Scorer()
    events = Language(BOOK, scorer).push(heard(text, "agent"))
    assert not [event for event in events if isinstance(event, Sentiment)]
    assert scorer.shown == []


def test_the_caller_gets_sentiment_no_surer_than_the_words():
    said = heard("this is useless", "caller")
    [sentiment] = [event for event in Language(BOOK, Scorer()).push(said) if isinstance(event, Sentiment)]
    assert (sentiment.value, sentiment.label) == (-0.6, "negative")
    assert sentiment.confidence == pytest.approx(0.5 * said.confidence)
    assert sentiment.because[0].at == (said.span.start,)


@given(st.text(), st.integers(0, 10**16))
def test_no_event_repeats_a_number_that_was_said(text, number):
    said = f"{text} i understand how {number} frustrating, your number {number} {number} {number}"
    language = Language(BOOK, Scorer())
    events = [*language.push(heard(said, "caller")), *language.push(heard(said, "agent"))]
    assert any(isinstance(event, Phrase) for event in events)
    for event in events:
        if isinstance(event, Phrase):
            assert not any(map(str.isdigit, event.text))


def test_sentiment_steps_aside_for_a_language_the_scorer_does_not_read():
    assert Language(BOOK, Scorer()).push(heard("das ist nutzlos", "caller", language="de")) == []


def test_unfinished_and_empty_utterances_are_passed_over():
    language = Language(BOOK, Scorer())
    assert language.push(dataclasses.replace(heard("thank you", "caller"), final=False)) == []
    assert language.push(heard("", "caller")) == []


LONG = "I understand how frustrating that is and I will look at what happened there for you right now"


def parts(said: Heard, *counts: int) -> list[Heard]:
    """What is agreed of an utterance after so many words each."""
    return [
        dataclasses.replace(
            said, words=said.words[:n], text=" ".join(w.text for w in said.words[:n]), final=False, arrived=n
        )
        for n in counts
    ]


def test_an_acknowledgement_of_the_agent_is_told_while_the_agent_goes_on_and_once():
    language, said = Language(BOOK, None), heard(LONG)
    early = [language.push(part) for part in parts(said, 4, 6, 8, 12)]
    assert [[(e.kind, e.at) for e in events if isinstance(e, Phrase)] for events in early] == [
        [],
        [("acknowledgement", 6)],
        [],
        [],
    ]
    assert "acknowledgement" not in {e.kind for e in language.push(said) if isinstance(e, Phrase)}
    again = language.push(heard(LONG, start_s=30))
    assert [e.kind for e in again if isinstance(e, Phrase)].count("acknowledgement") == 1


@given(
    st.lists(
        st.sampled_from(["I understand your frustration", "that must be hard", "let me see", "the order", "sorry"])
    ),
    st.lists(st.integers(0, 40), max_size=4),
)
def test_told_early_or_late_no_acknowledgement_is_told_twice_or_lost(said, counts):
    whole = heard(" and ".join(["well", *said, "that is all for you now"]))

    def acknowledged(hearings):
        language = Language(BOOK, None)
        return [
            (event.span, event.kind)
            for hearing in hearings
            for event in language.push(hearing)
            if isinstance(event, Phrase) and event.kind == "acknowledgement"
        ]

    assert sorted(acknowledged([*parts(whole, *sorted(counts)), whole])) == sorted(acknowledged([whole]))


def test_what_may_still_be_taken_back_is_not_told_early():
    language, said = Language(BOOK, None), heard("I completely understand the policy says so but it is what it is")
    assert not [event for part in parts(said, 3, 4, 6, 9) for event in language.push(part)]


def test_of_the_caller_nothing_is_told_early():
    said = heard("thank you so much I understand how frustrating that is for you", "caller")
    assert not [event for part in parts(said, 6, 12) for event in Language(BOOK, Scorer()).push(part)]


def test_hidden_words_are_not_read_counted_or_said_again():
    scorer = Scorer()
    language = Language(BOOK, scorer)
    said = "my [card] was refused [card] twice by the [card] machine"
    events = [event for i in range(4) for event in language.push(heard(said, "caller", start_s=20 * i))]
    assert scorer.shown == ["my was refused twice by the machine"] * 4
    assert not [event for event in events if isinstance(event, Pace)]
    again = language.push(heard("your [card] was refused twice at the [card] machine"))
    assert [e.text for e in again if isinstance(e, Phrase) and e.kind == "paraphrase"] == ["machine refused twice"]
    assert Language(BOOK, Scorer()).push(heard("[card] [number]", "caller")) == []


def test_pace_is_told_from_the_third_utterance_on_against_the_partys_own_median():
    language = Language(BOOK, None)
    text = "the quick brown fox jumps over the lazy dog"
    paces = [
        [e for e in language.push(heard(text, "agent", start_s=10 * i, wpm=wpm)) if isinstance(e, Pace)]
        for i, wpm in enumerate([150, 150, 150, 300])
    ]
    assert [len(found) for found in paces] == [0, 0, 1, 1]
    assert paces[2][0].pace_wpm == pytest.approx(150, rel=0.01)
    assert paces[2][0].relative == pytest.approx(1.0, rel=0.01)
    assert paces[3][0].pace_wpm == pytest.approx(3 * 9 / (2 * 9 / 150 + 9 / 300), rel=0.01)
    assert paces[3][0].relative == pytest.approx(paces[3][0].pace_wpm / 150, rel=0.01)


def test_the_parties_paces_are_their_own():
    language = Language(BOOK, None)
    for i in range(5):
        language.push(heard("one two three four five", "caller", start_s=10 * i, wpm=300))
    agents = language.push(heard("one two three four five", "agent", start_s=60, wpm=100))
    assert not [event for event in agents if isinstance(event, Pace)]
