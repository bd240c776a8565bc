"""Sentiment scorers for the caller's words, behind `types.SentimentScorer`."""

from __future__ import annotations

from typing import Any


class VaderScorer:
    """VADER: a lexicon and five rules (Hutto & Gilbert 2014); English, .03 ms an utterance.

    The yardstick for the trained heads, and what is used where their weights are missing.
    """

    name = "vader"

    def __init__(self) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        self._analyzer: Any = SentimentIntensityAnalyzer()

    def score(self, text: str) -> tuple[float, float]:
        """Return VADER's compound, -1..1, and as confidence the share of words that are not neutral, 0..1."""
        scores = self._analyzer.polarity_scores(text)
        return float(scores["compound"]), float(scores["neg"] + scores["pos"])
