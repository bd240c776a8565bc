"""Finds numbers and addresses that are not said to their end: the rest may come with the next utterance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from voicecare.speech.redaction.found import Found
from voicecare.speech.redaction.identifiers import find_iban, luhn
from voicecare.speech.redaction.mail import BEFORE_ADDRESS, MAIL
from voicecare.speech.redaction.numbers import counting, quantity
from voicecare.speech.redaction.numerals import CORRECTIONS, MAGNITUDES, SILENT, digit_runs, plain_number, read_digits
from voicecare.speech.redaction.private_words import CLOSE, plain_word
from voicecare.speech.redaction.spelling import spelled_runs
from voicecare.speech.redaction.topics import mentions

_AFTER_MAIL = "not no down working broken wrong gone full blocked hacked locked fine there here gmail in on still also"
NO_ADDRESS = frozenset(_AFTER_MAIL.split())
"""What an e-mail account may be, as in "my email is not working"."""
_WHOLE = re.compile(r"(?:19|20)\d\d|\d{1,2}[AP]M(?:\d{1,2}[AP]M)*")
"""A year (no card begins so), "a" or "I" before it, and times of day are said to their end."""
BEGUN = 6
"""Digits at the end of what was said that are taken for the first part of a longer number if nothing follows."""
SAID = 4
"""Words of a number that are its beginning, or a word less with that many digits in one of them."""
UNSURE_END = 2
"""The last words of what goes on may turn out to begin an address or a name."""
LONGEST_ADDRESS = 12
"""Words of an address said in full: "john dot smith at mail dot example dot co dot uk"."""


def unfinished(words: Sequence[str]) -> int | None:
    """Say from which word on a number or an address may go on after the last one; None where nothing may."""
    plain = [plain_word(word) for word in words]
    end = len(words)
    while end and (plain[end - 1] in SILENT or (plain[end - 1] in CORRECTIONS and len(plain) - end < 5)):
        end -= 1
    starts = [run.first for run in digit_runs(words)[-1:] if run.last == end - 1 and _may_go_on(run.text)]
    starts += [
        run.first
        for run in spelled_runs(words)[-1:]
        if run.last == end - 1 and find_iban(run.text) is None and _may_go_on(run.text)
        if len(run.text) > 3 or any(map(str.isdigit, run.text))
    ]
    starts += _begun_address(plain[:end])
    return min(starts, default=None)


def begun_number(words: Sequence[str], said_before: Sequence[str] = ()) -> Found | None:
    """Find the digits at the end that are probably the first part of a number of some person.

    said_before: what either party said just before, as plain words: an order's number is nobody's.
    """
    run = next(iter(digit_runs(words)[-1:]), None)
    start = unfinished(words)
    if run is None or start is None or start > run.last or len(run.text) < BEGUN or quantity(run, words):
        return None
    if counting(words[run.first : run.last + 1]):
        return None
    if run.said < SAID and max(map(len, read_digits(words[run.first : run.last + 1]))) < SAID - 1:
        return None  # "30 then 32 then 35"
    if any(plain_number(word) in MAGNITUDES for word in words[run.first : run.last + 1]):
        return None
    said = [*said_before, *map(plain_word, words[: run.first])][-CLOSE:]
    named = mentions(said)
    return None if named and named[-1].topic.kind is None else Found(run.first, run.last, "number")


def surely_clear(words: Sequence[str]) -> int:
    """Say how many of the first words of an utterance that goes on can be no part of a number or an address."""
    plain = [plain_word(word) for word in words]
    stops = [max(0, len(words) - UNSURE_END)]
    stops += [at for at, digit in enumerate(read_digits(words)) if digit][:1]
    stops += [run.first for run in spelled_runs(words) if len(run.text) > 2][:1]
    for at, word in enumerate(plain):
        if word in MAIL:
            stops.append(at + 1)
        elif word in {"dot", "underscore"} or "@" in word:
            stops += [at, *_begun_address(plain[: at + 1])]
    return min(stops)


def _may_go_on(text: str) -> bool:
    return (
        len(text) >= 2
        and not _WHOLE.fullmatch(text.lstrip("AI"))
        and not (len(text) == 16 and text.isdigit() and luhn(text))
    )


def _begun_address(plain: Sequence[str]) -> Iterable[int]:
    """Where an address begins that is not said to its end: "… john dot smith at", "my email is john smith"."""
    if plain and plain[-1] in {"at", "dot", "@", "underscore"}:
        first = len(plain) - 1
        while first > 0 and len(plain) - first < LONGEST_ADDRESS and plain[first - 1] not in BEFORE_ADDRESS - {"at"}:
            first -= 1
        yield first
    for at in range(len(plain) - 1, max(0, len(plain) - 8), -1):
        if plain[at - 1] in {"is", "it's", "its", "address"} and not MAIL.isdisjoint(plain[:at]):
            told = any("@" in word or "." in word for word in plain[at:])
            if not told and NO_ADDRESS.isdisjoint(plain[at:]) and BEFORE_ADDRESS.isdisjoint(plain[at:]):
                yield at
            return
