"""What reviewers say of what voicecare heard: agree, disagree, correct, add; and the session as it then reads.

Events never change. Opinions are appended, and the last one on a thing stands; numbers come in two versions, as heard
and as corrected. What a cue showed the agent was shown: an opinion on a cue counts in how often voicecare is right, and
takes nothing off the screen of then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from voicecare.errors import UsageError
from voicecare.report.annotation import MARKED, Difference, Mark, differences
from voicecare.report.rows import of_type, settled
from voicecare.session import Session
from voicecare.timebase import Samples, Span, clock, samples, seconds
from voicecare.types import (
    PARTIES,
    Arousal,
    Cue,
    Event,
    Heard,
    Party,
    Phrase,
    Segment,
    Sentiment,
    TurnEvent,
    TurnKind,
    Word,
)

Verdict: TypeAlias = Literal["agree", "disagree", "correct", "add", "withdraw"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
WHOLE = "call"
"""The target of the opinion that the whole call was heard: what nobody spoke against then counts as right."""
CUES = ("slow_down", "acknowledge", "slow_down_acknowledge")
"""The cues that may be found missing; "well held" asks for nothing."""
MOST_TEXT = 4000
MOST_NAME = 80
LEAST: Samples = samples(0.05)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion on one thing of a call.

    target: "turn:7", "cue:2" or "heard:5", by its place among the events of the document; `WHOLE`; or "new:..." for
        what was missed.
    kind, by, start, end, text: what it should be, where the verdict is correct or add; None where that stands.
    """

    target: str
    verdict: Verdict
    kind: str | None = None
    by: Party | None = None
    start: Samples | None = None
    end: Samples | None = None
    text: str | None = None


def standing(opinions: Iterable[Opinion]) -> dict[str, Opinion]:
    """The last opinion on each thing, in the order they were given; one that was withdrawn is none."""
    last: dict[str, Opinion] = {}
    for opinion in opinions:
        last.pop(opinion.target, None)
        if opinion.verdict != "withdraw":
            last[opinion.target] = opinion
    return last


def checked(opinion: Opinion, session: Session) -> Opinion:
    """See that an opinion speaks of this call and makes sense.

    Raises:
        UsageError: it does not.
    """
    for wrong, said in _faults(opinion, session):
        if wrong:
            raise UsageError(said)
    return opinion


def _faults(opinion: Opinion, session: Session) -> Iterator[tuple[bool, str]]:
    """What may be wrong with an opinion: whether it is, and how it is said."""
    given, kinds = (*MARKED, *CUES), f"choose {', '.join((*MARKED, *CUES))}"
    adds, new = opinion.verdict == "add", opinion.target.startswith("new:")
    known = {WHOLE, *(key for key, _ in targets(session))}
    yield opinion.verdict not in VERDICTS, f"{opinion.verdict!r:.40} is no verdict; choose {', '.join(VERDICTS)}"
    yield adds and not new, "what was missed is added under a new name"
    yield not new and opinion.target not in known, f"this call has no {opinion.target!r:.60}; load its page again"
    yield len(opinion.target) > MOST_NAME, f"{opinion.target!r:.60}: too long a name"
    yield len(opinion.text or "") > MOST_TEXT, f"a correction has at most {MOST_TEXT} characters"
    yield opinion.by not in (None, *PARTIES), f"{opinion.by!r:.20} is no party; choose agent or caller"
    yield opinion.kind not in (None, *given), f"{opinion.kind!r:.40} cannot be given; {kinds}"
    yield adds and (opinion.kind is None or opinion.start is None), "say what was missed, and when"
    yield adds and opinion.kind in MARKED and opinion.by is None, "say who began to speak"
    outside = any(at is not None and not 0 <= at <= session.end for at in (opinion.start, opinion.end))
    yield outside, f"the call is {clock(session.end)} long; give a moment within it"


def targets(session: Session) -> Iterator[tuple[str, Event]]:
    """Everything an opinion can be about, under the name it goes by."""
    rows = (event for event in settled(session.events) if not isinstance(event, Heard) or event.final)
    for place, event in enumerate(rows):
        if isinstance(event, TurnEvent) and event.kind in MARKED:
            yield f"turn:{place}", event
        elif isinstance(event, Cue):
            yield f"cue:{place}", event
        elif isinstance(event, Heard):
            yield f"heard:{place}", event


def from_marks(session: Session, told: Sequence[Mark], corrected: Sequence[Mark]) -> list[Opinion]:
    """Opinions that turn what voicecare told into what an annotation file says: agree, correct, disagree and add."""
    by_mark: dict[tuple[Samples, str], list[str]] = {}
    for key, event in targets(session):
        if isinstance(event, TurnEvent):
            by_mark.setdefault((event.span.start, f"{event.kind} by {event.by}"), []).append(key)

    def key_of(mark: Mark) -> str:
        return by_mark[mark.at, mark.text].pop(0)

    found = [_of_difference(number, one, key_of) for number, one in enumerate(differences(told, corrected), 1)]
    agreed = [Opinion(key, "agree") for keys in by_mark.values() for key in keys]
    return [*found, *agreed, Opinion(WHOLE, "agree")]


def _of_difference(number: int, one: Difference, key_of: Callable[[Mark], str]) -> Opinion:
    right = one.corrected
    kind, _, by = ("", "", "") if right is None else right.text.partition(" by ")
    party: Party | None = next((who for who in PARTIES if who == by), None)
    if right is None:
        return Opinion(WHOLE if one.told is None else key_of(one.told), "disagree")
    if one.told is None:
        return Opinion(f"new:file-{number}-{right.at}", "add", kind, party, right.at)
    return Opinion(key_of(one.told), "correct", kind, party, right.at)


def corrected(session: Session, stand: Mapping[str, Opinion]) -> Session:
    """The session as reviewers say it should read: the events `report.numbers` then counts."""
    turns: dict[int, Opinion] = {}
    stretches: dict[Heard, Opinion] = {}
    for key, event in targets(session):
        if key in stand and isinstance(event, TurnEvent):
            turns[event.id] = stand[key]
        elif key in stand and isinstance(event, Heard):
            stretches[event] = stand[key]
    moved = [event for event, opinion in stretches.items() if _moves(opinion, event)]
    events: list[Event] = []
    for event in session.events:
        if isinstance(event, TurnEvent) and event.kind in MARKED and event.id in turns:
            opinion = turns[event.id]
            events += [] if opinion.verdict == "disagree" else [_turn(event, opinion)]
        elif isinstance(event, Heard) and event in stretches:
            events.append(_heard(event, stretches[event]))
        else:
            events += _after_moves(event, moved)
    added = [o for o in stand.values() if o.verdict == "add" and o.kind in MARKED and o.start is not None]
    first = 1 + max((e.id for e in of_type(session.events, TurnEvent)), default=0)
    events += [_added(first + number, opinion, session.end) for number, opinion in enumerate(added)]
    return dataclasses.replace(session, events=tuple(events))


def _turn(event: TurnEvent, opinion: Opinion) -> TurnEvent:
    if opinion.verdict != "correct":
        return event
    start = event.span.start if opinion.start is None else opinion.start
    kind = event.kind if opinion.kind is None else _turn_kind(opinion.kind)
    return dataclasses.replace(
        event,
        kind=kind,
        by=opinion.by or event.by,
        span=Span(start, max(event.span.end, start + LEAST)),
        floor=event.floor if kind == event.kind else None,
    )


def _added(number: int, opinion: Opinion, end: Samples) -> TurnEvent:
    start = opinion.start or 0
    stop = min(end, start + samples(1.0)) if opinion.end is None else opinion.end
    kind = _turn_kind(opinion.kind or "")
    return TurnEvent(number, kind, opinion.by, Span(start, max(start, stop)), max(start, stop))


def _turn_kind(name: str) -> TurnKind:
    kinds: tuple[TurnKind, ...] = get_args(TurnKind)
    return next(kind for kind in kinds if kind == name)


def _moves(opinion: Opinion | None, event: Heard) -> bool:
    return opinion is not None and opinion.verdict == "correct" and opinion.by not in (None, event.channel)


def _heard(event: Heard, opinion: Opinion) -> Heard:
    """Words as corrected: spread evenly over their stretch, where their number changed."""
    if opinion.verdict == "disagree":
        return dataclasses.replace(event, text="", words=())
    if opinion.verdict != "correct":
        return event
    if _moves(opinion, event) and opinion.by is not None:
        event = dataclasses.replace(event, channel=opinion.by, voice=None)
    if opinion.text is None:
        return event
    pieces = opinion.text.split()
    if len(pieces) == len(event.words):
        words = tuple(dataclasses.replace(w, text=piece) for w, piece in zip(event.words, pieces, strict=True))
    else:
        edges = [event.span.start + event.span.length * i // max(1, len(pieces)) for i in range(len(pieces) + 1)]
        words = tuple(Word(piece, Span(edges[i], edges[i + 1]), 1.0) for i, piece in enumerate(pieces))
    return dataclasses.replace(event, text=" ".join(pieces), words=words)


def _after_moves(event: Event, moved: Sequence[Heard]) -> Iterator[Event]:
    """What was said of a stretch goes with it to the other party; nothing is estimated of what the agent said."""
    if isinstance(event, Segment):
        for stretch in moved:
            if event.channel == stretch.channel and 2 * event.span.overlap(stretch.span) > event.span.length:
                yield dataclasses.replace(event, channel="agent" if event.channel == "caller" else "caller")
                return
    if isinstance(event, Arousal | Sentiment | Phrase) and any(
        (not isinstance(event, Phrase) or event.channel == stretch.channel)
        and 2 * event.span.overlap(stretch.span) > event.span.length
        for stretch in moved
    ):
        return
    yield event


def plain(opinion: Opinion) -> dict[str, object]:
    """An opinion as the page reads it: times in seconds."""
    values = dataclasses.asdict(opinion)
    for name in ("start", "end"):
        at = values.pop(name)
        values[f"{name}_s"] = None if at is None else seconds(at)
    return values
