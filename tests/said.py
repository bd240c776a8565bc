"""Words as a recogniser gives them, for tests of what is read from them."""

from __future__ import annotations

import dataclasses

from voicecare.backends.phrases import load_phrases
from voicecare.speech.words.language import Language, PhraseBook
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Heard, Party, Phrase, Word

BOOK = PhraseBook.from_values(load_phrases())


class Scorer:
    """Calls everything -0.6, and remembers what it was shown."""

    name = "fixed"

    def __init__(self) -> None:
        self.shown: list[str] = []

    def score(self, text: str) -> tuple[float, float]:
        """Score as every scorer does."""
        self.shown.append(text)
        return -0.6, 0.5


def heard(
    text: str, channel: Party = "agent", *, start_s: float = 0.0, wpm: float = 180.0, language: str = "en"
) -> Heard:
    """One utterance, its words evenly spoken at a pace."""
    each = round(60 * RATE_HZ / wpm)
    start = samples(start_s)
    words = tuple(
        Word(word, Span(start + each * i, start + each * (i + 1)), 0.9) for i, word in enumerate(text.split())
    )
    span = Span(max(0, start - 3200), (words[-1].span.end if words else start) + 3200)
    return Heard(channel, span, text, words, language, 0.8, None, final=True, arrived=span.end + 8000)


def kinds(text: str, channel: Party = "agent", language: str = "en") -> set[str]:
    said = heard(text, channel, language=language)
    if language == "zh":
        said = dataclasses.replace(said, words=())
    return {event.kind for event in Language(BOOK, None).push(said) if isinstance(event, Phrase)}
