"""Takes what must not be kept out of the words, before anybody but the recogniser has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from voicecare.speech.redaction import exchange
from voicecare.speech.redaction.exchange import Exchange
from voicecare.speech.redaction.foreign import number_words
from voicecare.speech.redaction.found import Found
from voicecare.speech.redaction.glued import put_together, taken_apart, unglued
from voicecare.speech.redaction.names import Names
from voicecare.speech.redaction.numerals import digit_runs
from voicecare.speech.redaction.private_words import find_secrets, is_marker
from voicecare.speech.redaction.unfinished import begun_number, surely_clear, unfinished
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, Heard, Party, Word, other

PATIENCE_S = 30.0
"""How long the beginning of a number waits for the rest of it."""
SHORT_HEAD = 3
"""An utterance whose number comes after no more words than this waits whole; the words alone say nothing yet."""
READ_BACK = 3
"""Digits of the other party's number that are its read-back, while that number waits."""
MOST_HELD = 200
"""Words that are held back at most: no number is as long."""
MUTE_MARGIN_S = 0.3
"""Word times come from the recogniser's attention; a digit may begin this much before its time."""
MUTE_GAP_S = 5.0
"""Between two hidden stretches this close more of the number may have been said than was recognised."""

RULED = ("en", "zh")
"""Languages the rules were made for. In any other, also in one not known yet, every run of digits is hidden."""


@dataclass(slots=True)
class _Held:
    """The beginning of a number: pieces not told yet, the words just before them, and when the last piece came."""

    pieces: list[Heard] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    since: Samples = 0


class Redactor:
    """Replaces cards, accounts, addresses and the like by `[card]`, `[iban]`, `[email]`, in the text and in the words.

    What was asked for is hidden as soon as it is said, whoever says it, until it is answered (see `Exchange`). Of what
    nobody named, a number may go on in the party's next utterance ("it's 4111 1111" … "1111 1111"). Its beginning is
    therefore held back until the next utterance, or 30 s of call, and so is the other party's read-back of it; the
    words before it are told at once, as an utterance of their own. Every word is told once, each party's in order.
    Partial hearings are cut before anything that may be a secret.

    is_phone: tells phone numbers of the region from other digits. names: hides names said in the call; None keeps them.
    """

    def __init__(self, *, is_phone: Callable[[str], bool] | None = None, names: Names | None = None) -> None:
        self._is_phone = is_phone
        self._names = names
        self._held: dict[Party, _Held] = {party: _Held() for party in PARTIES}
        self._exchange = Exchange()

    def push(self, heard: Heard) -> list[Heard]:
        """Take what was heard; return what can be told now, of this and of earlier utterances, as arrived with it."""
        heard = taken_apart(heard)
        words = _words(heard)
        if not heard.final:
            return self._partial(heard, words)
        if self._names is not None:
            self._names.push(heard.channel, words)
        if not words:
            return [put_together(heard)]  # a pause in a number does not end it
        by, now = heard.channel, heard.arrived
        held = self._held[by]
        begun = [*held.before, *_all_words(held.pieces)]
        goes_on = any(run.first < len(begun) <= run.last for run in digit_runs([*begun, *words]))
        part = None if goes_on else begun_number(begun, self._said_before(by, now))
        here = self._find(by, words, now)
        held.pieces.append(heard)
        held.since = now
        told = self._release(by, self._upto(by, here), now, [] if part is None else [part])
        self._exchange.push(by, words, here, now)
        if self._held[other(by)].pieces and not self._held[by].pieces:
            told += self._release(other(by), self._upto(other(by)), now)  # the read-back of what was told now
        return [put_together(one) for one in told]

    def due(self, now: Samples) -> list[Heard]:
        """What has waited long enough by `now`."""
        return [
            put_together(heard)
            for party in PARTIES
            if self._held[party].pieces and self._waited(self._held[party], now)
            for heard in self._give_up(party, now)
        ]

    @staticmethod
    def _waited(held: _Held, now: Samples) -> bool:
        """Whether nothing came for long enough, or it came piece by piece for longer than a question stays open."""
        return now - held.since > samples(PATIENCE_S) or now - held.pieces[0].span.end > samples(exchange.PATIENCE_S)

    def finish(self, now: Samples) -> list[Heard]:
        """The call is over: return what was held back."""
        told = [put_together(heard) for party in PARTIES for heard in self._give_up(party, now)]
        return sorted(told, key=lambda heard: heard.span.start)

    def _upto(self, by: Party, here: Sequence[Found] = ()) -> int | None:
        """From which word of what `by` has said nothing can be told yet; None where all can.

        here: what was found in the last utterance alone; what is hidden as it is said need not wait.
        """
        pieces = self._held[by].pieces
        words = _all_words(pieces)
        if len(words) > MOST_HELD:
            return None
        upto = unfinished(words)
        last = len(_words(pieces[-1])) - 1 if pieces else 0
        if upto is not None and here and self._exchange.waits and any(item.last == last for item in here):
            upto = None
        waiting = _all_words(self._held[other(by)].pieces)
        if waiting:
            theirs = "".join(run.text for run in digit_runs(waiting))
            back = [
                run.first
                for run in digit_runs(words)
                if len(run.text) >= READ_BACK and (run.text in theirs or theirs in run.text)
            ]
            upto = min([*([] if upto is None else [upto]), *back], default=None)
        return upto

    def _give_up(self, party: Party, now: Samples) -> list[Heard]:
        """The rest of a number did not come: tell its beginning, unless that is much of somebody's number."""
        held = self._held[party]
        part = begun_number([*held.before, *_all_words(held.pieces)], self._said_before(party, now))
        return self._release(party, None, now, [] if part is None else [part])

    def _release(self, party: Party, upto: int | None, now: Samples, known: Sequence[Found] = ()) -> list[Heard]:
        """Tell the words before `upto` (None: all) of what a party has said, redacted as one stretch of words."""
        held = self._held[party]
        words = [*held.before, *_all_words(held.pieces)]
        skipped = len(held.before)
        hidden = self._find(party, words, held.since, known)
        self._exchange.remember(words, hidden, now)
        found = [Found(item.first - skipped, item.last - skipped, item.kind) for item in hidden]
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
            now_told, later = _parted(dataclasses.replace(piece, arrived=now), count)
            told += [_redacted(part, here) for part in now_told]
            if later is None:
                before = []
            else:
                before = before if kept else [*before, *own[:count]]
                kept.append(later)
            first += len(own)
        self._held[party] = _Held(kept, before, held.since)
        return told

    def _find(self, by: Party, words: Sequence[str], now: Samples, known: Sequence[Found] = ()) -> list[Found]:
        names = frozenset() if self._names is None else self._names.known
        context = self._exchange.context(by, now, names)
        return find_secrets(words, context, known=known, is_phone=self._is_phone)

    def _said_before(self, by: Party, now: Samples) -> Sequence[str]:
        return self._exchange.context(by, now).said_before

    def _partial(self, heard: Heard, words: Sequence[str]) -> list[Heard]:
        """A hearing of an utterance that goes on: its first words, up to anything that may belong to a secret."""
        if self._names is not None:
            self._names.learn(heard.channel, words)
        context = self._exchange.context(heard.channel, heard.arrived)
        secrets = [item.first for item in self._find(heard.channel, words, heard.arrived)]
        count = 0 if context.free_answer else min([surely_clear(words), *secrets])
        if count == 0 and heard.voice is None:
            return []
        return [put_together(dataclasses.replace(heard, text=" ".join(_raw(heard)[:count]), words=heard.words[:count]))]


def has_rules(language: str) -> bool:
    """Say whether secrets are told from other words in a language; elsewhere every run of digits is hidden."""
    return language.partition("-")[0] in RULED


def without_digits(heard: Heard) -> Heard:
    """Hide every run of digits as `[number]`, written or read out as words, unless there are rules for the language."""
    if has_rules(heard.language):
        return heard
    heard = taken_apart(heard)
    words = _words(heard)
    hidden = {at for at, word in enumerate(words) if _has_digit(word)} | set(number_words(words, heard.language))
    if not hidden:
        return put_together(heard)
    if not heard.final:
        count = min(hidden)
        return put_together(dataclasses.replace(heard, text=" ".join(_raw(heard)[:count]), words=heard.words[:count]))
    found: list[Found] = []
    for at in sorted(hidden):
        goes_on = found and found[-1].last == at - 1
        first = found.pop().first if goes_on else at
        found.append(Found(first, at, "number"))
    return put_together(_redacted(heard, found))


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


def _parted(heard: Heard, count: int) -> tuple[list[Heard], Heard | None]:
    """An utterance in two: what is told now of its first `count` words, and the rest."""
    words = _raw(heard)
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


def _redacted(heard: Heard, found: Sequence[Found]) -> Heard:
    if not found:
        return heard
    words = _raw(heard)
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
    """The words as the rules read them."""
    return [unglued(word) for word in _raw(heard)]


def _raw(heard: Heard) -> list[str]:
    return [word.text for word in heard.words] or heard.text.split()
