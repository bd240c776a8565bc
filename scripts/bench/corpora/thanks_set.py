"""Callers' sentences labelled as true thanks or not: GoEmotions, support chats, the phrase data, and lines of our own.

Truth, decided by rule: thanks that say more than "thanks, bye" and that no label speaks against. Polite thanks, thanks
that refuse, scorn, thanks to somebody else, and sentences of other kinds are none. Half of the lines (`chosen`) chose
the word lists, the other half (`held`) gives the figures; which half is a line's own hash.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from scripts.bench.corpora import goemotions

Kind: TypeAlias = Literal["thanks", "polite", "sarcasm", "other"]
AGAINST = frozenset({"anger", "annoyance", "disapproval", "disappointment", "disgust", "sadness", "embarrassment"})
"""A comment labelled with gratitude and one of these is left out: its own annotators did not agree."""
_THANKS = re.compile(r"\b(thank you|thanks|thank u|appreciate|grateful)\b", re.IGNORECASE)
_EMPTY = re.compile(
    r"\b(thank|thanks|you|so|very|much|a|lot|bunch|ok|okay|oh|ah|and|it|i|all|name|u|lol|man|bye|really|appreciate|appreciated|"
    r"yes|yeah|no|great|good|nice|well|have|day|night|too|again|just|alright|right|sure|once|more|guys|everyone|mate|sir|dude|"
    r"bro|friend|buddy|please|got|goodbye|now|that|is|the|same|hey|hi|haha|kindly|cool|will|do|in|advance|brilliant|perfect)\b"
    r"|[^\w\s]",
    re.IGNORECASE,
)
PLACES = (30, 120)
"""Characters: shorter comments say little, longer ones are essays, neither is like a sentence of a call."""
OTHERS = 260


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, what it is, where it comes from, and whether an angry caller says it."""

    text: str
    language: str
    kind: Kind
    source: str

    @property
    def chosen(self) -> bool:
        """Whether it belongs to the half that the word lists were chosen on."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


def lines(data: Path) -> list[Line]:
    """Every labelled line, each text once."""
    found = [*_own(), *_phrases(), *_comments(data), *_chats(data)]
    return list({(line.language, line.text.lower()): line for line in found}.values())


def _own() -> list[Line]:
    rows = (Path(__file__).parent / "thanks_lines.tsv").read_text(encoding="utf-8").splitlines()
    return [Line(text, language, kind, "own") for kind, language, text in (row.split("\t") for row in rows)]  # type: ignore[arg-type]


def _phrases() -> list[Line]:
    """The lines that callers of built calls say: happy ones that thank, sarcastic, angry and neutral ones."""
    file = Path(__file__).parents[1] / "calls" / "spoken_lines.tsv"
    found = []
    for mood, text in (row.split("\t") for row in file.read_text(encoding="utf-8").splitlines()):
        if mood == "happy" and not _THANKS.search(text):
            continue  # joy without a word of thanks: neither label would be fair
        kind: Kind = "thanks" if mood == "happy" else "sarcasm" if mood == "sarcastic" else "other"
        if mood != "agent":
            found.append(Line(text, "en", kind, "phrases"))
    return found


def _comments(data: Path) -> list[Line]:
    found: list[Line] = []
    others = 0
    for text, labels in [*goemotions.labelled(data, "dev"), *goemotions.labelled(data, "test")]:
        thanks = "gratitude" in labels
        says = bool(_THANKS.search(text))
        if thanks and says and not labels & AGAINST:
            if _is_bare(text) is None:
                continue
            if _is_bare(text):
                found.append(Line(text, "en", "polite", "goemotions"))
            elif PLACES[0] <= len(text) <= PLACES[1] and "?" not in text:
                found.append(Line(text, "en", "thanks", "goemotions"))
        elif says and not thanks and labels <= AGAINST | {"neutral", "confusion", "curiosity", "surprise"}:
            found.append(Line(text, "en", "sarcasm" if labels & AGAINST else "other", "goemotions"))
        elif not thanks and not says and others < OTHERS and PLACES[0] <= len(text) <= PLACES[1]:
            others += 1
            found.append(Line(text, "en", "other", "goemotions"))
    return found


def _chats(data: Path) -> list[Line]:
    """Real customers' sentences: those that thank for something, and bare ones; no label of theirs says scorn."""
    found = []
    for comment in goemotions.chats(data):
        if _THANKS.search(comment.text):
            if _is_bare(comment.text) is None or re.search(r"^no\b|\?|\bif\b", comment.text.lower()):
                continue  # asks, refuses or hangs between politeness and thanks
            kind: Kind = "sarcasm" if comment.complaint else "polite" if _is_bare(comment.text) else "thanks"
            found.append(Line(comment.text, "en", kind, "chats"))
    return found


def _is_bare(text: str) -> bool | None:
    """Whether thanks say nothing more; None where one word more leaves it open and nothing is given as the reason."""
    left = _EMPTY.sub(" ", text).split()
    if len(left) == 1 and left != ["for"]:
        return None
    return not left
