"""Words for built calls: what a caller of that mood would say, as a recogniser would hear it.

A built call's clips are actors' sentences that mean nothing in it. Here each clip is given a line that fits its
emotion (spoken_lines.tsv beside this, or a GoEmotions comment of a split no head was trained on), with some of its
words misheard, and a stand-in for the recogniser delivers the lines of whatever stretch it is asked to hear.
"""

from __future__ import annotations

import dataclasses
import functools
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from scripts.bench.corpora import goemotions
from voicecare.ports import Recogniser
from voicecare.timebase import Samples, Span, samples
from voicecare.types import Heard, Party, Request, Word

Part: TypeAlias = Literal["chosen", "held"]
"""Rules were chosen with one half of the lines and the dev split; figures are told of the other and the test split."""
MOODS = {"happiness": "happy", "anger": "angry", "fear": "fearful"}
"""The mood of the lines for each emotion of a clip; every other is neutral."""
COMMENTS = {
    "happy": {"gratitude", "joy", "relief", "excitement"},
    "angry": {"anger", "annoyance"},
    "fearful": {"fear", "nervousness"},
}
COMMENT_SHARE = 0.3
"""How many lines are comments: they are typed, about anything, and less like a call than the others."""
COMMENT_WORDS = (3, 14)
WORD_ERRORS = 0.15
SURE = 0.75
"""The recogniser's own trust in such words: about e to the power of its mean log-probability on phone lines."""


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """What is said from start to end of one clip, in samples of the call."""

    party: Party
    span: Span
    text: str


class Script:
    """Lines by mood, of one part; `lines` gives every clip of a call one of them.

    sarcastic: a heated caller says kind words and means the opposite.
    """

    def __init__(self, data: Path, part: Part) -> None:
        self._lines = _lines(data, part)
        texts = [text for lines in self._lines.values() for text in lines]
        self._mishearing = goemotions.Mishearing(texts, WORD_ERRORS)

    def lines(self, truth: dict[str, Any], seed: int, *, sarcastic: bool = False) -> list[Line]:
        """Return what both parties say in a built call; the same seed gives the same words."""
        rng = random.Random(seed)
        said = []
        for segment in truth["segments"]:
            mood = MOODS.get(segment["emotion"], "neutral")
            if segment["channel"] == "agent":
                mood = "agent"
            elif sarcastic and mood == "angry":
                mood = "sarcastic"
            text = self._mishearing.spoil(self._line(mood, rng), rng)
            span = Span(samples(segment["start"]), samples(segment["end"]))
            said.append(Line(segment["channel"], span, text))
        return said

    def _line(self, mood: str, rng: random.Random) -> str:
        comments = self._lines.get(f"{mood} comments", ())
        return rng.choice(comments if comments and rng.random() < COMMENT_SHARE else self._lines[mood])


class Scripted:
    """A recogniser that hears the lines of a script; the encoder's view is a real one's, or none is had.

    A line is heard in the request that holds its middle.
    """

    def __init__(self, lines: Sequence[Line], voice: Recogniser | None = None) -> None:
        self._lines = lines
        self._voice = voice
        self.name = "scripted words" if voice is None else f"scripted words, {voice.name}"

    def hear(self, request: Request) -> Heard:
        """Hear one request."""
        view = None
        if self._voice is not None and request.want_voice:
            view = self._voice.hear(dataclasses.replace(request, want_words=False)).voice
        words = words_of(self._lines, request.channel, request.span) if request.want_words else ()
        return Heard(
            channel=request.channel,
            span=request.span,
            text=" ".join(word.text for word in words),
            words=words,
            language="en",
            confidence=SURE if words else 0.0,
            voice=view,
            final=request.final,
            arrived=request.at,
        )


def words_of(lines: Sequence[Line], party: Party, span: Span) -> tuple[Word, ...]:
    """The words of the lines whose middle lies in a stretch, evenly spread over their clips."""
    found = []
    for line in lines:
        middle = (line.span.start + line.span.end) // 2
        if line.party == party and span.start <= middle < span.end:
            texts = line.text.split()
            found += [Word(text, _share(line.span, n, len(texts)), SURE) for n, text in enumerate(texts)]
    return tuple(found)


def _share(span: Span, number: int, count: int) -> Span:
    at: list[Samples] = [span.start + span.length * edge // count for edge in (number, number + 1)]
    return Span(*at)


@functools.cache
def _lines(data: Path, part: Part) -> dict[str, tuple[str, ...]]:
    """All lines by mood, and the comments that go with some moods."""
    read: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "spoken_lines.tsv").read_text(encoding="utf-8").splitlines():
        mood, text = line.split("\t")
        read.setdefault(mood, []).append(text)
    first = 0 if part == "chosen" else 1
    lines = {mood: tuple(texts[first::2]) for mood, texts in read.items()}
    labelled = goemotions.labelled(data, "dev" if part == "chosen" else "test")
    for mood, wanted in COMMENTS.items():
        lines[f"{mood} comments"] = tuple(
            text
            for text, labels in labelled
            if labels and labels <= wanted and COMMENT_WORDS[0] <= len(text.split()) <= COMMENT_WORDS[1]
        )
    return lines
