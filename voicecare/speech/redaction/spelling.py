"""Reads letters as people spell them: one by one, "B as in bravo", by the telephone alphabet, mixed with digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voicecare.speech.redaction.numerals import Run, plain_number, read_digits, runs_of

_ALPHABET = """
alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec
romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu
"""
ALPHABET = {word: word[0].upper() for word in _ALPHABET.split()}
"""The telephone alphabet (ITU and NATO); believed only beside other letters or digits."""
NAMED = "·"
"""What a word stands for that only names a letter said before it."""
AS_IN = frozenset({"as", "for", "like"})
NO_LETTERS = frozenset(
    {"ok", "oh", "hi", "no", "tv", "id", "uk", "usa", "us", "it", "i'm", "pc", "ps", "am", "pm", "so", "we", "my"}
)
"""Words that may stand in capitals and spell nothing."""
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_MOST_CAPITALS = 5
_LONGEST_WORD = 34
"""As long as the longest IBAN."""


def spelled_runs(words: Sequence[str]) -> list[Run]:
    """Find the runs of digits and spelled letters: "D E 8 9", "D-E-8-9", "NWBK 6016", "golf bravo eight two".

    A single word of the alphabet, or a single "a" or "I", is none.
    """
    return [
        replace(run, text=run.text.replace(NAMED, ""))
        for run in runs_of(words, spelled_values(words))
        if run.said > 1 or not _ordinary(words[run.first])
        if not (run.said == 2 and _ordinary(words[run.first]) and run.text[1:].isdigit())
    ]


def spelled_values(words: Sequence[str]) -> list[str]:
    """What each word spells: digits, letters, or nothing."""
    digits = read_digits(words)
    plain = [plain_number(word) for word in words]
    values = [
        found or ("" if plain_number(word) in NO_LETTERS else letters(word))
        for found, word in zip(digits, words, strict=True)
    ]
    if _shouted(words):
        values = [value if digit or len(value) == 1 else "" for value, digit in zip(values, digits, strict=True)]
    for at, word in enumerate(plain):
        if word in ALPHABET and not values[at]:
            values[at] = ALPHABET[word]
    for at in range(len(words) - 2):
        # "A as in alpha", "B for bravo": the letter is said once.
        if len(values[at]) == 1 and values[at].isalpha() and plain[at + 1] in AS_IN:
            named = at + 3 if plain[at + 2] in {"in", "for"} and at + 3 < len(words) else at + 2
            if plain[named][:1].upper() == values[at]:
                values[at + 1 : named + 1] = [NAMED] * (named - at)
    return values


def letters(word: str) -> str:
    """Spelled letters: one letter, letters joined by hyphens or points, or capitals mixed with digits."""
    word = word.strip(".,;!?\"'()，。、")
    if (len(word) > 1 and word.islower() and word.isalpha()) or _ORDINAL.fullmatch(word):
        return ""
    parts = re.split(r"[-. ]", word)
    if all(len(part) == 1 and part.isascii() and part.isalnum() for part in parts):
        return "".join(parts).upper()
    solid = "".join(parts)
    mixed = any(c.isdigit() for c in solid) or (2 <= len(solid) <= _MOST_CAPITALS and solid.isupper())
    return solid.upper() if solid.isascii() and solid.isalnum() and mixed and len(solid) <= _LONGEST_WORD else ""


def _shouted(words: Sequence[str]) -> bool:
    """Whether most words are in capitals: a recogniser, or a writer, that spells nothing by them."""
    told = [word for word in (word.strip(".,;:!?\"'()") for word in words) if len(word) > 1 and word.isalpha()]
    return (
        len(told) >= 4
        and 2 * sum(map(str.isupper, told)) > len(told)
        and any(len(word) > _MOST_CAPITALS for word in told)
    )


def _ordinary(word: str) -> bool:
    """Whether a word alone spells nothing: "a", "I" and the words of the alphabet."""
    plain = plain_number(word)
    return plain in ALPHABET or plain in {"a", "i"}
