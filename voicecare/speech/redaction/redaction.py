"""Takes what must not be kept out of the words, before anybody but the recogniser has them."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from voicecare.speech.redaction.names import Names
from voicecare.speech.redaction.numerals import digit_runs
from voicecare.speech.redaction.private_words import Found, find_secrets, is_marker, plain_word
from voicecare.speech.redaction.unfinished import begun_number, surely_clear, unfinished
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, Heard, Party, Word

PATIENCE_S = 30.0
"""How long the beginning of a number waits for the rest of it."""
CARD_MEMORY_S = 45.0
"""How long after a card three or four digits are taken for its code."""
SAID_BEFORE = 3
"""Utterances of either party that still tell what a number is."""
SHORT_HEAD = 3
"""An utterance whose number comes after no more words than this waits whole; the words alone say nothing yet."""
SHORT_NUMBER = 3
"""Digits of a number that may be talked about ("the three digits on the back"); longer ones tell nothing."""
MUTE_MARGIN_S = 0.3
"""Word times come from the recogniser's attention; a digit may begin this much before its time."""
MUTE_GAP_S = 5.0
"""Between two hidden stretches this close more of the number may have been said than was recognised."""

RULED = ("en",)
"""Languages the rules were made for. In any other, also in one not known yet, every digit is hidden."""


@dataclass(slots=True)
class _Held:
    """The beginning of a number: pieces not told yet, the words just before them, and when the last piece came."""

    pieces: list[Heard] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    since: Samples = 0


class Redactor:
    """Replaces cards, accounts, addresses and the like by `[card]`, `[iban]`, `[email]`, in the text and in the words.

    A number may go on in the party's next utterance ("it's 4111 1111" … "1111 1111"). Its beginning is therefore held
    back until the next utterance, or 30 s of call; the words before it are told at once, as an utterance of their own.
    Every word is told once, each party's in order. Partial hearings are cut before anything that may be a secret.

    is_phone: tells phone numbers of the region from other digits. names: hides names said in the call; None keeps them.
    """

    def __init__(self, *, is_phone: Callable[[str], bool] | None = None, names: Names | None = None) -> None:
        self._is_phone = is_phone
        self._names = names
        self._held: dict[Party, _Held] = {party: _Held() for party in PARTIES}
        self._said: deque[list[str]] = deque(maxlen=SAID_BEFORE)
        self._card_at: Samples | None = None

    def push(self, heard: Heard) -> list[Heard]:
        """Take what was heard; return what can be told now, of this and of earlier utterances, as arrived with it."""
        words = _words(heard)
        if not heard.final:
            return self._partial(heard, words)
        if self._names is not None:
            self._names.push(heard.channel, words)
        if not words:
            return [heard]  # a pause in a number does not end it
        held = self._held[heard.channel]
        begun = [*held.before, *_all_words(held.pieces)]
        goes_on = any(run.first < len(begun) <= run.last for run in digit_runs([*begun, *words]))
        part = None if goes_on else begun_number(begun, self._context())
        held.pieces.append(heard)
        held.since = heard.arrived
        upto = unfinished(_all_words(held.pieces))
        told = self._release(heard.channel, upto, heard.arrived, [] if part is None else [part])
        numbers = {at for run in digit_runs(words) if len(run.text) > SHORT_NUMBER for at in run.touches}
        self._said.append([plain_word(word) for at, word in enumerate(words) if at not in numbers])
        return told

    def due(self, now: Samples) -> list[Heard]:
        """What has waited long enough by `now`."""
        return [
            heard
            for party in PARTIES
            if self._held[party].pieces and now - self._held[party].since > samples(PATIENCE_S)
            for heard in self._give_up(party, now)
        ]

    def finish(self, now: Samples) -> list[Heard]:
        """The call is over: return what was held back."""
        told = [heard for party in PARTIES for heard in self._give_up(party, now)]
        return sorted(told, key=lambda heard: heard.span.start)

    def _give_up(self, party: Party, now: Samples) -> list[Heard]:
        """The rest of a number did not come: tell its beginning, unless that is much of somebody's number."""
        held = self._held[party]
        part = begun_number([*held.before, *_all_words(held.pieces)], self._context())
        return self._release(party, None, now, [] if part is None else [part])

    def _release(self, party: Party, upto: int | None, now: Samples, known: Sequence[Found] = ()) -> list[Heard]:
        """Tell the words before `upto` (None: all) of what a party has said, redacted as one stretch of words."""
        held = self._held[party]
        words = _all_words(held.pieces)
        found = self._find([*held.before, *words], len(held.before), held.since, known)
        told: list[Heard] = []
        kept: list[Heard] = []
        before = held.before
        first = 0
        for piece in held.pieces:
            own = _words(piece)
            count = len(own) if upto is None else min(len(own), max(0, upto - first))
            if count < len(own) and (count <= SHORT_HEAD or not piece.words):
                count = 0
            here = [item for item in (_within(f, first, first + count) for f in found) if item is not None]
            now_told, later = _parted(dataclasses.replace(piece, arrived=now), own, count)
            told += [_redacted(part, own[:count], here) for part in now_told]
            if later is None:
                before = []
            else:
                before = before if kept else [*before, *own[:count]]
                kept.append(later)
            first += len(own)
        self._held[party] = _Held(kept, before, held.since)
        return told

    def _find(self, words: Sequence[str], skipped: int, now: Samples, known: Sequence[Found] = ()) -> list[Found]:
        found = find_secrets(
            words,
            known=known,
            said_before=self._context(),
            after_card=self._card_at is not None and now - self._card_at <= samples(CARD_MEMORY_S),
            is_phone=self._is_phone,
            names=frozenset() if self._names is None else self._names.known,
        )
        if any(item.kind == "card" for item in found):
            self._card_at = now
        return [Found(item.first - skipped, item.last - skipped, item.kind) for item in found]

    def _context(self) -> list[str]:
        return [word for utterance in self._said for word in utterance]

    def _partial(self, heard: Heard, words: Sequence[str]) -> list[Heard]:
        """A hearing of an utterance that goes on: its first words, up to anything that may belong to a secret."""
        if self._names is not None:
            self._names.learn(heard.channel, words)
        secrets = [item.first for item in self._find(words, 0, heard.arrived)]
        count = min([surely_clear(words), *secrets])
        if count == 0 and heard.voice is None:
            return []
        return [dataclasses.replace(heard, text=" ".join(words[:count]), words=heard.words[:count])]


def without_digits(heard: Heard) -> Heard:
    """Hide every run of words with digits as `[number]`, unless rules for the language have judged them."""
    words = _words(heard)
    if heard.language.partition("-")[0] in RULED or not any(map(_has_digit, words)):
        return heard
    if not heard.final:
        count = next(at for at, word in enumerate(words) if _has_digit(word))
        return dataclasses.replace(heard, text=" ".join(words[:count]), words=heard.words[:count])
    found: list[Found] = []
    for at in (at for at, word in enumerate(words) if _has_digit(word)):
        goes_on = found and found[-1].last == at - 1
        first = found.pop().first if goes_on else at
        found.append(Found(first, at, "number"))
    return _redacted(heard, words, found)


def muted(events: Iterable[Heard]) -> dict[Party, list[Span]]:
    """The stretches of each leg that an audio export must silence, given what was told of the call.

    They reach `MUTE_MARGIN_S` around every hidden word; without word times they are the whole utterance.
    """
    margin, gap = samples(MUTE_MARGIN_S), samples(MUTE_GAP_S)
    spans: dict[Party, list[Span]] = {party: [] for party in PARTIES}
    for heard in events:
        hidden = [word.span for word in heard.words if is_marker(word.text)]
        if not heard.words and any(map(is_marker, heard.text.split())):
            hidden = [heard.span]
        spans[heard.channel] += [Span(max(0, span.start - margin), span.end + margin) for span in hidden]
    joined: dict[Party, list[Span]] = {party: [] for party in PARTIES}
    for party, found in spans.items():
        for span in sorted(found):
            if joined[party] and span.start - joined[party][-1].end <= gap:
                last = joined[party].pop()
                span = Span(last.start, max(last.end, span.end))  # noqa: PLW2901 - the two become one
            joined[party].append(span)
    return joined


def _within(found: Found, first: int, end: int) -> Found | None:
    """The part of a finding that lies among the words from `first` to `end`, counted from `first`."""
    if found.last < first or found.first >= end:
        return None
    return Found(max(found.first, first) - first, min(found.last, end - 1) - first, found.kind)


def _parted(heard: Heard, words: Sequence[str], count: int) -> tuple[list[Heard], Heard | None]:
    """An utterance in two: what is told now of its first `count` words, and the rest."""
    if count == len(words):
        return [heard], None
    rest = dataclasses.replace(heard, voice=None)
    if count == 0:
        # The view of the voice need not wait for the words.
        view = dataclasses.replace(heard, text="", words=(), final=False)
        return ([] if heard.voice is None else [view]), rest
    between = heard.words[count].span.start
    head = dataclasses.replace(
        heard, span=Span(heard.span.start, between), text=" ".join(words[:count]), words=heard.words[:count]
    )
    return [head], dataclasses.replace(
        rest, span=Span(between, heard.span.end), text=" ".join(words[count:]), words=heard.words[count:]
    )


def _redacted(heard: Heard, words: Sequence[str], found: Sequence[Found]) -> Heard:
    if not found:
        return heard
    texts: list[str] = []
    placed: list[Word] = []
    at = 0
    for item in found:
        texts += [*words[at : item.first], f"[{item.kind}]"]
        if heard.words:
            hidden = heard.words[item.first : item.last + 1]
            span = Span(hidden[0].span.start, max(word.span.end for word in hidden))
            placed += [*heard.words[at : item.first], Word(texts[-1], span, min(word.confidence for word in hidden))]
        at = item.last + 1
    text = " ".join([*texts, *words[at:]])
    return dataclasses.replace(heard, text=text, words=(*placed, *heard.words[at:]))


def _has_digit(word: str) -> bool:
    return not is_marker(word) and any(map(str.isdigit, word))


def _all_words(pieces: Iterable[Heard]) -> list[str]:
    return [word for piece in pieces for word in _words(piece)]


def _words(heard: Heard) -> list[str]:
    return [word.text for word in heard.words] or heard.text.split()
