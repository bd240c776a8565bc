"""Tells a caller's true thanks from "thanks, bye", from "no, thanks" and from thanks that mean the opposite.

Word lists a person can read (`phrases/`), one file a language; whatever is in doubt is no thanks: a jar of thanks with
scorn in it hurts more than one with a sentence missing.
"""

from __future__ import annotations

import functools
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Literal

LONGEST = 240
"""Characters of a sentence that is shown; recognisers that repeat themselves write longer ones."""
TRUE = 2
"""Signs that make a thank-you one: bare thanks are one, a reason, warm words or praise of the agent are two."""
TRUE_AFTER_STRAIN = 4
"""Signs asked for while the caller's strain is up: scorn is said with a raised voice, joy is, too."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class CallerSaid:
    """One utterance of the caller, redacted, with where it began in seconds of the call. The agent's have no place."""

    at_s: float
    text: str
    language: str
    by: Literal["caller"] = "caller"

    def __post_init__(self) -> None:
        """Refuse another speaker whatever a type checker was told."""
        if self.by != "caller":
            raise ValueError("only the caller's words may be looked at for thanks")


@dataclass(frozen=True, slots=True)
class Thanks:
    """A sentence with which the caller said thank you, word for word, and where in the call, in seconds."""

    at_s: float
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one language: `signs` with what each is worth, what takes all back, and what says nothing."""

    signs: tuple[tuple[int, re.Pattern[str]], ...]
    against: re.Pattern[str]
    filler: re.Pattern[str]
    starts_with: re.Pattern[str]


def find(said: Sequence[CallerSaid], strain: Sequence[tuple[float, float]], low: float) -> tuple[Thanks, ...]:
    """Find the caller's thanks; strain is (seconds, 0..1) in order, at or below `low` it has eased."""
    at = [moment for moment, _ in strain]
    found: list[Thanks] = []
    for utterance in said:
        known = bisect_right(at, utterance.at_s)
        up = known > 0 and strain[known - 1][1] > low
        found += [
            Thanks(utterance.at_s, sentence[:LONGEST], utterance.language)
            for sentence in sentences(utterance.text)
            if is_thanks(sentence, utterance.language, strain_up=up, whole=utterance.text)
        ]
    return tuple(found)


def is_thanks(sentence: str, language: str = "en", *, strain_up: bool = False, whole: str = "") -> bool:
    """Whether a caller's sentence is a true thank-you.

    strain_up: the caller's strain was up when it was said. whole: the utterance it stands in; a complaint in it takes
    its thanks back. In a language without a list nothing is.
    """
    rules = _rules(language.partition("-")[0].lower())
    if rules is None:
        return False
    plain = _plain(sentence)
    if rules.starts_with.search(plain) is None:
        return False
    if rules.against.search(plain) or (whole and rules.against.search(_plain(whole))):
        return False
    if not rules.filler.sub("", plain).strip():
        return False
    worth = sum(value for value, pattern in rules.signs if pattern.search(plain))
    return worth >= (TRUE_AFTER_STRAIN if strain_up else TRUE)


def sentences(text: str) -> Iterator[str]:
    """The sentences of an utterance; one short beginning goes with what follows it ("Thank you. You saved my day.")."""
    parts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    held = ""
    for part in parts:
        held = f"{held} {part}".strip()
        if len(_plain(held).split()) > 3 or not held.isascii():
            yield held
            held = ""
    if held:
        yield held


def _plain(text: str) -> str:
    text = text.lower().replace("’", "'").replace("thankyou", "thank you")
    return " ".join(re.sub(r"[^\w'?]+", " ", text).split())


@functools.cache
def _rules(language: str) -> Rules | None:
    file = resources.files("voicecare.care").joinpath("phrases", f"{'zh-Hant' if language == 'zh' else language}.toml")
    if language not in ("en", "zh"):
        return None
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    joined = values["joined"]

    def either(patterns: Sequence[str]) -> re.Pattern[str]:
        edge = "" if joined else r"\b"
        return re.compile("|".join(f"{edge}(?:{pattern}){edge}" for pattern in patterns))

    signs = tuple((sign["worth"], either(sign["any"])) for sign in values["signs"])
    return Rules(signs, either(values["against"]), either(values["filler"]), either(values["needed"]))
