"""Learns the names people give in a call, so that they can be hidden; only where a user asked for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voicecare.types import PARTIES, Party, other

_SELF = r"(?:my|the|her|his) (?:full |first |last |sur|middle )?name(?:'s| is| was)|name's|(?:this|it) is"
_OTHER = r"(?:speaking|talking) (?:to|with)|mr|mrs|ms|miss|mister|doctor|dr"
_BEFORE_A_NAME = re.compile(rf"(?:^|\s)(?:{_SELF}|{_OTHER})$")
_ASKED = re.compile(r"\b(?:your|her|his|the) (?:\w+ )?(?:name|surname)\b|\bwho am i (?:speaking|talking)")
_FIRST_WORDS = frozenset({"yes", "yeah", "sure", "okay", "hi", "hello", "it's", "its", "it", "is", "um", "uh", "so"})
"""What an answer may begin with before the name."""
_MOST_WORDS = 3
"""A first, a middle and a last name."""
_NOT_NAMES = """
a an and are as at but by for from going have he hello hi i i'm in is it it's me my not of okay on or please she so
sorry sure that the they this to very was we what when where who why with yes you your mr mrs ms miss mister doctor dr
thank thanks that's thats anyone other new good great no can could do
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())
"""Words a recogniser may write with a capital where a name is expected."""


class Names:
    """Names of this call: those that follow "my name is", "this is", "Mr." and the like, and answers to "your name?".

    A name is a word with a capital letter, as recognisers write one; what was said before it was given stays.
    """

    def __init__(self) -> None:
        self._asked: dict[Party, bool] = dict.fromkeys(PARTIES, False)
        self.known: frozenset[str] = frozenset()

    def push(self, by: Party, words: Sequence[str]) -> None:
        """Learn the names in one whole utterance, and whether it asks for one."""
        self.learn(by, words)
        if words:
            self._asked[by] = False
            self._asked[other(by)] = _ASKED.search(" ".join(map(_plain, words))) is not None

    def learn(self, by: Party, words: Sequence[str]) -> None:
        """Learn the names in what was said so far of an utterance."""
        plain = [_plain(word) for word in words]
        found: set[str] = set()
        if self._asked[by]:
            first = next((i for i, word in enumerate(plain) if word not in _FIRST_WORDS), len(plain))
            found |= _names_at(words, plain, first)
        for at in range(1, len(words)):
            if _BEFORE_A_NAME.search(" ".join(plain[max(0, at - 5) : at])):
                found |= _names_at(words, plain, at)
        self.known |= found


def _names_at(words: Sequence[str], plain: Sequence[str], first: int) -> set[str]:
    """The capitalised words from `first` on, to the end of the phrase."""
    found: set[str] = set()
    for word, low in zip(words[first : first + _MOST_WORDS], plain[first:], strict=False):
        if not word.strip("\"'(")[:1].isupper() or low in NOT_NAMES:
            break
        found.add(low.removesuffix("'s"))
        if word[-1:] in ".,;:!?":
            break
    return found


def _plain(word: str) -> str:
    return word.lower().strip('.,;:!?"()').replace("’", "'")
