"""Reads what was heard: the agent's phrases, the caller's sentiment and thanks, and each party's pace.

The two parties are read by two functions: the agent's words are matched against lists and counted, and no scorer is
within reach of them; sentiment is made of the caller's words alone.
"""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Sequence
from typing import Literal, TypeAlias

from voicecare.config import WordsConfig
from voicecare.ports import SentimentScorer
from voicecare.speech.redaction.private_words import is_marker
from voicecare.speech.words.phrasebook import Normal, PhraseBook, PhraseList
from voicecare.timebase import RATE_HZ, Samples, Span
from voicecare.types import PARTIES, Heard, Pace, Phrase, PhraseKind, Reason, Sentiment

__all__ = ["AGENT_KINDS", "Language", "PhraseBook", "Read"]

AGENT_KINDS: tuple[PhraseKind, ...] = (
    "acknowledgement",
    "paraphrase",
    "thanks",
    "apology",
    "positive",
    "negative",
    "solved",
)
CALLER_KINDS: tuple[PhraseKind, ...] = ("gratitude", "solved", "farewell", "trouble")
REMEMBERED = 3
"""How many of the caller's last utterances the agent may be saying again."""
AHEAD = 2
"""Words that must follow an acknowledgement before it is told early: "I understand" may go on with "the policy"."""

Read: TypeAlias = Sentiment | Phrase | Pace


class Language:
    """Turns utterances, redacted, into phrases, sentiment and pace.

    Of an utterance of the agent that goes on only acknowledgements are told, each once: they clear a cue.

    phrases: the lists of the languages at hand; a language without one gives pace only.
    scorer: reads the caller's sentiment in `scorer_language`; None, or another language, gives no sentiment.
    """

    def __init__(
        self,
        phrases: PhraseBook,
        scorer: SentimentScorer | None,
        *,
        config: WordsConfig | None = None,
        scorer_language: str = "en",
    ) -> None:
        self._phrases = phrases
        self._scorer = scorer
        self._scorer_language = scorer_language
        self._config = config or WordsConfig()
        self._pace = {party: _OwnPace(self._config) for party in PARTIES}
        self._caller_said: deque[tuple[str, ...]] = deque(maxlen=REMEMBERED)
        self._early: list[Phrase] = []

    def push(self, heard: Heard) -> list[Read]:
        """Read one utterance; every event carries the time the words arrived and the span they were said in."""
        if not heard.text:
            return []
        if not heard.final:
            return list(self._early_acknowledgements(heard)) if heard.channel == "agent" else []
        found: list[Read] = list(self._agent(heard) if heard.channel == "agent" else self._caller(heard))
        pace = self._pace[heard.channel].push(heard)
        return [*found, pace] if pace is not None else found

    def only_acknowledgement(self, text: str, language: str = "en") -> bool:
        """Say whether a text is made of acknowledgement words alone: a backchannel, not a turn."""
        return self._phrases.only_acknowledgement(text, language)

    def unread(self, language: str) -> list[Literal["no_sentiment", "no_phrases"]]:
        """What steps aside in a language: nothing is read in one that it was not made for."""
        unread: list[Literal["no_sentiment", "no_phrases"]] = []
        if self._scorer is None or language != self._scorer_language:
            unread.append("no_sentiment")
        if self._phrases.of(language) is None:
            unread.append("no_phrases")
        return unread

    def finish(self) -> list[Read]:
        """Nothing waits: every utterance was read when it came."""
        return []

    def _agent(self, heard: Heard) -> list[Phrase]:
        phrases = self._phrases.of(heard.language)
        if phrases is None:
            return []
        normal = phrases.normal(_words(heard, phrases))
        found = [phrase for kind in AGENT_KINDS for phrase in _matches(kind, phrases, normal, heard)]
        told = self._told_early(heard)
        early = [phrase for phrase in found if phrase.kind == "acknowledgement"][: len(told)]
        found = [phrase for phrase in found if phrase not in early]
        self._early = []
        again = self._said_again(phrases.content(normal)) if phrases.addresses(normal) else ()
        if again and not any(phrase.kind == "paraphrase" for phrase in found):
            found.append(Phrase("agent", "paraphrase", heard.arrived, heard.span, _kept(sorted(again))))
        return found

    def _early_acknowledgements(self, heard: Heard) -> list[Phrase]:
        """The acknowledgements of an utterance that goes on, but those told before."""
        phrases = self._phrases.of(heard.language)
        if phrases is None or not heard.words:
            return []
        normal = phrases.normal(_words(heard, phrases)).unended()
        settled = [word.span.end for word in heard.words][-AHEAD - 1 : -AHEAD]
        found = [
            phrase
            for phrase in _matches("acknowledgement", phrases, normal, heard)
            if settled and phrase.span.end <= settled[0]
        ]
        told = self._told_early(heard)
        fresh = found[len(told) :]
        self._early = [*told, *fresh]
        return fresh

    def _told_early(self, heard: Heard) -> list[Phrase]:
        """What was told of this utterance of the agent while it went on."""
        return [phrase for phrase in self._early if phrase.span.overlap(heard.span)]

    def _caller(self, heard: Heard) -> list[Phrase | Sentiment]:
        found: list[Phrase | Sentiment] = []
        phrases = self._phrases.of(heard.language)
        if phrases is not None:
            normal = phrases.normal(_words(heard, phrases))
            found += [phrase for kind in CALLER_KINDS for phrase in _matches(kind, phrases, normal, heard)]
            self._caller_said.append(phrases.content(normal))
        text = " ".join(word for word in heard.text.split() if not is_marker(word))
        if self._scorer is not None and heard.language == self._scorer_language and any(map(str.isalpha, text)):
            found.append(self._sentiment(*self._scorer.score(text), heard))
        return found

    def _sentiment(self, value: float, confidence: float, heard: Heard) -> Sentiment:
        label: Literal["negative", "neutral", "positive"] = "neutral"
        if value <= self._config.negative_at:
            label = "negative"
        elif value >= self._config.positive_at:
            label = "positive"
        # Doubtful words make doubtful sentiment.
        sure = round(confidence * heard.confidence, 3)
        # The words themselves are in the redacted Heard of the same span, and nowhere else.
        because = (Reason("words", at=(heard.span.start,), value=round(value, 3)),)
        return Sentiment(heard.arrived, heard.span, round(value, 3), label, sure, because)

    def _said_again(self, agent_content: tuple[str, ...]) -> tuple[str, ...]:
        """What the agent says again of one utterance of the caller, if that is much and a good part of what is said.

        In the caller's order: people who merely talk about the same things share words, but not their order.
        """
        agent = tuple(dict.fromkeys(agent_content))
        again = max((_in_order(tuple(dict.fromkeys(said)), agent) for said in self._caller_said), key=len, default=())
        enough = len(again) >= self._config.paraphrase_words
        return again if enough and len(again) >= self._config.paraphrase_share * len(agent) else ()


class _OwnPace:
    """One party's pace against its own running median of this call."""

    def __init__(self, config: WordsConfig) -> None:
        self._config = config
        self._recent: deque[tuple[int, Samples]] = deque(maxlen=config.pace_utterances)
        self._usual_wpm: list[float] = []

    def push(self, heard: Heard) -> Pace | None:
        """Take an utterance; a pace once there are enough utterances to call one usual."""
        spoken = _spoken(heard)
        words = [word.text for word in heard.words] or heard.text.split()
        if len(words) < self._config.pace_words or spoken.length <= 0 or any(map(is_marker, words)):
            return None  # nobody reads a number out at their usual pace
        self._recent.append((len(words), spoken.length))
        self._usual_wpm.append(_wpm(len(words), spoken.length))
        if len(self._usual_wpm) < self._config.pace_utterances:
            return None
        now_wpm = _wpm(sum(count for count, _ in self._recent), sum(length for _, length in self._recent))
        return Pace(
            channel=heard.channel,
            at=heard.arrived,
            span=heard.span,
            pace_wpm=round(now_wpm, 1),
            relative=round(now_wpm / statistics.median(self._usual_wpm), 3),
        )


def _in_order(these: Sequence[str], those: Sequence[str]) -> tuple[str, ...]:
    """The longest run of words that both have in the same order, others between them allowed."""
    none: tuple[str, ...] = ()
    best = [none] * (len(those) + 1)
    for one in these:
        row = [none]
        for place, other in enumerate(those):
            row.append((*best[place], one) if one == other else max(best[place + 1], row[place], key=len))
        best = row
    return best[-1]


def _wpm(words: int, length: Samples) -> float:
    return words * 60 * RATE_HZ / length


def _spoken(heard: Heard) -> Span:
    """From the first word to the last: the request around them carries padding."""
    return Span(heard.words[0].span.start, heard.words[-1].span.end) if heard.words else heard.span


def _words(heard: Heard, phrases: PhraseList) -> list[str]:
    """The words as heard, nothing for what was hidden; without them, the text cut where the language cuts it."""
    words = [word.text for word in heard.words] or (list(heard.text) if phrases.joined else heard.text.split())
    return ["" if is_marker(word) else word for word in words]


def _matches(kind: PhraseKind, phrases: PhraseList, normal: Normal, heard: Heard) -> list[Phrase]:
    found = []
    words = _words(heard, phrases)
    for match in phrases.find(kind, normal):
        span = heard.span
        if heard.words:
            span = Span(heard.words[match.first].span.start, heard.words[match.last].span.end)
        text = _kept(words[match.first : match.last + 1], "" if phrases.joined else " ")
        found.append(Phrase(heard.channel, kind, heard.arrived, span, text))
    return found


def _kept(words: Sequence[str], between: str = " ") -> str:
    """The words of a phrase as an event keeps them: nothing with a digit, which only redacted text may show."""
    return between.join("…" if any(map(str.isdigit, word)) else word for word in words)
