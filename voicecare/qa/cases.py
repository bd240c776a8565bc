"""A call with all that was heard and said of it: the session, its document, what stands, and how it then reads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voicecare.qa.opinions import WHOLE, Opinion, corrected, standing, targets
from voicecare.qa.store.records import Call, NewReview, Note, Review, Target
from voicecare.qa.store.store import Opened
from voicecare.report.document import document
from voicecare.session import Session
from voicecare.types import Cue, Heard

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

    @property
    def read(self) -> Session:
        """The session as it is read: as corrected, where anything was."""
        return self.corrected or self.session


class Cases:
    """Lays calls open; the last few sessions are kept at hand, for a result never changes. Threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Session, Mapping[str, Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, to: Opened, call: Call) -> Case | None:
        """Lay a call open; None where nothing was heard of it, or its session is not kept any more."""
        both = None if call.current is None else self._session(to, call.current)
        if both is None:
            return None
        session, whole = both
        reviews = to.reviews.of_call(call.id)
        own = tuple(review for review in reviews if review.result in (None, call.current))
        stand = standing(opinion_of(review) for review in own)
        changed = corrected(session, stand) if stand else session
        return Case(
            call=call,
            session=session,
            document=whole,
            reviews=own,
            notes=tuple(to.reviews.notes(call.id)),
            stand=stand,
            corrected=None if changed.events == session.events else changed,
            elsewhere=len(reviews) - len(own),
        )

    def _session(self, to: Opened, result: int) -> tuple[Session, Mapping[str, Any]] | None:
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


def _target(case: Case, opinion: Opinion) -> Target:
    if opinion.target == WHOLE:
        return "call"
    event = dict(targets(case.session)).get(opinion.target)
    if isinstance(event, Cue) or (event is None and opinion.kind in ("slow_down", "acknowledge")):
        return "cue"
    if isinstance(event, Heard):
        return "speaker" if opinion.by not in (None, event.channel) else "word"
    return "event"
