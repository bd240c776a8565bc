"""GoEmotions and the support chats as labelled utterances, and text as a recogniser mishears it.

GoEmotions: 58k English comments (CC BY 4.0). Support chats: real customers' sentences, machine-translated (MAIA-DQE,
CC BY-ND: evaluation only).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecare.types import Party

COMPLAINT = frozenset({"anger", "annoyance", "disappointment", "disapproval"})
NEGATIVE = COMPLAINT | {"disgust"}
POSITIVE = frozenset(
    {"admiration", "amusement", "approval", "caring", "excitement", "gratitude", "joy", "love"}
    | {"optimism", "pride", "relief"}
)
NEUTRAL = frozenset({"neutral", "curiosity", "realization", "surprise"})
"""Sadness, fear, confusion and their like are neither: comments with them alone are left out."""
CLASSES = ("negative", "neutral", "positive")
CHAT_NEGATIVE, CHAT_LEFT_OUT = {3, 5, 6}, {4, 7}
"""Codes of the support chats: disappointment, frustration, anger; confusion and anxiety are left out."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A text and what it is: the class is an index of CLASSES, or None where the labels do not say."""

    text: str
    kind: int | None
    gratitude: bool
    complaint: bool


def comments(data: Path, split: str) -> list[Comment]:
    """Read a split ("train", "dev", "test") of GoEmotions."""
    return [
        Comment(text, _kind(labels), "gratitude" in labels, bool(labels & COMPLAINT))
        for text, labels in labelled(data, split)
    ]


def labelled(data: Path, split: str) -> list[tuple[str, set[str]]]:
    """Read a split of GoEmotions as texts with their own labels."""
    folder = data / "text" / "goemotions"
    names = (folder / "original_labels.txt").read_text(encoding="utf-8").split()
    read = []
    for line in (folder / f"original_{split}.tsv").read_text(encoding="utf-8").splitlines():
        text, numbers, _ = line.split("\t")
        read.append((_cleaned(text), {names[int(number)] for number in numbers.split(",")}))
    return read


def chats(data: Path) -> list[Comment]:
    """Read the customers' sentences of the support chats, in English."""
    read = []
    for path in sorted((data / "text" / "support-chat").glob("*_emotion.json")):
        for chat in json.loads(path.read_text(encoding="utf-8")):
            for turn in chat["turns"]:
                if turn["floor"] == "inbound":
                    for text, code in zip(turn["text_mt"], turn["Emotion"], strict=False):
                        plain = re.sub(r"#\w+#", "", text).strip()
                        if re.search(r"\w", plain) and code not in CHAT_LEFT_OUT:
                            negative = code in CHAT_NEGATIVE
                            read.append(Comment(plain, 0 if negative else 1, gratitude=False, complaint=negative))
    return read


def customers() -> list[Comment]:
    """Short things callers say, written for this project: GoEmotions hardly knows what does not work or arrive."""
    lines = (Path(__file__).parent / "customer_phrases.tsv").read_text(encoding="utf-8").splitlines()
    read = []
    for kind, text in (line.split("\t") for line in lines):
        thanks, complaint = "thank" in text, kind == "negative"
        read.append(Comment(text, CLASSES.index(kind), gratitude=thanks, complaint=complaint))
    return read


def ordinary(data: Path) -> list[tuple[Party, str]]:
    """Utterances with nothing to hide, as (party, text): support chats of both sides, and GoEmotions' dev comments."""
    said: list[tuple[Party, str]] = []
    for path in sorted((data / "text" / "support-chat").glob("*.json")):
        for chat in json.loads(path.read_text(encoding="utf-8")):
            for turn in chat["turns"]:
                if turn["floor"] == "inbound":
                    said += [("caller", text) for text in turn["text_mt"]]
                else:
                    said += [("agent", text) for text in turn["text_src"]]
    return [*said, *(("caller", comment.text) for comment in comments(data, "dev"))]


class Mishearing:
    """Spoils spoken text as a recogniser does: words lost, words taken for ones that sound alike."""

    def __init__(self, texts: Iterable[str], rate: float) -> None:
        self._rate = rate
        self._alike: dict[str, list[str]] = {}
        for word in sorted({word for text in texts for word in text.split()}):
            self._alike.setdefault(_sound(word), []).append(word)

    def spoil(self, text: str, rng: random.Random) -> str:
        """Return the text with about `rate` of its words wrong; never empty where it was not."""
        words = text.split()
        out = []
        for word in words:
            if rng.random() >= self._rate:
                out.append(word)
            elif rng.random() < 0.6:
                out.append(rng.choice(self._alike.get(_sound(word), [word])))
        return " ".join(out or words)


def _sound(word: str) -> str:
    """A crude key of how a word sounds: its first letter and the consonants after it."""
    consonants = re.sub(r"[aeiouyhw']", "", word[1:]).translate(str.maketrans("ckqxszdtbpvfgj", "kkkkssttppffjj"))
    return word[:1] + re.sub(r"(.)\1+", r"\1", consonants)


def _kind(labels: set[str]) -> int | None:
    if labels & NEGATIVE:
        return 0
    if labels <= POSITIVE | NEUTRAL:
        return 2 if labels & POSITIVE else 1
    return None


def _cleaned(text: str) -> str:
    return re.sub(r"\[(?:NAME|RELIGION)\]|https?://\S+|/?\b[ru]/\w+|@\w+|#", "", text).strip()


def shuffled(items: Sequence[Comment], count: int, seed: int) -> list[Comment]:
    """Draw `count` items, the same every time."""
    return random.Random(seed).sample(list(items), min(count, len(items)))
