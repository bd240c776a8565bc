"""Redaction: what is planted is gone, what is ordinary stays."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from voicecare.backends.phones import PhoneNumbers
from voicecare.errors import UsageError
from voicecare.speech.redaction.identifiers import IBAN_LENGTHS, find_iban, iban, luhn, national_id
from voicecare.speech.redaction.names import Names
from voicecare.speech.redaction.numerals import digit_runs
from voicecare.speech.redaction.private_words import is_marker
from voicecare.speech.redaction.redaction import MUTE_MARGIN_S, PATIENCE_S, Redactor, muted
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Party, Word

PHONES = PhoneNumbers(("US", "GB"))
SPOKEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def heard(text: str, at_s: float = 0.0, channel: Party = "caller", *, timed: bool = True) -> Heard:
    start = samples(at_s)
    words = tuple(
        Word(word, Span(start + 3200 * i, start + 3200 * (i + 1)), 0.9) for i, word in enumerate(text.split())
    )
    span = Span(start, start + 3200 * max(1, len(text.split())))
    return Heard(channel, span, text, words if timed else (), "en", 0.8, None, final=True, arrived=span.end + 8000)


def kept(*utterances: str | tuple[Party, str]) -> list[str]:
    """Redact utterances ten seconds apart, the caller's unless said; return what is kept of each."""
    redactor = Redactor(is_phone=PHONES)
    out = []
    for i, said in enumerate(utterances):
        party, text = ("caller", said) if isinstance(said, str) else said
        out += redactor.push(heard(text, 10.0 * i, party))
    out += redactor.finish(10**9)
    of_one: dict[int, list[str]] = {}
    for told in sorted(out, key=lambda h: h.span.start):
        of_one.setdefault(told.span.start // samples(10.0), []).append(told.text)
    return [" ".join(filter(None, of_one[i])) for i in sorted(of_one)]


def with_luhn(digits: str) -> str:
    return next(digits + str(check) for check in range(10) if luhn(digits + str(check)))


card_numbers = st.builds(
    lambda first, rest: with_luhn(first + rest),
    st.sampled_from("3456"),
    st.text("0123456789", min_size=14, max_size=14),
)


@st.composite
def as_said(draw: st.DrawFn, number: str) -> str:
    """The number in groups, each written or spoken, with what people and recognisers put between."""
    pieces = []
    while number:
        group = draw(st.integers(1, 4))
        part, number = number[:group], number[group:]
        if draw(st.booleans()):
            pieces.append(part)
        elif len(part) > 1 and part[0] == part[1] and draw(st.booleans()):
            pieces.append(" ".join(["double", SPOKEN[int(part[0])], *(SPOKEN[int(d)] for d in part[2:])]))
        else:
            pieces.append(" ".join(SPOKEN[int(digit)] for digit in part))
    between = draw(st.sampled_from([" ", ", ", " - ", " um ", ". "]))
    return between.join(pieces)


@settings(deadline=None)
@given(st.data())
def test_a_card_is_gone_however_it_is_read_out(data):
    number = data.draw(card_numbers)
    said = data.draw(as_said(number))
    [text] = kept(f"sure the number is {said}, thank you")
    assert text.startswith("sure the number is [card]")
    assert text.endswith("thank you")


@settings(deadline=None)
@given(st.data())
def test_a_card_split_over_utterances_is_gone_from_each(data):
    number = data.draw(card_numbers)
    cuts = sorted(data.draw(st.sets(st.integers(2, 14), min_size=1, max_size=3)))
    assume(all(b - a >= 2 for a, b in itertools.pairwise([0, *cuts, 16])))
    parts = [number[a:b] for a, b in itertools.pairwise([0, *cuts, 16])]
    between: list[tuple[Party, str]] = [("agent", "mm-hmm")] * len(parts)
    texts = kept("it is", *itertools.chain.from_iterable(zip(parts, between, strict=True)), "that's it")
    assert not [text for text in texts if any(character.isdigit() for character in text)]


@settings(deadline=None)
@given(st.data())
def test_a_card_with_one_digit_misheard_is_gone_too(data):
    number = data.draw(card_numbers)
    at = data.draw(st.integers(0, 15))
    wrong = number[:at] + data.draw(st.sampled_from("0123456789")) + number[at + 1 :]
    [text] = kept(f"it's {wrong} okay")
    assert wrong not in text
    assert "[" in text


@pytest.mark.parametrize(
    "said",
    [
        ("the security code is 123",),
        ("CVV 1 2 3 4",),
        (("agent", "and the three digits on the back?"), "nine eight seven"),
        ("4111 1111 1111 1111.", ("agent", "Thank you."), "123"),
    ],
)
def test_a_cards_code_is_gone(said):
    assert "[cvv]" in kept(*said)[-1]


@settings(deadline=None)
@given(st.sampled_from(sorted(IBAN_LENGTHS)), st.data())
def test_an_iban_is_gone_written_or_spelled(country, data):
    length = IBAN_LENGTHS[country] - 4
    account = data.draw(st.text("0123456789", min_size=length, max_size=length))
    check = next(f"{n:02}" for n in range(2, 99) if iban(f"{country}{n:02}{account}"))
    whole = f"{country}{check}{account}"
    groups = " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))
    for said in (whole, groups, "-".join(whole), " ".join(whole)):
        [text] = kept(f"my account is {said} please")
        assert text == "my account is [iban] please"


@settings(deadline=None)
@given(st.text("2345689", min_size=7, max_size=7), st.sampled_from(["212", "415", "312", "617"]))
def test_a_phone_number_is_gone(line, area):
    assume(line[1:3] != "11")
    number = area + line
    for said in (number, f"{area} {line[:3]} {line[3:]}", f"({area}) {line[:3]}-{line[3:]}", " ".join(number)):
        assert kept(f"reach me at {said} tonight") == ["reach me at [phone] tonight"]
        assert kept(f"yes {said} tonight") == ["yes [phone] tonight"]


@pytest.mark.parametrize(
    "text",
    [
        "my email is john.smith@example.com okay",
        "my email is john dot smith at example dot com okay",
        "it's jsmith42 at gmail.com okay",
        "it's j smith underscore 42 at example dot co dot uk okay",
        "it's john smith at gmail dot com okay",
        "the address is info@ example.org okay",
    ],
)
def test_an_email_address_is_gone_written_or_spoken(text):
    [result] = kept(text)
    assert result.endswith("[email] okay")
    assert not any(part in result for part in ("smith", "gmail", "example", "info"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my id is A123456789", "my id is [id]"),
        ("el DNI es 12345678Z", "el DNI es [id]"),
        ("my CPF is 529.982.247-25", "my CPF is [id]"),
        ("my social security number is 123-45-6789", "my social security number is [id]"),
        ("the social insurance number is 046 454 286", "the social insurance number is [id]"),
        ("my NHS number is 943 476 5919", "my NHS number is [id]"),
    ],
)
def test_a_national_id_is_gone(text, expected):
    assert kept(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "I bought it in 2018 for $1,299.99",
        "it was 12/05/2023 at 10:30",
        "order 4155552671 hasn't arrived",
        "I waited for 2 to 3 hours on the 21st",
        "we were at the store on main street",
        "look at the website example dot com",
        "it's the one two doors down at number 45",
        "I've called 3 times in the last 24 hours",
        "my card was declined twice in 2023",
        "a hundred and twenty five dollars",
        "0 or 1 or 2 of them",
        "my flight is at 6:45, gate 12",
        "oh I see, the model is X 200",
    ],
)
def test_ordinary_numbers_stay(text):
    assert kept(text) == [text]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["N", "Lo", "C"], exclude_characters="@")))
def test_text_without_a_digit_or_a_number_word_is_kept_as_it_is(text):
    plain = {word.strip(".,").lower() for word in text.split()}
    assume(not plain & {*SPOKEN, "oh", "at", "dot"})
    [told] = [*(redactor := Redactor()).push(heard(text)), *redactor.finish(heard(text).arrived)]
    assert told == heard(text)


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


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("my name is Jack Low, Jack's car", "yes"), ["my name is [name] [name] [name] car", "yes"]),
        ((("agent", "Can I have your name please?"), "Sure, it's Jack Low."), None),
        (
            ("this is Jack Low speaking", ("agent", "Thank you, Jack.")),
            ["this is [name] [name] speaking", "Thank you, [name]"],
        ),
        (
            (("agent", "Am I speaking with Mrs Low?"), "that is right"),
            ["Am I speaking with Mrs [name]", "that is right"],
        ),
    ],
)
def test_names_are_hidden_once_they_were_given_and_only_if_asked(said, expected):
    plain, hiding = Redactor(), Redactor(names=Names())
    utterances = [("caller", one) if isinstance(one, str) else one for one in said]
    shown = [t.text for i, (party, text) in enumerate(utterances) for t in plain.push(heard(text, 10.0 * i, party))]
    assert shown == [text for _, text in utterances]
    texts = [t.text for i, (party, text) in enumerate(utterances) for t in hiding.push(heard(text, 10.0 * i, party))]
    assert texts == (expected or [utterances[0][1], "Sure, it's [name] [name]"])


@pytest.mark.parametrize(
    "text", ["this is ridiculous", "my name is not on the list", "It is On Monday", "this is The thing"]
)
def test_what_is_no_name_is_not_taken_for_one(text):
    names = Names()
    names.push("caller", text.split())
    assert names.known <= {"monday"}


def test_what_the_agent_asks_tells_what_the_callers_number_is():
    assert kept(("agent", "what's your phone number?"), "555 0147")[-1] == "[phone]"
    assert kept(("agent", "what's the order number?"), "555 0147")[-1] == "555 0147"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("forty one eleven", ["4111"]),
        ("twenty-one oh five", ["2105"]),
        ("triple seven, double oh", ["77700"]),
        ("forty one hundred", ["4100"]),
        ("nine to five", ["925"]),
        ("one for all", ["1"]),
        ("12-34 and 56", ["123456"]),
        ("a b c", []),
    ],
)
def test_numbers_are_read_as_people_say_them(text, digits):
    assert [run.text for run in digit_runs(text.split())] == digits


@settings(deadline=None)
@given(st.text("0123456789", min_size=12, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_luhn_finds_every_single_wrong_digit(digits, at, shift):
    number = with_luhn(digits)
    at %= len(number)
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert luhn(number)
    assert not luhn(wrong)


def test_an_iban_is_found_inside_other_letters():
    assert find_iban("AB12GB82WEST12345698765432X") == (4, 26)
    assert find_iban("GB82WEST12345698765431") is None


@pytest.mark.parametrize("text", ["A123456788", "12345678A", "52998224724"])
def test_a_wrong_check_digit_is_no_national_id(text):
    assert not national_id(text, frozenset({"cpf"}))


def test_an_unknown_phone_region_is_named():
    with pytest.raises(UsageError, match="'UK'"):
        PhoneNumbers(("UK",))
