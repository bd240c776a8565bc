"""Takes words apart that a recogniser glued together, so that a part can be hidden, and joins what is left again.

Chinese and Japanese come as one word an utterance, a phrase or a character, with digits inside; the rules need
characters. The parts of a word share its time.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from voicecare.speech.redaction.private_words import is_marker
from voicecare.speech.redaction.topics import joined
from voicecare.timebase import Span
from voicecare.types import Heard, Word

GLUE = "\ufdd0"
"""Stands before a part that had no space before it; no character of any text."""
_PARTS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\u3040-\u30ff\u3400-\u9fff]+")
_MARKS = "，。、；：？！「」『』（）"


def taken_apart(heard: Heard) -> Heard:
    """Cut every word with Chinese or Japanese in it into characters and what stands between them."""
    if not any(map(joined, heard.text)):
        return heard
    text = " ".join(part for word in heard.text.split() for part in _parts(word))
    if GLUE not in text:
        return heard
    return replace(heard, text=text, words=tuple(part for word in heard.words for part in _words(word)))


def put_together(heard: Heard) -> Heard:
    """Join the parts that are left."""
    if GLUE not in heard.text and not any(GLUE in word.text for word in heard.words):
        return heard
    words: list[Word] = []
    for word in heard.words:
        if word.text.startswith(GLUE) and words and not is_marker(words[-1].text):
            before = words.pop()
            words.append(Word(before.text + word.text[1:], Span(before.span.start, word.span.end), before.confidence))
        else:
            words.append(replace(word, text=word.text.removeprefix(GLUE)))
    text = ""
    for last, part in pairwise(["", *heard.text.split(" ")]):
        glued = part.startswith(GLUE) and not is_marker(last)
        text += part.removeprefix(GLUE) if glued or not text else f" {part.removeprefix(GLUE)}"
    return replace(heard, text=text, words=tuple(words))


def unglued(word: str) -> str:
    """A part as it is read."""
    return word.removeprefix(GLUE).strip(_MARKS) or word.removeprefix(GLUE)


def _parts(word: str) -> list[str]:
    word = word.replace(GLUE, "")
    parts: list[str] = []
    for part in _PARTS.findall(word) if any(map(joined, word)) else [word]:
        if parts and part.strip(_MARKS) == "":
            parts[-1] += part  # punctuation stays with the character before it
        else:
            parts.append(part)
    return [part if i == 0 else GLUE + part for i, part in enumerate(parts)]


def _words(word: Word) -> list[Word]:
    parts = _parts(word.text)
    if len(parts) <= 1:
        return [word]
    length = max(1, sum(map(len, parts)) - len(parts) + 1)
    placed, done = [], 0
    for part in parts:
        start = word.span.start + word.span.length * done // length
        done += len(part.removeprefix(GLUE))
        placed.append(Word(part, Span(start, word.span.start + word.span.length * done // length), word.confidence))
    return placed
