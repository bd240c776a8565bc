"""What the sentiment heads see of a text: the words as they would be heard, nothing of how they are written."""

from __future__ import annotations

import itertools
import re
import zlib
from typing import Any

import numpy as np

from voicecare.types import Floats

VADER_FEATURES = ("neg", "neu", "pos", "compound")


def spoken(text: str) -> str:
    """Write a text as it would be heard: lower case, no punctuation but apostrophes within words.

    >>> spoken("I'm SO angry!!! 'Really'…")
    "i'm so angry really"
    """
    text = re.sub(r"[^\w']+", " ", text.lower().replace("’", "'"))
    return " ".join(word for word in (part.strip("'") for part in text.split()) if word)


def hashed(plain: str, rows: int) -> list[int]:
    """The rows, 0 to `rows` - 1, of the words and pairs of words of a spoken text, each once."""
    words = ["<s>", *plain.split(), "</s>"]
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(words)]
    return sorted({zlib.crc32(part.encode()) % rows for part in [*words[1:-1], *pairs]})


def vader_features(analyzer: Any, plain: str) -> Floats:  # noqa: ANN401 - vaderSentiment has no types
    """VADER's shares of negative, neutral and positive words and its compound, float32 (4,)."""
    scores = analyzer.polarity_scores(plain)
    return np.asarray([scores[name] for name in VADER_FEATURES], dtype=np.float32)
