"""Sentiment of the caller's words, behind `ports.SentimentScorer`: two trained heads, which VADER helps.

The light head (`models/sentiment.npz`) needs numpy alone; the large one (`models/sentiment-large.npz`) reads
sentence vectors and is an extra. Both are trained by `scripts/train/sentiment.py`; their cards say how well they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voicecare.backends.sentence_vectors import SentenceVectors
from voicecare.backends.sentiment_features import hashed, spoken, vader_features
from voicecare.errors import InputError
from voicecare.types import Floats

CLASSES = ("negative", "neutral", "positive")
EXTRAS = ("gratitude", "complaint")


@dataclass(frozen=True, slots=True)
class Reading:
    """How an utterance reads: probabilities 0..1.

    negative, neutral and positive sum to 1; gratitude and complaint (anger, annoyance, disappointment, disapproval)
    each stand alone.
    """

    negative: float
    neutral: float
    positive: float
    gratitude: float
    complaint: float

    @property
    def value(self) -> float:
        """Sentiment, -1 (negative) to 1 (positive)."""
        return self.positive - self.negative

    @property
    def confidence(self) -> float:
        """The probability of the likeliest class, stretched so that a guess among three is 0 and certainty 1."""
        return max(0.0, 1.5 * max(self.negative, self.neutral, self.positive) - 0.5)


class LightScorer:
    """Hashed words and pairs of words, and VADER, under a logistic head; English, about .1 ms, below 1 MB.

    Raises:
        InputError: the weights are missing or are not a light head's.
    """

    def __init__(self, weights: Path) -> None:
        arrays = _load(weights, ("ngram", "dense", "bias"))
        self.name = f"sentiment {weights.stem}"
        self._ngram, self._dense, self._bias = arrays["ngram"], arrays["dense"], arrays["bias"]
        self._analyzer = _vader()

    def read(self, text: str) -> Reading:
        """Read one utterance, as a person wrote it or the recogniser heard it."""
        plain = spoken(text)
        logits = vader_features(self._analyzer, plain) @ self._dense + self._bias
        found = hashed(plain, len(self._ngram))
        if found:
            logits = logits + self._ngram[found].astype(np.float32).sum(axis=0) / np.sqrt(len(found))
        return _reading(logits)

    def score(self, text: str) -> tuple[float, float]:
        """Return value -1..1 and confidence 0..1 of an utterance."""
        reading = self.read(text)
        return reading.value, reading.confidence


class LargeScorer:
    """The light head and one over sentence vectors and VADER, their probabilities averaged; English, 20 ms, 110 MB.

    Raises:
        InputError: the weights are missing or are not a large head's.
    """

    def __init__(self, weights: Path, sentences: SentenceVectors, light: LightScorer) -> None:
        arrays = _load(weights, ("dense", "bias"))
        self.name = f"sentiment {weights.stem}"
        self._sentences = sentences
        self._light = light
        self._dense, self._bias = arrays["dense"], arrays["bias"]
        self._analyzer = _vader()

    def read(self, text: str) -> Reading:
        """Read one utterance."""
        plain = spoken(text)
        dense = np.concatenate([self._sentences.vectors([plain])[0], vader_features(self._analyzer, plain)])
        own, light = _reading(dense @ self._dense + self._bias), self._light.read(text)
        return Reading(
            negative=(own.negative + light.negative) / 2,
            neutral=(own.neutral + light.neutral) / 2,
            positive=(own.positive + light.positive) / 2,
            gratitude=(own.gratitude + light.gratitude) / 2,
            complaint=(own.complaint + light.complaint) / 2,
        )

    def score(self, text: str) -> tuple[float, float]:
        """Return value -1..1 and confidence 0..1 of an utterance."""
        reading = self.read(text)
        return reading.value, reading.confidence


def _reading(logits: Floats) -> Reading:
    """Turn calibrated logits, the classes' first, into probabilities."""
    classes = np.exp(logits[: len(CLASSES)] - np.max(logits[: len(CLASSES)]))
    classes /= classes.sum()
    extras = 1 / (1 + np.exp(-np.clip(logits[len(CLASSES) :], -30, 30)))
    return Reading(*map(float, classes), *map(float, extras))


def _load(path: Path, needed: tuple[str, ...]) -> dict[str, Any]:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError) as error:
        raise InputError(f"sentiment weights {path} cannot be read; install voicecare again") from error
    missing = [name for name in needed if name not in arrays]
    if missing or arrays["dense"].shape[1] != len(CLASSES) + len(EXTRAS):
        raise InputError(f"{path} holds no such sentiment head; make one with scripts/train/sentiment.py")
    return arrays


def _vader() -> Any:  # noqa: ANN401 - vaderSentiment has no types
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # reads its lexicon

    return SentimentIntensityAnalyzer()
