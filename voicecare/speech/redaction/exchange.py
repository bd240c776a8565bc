"""Follows what is asked for in a call until it is answered: over turns, fillers, corrections and the read-back."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from voicecare.speech.redaction.answers import LEADS, NO_ANSWER
from voicecare.speech.redaction.asking import asked_in
from voicecare.speech.redaction.found import Found
from voicecare.speech.redaction.mail import BEFORE_ADDRESS
from voicecare.speech.redaction.numerals import CORRECTIONS, Run, digit_runs, plain_number
from voicecare.speech.redaction.private_words import Context
from voicecare.speech.redaction.spelling import spelled_runs
from voicecare.speech.redaction.topics import FREE, Mention, Secret, Topic
from voicecare.timebase import Samples, samples
from voicecare.types import Party, other

SAID_BEFORE = 3
"""Utterances of either party that still tell what a number is."""
SHORT_NUMBER = 3
"""Digits of a number that may be talked about ("the three digits on the back"); longer ones tell nothing."""
CARD_MEMORY_S = 45.0
"""How long after a card three or four digits are taken for its code."""
PATIENCE = 8
"""Utterances without a part of the answer after which a question is dropped."""
PATIENCE_S = 240.0
"""The same on the clock: people look for their cards. Nothing is held back for longer (`Redactor.due`)."""
READ_BACK = 4
"""Utterances after an answer of words in which it may be read back."""
PATIENCE_FREE = 5
"""The same for a question whose answer may be any words."""
LINGERS = 6
"""Utterances after a whole answer in which it is read back or corrected."""
MOST_GIVEN = 64
"""Digits and letters of an answer that are kept in mind until it is whole: twice the longest."""
REMEMBERED = 24
"""Hidden numbers that are known again when they are read back."""
_AGAIN_WORDS = """
again repeat slower sorry pardon right correct
"""
_AGAIN = frozenset(_AGAIN_WORDS.split())
_QUESTION = 5
"""Words of a new question that ends the one before."""
_COMMON = BEFORE_ADDRESS | LEADS | NO_ANSWER
_COMMON_LENGTH = 3


@dataclass(slots=True)
class _Open:
    """What is waited for: by whom it was asked, and how much of it has been said."""

    topic: Topic
    asker: Party | None
    since: Samples
    got: int = 0
    given: str = ""
    idle: int = 0
    answered: bool = False


@dataclass(slots=True)
class Exchange:
    """What the parties are talking about, as far as it tells what a number or a word is."""

    _open: _Open | None = None
    _said: deque[list[str]] = field(default_factory=lambda: deque(maxlen=SAID_BEFORE))
    _numbers: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _words: dict[str, Secret] = field(default_factory=dict)
    _card_at: Samples | None = None

    def context(self, by: Party, now: Samples, names: frozenset[str] = frozenset()) -> Context:
        """What is known before `by` speaks."""
        asked = self._alive(now)
        free = asked is not None and asked.topic.shape in FREE and asked.idle < READ_BACK
        return Context(
            said_before=tuple(word for utterance in self._said for word in utterance),
            asked=None if asked is None else asked.topic,
            answered=asked is not None and asked.answered,
            given="" if asked is None else asked.given,
            answers=asked is not None and by != asked.asker,
            after_card=self._card_at is not None and now - self._card_at <= samples(CARD_MEMORY_S),
            numbers=tuple(self._numbers),
            words=(self._words if free else {}) | dict.fromkeys(names, "name"),
        )

    @property
    def waits(self) -> bool:
        """Whether something is asked for that has not been said whole."""
        return self._open is not None and not self._open.answered

    def push(self, by: Party, words: Sequence[str], found: Sequence[Found], now: Samples) -> None:
        """Take a whole utterance and what was found in it."""
        plain = [plain_number(word) for word in words]
        self.remember(words, found, now)
        self._count(by, words, plain, found, now)
        runs = digit_runs(words)
        for mention, answerer in asked_in(by, words, plain):
            if not self._begun(words, mention, runs, found, now) and answerer is not None:
                self._open, self._words = _Open(mention.topic, other(answerer), now), {}
        self._moves_on(by, words, plain)
        numbers = {at for run in digit_runs(words) if len(run.text) > SHORT_NUMBER for at in run.touches}
        self._said.append([word for at, word in enumerate(plain) if at not in numbers])

    def remember(self, words: Sequence[str], found: Sequence[Found], now: Samples) -> None:
        """Keep hidden numbers in mind, to know them when they are read back, and when a card was last read out."""
        hidden = {at for item in found for at in range(item.first, item.last + 1)}
        for run in spelled_runs(words):
            if run.first in hidden and len(run.text) >= SHORT_NUMBER and run.text not in self._numbers:
                self._numbers.append(run.text)
        if any(item.kind == "card" for item in found):
            self._card_at = now

    def _alive(self, now: Samples) -> _Open | None:
        asked = self._open
        if asked is None or now - asked.since > samples(PATIENCE_S):
            return None
        patience = PATIENCE_FREE if asked.topic.shape in FREE else PATIENCE
        return asked if asked.idle <= (LINGERS if asked.answered else patience) else None

    def _moves_on(self, by: Party, words: Sequence[str], plain: Sequence[str]) -> None:
        """Another question of the one who asked ends the first; after the answer any sentence does."""
        asked = self._open
        if asked is None or asked.idle == 0 or by != asked.asker:
            return
        if not asked.answered and not words[-1].endswith(("?", "？")):
            return
        if len(words) >= _QUESTION and _AGAIN.isdisjoint(plain):
            self._open = None

    def _count(
        self, by: Party, words: Sequence[str], plain: Sequence[str], found: Sequence[Found], now: Samples
    ) -> None:
        """Count what was said of the answer."""
        asked = self._open
        if asked is None:
            return
        asked.idle += 1
        parts = [item for item in found if item.kind == asked.topic.kind or item.kind in {"number", "email"}]
        if not parts or asked.topic.kind is None:
            return
        asked.idle, asked.since = 0, now
        if by == asked.asker:
            return  # the read-back
        hidden = {at for item in parts for at in range(item.first, item.last + 1)}
        parts_said = [run.text for run in spelled_runs(words) if run.first in hidden]
        asked.given = (asked.given + "".join(parts_said))[-MOST_GIVEN:]
        if asked.topic.shape in FREE:
            telling = (plain[at] for at in hidden if len(plain[at]) >= _COMMON_LENGTH)
            self._words |= {word: asked.topic.kind for word in telling if word not in _COMMON}
            asked.got += 1
            whole = {"words": True, "letters": True, "place": asked.got >= 3}.get(asked.topic.shape, False)
            asked.answered = whole or (
                asked.topic.shape == "mail" and _ends_in_domain([plain[at] for at in sorted(hidden)])
            )
            return
        corrected = not CORRECTIONS.isdisjoint(plain)
        months = (
            sum(plain[at] in {"of", "the"} or plain[at].isalpha() for at in hidden)
            if asked.topic.shape == "date"
            else 0
        )
        asked.got += 0 if corrected and asked.got else len("".join(parts_said)) + months
        asked.answered = asked.got >= asked.topic.full

    def _begun(
        self, words: Sequence[str], mention: Mention, runs: Sequence[Run], found: Sequence[Found], now: Samples
    ) -> bool:
        """Whether what is named was said, or begun: then the rest of it is waited for."""
        topic = mention.topic
        told = bool(found) and found[-1].first > mention.last and topic.kind is not None
        said = bool(runs) and runs[-1].first > mention.last
        if told and topic.shape in {"digits", "ids", "date", "place"} and found[-1].last == len(words) - 1:
            start = max(mention.last + 1, len(words) - MOST_GIVEN)
            got = sum(len(run.text) for run in spelled_runs(words[start:]))
            year_said = topic.shape == "date" and sum(len(run.text) for run in digit_runs(words[start:])) > 2
            if got < topic.full and not year_said:
                self._open, self._words = _Open(topic, None, now, got), {}
        return told or said


def _ends_in_domain(plain: Sequence[str]) -> bool:
    return len(plain) > 1 and ("dot" in plain[-4:-1] or "." in plain[-1])
