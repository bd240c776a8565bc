"""What every page needs: the store, the words, the sounds, how to explain; and a call as it lies open on the desk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from fastapi import HTTPException

from voicecare.catalogue.catalogue import Catalogue
from voicecare.qa.opinions import WHOLE, Opinion, corrected, standing, targets
from voicecare.qa.sound import Sounds
from voicecare.qa.store.records import Call, NewReview, Note, Review, Target
from voicecare.qa.store.store import Opened, Store
from voicecare.report.document import document
from voicecare.session import Session
from voicecare.timebase import Samples
from voicecare.types import Cue, Heard

if TYPE_CHECKING:
    from jinja2 import Environment

Explain: TypeAlias = Callable[[Session, Samples], Sequence[tuple[str, Sequence[tuple[str, bool]]]]]
"""The account of a moment: headings, each with its lines and whether a line belongs under the one before."""
MOST_SESSIONS = 12
_VALUES = ("kind", "by", "start", "end", "text")


@dataclass(frozen=True, slots=True)
class Case:
    """A call on the desk: what was heard of it, what was said of that, and both as documents.

    corrected: None where nothing changes. elsewhere: how many reviews speak of an earlier hearing.
    """

    call: Call
    session: Session
    document: Mapping[str, Any]
    reviews: tuple[Review, ...]
    notes: tuple[Note, ...]
    stand: Mapping[str, Opinion]
    corrected: Session | None
    elsewhere: int


class _Sessions:
    """The last few sessions that were read, and their documents; a result never changes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Session, Mapping[str, Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, to: Opened, result: int) -> tuple[Session, Mapping[str, Any]] | None:
        with self._lock:
            if result in self._kept:
                self._kept.move_to_end(result)
                return self._kept[result]
        session = to.results.session(result)
        if session is None:
            return None
        both = (session, document(session))
        with self._lock:
            self._kept[result] = both
            while len(self._kept) > MOST_SESSIONS:
                self._kept.popitem(last=False)
        return both


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page needs; built once, shared by threads."""

    store: Store
    catalogue: Catalogue
    explain: Explain
    templates: Environment
    sounds: Sounds = field(default_factory=Sounds)
    sessions: _Sessions = field(default_factory=_Sessions)

    def say(self, code: str, **fields: Any) -> str:  # noqa: ANN401 - whatever the template formats
        """Word one of these pages' own messages."""
        return self.catalogue.say("qa", code, **fields)

    def call(self, to: Opened, number: int) -> Call:
        """Find a call.

        Raises:
            HTTPException: 404, there is none of this number (any more).
        """
        call = to.calls.get(number) if 0 < number < 2**62 else None
        if call is None:
            raise HTTPException(404, self.say("no_call"))
        return call

    def case(self, to: Opened, number: int) -> Case:
        """Lay a call on the desk.

        Raises:
            HTTPException: 404, there is none, or nothing was heard of it yet.
        """
        call = self.call(to, number)
        both = None if call.current is None else self.sessions.of(to, call.current)
        if both is None:
            raise HTTPException(404, self.say("not_heard_yet", name=call.call_id))
        session, whole = both
        reviews = to.reviews.of_call(number)
        own = tuple(review for review in reviews if review.result in (None, call.current))
        stand = standing(opinion_of(review) for review in own)
        changed = corrected(session, stand) if stand else session
        return Case(
            call=call,
            session=session,
            document=whole,
            reviews=own,
            notes=tuple(to.reviews.notes(number)),
            stand=stand,
            corrected=None if changed.events == session.events else changed,
            elsewhere=len(reviews) - len(own),
        )


def opinion_of(review: Review) -> Opinion:
    """Read a review back as an opinion."""
    value = {name: review.value[name] for name in _VALUES if name in review.value}
    return Opinion(review.ref, review.verdict, **value)


def review_of(case: Case, opinion: Opinion, reviewer: str, comment: str = "", origin: str = "page") -> NewReview:
    """Write an opinion as the store keeps it."""
    before = [review.id for review in case.reviews if review.ref == opinion.target]
    kinds = {key: getattr(event, "kind", "") for key, event in targets(case.session)}
    given = {name: getattr(opinion, name) for name in _VALUES}
    return NewReview(
        call=case.call.id,
        result=case.call.current,
        reviewer=reviewer,
        verdict=opinion.verdict,
        target=_target(case, opinion),
        ref=opinion.target,
        kind=opinion.kind or kinds.get(opinion.target, ""),
        start=opinion.start,
        end=opinion.end,
        value={name: value for name, value in given.items() if value is not None},
        comment=comment,
        replaces=before[-1] if before else None,
        origin=origin,
    )


def keep_corrected(desk: Desk, number: int) -> Case:
    """Count a call again with all that was said of it, and keep the numbers as corrected."""
    with desk.store.read() as to:
        case = desk.case(to, number)
    if case.call.current is not None and case.reviews:
        summary = document(case.corrected or case.session)["summary"]
        with desk.store.write() as to:
            to.results.correct(case.call.current, summary, upto_review=case.reviews[-1].id)
    return case


def _target(case: Case, opinion: Opinion) -> Target:
    if opinion.target == WHOLE:
        return "call"
    event = dict(targets(case.session)).get(opinion.target)
    if isinstance(event, Cue) or (event is None and opinion.kind in ("slow_down", "acknowledge")):
        return "cue"
    if isinstance(event, Heard):
        return "speaker" if opinion.by not in (None, event.channel) else "word"
    return "event"
