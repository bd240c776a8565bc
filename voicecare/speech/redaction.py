"""Takes what must not be kept out of the words, before anything is stored or shown in a report."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from voicecare.speech.identifiers import luhn
from voicecare.speech.numerals import FILLERS, digit_runs
from voicecare.speech.private_words import Found, Secret, find_secrets
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, Heard, Party, Word

PATIENCE_S = 15.0
"""How long an utterance that ends in the middle of a number waits for the rest."""
CARD_MEMORY_S = 45.0
"""How long after a card three or four digits are taken for its code."""
SAID_BEFORE = 3
"""Utterances of either party that still tell what a number is."""


@dataclass(frozen=True, slots=True)
class Muted:
    """A stretch of one leg that an audio export must silence, and what was said there."""

    channel: Party
    span: Span
    kind: Secret


@dataclass(frozen=True, slots=True)
class Redacted:
    """An utterance fit to be kept: secrets replaced by `[card]` and the like, in its text and in its words."""

    heard: Heard
    muted: tuple[Muted, ...]


class Redactor:
    """Redacts finished utterances; partial ones are never kept and give nothing.

    An utterance that ends in a number may go on in the party's next one ("4111 1111" … "1111 1111"): it is held back,
    until the next one or 15 s of call time. Utterances therefore come out in each party's own order.

    is_phone: tells phone numbers of the region from other digits. names: names to hide, only if asked.
    """

    def __init__(self, *, is_phone: Callable[[str], bool] | None = None, names: Collection[str] = ()) -> None:
        self._is_phone = is_phone
        self._names = frozenset(part for name in names for part in name.lower().split())
        self._held: dict[Party, list[Heard]] = {party: [] for party in PARTIES}
        self._said: deque[list[str]] = deque(maxlen=SAID_BEFORE)
        self._card_at: Samples | None = None

    def push(self, heard: Heard) -> list[Redacted]:
        """Take what was heard; return what can now be kept, of this and of earlier utterances."""
        if not heard.final:
            return []
        out = []
        for party in PARTIES:
            waiting = self._held[party]
            if waiting and heard.arrived - waiting[-1].arrived > samples(PATIENCE_S):
                out += self._release(party)
        self._held[heard.channel].append(heard)
        if not _unfinished(_words(heard)):
            out += self._release(heard.channel)
        self._said.append([word.lower().strip(".,;:!?\"'()") for word in _words(heard)])
        return out

    def finish(self) -> list[Redacted]:
        """The call is over: return what was held back."""
        out = [redacted for party in PARTIES for redacted in self._release(party)]
        return sorted(out, key=lambda redacted: redacted.heard.arrived)

    def _release(self, party: Party) -> list[Redacted]:
        """Redact all held utterances of one party as one stretch of words."""
        held, self._held[party] = self._held[party], []
        if not held:
            return []
        words = [_words(heard) for heard in held]
        now = held[-1].arrived
        found = find_secrets(
            [word for utterance in words for word in utterance],
            said_before=[word for utterance in self._said for word in utterance],
            after_card=self._card_at is not None and now - self._card_at <= samples(CARD_MEMORY_S),
            is_phone=self._is_phone,
            names=self._names,
        )
        if any(item.kind == "card" for item in found):
            self._card_at = now
        out, first = [], 0
        for heard, own in zip(held, words, strict=True):
            last = first + len(own) - 1
            here = [
                Found(max(f.first, first) - first, min(f.last, last) - first, f.kind)
                for f in found
                if f.first <= last and f.last >= first
            ]
            out.append(_redacted(heard, own, here))
            first = last + 1
        return out


def _redacted(heard: Heard, words: Sequence[str], found: Sequence[Found]) -> Redacted:
    if not found:
        return Redacted(heard, ())
    texts, placed, muted, at = [], [], [], 0
    for item in found:
        texts += [*words[at : item.first], f"[{item.kind}]"]
        span = heard.span
        if heard.words:
            hidden = heard.words[item.first : item.last + 1]
            span = Span(hidden[0].span.start, max(word.span.end for word in hidden))
            confidence = min(word.confidence for word in hidden)
            placed += [*heard.words[at : item.first], Word(f"[{item.kind}]", span, confidence)]
        muted.append(Muted(heard.channel, span, item.kind))
        at = item.last + 1
    texts += words[at:]
    kept = dataclasses.replace(heard, text=" ".join(texts), words=(*placed, *heard.words[at:]))
    return Redacted(kept, tuple(muted))


def _words(heard: Heard) -> list[str]:
    return [word.text for word in heard.words] or heard.text.split()


def _unfinished(words: Sequence[str]) -> bool:
    """Whether the words end in the middle of a number or an address that may go on."""
    runs = digit_runs(words)
    if runs and all(word.lower().strip(".,;:!?") in {*FILLERS, ""} for word in words[runs[-1].last + 1 :]):
        digits = runs[-1].text
        return len(digits) >= 2 and not (len(digits) == 16 and luhn(digits))
    return bool(words) and words[-1].lower().strip(".,") in {"at", "dot", "@", "underscore"}
