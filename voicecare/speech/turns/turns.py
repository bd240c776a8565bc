"""Turn-taking between two parties: interruption, backchannel, early reply, dual start, overlap and talk-over.

The definitions speak of whole utterances, the events must come while people talk. So each rule is asked with what is
known so far and answers yes, no or not yet; an event is said at the first moment its kind can no longer change. The
streamed events therefore equal the definitions applied to the finished utterances (a property the tests hold).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from voicecare.config import TurnConfig
from voicecare.speech.turns.utterances import Utterance, Utterances
from voicecare.timebase import Samples, Span, samples
from voicecare.types import Party, TurnEvent, TurnKind, other

_REMEMBERED_PAIRS = 8
"""Words arrive a second or two after the sound; by then hardly more pairs than this have gone by."""

Kind: TypeAlias = Literal["dual_start", "backchannel", "early_reply", "interruption"]


@dataclass(frozen=True, slots=True)
class TurnRules:
    """The thresholds of `TurnConfig` in samples."""

    dual_start: Samples
    backchannel: Samples
    backchannel_words: Samples
    early_reply: Samples
    held_floor: Samples
    talk_over: Samples

    @classmethod
    def of(cls, config: TurnConfig) -> TurnRules:
        """Convert once, so that no stage compares float seconds."""
        return cls(
            samples(config.dual_start_s),
            samples(config.backchannel_s + config.length_error_s),
            samples(config.backchannel_words_s),
            samples(config.early_reply_s),
            samples(config.held_floor_s + config.start_error_s),
            samples(config.talk_over_s - config.length_error_s / 2),
        )


def is_inside(a: Utterance, b: Utterance) -> bool | None:
    """Does `b` start inside `a`? None: not yet known."""
    if a.reach > b.start:
        return True
    return False if a.closed else None


def kind_of(a: Utterance, b: Utterance, rules: TurnRules) -> Kind | None:
    """What `b` is, having started inside `a`; None while it could still become something else."""
    if b.start - a.start < rules.dual_start:
        return "dual_start"
    backchannel = _is_backchannel(a, b, rules)
    if backchannel is None:
        return None
    if backchannel:
        return "backchannel"
    if a.reach - b.start <= rules.early_reply:
        return "early_reply" if a.closed else None
    return "interruption" if b.start - a.start >= rules.held_floor else "dual_start"


def _is_backchannel(a: Utterance, b: Utterance, rules: TurnRules) -> bool | None:
    if b.length > rules.backchannel or (a.closed and a.reach < b.reach):
        return False
    if b.closed and a.reach >= b.reach:
        return True
    return False if a.closed and b.closed else None


@dataclass(slots=True, eq=False)
class _Pair:
    """An utterance `b` that started while `a` was not known to be over, and what has been said of the two."""

    a: Utterance
    b: Utterance
    turn: TurnEvent | None = None
    talk_over: TurnEvent | None = None
    only_acknowledgement: bool = False

    @property
    def by(self) -> Party | None:
        """Who started the second utterance; nobody where both began on the same sample."""
        return self.b.by if self.b.start > self.a.start else None


class Turns:
    """Emits the turn events of two parties while they talk.

    ids: numbers the events, shared with the other stages that emit turn events.
    """

    def __init__(self, config: TurnConfig, ids: Iterator[int]) -> None:
        self._rules = TurnRules.of(config)
        self._ids = ids
        self._pairs: list[_Pair] = []
        self._recent: list[_Pair] = []

    def begin(self, started: Sequence[Utterance], utterances: Utterances) -> None:
        """Take the utterances that start in this hop; `utterances` knows whom they may be talking over."""
        for utterance in started:
            across = utterances.open(other(utterance.by))
            if across is None or (across in started and across.by == "agent"):
                continue  # of two that start in one hop, the pair is made once
            first, second = (across, utterance) if across.start <= utterance.start else (utterance, across)
            self._pairs.append(_Pair(first, second))

    def push(self, now: Samples) -> list[TurnEvent]:
        """Say what has become certain; to be asked after every hop."""
        events: list[TurnEvent] = []
        for pair in self._pairs:
            if is_inside(pair.a, pair.b):
                events += self._judge(pair, now)
                events += self._measure(pair, now)
        over = [pair for pair in self._pairs if _is_over(pair)]
        if over:
            self._pairs = [pair for pair in self._pairs if not _is_over(pair)]
            self._recent = [*self._recent, *over][-_REMEMBERED_PAIRS:]
        return events

    def acknowledge_only(self, by: Party, span: Span, now: Samples) -> list[TurnEvent]:
        """The words of `span` are only acknowledgements ("mm-hmm, okay"): a short one was a backchannel all along."""
        events: list[TurnEvent] = []
        for pair in (*self._recent, *self._pairs):
            b = pair.b
            if b.by != by or not b.span.overlap(span) or b.length > self._rules.backchannel_words:
                continue
            pair.only_acknowledgement = True
            if pair.turn is not None and pair.turn.kind == "interruption":
                pair.turn = replace(pair.turn, kind="backchannel", decided_at=now)
                events.append(pair.turn)
        return events

    def _judge(self, pair: _Pair, now: Samples) -> list[TurnEvent]:
        shared = Span(pair.b.start, max(pair.b.start, min(pair.a.reach, pair.b.reach)))
        ended = _overlap_is_over(pair)
        if pair.turn is None:
            kind: TurnKind | None = kind_of(pair.a, pair.b, self._rules)
            if kind is None:
                return []
            if kind == "interruption" and pair.only_acknowledgement:
                kind = "backchannel"
            pair.turn = TurnEvent(next(self._ids), kind, pair.by, shared, now, _floor(pair), closed=ended)
            return [pair.turn]
        if not pair.turn.closed and ended:
            pair.turn = replace(pair.turn, span=shared, floor=_floor(pair), closed=True)
            return [pair.turn]
        return []

    def _measure(self, pair: _Pair, now: Samples) -> list[TurnEvent]:
        shared = pair.a.span.shared(pair.b.span)
        if shared is None:
            return []
        events: list[TurnEvent] = []
        ended = _overlap_is_over(pair)
        if pair.talk_over is None and shared.length >= self._rules.talk_over:
            pair.talk_over = TurnEvent(next(self._ids), "talk_over", pair.by, shared, now, closed=ended)
            events.append(pair.talk_over)
        elif pair.talk_over is not None and not pair.talk_over.closed and ended:
            pair.talk_over = replace(pair.talk_over, span=shared, floor=_floor(pair), closed=True)
            events.append(pair.talk_over)
        if ended and _is_over(pair):
            events.append(TurnEvent(next(self._ids), "overlap", pair.by, shared, now, _floor(pair)))
        return events


def _overlap_is_over(pair: _Pair) -> bool:
    """Whether the stretch both share can no longer grow."""
    a, b = pair.a, pair.b
    return (a.closed and b.reach >= a.reach) or (b.closed and a.reach >= b.reach) or (a.closed and b.closed)


def _is_over(pair: _Pair) -> bool:
    if is_inside(pair.a, pair.b) is False:
        return True
    return pair.turn is not None and pair.turn.closed and _overlap_is_over(pair)


def _floor(pair: _Pair) -> Literal["taken", "kept"] | None:
    a, b = pair.a, pair.b
    if a.closed and a.reach < b.reach:
        return "taken"
    if b.closed and b.reach <= a.reach:
        return "kept"
    return None
