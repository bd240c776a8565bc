"""Finds passwords, user names and the answers to security questions where they are said with their name."""

from __future__ import annotations

from collections.abc import Sequence

from voicecare.speech.redaction.answers import NO_ANSWER
from voicecare.speech.redaction.numerals import plain_number, read_digits
from voicecare.speech.redaction.topics import Mention

_IS = frozenset({"is", "was", "it's", "called", "=", "是", "為", "为", "would"})
_STATES = """
not wrong incorrect expired locked invalid too being still reset required case the always my your never
working weak strong known different missing asked needed changed blocked no saved stored old very about on in
for protected please now just gone there here supposed going resets help problem problems issue issues
recovery manager change page link question questions what why when and or which that this set up it fine okay
good only right 了 不 錯 错
"""
STATES = frozenset(_STATES.split())
"""What a password may be that is no password: "my password is not working"."""
_STOPS_WORDS = """
and but so for because please thanks thank with on in is which that i you or if when then
"""
_STOPS = frozenset(_STOPS_WORDS.split())
_LEADS = frozenset({"capital", "um", "uh", "all", "lowercase", "uppercase", "lower", "upper", "small", "big"})
MOST = 6
"""Words of a password, spelled letters and digits not counted."""


def said_words(words: Sequence[str], named: Sequence[Mention]) -> list[tuple[int, int]]:
    """Find what follows "my password is" and the like, as (first word, last word)."""
    plain = [plain_number(word) for word in words]
    digits = read_digits(words)
    found: list[tuple[int, int]] = []
    lettered = False
    for mention in named:
        if mention.topic.shape == "words":
            span = _after(words, plain, digits, mention)
            if span is not None:
                found.append(span)
        elif mention.topic.shape == "letters" and not lettered:
            lettered = True
            found += [
                (at, at)
                for at in range(mention.last + 1, len(words))
                if len(plain[at]) == 1 and plain[at].isalnum() and words[at].strip(".,") not in {"a", "I", "i"}
            ]
    return found


def _after(
    words: Sequence[str], plain: Sequence[str], digits: Sequence[str], mention: Mention
) -> tuple[int, int] | None:
    first = mention.last + 1
    told = plain[mention.last].endswith("'s") or _alone(words, plain, mention)
    if first < len(words) and plain[first] in {"i", "we"}:
        # "the password I set is Meadow77"
        first = next((at for at in range(first + 1, min(first + 4, len(words))) if plain[at] in _IS), first)
    while first < len(words) and plain[first] in _IS:
        told, first = True, first + 1
    if first >= len(words) or plain[first] in STATES or plain[first].endswith("ly"):
        return None
    yours = mention.first > 0 and plain[mention.first - 1] == "your"
    if (yours or not told) and not _odd(words[first]) and not digits[first]:
        return None
    last = end = first
    counted = 0
    while end < len(words) and counted < MOST:
        short = len(plain[end]) == 1 or bool(digits[end])
        if end > first and plain[end] in _STOPS and not short:
            break
        counted += 0 if short or plain[end] in _LEADS else 1
        last, end = end, end + 1
        if words[last].endswith((".", "?", "!", ";", "。", "，")) and not (last == first and plain[first] in _LEADS):
            break
    return first, last


def _alone(words: Sequence[str], plain: Sequence[str], mention: Mention) -> bool:
    """Whether hardly anything is said but the name of the thing and the thing: "password green tractor"."""
    if mention.first > 1 or len(plain) > mention.last + 4:
        return False
    rest = plain[mention.last + 1 :]
    return len(rest) > 0 and (STATES | NO_ANSWER).isdisjoint(rest) and not words[-1].endswith("?")


def _odd(word: str) -> bool:
    """Whether a word looks like no word of a sentence: digits or capitals inside."""
    inside = word.strip(".,;:!?\"'()")
    return (any(map(str.isdigit, inside)) and any(map(str.isalpha, inside))) or (
        len(inside) > 4 and any(map(str.isupper, inside[1:])) and not inside.isupper()
    )
