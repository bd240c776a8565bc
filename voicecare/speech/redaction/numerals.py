"""Reads numbers and spelled letters as people say them, word by word, and as recognisers write them down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ONES = "zero=0 oh=0 nought=0 naught=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 niner=9"
_CHINESE = "零=0 〇=0 一=1 二=2 兩=2 三=3 四=4 五=5 六=6 七=7 八=8 九=9"
_TEENS = "ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19"
_TENS = "twenty=2 thirty=3 forty=4 fourty=4 fifty=5 sixty=6 seventy=7 eighty=8 ninety=9"
_HOMOPHONES = "to=2 too=2 for=4 ate=8 won=1 o=0 tree=3 sex=6"


def _table(entries: str) -> dict[str, str]:
    return {entry.partition("=")[0]: entry.partition("=")[2] for entry in entries.split()}


ONES = _table(f"{_ONES} {_CHINESE}")
TEENS = _table(_TEENS)
TENS = _table(_TENS)
TIMES = {"double": 2, "triple": 3, "treble": 3}
HOMOPHONES = _table(_HOMOPHONES)
"""What a recogniser writes for a digit; believed only between two digits."""
FILLERS = frozenset({"um", "uh", "er", "erm", "and", "then", "dash", "hyphen", "space", "comma", "okay", "yeah", "so"})
"""Words people say while reading a number out."""
SILENT = FILLERS | {"", "-", "–", "/"}
_MARKED = re.compile(r"[$€£¥%:/]|(?![^\W\d]+-\d\W*$)[^\W\d]")
"""What makes digits no number that was read out: signs, and letters but in a misheard "Neur-6"."""
NOT_AN_IDENTIFIER = re.compile(
    r"[$€£¥%]|\d:\d|\d/\d|^\d+(?:st|nd|rd|th|s)$|^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d+\.\d{1,2}$"
)
"""Money, shares, times, dates, ordinals, thousands and decimals."""


@dataclass(frozen=True, slots=True)
class Run:
    """Digits or spelled letters said in one go: the first and last word they stand in, and what they spell.

    text: digits and upper-case letters. plus: written with a leading "+".
    """

    first: int
    last: int
    text: str
    plus: bool = False

    @property
    def touches(self) -> range:
        """The words it stands in."""
        return range(self.first, self.last + 1)


def digit_runs(words: Sequence[str]) -> list[Run]:
    """Find the runs of digits among words: written, spoken ("double four", "twenty one"), with fillers between."""
    return _runs(words, read_digits(words))


def broken_runs(words: Sequence[str]) -> list[Run]:
    """Find long stretches of digits a recogniser has broken up: decimals among them, and strange words between.

    Either twelve digits, two of three words carrying some, or six in at least four words, two of five ("4 1 time 6 6 to
    2 near 4"). Money, times, dates and mixed words carry none.
    """
    spoken = read_digits(words)
    values = [
        found or ("" if _MARKED.search(word) else "".join(c for c in word if c.isdecimal() and c.isascii()))
        for found, word in zip(spoken, words, strict=True)
    ]
    whole = [run for run in _stretches(values, 2) if len(run.text) >= 12 and _share(values, run) >= 2 / 3]
    one_by_one = [run for run in _stretches(values, 4) if len(run.text) >= 6 and _share(values, run) >= 2 / 5]
    return [*whole, *(run for run in one_by_one if sum(map(bool, values[run.first : run.last + 1])) >= 4)]


def _stretches(values: Sequence[str], reach: int) -> list[Run]:
    """Runs of words with digits, the next at most `reach` words on."""
    runs: list[Run] = []
    for at, value in enumerate(values):
        if value and runs and at - runs[-1].last <= reach:
            runs[-1] = Run(runs[-1].first, at, runs[-1].text + value)
        elif value:
            runs.append(Run(at, at, value))
    return runs


def _share(values: Sequence[str], run: Run) -> float:
    return sum(map(bool, values[run.first : run.last + 1])) / len(run.touches)


def spelled_runs(words: Sequence[str]) -> list[Run]:
    """Find the runs of digits and spelled letters: "D E 8 9", "D-E-8-9", "NWBK 6016"."""
    digits = read_digits(words)
    return _runs(words, [found or _letters(word) for found, word in zip(digits, words, strict=True)])


def read_digits(words: Sequence[str]) -> list[str]:
    """The digits each word stands for, empty where it stands for none."""
    plain = [_plain(word) for word in words]
    digits = ["" if word in FILLERS else _digits(raw, word) for raw, word in zip(words, plain, strict=True)]
    for i, word in enumerate(plain):
        following = digits[i + 1] if i + 1 < len(words) else ""
        if word in TENS:
            # "forty one" is 41, "forty eleven" 4011.
            digits[i] = (
                TENS[word] if len(following) == 1 and plain[i + 1] in ONES and following != "0" else TENS[word] + "0"
            )
        elif word in TIMES and len(following) == 1:
            digits[i] = following * (TIMES[word] - 1)
        elif word == "hundred" and i > 0 and digits[i - 1]:
            digits[i] = "00"
        elif word in HOMOPHONES and not digits[i] and i > 0 and digits[i - 1] and following:
            digits[i] = HOMOPHONES[word]
    return digits


def _runs(words: Sequence[str], values: Sequence[str]) -> list[Run]:
    runs: list[Run] = []
    at = 0
    while at < len(words):
        if not values[at]:
            at += 1
            continue
        last = end = at
        while end < len(words) and (values[end] or _plain(words[end]) in SILENT):
            last = end if values[end] else last
            end += 1
        text = "".join(values[at : last + 1])
        runs.append(Run(at, last, text, plus="+" in words[at] or (at > 0 and words[at - 1] in {"+", "plus"})))
        at = end
    return runs


def _digits(raw: str, plain: str) -> str:
    if plain in ONES:
        return ONES[plain]
    if plain in TEENS:
        return TEENS[plain]
    parts = plain.split("-")
    if len(parts) > 1 and all(part in ONES or part in TENS for part in parts):  # twenty-one, four-one-one
        return "".join(read_digits(parts))
    raw = raw.strip(".,;!?\"'")
    if NOT_AN_IDENTIFIER.search(raw) or any(character.isalpha() for character in raw):
        return ""
    return "".join(character for character in raw if character.isdecimal() and character.isascii())


def _letters(word: str) -> str:
    """Spelled letters: one letter, letters joined by hyphens or points, or capitals mixed with digits."""
    word = word.strip(".,;!?\"'()")
    parts = re.split(r"[-. ]", word)
    if all(len(part) == 1 and part.isascii() and part.isalnum() for part in parts):
        return "".join(parts).upper()
    solid = "".join(parts)
    mixed = any(c.isdigit() for c in solid) or (2 <= len(solid) <= 4 and solid.isupper())
    return solid.upper() if solid.isascii() and solid.isalnum() and mixed and len(solid) <= 34 else ""


def _plain(word: str) -> str:
    return word.lower().strip(".,;:!?\"'()+")
