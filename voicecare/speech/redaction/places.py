"""Finds postal addresses and codes: "42 Acacia Avenue", "SW1A 2AA", "信義路五段7號"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from voicecare.speech.redaction.numerals import Run, plain_number, read_digits
from voicecare.speech.redaction.spelling import spelled_runs
from voicecare.speech.redaction.topics import said

_STREETS = """
street st road rd avenue ave lane boulevard blvd crescent terrace grove gardens mews parade quay highway strasse straße
"""
STREETS = frozenset(_STREETS.split())
_LOOSE = "drive court close place way walk park square hill row green rise view house cottage wharf circle broadway"
LOOSE = frozenset(_LOOSE.split())
"""Streets and houses, and other things: believed with a capital letter, or where a home is talked about."""
DWELLINGS = frozenset({"flat", "apartment", "apt", "unit", "suite"})
_NO_NAME_WORDS = """
a an and are at but by for from has have i in is it minutes hours miles of off on or our shops stores the to was were
with hard per times years days weeks different new more other people my your their
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
"""Words that are not between a house's number and its street."""
MOST_NAMES = 4
"""Words between a house's number and its street: "310 East 70th Street"."""
LONGEST_FLAT = 6
"""Words of a flat with its house."""
UK_CODE = re.compile(r"(?:[BEGLMNSW]|[A-Z]{2})\d[A-Z\d]?\d[A-Z]{2}")
_CANADA = re.compile(r"[A-Z]\d[A-Z]\d[A-Z]\d")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\W*")
_NUMBER = "[0-9０-９零〇一二兩两三四五六七八九十百]"
_NAME = "[\u4e00-\u9fff]"
_TAIWAN = re.compile(
    rf"(?:{_NAME}{{1,3}}[縣市县])?(?:{_NAME}{{1,3}}[區区鄉鎮])?{_NAME}{{1,4}}?(?:路|街|大道)(?: ?{_NUMBER}{{1,4}} ?段)?"
    rf"(?: ?{_NUMBER}{{1,4}} ?巷)?(?: ?{_NUMBER}{{1,4}} ?弄)? ?{_NUMBER}{{1,5}} ?[號号](?: ?{_NUMBER}{{1,3}} ?[樓楼])?"
)
_LEADING = re.compile("^(?:[我你們们的是家住在到送去寄地址]{1,8})")


def places(words: Sequence[str], *, about_home: bool = False) -> list[Run]:
    """Find addresses and postal codes; about_home: a home is talked about, so that less tells one."""
    plain = [plain_number(word) for word in words]
    return [*_streets(words, plain, about_home=about_home), *_codes(words, about_home=about_home), *_taiwan(words)]


def is_street(words: Sequence[str]) -> bool:
    """Whether some word after the first may be a street or a house."""
    return not (STREETS | LOOSE).isdisjoint(map(plain_number, words[1:]))


def _streets(words: Sequence[str], plain: Sequence[str], *, about_home: bool) -> list[Run]:
    """Houses with their streets: "42 Acacia Avenue"; where a home is talked about, also streets alone."""
    digits = read_digits(words)
    numbered = [
        (bool(digit) and word != "oh") or re.fullmatch(r"\d{1,5}[a-z]?", word) is not None
        for digit, word in zip(digits, plain, strict=True)
    ]
    found = [
        run for run in (_flat(words, plain, numbered, at, about_home=about_home) for at in range(len(words))) if run
    ]
    for at, word in enumerate(plain):
        if word not in STREETS and not (word in LOOSE and (words[at][:1].isupper() or about_home)):
            continue
        first = at
        while at - first <= MOST_NAMES and first > 0 and plain[first - 1] not in _NO_NAME and not numbered[first - 1]:
            first -= 1
        house = first - 1
        if house >= 0 and numbered[house] and at > first:
            while house > 0 and (numbered[house - 1] or plain[house - 1] in DWELLINGS):
                house -= 1
            found.append(Run(house, _town(words, plain, at), ""))
        elif about_home and at > first and plain[at + 1 : at + 2] not in (["name"], ["number"], ["address"]):
            found.append(Run(first, _town(words, plain, at), ""))
    return found


def _flat(
    words: Sequence[str], plain: Sequence[str], numbered: Sequence[bool], at: int, *, about_home: bool
) -> Run | None:
    """A flat with its number and the house's name: "flat 12 B Kings Court"."""
    if plain[at] not in DWELLINGS or at + 1 >= len(words) or not numbered[at + 1]:
        return None
    last = at + 1
    while last + 1 < len(words) and last - at < LONGEST_FLAT:
        word = plain[last + 1]
        if not (numbered[last + 1] or len(word) == 1 or words[last + 1][:1].isupper() or word in STREETS | LOOSE):
            break
        last += 1
    return Run(at, last, "") if last > at + 1 or about_home or words[at][:1].isupper() else None


def _town(words: Sequence[str], plain: Sequence[str], last: int) -> int:
    """The last word of what follows a street: a town, and the number of a flat."""
    while (
        last + 1 < len(words)
        and last < len(words)
        and (
            (words[last + 1][:1].isupper() and plain[last + 1] not in {"i", "i'm", "i've", "i'll"})
            or plain[last + 1] in DWELLINGS
            or (plain[last] in DWELLINGS and plain[last + 1].isalnum())
        )
    ):
        last += 1
    return last


def _codes(words: Sequence[str], *, about_home: bool) -> list[Run]:
    """Postal codes of the United Kingdom and Canada; inside other letters only where a home is talked about."""
    found = []
    for run in spelled_runs(words):
        if any(map(_ORDINAL.fullmatch, words[run.first : run.last + 1])):
            continue
        whole = UK_CODE.fullmatch(run.text) or _CANADA.fullmatch(run.text)
        if whole or (about_home and (UK_CODE.search(run.text) or _CANADA.search(run.text))):
            found.append(run)
    return found


def _taiwan(words: Sequence[str]) -> list[Run]:
    text, starts = said(words)
    found = []
    for match in _TAIWAN.finditer(text):
        lead = _LEADING.match(match[0])
        begin = match.start() + (lead.end() if lead else 0)
        found.append(Run(bisect_right(starts, begin) - 1, bisect_right(starts, match.end() - 1) - 1, ""))
    return found
