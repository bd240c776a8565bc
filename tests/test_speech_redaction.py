"""Redaction: what is planted is gone, what is ordinary stays."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from secrets_said import SPOKEN, as_said, card_numbers, heard, kept, with_luhn

from voicecare.backends.phones import PhoneNumbers
from voicecare.errors import UsageError
from voicecare.speech.redaction.identifiers import IBAN_LENGTHS, find_iban, iban, luhn, national_id
from voicecare.speech.redaction.names import Names
from voicecare.speech.redaction.numerals import digit_runs
from voicecare.speech.redaction.redaction import Redactor
from voicecare.types import Party


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
