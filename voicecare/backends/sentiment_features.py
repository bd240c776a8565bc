"""What the sentiment heads see of a text: the words as they would be heard, nothing of how they are written."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

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


@dataclass(frozen=True, slots=True, eq=False)
class WordTable:
    """Small word vectors: a sentence is the weighted mean of its words', rare ones weighing more.

    rows: each word's row. vectors: int8 (words, width). scales: float32 (width,), the size of a step.
    weights: float32 (words,), a word's weight (smooth inverse frequency, Arora et al. 2017).
    """

    rows: Mapping[str, int]
    vectors: npt.NDArray[np.int8]
    scales: Floats
    weights: Floats

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> WordTable:
        """Read a table from arrays; `words` are the bytes of the words joined by line ends."""
        words = bytes(arrays["words"]).decode().split("\n")
        rows = {word: row for row, word in enumerate(words)}
        return cls(rows, arrays["vectors"], arrays["scales"], arrays["weights"].astype(np.float32))

    @classmethod
    def build(cls, words: Sequence[str], vectors: Floats, counts: Sequence[int]) -> WordTable:
        """Quantise full vectors (words, width) and weigh each word by how often it was counted."""
        scales = np.abs(vectors).max(axis=0) / 127
        total = sum(counts)
        weights = np.asarray([1e-3 / (1e-3 + count / total) for count in counts], dtype=np.float32)
        small = np.round(vectors / scales).astype(np.int8)
        return cls({word: row for row, word in enumerate(words)}, small, scales.astype(np.float32), weights)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The table as plain arrays."""
        words = np.frombuffer("\n".join(self.rows).encode(), dtype=np.uint8)
        return {
            "words": words,
            "vectors": self.vectors,
            "scales": self.scales,
            "weights": self.weights.astype(np.float16),
        }

    def mean(self, plain: str) -> Floats:
        """The weighted mean of the known words' vectors, float32 (width,); zeros where none is known."""
        rows = [self.rows[word] for word in plain.split() if word in self.rows]
        if not rows:
            return np.zeros(len(self.scales), np.float32)
        weights = self.weights[rows]
        mean = weights @ (self.vectors[rows] * self.scales) / weights.sum()
        return np.asarray(mean, dtype=np.float32)
