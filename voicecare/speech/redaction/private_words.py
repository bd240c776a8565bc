"""Finds what must not be kept in words: cards, their codes, accounts, phone numbers, addresses, national ids, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from voicecare.speech.redaction.identifiers import find_iban, luhn, national_id
from voicecare.speech.redaction.numerals import Run, broken_runs, digit_runs, read_digits, spelled_runs

Secret: TypeAlias = Literal["card", "cvv", "iban", "account", "phone", "email", "id", "name", "number"]
MARKERS = frozenset(f"[{kind}]" for kind in get_args(Secret))

CARD = frozenset({"card", "visa", "mastercard", "amex", "maestro", "credit", "debit"})
NUMBER = frozenset({"number", "numbers", "digits", "digit"})
CODE = frozenset({"cvv", "cvc", "cvv2", "cvc2", "cid"})
SECURITY_CODE = (
    {"security", "code"},
    {"security", "number"},
    {"verification", "code"},
    {"back", "card"},
    {"three", "back"},
)
PHONE = frozenset({"phone", "telephone", "cell", "mobile", "landline", "cellphone"})
REACH = (
    {"call", "me"},
    {"call", "number"},
    {"reach", "number"},
    {"contact", "number"},
    {"reach", "at"},
    {"call", "back", "on"},
)
BANK = frozenset({"bank", "routing", "sort", "iban"})
MAIL = frozenset({"email", "e-mail", "mail", "gmail", "hotmail", "inbox"})
_OTHER = "order ticket reference tracking case invoice confirmation serial model part booking flight policy"
OTHER_NUMBER = frozenset(_OTHER.split())
"""Words that say a number is no person's: such numbers stay, unless they are as long as a card's."""
_PROVIDERS = "gmail googlemail hotmail yahoo outlook icloud aol proton protonmail gmx live msn me mail"
PROVIDERS = frozenset(_PROVIDERS.split())
_ENDINGS = """
com org net edu gov info biz io co uk us ca au de fr es it nl be ch at pl pt br mx jp cn tw hk in eu ie se no dk fi
"""
ENDINGS = frozenset(_ENDINGS.split())
_BEFORE_ADDRESS = """
is it's its it that's email e-mail address mail my the to at me us on send sent reach contact was be yes sure okay ok
so um uh write use under from with and for a this have got you your our or by via called
"""
BEFORE_ADDRESS = frozenset(_BEFORE_ADDRESS.split())
"""Words that stand before an address and are no part of it."""
LONG = 12
"""Digits that are kept by no one: longer than any phone number people say. A misheard digit must not save a card."""
READ_OUT = 9
"""Digits said one by one that are a number of some person, whatever number it is, unless it is said to be an order."""
LONG_NUMBERS = frozenset({"card", "iban", "number"})
BY_HYPHENS = 8
"""Digits joined by hyphens that are a number somebody read out, whatever else the recogniser made of it."""
NEAR = 6
"""Words between a number and digits that are part of it, where a recogniser broke it up."""
CLOSE = 14
"""How many words back still belong to what is being said about a number."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words `first` to `last` hold a secret."""

    first: int
    last: int
    kind: Secret


def find_secrets(
    words: Sequence[str],
    *,
    known: Sequence[Found] = (),
    said_before: Sequence[str] = (),
    after_card: bool = False,
    is_phone: Callable[[str], bool] | None = None,
    names: frozenset[str] = frozenset(),
) -> list[Found]:
    """Find the secrets among the words of one party, in order, none overlapping another.

    known: secrets found by other means. said_before: what either party said just before, as plain words: a number after
        "security code" is one.
    after_card: a card was read out moments ago. names: lower-case names to hide.
    """
    plain = [plain_word(word) for word in words]
    found = [*known, *_emails(words, plain, said_before)]
    for run in spelled_runs(words):
        found += _spelled(run, words, _context(run, plain, said_before))
    for run in digit_runs(words):
        before = plain[max(0, run.first - 4) : run.first]
        kind = _number(run, _context(run, plain, said_before), before, is_phone)
        if kind is None and after_card and len(run.text) >= 3 and OTHER_NUMBER.isdisjoint(before):
            kind = "cvv" if len(run.text) <= 4 else "number"  # the code, or more of the card
        if kind is not None:
            found.append(Found(run.first, run.last, kind))
            after_card = after_card or kind == "card"
    found += [
        Found(run.first, run.last, "number")
        for run in broken_runs(words)
        if len(run.text) >= LONG or OTHER_NUMBER.isdisjoint(plain[max(0, run.first - 4) : run.first])
    ]
    found += [
        Found(i, i, "number") for i, word in enumerate(words) if len(re.findall(r"\d-(?=\d)", word)) >= BY_HYPHENS
    ]
    found = _spread(found, [bool(digits) for digits in read_digits(words)])
    found += [Found(i, i, "name") for i, word in enumerate(plain) if word.removesuffix("'s") in names]
    return _apart(found)


def is_marker(word: str) -> bool:
    """Say whether a word stands for something hidden, such as `[card]`."""
    return word in MARKERS


def _number(
    run: Run, said: frozenset[str], just_before: Sequence[str], is_phone: Callable[[str], bool] | None
) -> Secret | None:
    """What a run of digits is, given the words said before it; the first rule that holds decides."""
    digits, count = run.text, len(run.text)
    about_card = bool(said & CARD) and bool(said & NUMBER)
    rules: tuple[tuple[Secret, bool], ...] = (
        ("phone", run.plus and 7 <= count <= 15),
        ("card", count >= LONG and (about_card or _holds_card(digits))),
        ("iban", count >= LONG and bool(said & BANK)),
        ("number", count >= LONG),
        ("cvv", 3 <= count <= 4 and (bool(said & CODE) or any(words <= said for words in SECURITY_CODE))),
        ("id", national_id(digits, said)),
        ("phone", count >= 7 and (bool(said & PHONE) or any(words <= said for words in REACH))),
        ("account", count >= 6 and bool(said & BANK)),
        ("card", count >= 4 and about_card),
        (
            "phone",
            count >= 9 and is_phone is not None and OTHER_NUMBER.isdisjoint(just_before) and is_phone(digits),
        ),
        ("number", count >= READ_OUT and len(run.touches) >= READ_OUT - 1 and OTHER_NUMBER.isdisjoint(just_before)),
    )
    return next((kind for kind, holds in rules if holds), None)


def _holds_card(digits: str) -> bool:
    return any(
        digits[start] in "23456" and luhn(digits[start : start + length])
        for length in (16, 15, 14, 13, 19)
        for start in range(len(digits) - length + 1)
    )


def _spelled(run: Run, words: Sequence[str], said: frozenset[str]) -> Iterable[Found]:
    if run.text.isdigit():
        return
    if find_iban(run.text) is not None or ("iban" in said and sum(map(str.isdigit, run.text)) >= 6):
        yield Found(run.first, run.last, "iban")
        return
    for first in run.touches:  # an id may stand beside other spelled words
        text = ""
        for last in range(first, run.last + 1):
            part = spelled_runs([words[last]])
            text += part[0].text if part else ""
            if national_id(text, said) and not text.isdigit():
                yield Found(first, last, "id")
                return


def _emails(words: Sequence[str], plain: Sequence[str], said_before: Sequence[str]) -> Iterable[Found]:
    about_mail = bool(MAIL & {*said_before[-3 * CLOSE :], *plain})
    for at, word in enumerate(words):
        if re.search(r"\w@\w", word):
            yield Found(at, _end_of_domain(plain, at) if "." not in plain[at] else at, "email")
        elif plain[at] in {"at", "@"} or word.startswith("@") or word.strip(".,").endswith("@"):
            first = at if re.match(r"\w", word) and plain[at] != "at" else _start_of_local(plain, at)
            last = _end_of_domain(plain, at)
            if first is None or last == at:
                continue
            domain = re.split(r"[\s.]+", " ".join(plain[at + 1 : last + 1]))
            marked = any(p in {"dot", "underscore", "dash"} or re.search(r"[\d._]", p) for p in plain[first:at])
            # "send it to someone at example dot org": one word where an address is expected, and a spoken domain
            alone = (
                first == at - 1
                and plain[at + 2 : at + 3] == ["dot"]
                and (first == 0 or plain[first - 1] in BEFORE_ADDRESS)
            )
            if about_mail or marked or alone or "@" in word or not PROVIDERS.isdisjoint(domain):
                yield Found(first, last, "email")


def _start_of_local(plain: Sequence[str], at: int) -> int | None:
    """Where the part before "at" begins: at most eight words, not reaching into the sentence around it."""
    first = at
    while first > 0 and at - first < 8 and plain[first - 1] not in BEFORE_ADDRESS and plain[first - 1]:
        first -= 1
    return first if first < at else None


def _end_of_domain(plain: Sequence[str], at: int) -> int:
    """The last word of "gmail dot com", "gmail.com" or "mail dot example dot co dot uk" after `at`; `at` if none."""
    for start in range(at + 1, min(at + 5, len(plain))):
        if "." in plain[start] and plain[start].rpartition(".")[2] in ENDINGS:
            return start
        if plain[start] == "dot" and start + 1 < len(plain) and plain[start + 1] in ENDINGS:
            end = start + 1
            while end + 2 < len(plain) and plain[end + 1] == "dot" and plain[end + 2] in ENDINGS:
                end += 2
            return end
    if at + 1 < len(plain) and plain[at + 1] in PROVIDERS - {"me", "live", "mail"}:
        return at + 1
    return at


def _context(run: Run, plain: Sequence[str], said_before: Sequence[str]) -> frozenset[str]:
    """The words said shortly before a run, by either party."""
    return frozenset([*said_before, *plain[: run.first]][-CLOSE:])


def _spread(found: list[Found], digits: list[bool]) -> list[Found]:
    """Take in the digits close to a long number: a recogniser may have broken it."""
    spread = []
    for item in found:
        first, last = item.first, item.last
        if item.kind in LONG_NUMBERS:
            while (more := next((i for i in range(max(0, first - NEAR), first) if digits[i]), None)) is not None:
                first = more
            while (
                more := next((i for i in range(min(last + NEAR, len(digits) - 1), last, -1) if digits[i]), 0)
            ) > last:
                last = more
        spread.append(Found(first, last, item.kind))
    return spread


def _apart(found: list[Found]) -> list[Found]:
    """Join findings that touch the same words; the longest that is more than a number names them."""
    joined: list[Found] = []
    for item in sorted(found, key=lambda f: (f.first, -f.last)):
        if joined and item.first <= joined[-1].last:
            before = joined.pop()
            longest = max(before, item, key=lambda f: (f.kind != "number", f.last - f.first))
            joined.append(Found(before.first, max(before.last, item.last), longest.kind))
        else:
            joined.append(item)
    return joined


def plain_word(word: str) -> str:
    """A word in lower case, without the punctuation around it."""
    return word.lower().strip(".,;:!?\"'()").replace("’", "'")
