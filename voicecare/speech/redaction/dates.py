"""Finds dates as people say them and as recognisers write them, and tells which may be dates of birth."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicecare.speech.redaction.numerals import MAGNITUDES, SILENT, Run, plain_number, read_digits

_MONTHS = """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec
"""
MONTHS = frozenset(_MONTHS.split())
_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth thirtieth
"""
ORDINALS = frozenset(_ORDINALS.split())
_JOINING = frozenset({"of", "the", "in", "年", "月", "日", "號", "号", "民", "國", "国"}) | SILENT | set(MAGNITUDES)
_YEARS = "年"
_WRITTEN = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}(?:st|nd|rd|th)|\d{1,4}年(?:\d{1,2}月)?(?:\d{1,2}[日號号])?"
)
_WHOLE = re.compile(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{2,4})")
_BIRTH_YEARS = range(1905, 2013)
"""Years somebody may be born in who is on the phone; a later year is more likely an order's."""
_ELSE_WORDS = """
since opened bought ordered expires expired delivered happened built joined started moved sent on until till by
"""
_ELSE = frozenset(_ELSE_WORDS.split())
"""Words that say a date is no date of birth."""


def date_runs(words: Sequence[str]) -> list[Run]:
    """Find stretches of numbers, ordinals and months: "the twenty first of March sixty five", "1-2-90", "4th July".

    A leading "the" or "of" belongs to it. `Run.text` holds "M" for a month, "O" for an
    ordinal ("D" where it is written), "W" for a whole written date, and the digits.
    """
    plain = [plain_number(word) for word in words]
    digits = read_digits(words)
    values = [
        "M"
        if word in MONTHS
        else "O"
        if word in ORDINALS
        else "W"
        if _WHOLE.fullmatch(word)
        else "D"
        if _WRITTEN.fullmatch(word)
        else digit
        for word, digit in zip(plain, digits, strict=True)
    ]
    runs: list[Run] = []
    at = 0
    while at < len(words):
        if not values[at]:
            at += 1
            continue
        last = end = at
        while end < len(words) and end - last <= 3 and (values[end] or plain[end] in _JOINING):
            last = end if values[end] or plain[end] in "年月日號号" else last
            end += 1
        first = at - 1 if at and plain[at - 1] in {"the", "of"} else at
        text = "".join(values[at : last + 1])
        runs.append(Run(first, last, text, said=sum(map(bool, values[at : last + 1]))))
        at = last + 1
    return runs


def births(words: Sequence[str]) -> list[Run]:
    """Find whole dates nobody asked for that are dates of birth by their year: "4th of July 1982", "4/7/82"."""
    plain = [plain_number(word) for word in words]
    if not _ELSE.isdisjoint(plain):
        return []
    return [run for run in date_runs(words) if _birth(run, plain)]


def _birth(run: Run, plain: Sequence[str]) -> bool:
    written = _WHOLE.fullmatch(plain[run.last])
    if run.text == "W" and written is not None:
        alone = len(plain) <= 3
        return _year(written[3]) and (len(written[3]) == 4 or alone)
    if re.fullmatch(r"\d{8}", run.text) and run.said >= 2:
        day, month, year = int(run.text[:2]), int(run.text[2:4]), int(run.text[4:])
        return year in _BIRTH_YEARS and 1 <= min(day, month) <= 12 and 1 <= max(day, month) <= 31
    parted = re.fullmatch(r"(?:O|D|\d{1,2}O?|M){1,3}?((?:19|20)\d\d)", run.text)
    return (
        parted is not None
        and "M" in run.text
        and run.text[0] != "("
        and int(parted[1]) in _BIRTH_YEARS
        and (any(c in run.text for c in "OD") or len(re.sub(r"\D", "", run.text)) > 4)
    )


def _year(text: str) -> bool:
    return (
        1900 + int(text) if len(text) == 2 and int(text) > 25 else int(text) + 2000 * (len(text) == 2)
    ) in _BIRTH_YEARS
