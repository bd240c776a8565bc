"""What of an utterance is told, when, and what of its sound is muted, while a secret may be in it."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secrets_said import PHONES, as_said, card_numbers, heard, kept

from voicecare.speech.redaction.names import Names
from voicecare.speech.redaction.private_words import is_marker
from voicecare.speech.redaction.redaction import MUTE_MARGIN_S, PATIENCE_S, Redactor, muted
from voicecare.timebase import Span, samples


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["agent", "caller"]), st.text(), st.booleans()), max_size=6))
def test_every_word_comes_out_once_and_each_partys_in_order_whatever_is_said(utterances):
    redactor, names = Redactor(is_phone=PHONES, names=Names()), {"agent": [], "caller": []}
    said = {"agent": [], "caller": []}
    for i, (party, text, timed) in enumerate(utterances):
        said[party].append(heard(text, 30.0 * i, party, timed=timed))
        for told in redactor.push(said[party][-1]):
            names[told.channel].append(told)
    for told in redactor.finish(10**9):
        names[told.channel].append(told)
    for party in ("agent", "caller"):
        spans = [told.span for told in names[party] if told.text.split()]
        assert spans == sorted(spans)
        starts = sorted(told.span.start for told in names[party] if told.span.start % samples(30.0) == 0)
        assert starts == [h.span.start for h in said[party]]
        hidden = sum(any(map(is_marker, told.text.split())) for told in names[party])
        if not hidden:
            kept = [word for told in names[party] for word in told.text.split()]
            assert kept == [word for h in said[party] for word in h.text.split()]


def test_the_words_and_the_span_to_mute_match_the_text():
    said = heard("my card is 4111 1111 1111 1111 thanks", at_s=10)
    [told] = Redactor().push(said)
    assert [word.text for word in told.words] == ["my", "card", "is", "[card]", "thanks"]
    assert " ".join(word.text for word in told.words) == told.text
    assert told.words[3].span == Span(said.words[3].span.start, said.words[6].span.end)
    margin = samples(MUTE_MARGIN_S)
    whole = Span(told.words[3].span.start - margin, told.words[3].span.end + margin)
    assert muted([told]) == {"agent": [], "caller": [whole]}


def test_without_word_times_the_whole_utterance_is_muted():
    said = heard("my card is 4111 1111 1111 1111", at_s=5, timed=False)
    [told] = [*(redactor := Redactor()).push(said), *redactor.finish(said.arrived)]
    assert told.text == "my card is [card]"
    margin = samples(MUTE_MARGIN_S)
    assert muted([told])["caller"] == [Span(said.span.start - margin, said.span.end + margin)]


def test_what_lies_between_two_parts_of_a_number_is_muted_too():
    redactor = Redactor()
    told = [told for i in range(4) for told in redactor.push(heard("4111 1111", at_s=10 + 4.0 * i))]
    told += redactor.finish(10**9)
    [span] = muted(told)["caller"]
    assert span.start <= samples(10.0)
    assert span.end >= samples(22.4)


def test_the_words_before_an_unfinished_number_do_not_wait_for_it():
    redactor = Redactor()
    said = dataclasses.replace(heard("yes I will gladly read it out it's 4111 1111"), voice=(0.5,))
    [head] = redactor.push(said)
    assert (head.text, head.voice) == ("yes I will gladly read it out it's", (0.5,))
    told = redactor.push(heard("1111 1111.", at_s=5))
    assert [(h.text, h.voice) for h in told] == [("[card]", None), ("[card]", None)]
    assert told[0].span == Span(head.span.end, said.span.end)
    assert {h.arrived for h in told} == {heard("1111 1111.", at_s=5).arrived}


def test_a_number_alone_waits_but_the_view_of_the_voice_does_not():
    said = dataclasses.replace(heard("4111 1111"), voice=(0.5,))
    [view] = Redactor().push(said)
    assert (view.text, view.words, view.final, view.voice) == ("", (), False, (0.5,))


def test_an_unfinished_number_waits_at_most_half_a_minute_of_call():
    redactor = Redactor()
    said = heard("it was 5120", 0)
    assert redactor.push(said) == []
    assert redactor.push(heard("okay", 5, "agent"))[0].text == "okay"
    late = said.arrived + samples(PATIENCE_S)
    assert redactor.due(late) == []
    [told] = redactor.due(late + 1)
    assert (told.text, told.arrived) == ("it was 5120", late + 1)


@pytest.mark.parametrize("text", ["it is a 2018", "since 1999.", "would you prefer between 3pm and 5pm?"])
def test_a_year_or_a_time_of_day_at_the_end_does_not_wait(text):
    assert [told.text for told in Redactor().push(heard(text))] == [text]


def test_the_first_half_of_a_number_whose_rest_never_came_is_gone():
    for number, expected in (("4111 1111", "[number]"), ("four one one one oh nine", "[number]"), ("5120", "5120")):
        redactor = Redactor()
        assert redactor.push(heard(number)) == []
        assert [told.text for told in redactor.finish(10**9)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "My card I'm wearing 5 free 6 to 2 near only a row 6 to 8 near row 9 6 4 to 9",
        "call me Macon for one time 3 6 6 time 2 4 4",
        "my iPhone in SE-3 Hi, Neur-6, Neur-1, 2-3 Neur-6, I'm 7-2-1-3-3-6",
        "Permanere O2-2-2-3-6-1-5-8-2-0-8-0-4-0-8-8",
    ],
)
def test_a_number_the_recogniser_broke_up_is_gone_with_the_digits_around_it(text):
    [result] = kept(text)
    assert "[number]" in result
    assert sum(map(str.isdigit, result)) <= 1


def test_a_sound_without_words_does_not_end_a_number():
    redactor = Redactor()
    told = [t for i, text in enumerate(("4111 1111", "", "1111 1111.")) for t in redactor.push(heard(text, 5.0 * i))]
    assert [t.text for t in told] == ["", "[card]", "[card]"]


@pytest.mark.parametrize("between", ["hold on", "let me find my glasses"])
def test_a_number_broken_off_by_other_words_is_gone_from_both_parts(between):
    texts = kept(("agent", "your card number please"), "4111 1111", between, "where was I", "yes 1111 1111", "okay")
    assert not any(map(str.isdigit, " ".join(texts)))
    assert kept("it is 4111 1111", between)[0] == "it is [number]"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("my email is john smith", "at gmail dot com"),
        ("my email address is john dot smith at", "example dot com"),
        ("so that is GB82 WEST", "1234 5698 7654 32"),
    ],
)
def test_an_address_or_an_account_split_over_utterances_is_gone_from_each(first, second):
    texts = " ".join(kept(first, second))
    assert not any(part in texts for part in ("john", "smith", "gmail", "example", "GB82", "1234"))


@settings(deadline=None)
@given(card_numbers, st.data())
def test_a_partial_hearing_is_cut_before_a_number(number, data):
    said = f"of course I will read it to you now {data.draw(as_said(number))}"
    [told] = Redactor().push(dataclasses.replace(heard(said), final=False))
    assert told.text in "of course I will read it to you now"
    assert len(told.words) == len(told.text.split())


def test_a_partial_hearing_is_cut_before_a_name_where_names_are_hidden():
    said = dataclasses.replace(heard("good morning my name is Jack Low and I will look at it"), final=False)
    assert Redactor(names=Names()).push(said)[0].text == "good morning my name is"
    assert Redactor().push(said)[0].text.endswith("Jack Low and I will look")


def test_a_partial_hearing_without_words_or_voice_is_not_told():
    assert Redactor().push(dataclasses.replace(heard("4111 1111"), final=False)) == []
