"""VADER as it comes: a lexicon and five rules, the yardstick of what was trained."""

from __future__ import annotations


class VaderScorer:
    """VADER: a lexicon and five rules (Hutto & Gilbert 2014); English, .03 ms an utterance; the yardstick."""

    name = "vader"

    def __init__(self) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # reads its lexicon

        self._analyzer = SentimentIntensityAnalyzer()

    def score(self, text: str) -> tuple[float, float]:
        """Return VADER's compound, -1..1, and as confidence the share of words that are not neutral, 0..1."""
        scores = self._analyzer.polarity_scores(text)
        return float(scores["compound"]), float(scores["neg"] + scores["pos"])
