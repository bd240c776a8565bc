"""Reads numbers and spelled letters as people say them, word by word, and as recognisers write them down."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_ONES = "zero=0 oh=0 nought=0 naught=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 niner=9"
_CHINESE = "零=0 〇=0 一=1 二=2 兩=2 两=2 三=3 四=4 五=5 六=6 七=7 八=8 九=9 幺=1 壹=1"
_TEENS = "ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19"
_TENS = "twenty=2 thirty=3 forty=4 fourty=4 fifty=5 sixty=6 seventy=7 eighty=8 ninety=9"
_HOMOPHONES = "to=2 too=2 for=4 ate=8 won=1 o=0 tree=3 sex=6"
_PLURALS = "zeros=0 zeroes=0 ohs=0 ones=1 twos=2 threes=3 fours=4 fives=5 sixes=6 sevens=7 eights=8 nines=9"


def _table(entries: str) -> dict[str, str]:
    return {entry.partition("=")[0]: entry.partition("=")[2] for entry in entries.split()}


ONES = _table(f"{_ONES} {_CHINESE}")
TEENS = _table(_TEENS)
TENS = _table(_TENS)
PLURALS = _table(_PLURALS)
TIMES = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
HOMOPHONES = _table(_HOMOPHONES)
"""What a recogniser writes for a digit; believed only between two digits."""
MAGNITUDES = {
    "hundred": "00",
    "thousand": "000",
    "million": "000000",
    "十": "0",
    "百": "00",
    "千": "000",
    "萬": "0000",
    "万": "0000",
}
"""What is said after a digit for the places it stands before; the digits that follow take them."""
CHINESE_PLACES = frozenset("十百千萬万")
FILLERS = frozenset({"um", "uh", "er", "erm", "and", "then", "dash", "hyphen", "space", "comma", "okay", "yeah", "so"})
"""Words people say while reading a number out."""
CORRECTIONS = frozenset(
    {"no", "sorry", "wait", "scratch", "that", "mean", "i", "actually", "rather", "correction", "not", "make", "oops"}
)
"""Words people correct a number with."""
REACH = 5
"""How many words may stand between two parts of a number, all of them fillers or words of correction."""
SILENT = FILLERS | {"", "-", "–", "/", "slash", "point", "stroke"}
_MARKED = re.compile(r"[$€£¥%:/]|(?![^\W\d]+-\d\W*$)[^\W\d]")
"""What makes digits no number that was read out: signs, and letters but in a misheard "Neur-6"."""
NOT_AN_IDENTIFIER = re.compile(
    r"[$€£¥%]|\d:\d|\d/\d|^\d+(?:st|nd|rd|th|s)$|^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d{1,5}[.,]\d{1,2}$|^(?:19|20)\d\d-\d\d-\d\d"
)
"""Money, shares, times, dates, ordinals, thousands and decimals."""


@dataclass(frozen=True, slots=True)
class Run:
    """Digits or spelled letters said in one go: the first and last word they stand in, and what they spell.

    text: digits and upper-case letters. plus: written with a leading "+". said: how many words carry some of it.
    """

    first: int
    last: int
    text: str
    plus: bool = False
    said: int = 1

    @property
    def touches(self) -> range:
        """The words it stands in."""
        return range(self.first, self.last + 1)


def digit_runs(words: Sequence[str]) -> list[Run]:
    """Find the runs of digits among words: written, spoken ("double four", "twenty one"), with fillers between.

    Words of correction ("no wait", "I mean") end no run, if it goes on.
    """
    return runs_of(words, read_digits(words))


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
    return [*whole, *(run for run in one_by_one if _read_out(values[run.first : run.last + 1]))]


def _read_out(values: Sequence[str]) -> bool:
    """Whether most of at least four numbers are single digits."""
    lengths = [len(value) for value in values if value]
    return len(lengths) >= 4 and 2 * lengths.count(1) > len(lengths)


def _stretches(values: Sequence[str], reach: int) -> list[Run]:
    """Runs of words with digits, the next at most `reach` words on."""
    runs: list[tuple[int, int, list[str]]] = []
    for at, value in enumerate(values):
        if value and runs and at - runs[-1][1] <= reach:
            runs[-1] = (runs[-1][0], at, [*runs[-1][2], value] if len(runs[-1][2]) < 64 else runs[-1][2])
        elif value:
            runs.append((at, at, [value]))
    return [Run(first, last, "".join(parts)) for first, last, parts in runs]


def _share(values: Sequence[str], run: Run) -> float:
    return sum(map(bool, values[run.first : run.last + 1])) / len(run.touches)


def read_digits(words: Sequence[str]) -> list[str]:
    """The digits each word stands for, empty where it stands for none.

    A number said as one ("three thousand four hundred") gives as many digits as it has, near enough.
    """
    plain = [plain_number(word) for word in words]
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
        elif word == "十" and (i == 0 or not digits[i - 1]):
            digits[i] = "1" if following else "10"
        elif word in MAGNITUDES and i > 0 and digits[i - 1]:
            digits[i] = _places(MAGNITUDES[word], plain, digits, i)
        elif word in PLURALS and i > 0 and len(digits[i - 1]) == 1 and plain[i - 1] in ONES:
            # "four ones" is 1111: as many as the word before says.
            digits[i], digits[i - 1] = PLURALS[word] * max(1, int(digits[i - 1]) - 1), PLURALS[word]
        elif word in HOMOPHONES and not digits[i] and i > 0 and len(digits[i - 1]) == 1 and len(following) == 1:
            digits[i] = HOMOPHONES[word]
    return digits


def _places(places: str, plain: Sequence[str], digits: Sequence[str], at: int) -> str:
    """The noughts a magnitude stands for, but for those the number after it fills."""
    goes_on = at + 1 < len(plain) and (digits[at + 1] or plain[at + 1] == "and")
    return "" if goes_on and (len(places) > 2 or plain[at] in CHINESE_PLACES) else places


def runs_of(words: Sequence[str], values: Sequence[str]) -> list[Run]:
    """The runs of words that carry a value, fillers and words of correction between them."""
    plain = [plain_number(word) for word in words]
    runs: list[Run] = []
    at = 0
    while at < len(words):
        if not values[at]:
            at += 1
            continue
        last = end = at
        while end < len(words) and end - last <= REACH:
            if values[end] or (plain[end] in MAGNITUDES and end == last + 1):
                last = end
            elif plain[end] not in SILENT and plain[end] not in CORRECTIONS:
                break
            end += 1
        text = "".join(values[at : last + 1])
        said_plus = at > 0 and words[at - 1].lower() in {"+", "plus"}
        runs.append(
            Run(at - said_plus, last, text, said_plus or "+" in words[at], sum(map(bool, values[at : last + 1])))
        )
        at = last + 1
    return runs


def _digits(raw: str, plain: str) -> str:
    if plain in ONES:
        return ONES[plain]
    if plain in TEENS:
        return TEENS[plain]
    if plain.isalpha() and plain.isascii():
        return ""
    parts = plain.split("-")
    if len(parts) > 1 and all(part in ONES or part in TENS for part in parts):  # twenty-one, four-one-one
        return "".join(read_digits(parts))
    raw = raw.strip(".,;!?\"'")
    if NOT_AN_IDENTIFIER.search(raw) or any(character.isalpha() for character in raw):
        return ""
    return "".join(str(unicodedata.decimal(character)) for character in raw if character.isdecimal())


def plain_number(word: str) -> str:
    """A word in lower case, without the punctuation around it and a plus."""
    return word.lower().strip(".,;:!?\"'()+，。、；：？！")
