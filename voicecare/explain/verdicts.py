"""Looks back at finished speech and says which rule of turn-taking decided, with what was measured and its limit.

`turns` decides while people talk; here everything is over, so each rule can show its numbers. The kind is `turns`'
own `kind_of`; the checks beside it lead to the same kind (a property the tests hold).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from voicecare.config import TurnConfig
from voicecare.speech.turns.turns import Kind, TurnRules, kind_of
from voicecare.speech.turns.utterances import Utterance
from voicecare.timebase import Samples, Span, samples
from voicecare.types import Party

CheckCode: TypeAlias = Literal["began_together", "short", "ended_inside", "near_the_end", "held_the_floor"]


@dataclass(frozen=True, slots=True)
class Check:
    """One question a rule asks; `measured` and `limit` are lengths in samples.

    began_together: how long after the first the second began, and below what both began at once.
    short: how long the second lasted, and the longest backchannel, the error of measuring it included.
    ended_inside: by how much the second ended before the first (negative: after it), and the least.
    near_the_end: how long the first still went on, and the longest end that an early reply may overlap.
    held_the_floor: how long the first had spoken, and how long one must have spoken to be interrupted.
    """

    code: CheckCode
    holds: bool
    measured: Samples
    limit: Samples


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why `second`, which started inside `first`, is what it is by sound alone.

    by: who started the second; None where both began on one sample. shared: the stretch both spoke. checks: in the
    order the rules ask them; the last one asked decided. worded_limit: the longest backchannel, in samples, where all
    words are acknowledgements. talk_over: the shared stretch is long enough to be one.
    """

    kind: Kind
    by: Party | None
    speakers: tuple[Party, Party]
    first: Span
    second: Span
    shared: Span
    checks: tuple[Check, ...]
    worded_limit: Samples
    talk_over: bool
    talk_over_limit: Samples


def utterances(speech: Iterable[Span], config: TurnConfig) -> list[Span]:
    """Join one party's stretches of speech, in time order, over silences shorter than `merge_gap_s`."""
    joined: list[Span] = []
    for span in speech:
        if joined and span.start - joined[-1].end < samples(config.merge_gap_s):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def verdicts(agent: Sequence[Span], caller: Sequence[Span], config: TurnConfig) -> list[Verdict]:
    """Judge every utterance that started inside one of the other party, in time order.

    agent, caller: the parties' utterances, each disjoint and in time order.
    """
    rules = TurnRules.of(config)
    found: list[Verdict] = []
    own, across = 0, 0
    while own < len(agent) and across < len(caller):
        ours, theirs = agent[own], caller[across]
        if ours.shared(theirs) is not None:
            pair = (_closed("agent", ours), _closed("caller", theirs))
            found.append(_verdict(*(pair if ours.start < theirs.start else pair[::-1]), rules))
        if ours.end <= theirs.end:
            own += 1
        else:
            across += 1
    return found


def _verdict(a: Utterance, b: Utterance, rules: TurnRules) -> Verdict:
    shared = Span(b.start, min(a.reach, b.reach))
    kind = kind_of(a, b, rules)
    if kind is None:  # `kind_of` always knows the kind of two finished utterances
        raise ValueError(f"no kind for {a} and {b}")
    return Verdict(
        kind=kind,
        by=b.by if b.start > a.start else None,
        speakers=(a.by, b.by),
        first=a.span,
        second=b.span,
        shared=shared,
        checks=tuple(_checks(a, b, rules)),
        worded_limit=rules.backchannel_words,
        talk_over=shared.length >= rules.talk_over,
        talk_over_limit=rules.talk_over,
    )


def _checks(a: Utterance, b: Utterance, rules: TurnRules) -> Iterable[Check]:
    after, rest = b.start - a.start, a.reach - b.start
    yield Check("began_together", after < rules.dual_start, after, rules.dual_start)
    if after < rules.dual_start:
        return
    short, inside = b.length <= rules.backchannel, a.reach >= b.reach
    yield Check("short", short, b.length, rules.backchannel)
    if short:
        yield Check("ended_inside", inside, a.reach - b.reach, 0)
    if short and inside:
        return
    yield Check("near_the_end", rest <= rules.early_reply, rest, rules.early_reply)
    if rest > rules.early_reply:
        yield Check("held_the_floor", after >= rules.held_floor, after, rules.held_floor)


def _closed(party: Party, span: Span) -> Utterance:
    return Utterance(party, span.start, span.end, closed=True)
