"""Notices the language of a call from the caller's first speech, and when next to nothing is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voicecare.config import WordsConfig
from voicecare.speech.redaction.private_words import is_marker
from voicecare.timebase import Samples, samples
from voicecare.types import Health, Heard

ENGLISH = "en"
"""What an English-only model calls every language."""


class CallLanguage:
    """Weighs what the recogniser makes of each of the caller's utterances until one language is sure.

    Every utterance counts by its length, so that one short word taken for another language decides nothing. Once
    settled a call's language stays, for both parties: they talk to each other.
    """

    def __init__(self, config: WordsConfig) -> None:
        self._least = samples(config.language_s)
        self._most = samples(config.language_most_s)
        self._share = config.language_share
        self._heard: Samples = 0
        self._weight: dict[str, float] = {}
        self.settled: str | None = None
        """The call's language; None until it is sure."""

    def push(self, length: Samples, shares: Mapping[str, float]) -> None:
        """Take an utterance of the caller: its length and how likely each language is, 0..1.

        After `language_most_s` of speech the likeliest language is taken, sure or not.
        """
        if self.settled is not None:
            return
        self._heard += length
        for language, share in shares.items():
            self._weight[language] = self._weight.get(language, 0.0) + share * length
        best, weight = self._best(self._weight)
        sure = self._heard >= self._least and weight >= self._share * self._heard
        if best and (sure or self._heard >= self._most):
            self.settled = best

    def likely(self, length: Samples, shares: Mapping[str, float]) -> str:
        """The likeliest language of an utterance, given what the caller said before; "" if nothing is known."""
        if self.settled is not None:
            return self.settled
        weight = dict(self._weight)
        for language, share in shares.items():
            weight[language] = weight.get(language, 0.0) + share * length
        return self._best(weight)[0]

    @staticmethod
    def _best(weight: Mapping[str, float]) -> tuple[str, float]:
        return max(weight.items(), key=lambda item: (item[1], item[0]), default=("", 0.0))


class Understood:
    """Says once a call that the caller is hardly understood: noise, or a language the recogniser does not hear.

    What an English-only model makes of another language passes its gate now and then, and is never clear. So its words
    are withheld until something, of either party, was heard clearly once; what has to be silenced stays told.
    """

    def __init__(self, config: WordsConfig) -> None:
        self._least = samples(config.understood_s)
        self._share = config.understood_share
        self._of = config.understood_of
        self._said = self._kept = 0
        self._clear = config.clear
        self._was_clear = False
        self._told = False

    def believed(self, heard: Heard) -> Heard:
        """Take a hearing; its words are withheld, and its confidence kept, while nothing was heard clearly."""
        self._was_clear = self._was_clear or (heard.final and heard.confidence >= self._clear)
        words = heard.text.split()
        if self._was_clear or heard.language != ENGLISH or any(map(is_marker, words)):
            return heard
        return replace(heard, text="", words=())

    def push(self, heard: Heard) -> list[Health]:
        """Take a hearing; short ones, the agent's and those of an utterance that goes on say nothing."""
        if self._told or not heard.final or heard.channel != "caller" or heard.span.length < self._least:
            return []
        self._said += 1
        self._kept += heard.confidence > 0.0  # also what was believed and withheld
        if self._said < self._of or self._kept >= self._share * self._said:
            return []
        self._told = True
        return [Health(heard.arrived, "not_understood", self._said - self._kept)]
