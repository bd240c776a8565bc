"""Accounts for one moment of a recorded call: what was told around it, what was not, and by which number.

Facts only, as coded lines with plain numbers; `explain` words them. Every rule comes from the core's own stages.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voicecare.config import SENSITIVITY_HIGH, Config, CueConfig
from voicecare.explain.hindsight import (
    Fate,
    ScreenThen,
    StrainThen,
    fate_of_interruption,
    fate_of_strain,
    screen_then,
    strain_then,
)
from voicecare.explain.verdicts import Verdict, utterances, verdicts
from voicecare.report.rows import of_type, settled, spoken
from voicecare.session import Session, recorded_config
from voicecare.speech.turns.turns import Kind
from voicecare.timebase import HOP, Samples, Span, samples, seconds
from voicecare.types import PARTIES, CallPhase, Cue, Heard, Party, Reason, TurnEvent, other

AROUND_S = 3.0
"""How far from the moment a thing may lie and still belong to its account."""
MOST_TURNS = 2
MOST_UTTERANCES = 4
JUDGED: frozenset[Kind] = frozenset({"interruption", "backchannel", "early_reply", "dual_start"})

Value = str | int | float | tuple[Reason, ...] | None


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: a code and what it names. Names ending in `_at` are moments in samples, the others say their unit.

    under: the line belongs to the one before it.
    """

    code: str
    names: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    under: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The lines about one thing: `speech`, `turns`, `strain`, `cues` or `audio`."""

    about: str
    lines: tuple[Line, ...]


def account(session: Session, at: Samples) -> list[Section]:
    """Account for the moment `at` of a session."""
    config = recorded_config(session.header.config)
    speech = spoken(session.events)
    said: dict[Party, list[Span]] = {party: utterances(speech[party], config.turns) for party in PARTIES}
    cues = of_type(settled(session.events), Cue)
    strain = strain_then(session.events, speech["caller"], config.cues, at)
    return [
        Section("speech", (*_phase(session, at), *_speakers(said, at))),
        Section("turns", tuple(_turns(session, said, cues, config, at))),
        Section("strain", tuple(_strain(strain, config))),
        Section("cues", tuple(_cues(strain, cues, config, at))),
    ]


def _phase(session: Session, at: Samples) -> Iterator[Line]:
    """Where the caller waits or the line rings, what sounds on the caller's leg is not the caller."""
    phases = of_type(session.events, CallPhase)
    now = next((phase for phase in reversed(phases) if phase.at <= at), None)
    if now is not None and now.phase in ("hold", "ringing"):
        after = next((phase.at for phase in phases if phase.at > now.at), session.end)
        yield Line(f"phase_{now.phase}", {"start_at": now.at, "end_at": after})


def _speakers(said: Mapping[Party, Sequence[Span]], at: Samples) -> Iterator[Line]:
    near = [(_distance(span, at), span, party) for party in PARTIES for span in said[party]]
    near = sorted(one for one in near if one[0] <= samples(AROUND_S))[:MOST_UTTERANCES]
    if not near:
        yield Line("nobody_spoke", {"limit_s": AROUND_S})
    for _, span, party in sorted(near, key=lambda one: one[1]):
        yield Line("spoke", {"by": party, **_span(span), "length_s": seconds(span.length)})


def _turns(
    session: Session, said: Mapping[Party, Sequence[Span]], cues: Sequence[Cue], config: Config, at: Samples
) -> Iterator[Line]:
    near = [(_distance(v.shared, at), v.shared, v) for v in verdicts(said["agent"], said["caller"], config.turns)]
    near = sorted((one for one in near if one[0] <= samples(AROUND_S)), key=lambda one: one[:2])[:MOST_TURNS]
    for _, _, verdict in sorted(near, key=lambda one: one[1]):
        yield from _verdict(verdict, session, cues, config)
    if not near:
        yield from _no_overlap(said, at)
    for turn in of_type(settled(session.events), TurnEvent):
        if turn.kind in ("long_silence", "monologue") and turn.span.start <= at <= turn.span.end:
            limit_s = config.turns.long_silence_s if turn.kind == "long_silence" else config.turns.monologue_s
            yield Line(turn.kind, {"by": turn.by, **_span(turn.span), **_measured(turn.span.length, limit_s)})


def _verdict(verdict: Verdict, session: Session, cues: Sequence[Cue], config: Config) -> Iterator[Line]:
    told = [e for e in of_type(session.events, TurnEvent) if e.kind in JUDGED and _is_of(e, verdict)]
    kind = told[-1].kind if told else verdict.kind
    first, second = verdict.speakers
    yield Line(f"it_was_{kind}", {"by": second, "other": first, "start_at": verdict.second.start})
    for check in verdict.checks:
        code = f"{check.code}_{'yes' if check.holds else 'no'}"
        yield Line(code, {"by": second, "other": first, **_measured(check.measured, seconds(check.limit))}, under=True)
    if told and kind != verdict.kind:
        yield _revised(verdict, kind, session)
    elif not told:
        yield Line("not_in_the_record", under=True)
    code = "talk_over_yes" if verdict.talk_over else "talk_over_no"
    yield Line(code, _measured(verdict.shared.length, seconds(verdict.talk_over_limit)), under=True)
    if told:
        after_s = seconds(told[0].decided_at - verdict.second.start)
        yield Line("decided", {"decided_at": told[0].decided_at, "measured_s": after_s}, under=True)
    if told and told[0].kind == "interruption" and told[0].by == "agent":
        fate = fate_of_interruption(told[0], cues, config.cues, revised=kind != "interruption", end=session.end)
        yield _fate("slow_down", fate, config, told[0].decided_at)
    else:
        yield Line("raises_no_cue", under=True)


def _revised(verdict: Verdict, kind: str, session: Session) -> Line:
    """What was told differs from what the sound alone gives: words did it, or the record is not of one piece."""
    by = verdict.speakers[1]
    short_enough = verdict.second.length <= verdict.worded_limit
    heard = [
        e for e in of_type(session.events, Heard) if e.final and e.channel == by and e.span.overlap(verdict.second)
    ]
    if kind == "backchannel" and short_enough and heard:
        text = " ".join(e.text for e in heard)
        limit_s = seconds(verdict.worded_limit)
        return Line("only_acknowledged", {"text": text, **_measured(verdict.second.length, limit_s)}, under=True)
    return Line("by_sound_alone", {"kind": verdict.kind}, under=True)


def _no_overlap(said: Mapping[Party, Sequence[Span]], at: Samples) -> Iterator[Line]:
    """Nobody spoke over the other here: how far apart the nearest change of speaker was."""
    changes = [
        (_distance(Span(before.end, after.start), at), after.start, party, after.start - before.end)
        for party in PARTIES
        for after in said[party]
        for before in said[other(party)]
        if before.end <= after.start and after.start - before.end <= samples(2 * AROUND_S)
    ]
    yield Line("no_overlap", {"limit_s": AROUND_S})
    near = [change for change in changes if change[0] <= samples(AROUND_S)]
    if near:
        _, start, party, gap = min(near, key=lambda change: (change[0], change[3]))
        yield Line(
            "began_after",
            {"by": party, "other": other(party), "start_at": start, "measured_s": seconds(gap)},
            under=True,
        )


def _strain(then: StrainThen, config: Config) -> Iterator[Line]:
    cues = config.cues
    if then.unknown is not None or then.latest is None:
        yield Line("strain_unknown", {"because": () if then.unknown is None else then.unknown.because})
    if then.latest is None or then.latest.value is None:
        return
    yield Line(
        "strain",
        {
            "value": then.latest.value,
            "confidence": then.latest.confidence,
            "known_at": then.latest.at,
            "high": cues.high,
            "low": cues.low,
        },
    )
    yield from _own_level(cues)
    if then.spell_began is not None:
        yield Line("episode", {"start_at": then.spell_began, "low": cues.low}, under=True)
        if math.isinf(then.asked_s):
            yield Line("pressed_kept", {"measured_s": seconds(then.pressed)}, under=True)
        else:
            pressed = samples(then.asked_s) <= then.pressed
            yield Line("pressed_yes" if pressed else "pressed_no", _measured(then.pressed, then.asked_s), under=True)
        if then.signs:
            yield Line("signs", {"because": then.signs}, under=True)
    elif then.is_up:
        yield Line("not_reached_high", {"value": then.latest.value, "high": cues.high}, under=True)
    else:
        yield Line("at_ease", {"low": cues.low}, under=True)
    yield Line(
        "trend_yes" if then.latest.trend >= cues.rising_per_10s else "trend_no",
        {"value": then.latest.trend, "limit": cues.rising_per_10s},
        under=True,
    )
    if then.troubled:
        known = {"count": then.troubled, "limit": cues.negative_utterances, "value": then.latest.value}
        yield Line("troubled", {**known, "stirred": cues.stirred}, under=True)
    if then.negative:
        yield Line("negative", {"count": then.negative, "limit": cues.negative_utterances}, under=True)
    if then.answered is not None:
        yield Line("answered", {"answered_at": then.answered.span.start, "text": then.answered.text}, under=True)


def _own_level(cues: CueConfig) -> Iterator[Line]:
    """Where no sensitivity set the level, the agent's own did, or a settings file; the header does not tell which."""
    if round(cues.high, 3) not in SENSITIVITY_HIGH.values() or cues.pleased_s > CueConfig().pleased_s:
        yield Line("own_level", {"high": cues.high, "usual": SENSITIVITY_HIGH["normal"]}, under=True)


def _cues(strain: StrainThen, cues: Sequence[Cue], config: Config, at: Samples) -> Iterator[Line]:
    screen = screen_then(cues, config.cues, at)
    yield from _screen(screen, at)
    yield from _limits(screen, config, at)
    if strain.due is None:
        yield Line("nothing_due")
    else:
        yield Line("due", {"because": strain.due[:1]})
        fate = fate_of_strain(cues, config.cues, at)
        yield _fate("acknowledge", fate, config, at)


def _screen(screen: ScreenThen, at: Samples) -> Iterator[Line]:
    cue = screen.standing
    if cue is None:
        yield Line("no_cue")
        return
    yield Line(
        "on_screen" if cue.shown else "logged_only", {"cue": cue.kind, "start_at": cue.at, "because": cue.because}
    )
    if cue.cleared_at is not None and cue.cleared_at > at:
        yield Line(f"went_{cue.cleared_by}", {"cleared_at": cue.cleared_at}, under=True)


def _limits(screen: ScreenThen, config: Config, at: Samples) -> Iterator[Line]:
    if screen.last is not None:
        names = {"start_at": screen.last.at, **_measured(at - screen.last.at, config.cues.min_gap_s)}
        yield Line("last_cue", names, under=True)
    names = {"count": screen.raised, "left": screen.left, "limit": config.cues.max_per_call}
    yield Line("cue_count", {**names, "refill_s": config.cues.refill_s}, under=True)


def _fate(need: str, fate: Fate, config: Config, wanted_at: Samples) -> Line:
    names: dict[str, Value] = {"need": need}
    if fate.cue is not None:
        names |= {"cue": fate.cue.kind, "start_at": fate.cue.at, "measured_s": seconds(abs(fate.cue.at - wanted_at))}
    names["limit_s"] = config.cues.min_gap_s
    if fate.code == "too_many":
        names |= {"count": fate.screen.raised, "limit": config.cues.max_per_call, "refill_s": config.cues.refill_s}
    if fate.code == "held":
        names["limit_s"] = config.cues.hold_s
    code = fate.code if fate.code != "shown" or fate.cue is None or fate.cue.shown else "logged"
    return Line(f"fate_{code}", names, under=True)


def _is_of(event: TurnEvent, verdict: Verdict) -> bool:
    """Whether an event tells of a verdict's two utterances; edges are told before an utterance is over."""
    return event.by == verdict.by and abs(event.span.start - verdict.shared.start) < HOP


def _distance(span: Span, at: Samples) -> Samples:
    return max(0, span.start - at, at - span.end)


def _span(span: Span) -> dict[str, Value]:
    return {"start_at": span.start, "end_at": span.end}


def _measured(length: Samples, limit_s: float) -> dict[str, Value]:
    return {"measured_s": seconds(length), "limit_s": limit_s}
