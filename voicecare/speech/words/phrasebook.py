"""Finds the words that count: acknowledgement, thanks, apology and the like, from plain lists of phrases."""

from __future__ import annotations

import difflib
import functools
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from voicecare.errors import UsageError
from voicecare.types import PhraseKind

ListKind: TypeAlias = PhraseKind | Literal["greeting", "request"]
"""What a list may have: kinds that are told as phrases, and two that only show whose leg is whose (`sides`)."""
KINDS: tuple[ListKind, ...] = (*get_args(PhraseKind), "greeting", "request")
KEYS = (
    "language",
    "joined",
    "acknowledging",
    "acknowledging_core",
    "addressing",
    "common",
    "variants",
    "groups",
    "phrases",
    "except",
)
ANYTHING = {False: r"(?:\S+ ){0,3}?", True: r".{0,6}?"}
"""What `*` stands for, in languages with spaces and in those without."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in an utterance: the kind, and the first and last of the utterance's words it covers."""

    kind: ListKind
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Normal:
    """An utterance in the form phrases are matched in.

    text: lower case, no punctuation, contractions written out; each token followed by a space, or by nothing where
        the language joins its words. tokens: the same in a list. source: for each character of `text`, which word of
        the utterance it comes from.
    """

    text: str
    tokens: tuple[str, ...]
    source: tuple[int, ...]

    def unended(self) -> Normal:
        """The same of an utterance that goes on: no phrase may claim its end."""
        return Normal(f"{self.text}…", self.tokens, (*self.source, *self.source[-1:]))


class PhraseList:
    """The phrases of one language; `from_values` builds one from a file's values."""

    def __init__(self, values: Mapping[str, Any], source: str) -> None:
        _check(values, source)
        self.language: str = values["language"]
        self.joined: bool = values.get("joined", False)
        self.common = frozenset(_strings(values, "common", source))
        self._addressing = frozenset(_strings(values, "addressing", source))
        self._variants = {_plain(key): str(value) for key, value in values.get("variants", {}).items()}
        self._core = tuple(_strings(values, "acknowledging_core", source))
        every = {*_strings(values, "acknowledging", source), *self._core}
        self._only = re.compile(f"(?:{_either(every)}{'' if self.joined else ' '})+")
        groups = {key: str(value) for key, value in values.get("groups", {}).items()}
        self._phrases = _written(values.get("phrases", {}), groups, self.joined, source)
        self._except = _written(values.get("except", {}), groups, self.joined, source)

    def compile(self) -> None:
        """Make ready to find phrases at once; otherwise the first time takes as long as a second of replay."""
        for section in (self._phrases, self._except):
            for pattern in itertools.chain.from_iterable(section.values()):
                _compiled(pattern)

    def normal(self, words: Sequence[str]) -> Normal:
        """Bring an utterance's words to the form phrases are matched in."""
        tokens: list[str] = []
        source: list[int] = []
        for index, word in enumerate(words):
            for token in self._tokens(word):
                tokens.append(token)
                source += [index] * (len(token) if self.joined else len(token) + 1)
        text = "".join(tokens) if self.joined else "".join(f"{token} " for token in tokens)
        return Normal(text, tuple(tokens), tuple(source))

    def find(self, kind: ListKind, normal: Normal) -> list[Match]:
        """Find the phrases of one kind in an utterance, in order, none overlapping another."""
        vetoed = [m.span() for pattern in self._except.get(kind, ()) for m in _compiled(pattern).finditer(normal.text)]
        found: list[tuple[int, int]] = []
        for pattern in self._phrases.get(kind, ()):
            for match in _compiled(pattern).finditer(normal.text):
                start, end = match.span()
                if not any(start < stop and begin < end for begin, stop in vetoed):
                    found.append((start, end))
        kept: list[tuple[int, int]] = []
        for start, end in sorted(found, key=lambda span: (span[0] - span[1], span[0])):  # the longest first
            if not any(start < stop and begin < end for begin, stop in kept):
                kept.append((start, end))
        return [Match(kind, normal.source[start], normal.source[end - 1]) for start, end in sorted(kept)]

    def only_acknowledgement(self, text: str) -> bool:
        """Say whether a text is made of acknowledgement words alone."""
        normal = self.normal(text.split())
        if self._only.fullmatch(normal.text) is None:
            return False
        return (
            any(core in normal.text for core in self._core)
            if self.joined
            else not set(self._core).isdisjoint(normal.tokens)
        )

    def content(self, normal: Normal) -> tuple[str, ...]:
        """The content words of an utterance in order: all but the common ones (pairs of characters where joined)."""
        if self.joined:
            pairs = zip(normal.text, normal.text[1:], strict=False)
            return tuple(a + b for a, b in pairs if a.isalnum() and b.isalnum() and a + b not in self.common)
        telling = (token for token in normal.tokens if token not in self.common and (len(token) > 2 or token.isdigit()))
        return tuple(map(_stem, telling))

    def addresses(self, normal: Normal) -> bool:
        """Say whether an utterance speaks to the other of themselves: "you", "your"."""
        return not self._addressing.isdisjoint(normal.tokens)

    def _tokens(self, word: str) -> list[str]:
        word = _plain(word)
        if self.joined:
            return [self._variants.get(character, character) for character in word if character.isalnum()]
        whole = self._variants.get(word.strip("-'"))
        if whole is not None:
            return whole.split()
        parts = [part.removesuffix("'s").replace("'", "") for part in word.split("-")]
        return [token for part in parts if part for token in self._variants.get(part, part).split()]


class PhraseBook:
    """The phrase lists of every language at hand.

    Raises:
        UsageError: a list has an unknown or missing key, a value of the wrong kind or a phrase that cannot be read.
    """

    def __init__(self, lists: Sequence[PhraseList]) -> None:
        self._lists = {phrases.language: phrases for phrases in lists}

    @classmethod
    def from_values(cls, values: Mapping[str, Mapping[str, Any]]) -> PhraseBook:
        """Build a book from the values of phrase files, by file name."""
        return cls([PhraseList(value, source) for source, value in values.items()])

    def compile(self) -> None:
        """Make every list ready to find phrases at once."""
        for phrases in self._lists.values():
            phrases.compile()

    def of(self, language: str) -> PhraseList | None:
        """The list of a language such as "en" or "zh-Hant", by its first part; None where there is none."""
        return self._lists.get(language.partition("-")[0].lower())

    def only_acknowledgement(self, text: str, language: str = "en") -> bool:
        """Say whether a text is made of acknowledgement words alone ("mm-hmm", "right, okay", "I see")."""
        phrases = self.of(language)
        return phrases is not None and phrases.only_acknowledgement(text)


def _plain(word: str) -> str:
    """Lower case, straight apostrophes, no other punctuation but hyphens and apostrophes within the word."""
    word = word.lower().replace("’", "'").replace("‘", "'").replace("‑", "-")
    return "".join(c for c in word if c.isalnum() or c in "'-").strip("'-")


def _stem(token: str) -> str:
    """Take the plural off, so that "orders" is heard in "order"."""
    return token[:-1] if len(token) > 3 and token.endswith("s") and not token.endswith("ss") else token


def _check(values: Mapping[str, Any], source: str) -> None:
    for key in values:
        if key not in KEYS:
            close = difflib.get_close_matches(key, KEYS, n=1)
            raise UsageError(
                f"{source}: unknown key {key!r}; "
                + (f"did you mean {close[0]!r}?" if close else f"known: {', '.join(KEYS)}")
            )
    if not isinstance(values.get("language"), str):
        raise UsageError(f'{source}: language is missing; say which one, as in language = "en"')
    for section in ("variants", "groups", "phrases", "except"):
        if not isinstance(values.get(section, {}), Mapping):
            raise UsageError(f"{source}: {section} must be a section, as in [{section}]")
    for section in ("phrases", "except"):
        for kind in values.get(section, {}):
            if kind not in KINDS:
                raise UsageError(f"{source}: [{section}] {kind!r} is no kind of phrase; allowed: {', '.join(KINDS)}")


def _strings(values: Mapping[str, Any], key: str, source: str) -> list[str]:
    found = values.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
        raise UsageError(f"{source}: {key} = {found!r}: must be a list of texts")
    return found


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _written(
    section: Mapping[str, Any],
    groups: Mapping[str, str],
    joined: bool,  # noqa: FBT001 - a fact about the language
    source: str,
) -> dict[ListKind, tuple[str, ...]]:
    return {
        kind: tuple(_pattern(phrase, groups, joined, source) for phrase in _strings(section, kind, source))
        for kind in KINDS
    }


def _pattern(phrase: str, groups: Mapping[str, str], joined: bool, source: str) -> str:  # noqa: FBT001 - as above
    """Write as a pattern one phrase of the small language the phrase files explain."""

    def grouped(match: re.Match[str]) -> str:
        if match[1] not in groups:
            raise UsageError(
                f"{source}: phrase {phrase!r}: no group is called {match[1]!r}; known: {', '.join(groups)}"
            )
        return groups[match[1]]

    gap = "" if joined else " "
    parts = []
    for item in re.sub(r"\{(\w+)\}", grouped, phrase).split():
        if item == "*":
            parts.append(ANYTHING[joined])
        elif item == ".":
            parts.append("$")
        else:
            optional = "?" if item.endswith("?") else ""
            parts.append(f"(?:{_either(item.rstrip('?').split('|'))}{gap}){optional}")
    return ("" if joined else r"(?<!\S)") + "".join(parts)


def _either(words: set[str] | list[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))})"
