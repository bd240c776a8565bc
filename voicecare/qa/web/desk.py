"""What every page needs: the store, the words, the sounds, how to explain; and a call as it lies open on the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from fastapi import HTTPException

from voicecare.catalogue.catalogue import Catalogue
from voicecare.qa.cases import Case, Cases
from voicecare.qa.sound import Sounds
from voicecare.qa.store.records import Call
from voicecare.qa.store.store import Opened, Store
from voicecare.report.document import document
from voicecare.session import Session
from voicecare.timebase import Samples

if TYPE_CHECKING:
    from jinja2 import Environment

Explain: TypeAlias = Callable[[Session, Samples], Sequence[tuple[str, Sequence[tuple[str, bool]]]]]
"""The account of a moment: headings, each with its lines and whether a line belongs under the one before."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page needs; built once, shared by threads."""

    store: Store
    catalogue: Catalogue
    explain: Explain
    templates: Environment
    sounds: Sounds = field(default_factory=Sounds)
    cases: Cases = field(default_factory=Cases)

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
            HTTPException: 404, there is none, nothing was heard of it yet, or its session is not kept any more.
        """
        call = self.call(to, number)
        case = self.cases.of(to, call)
        if case is None:
            code = "not_heard_yet" if call.current is None else "session_gone"
            raise HTTPException(404, self.say(code, name=call.call_id))
        return case


def keep_corrected(desk: Desk, number: int) -> Case:
    """Count a call again with all that was said of it, and keep the numbers as corrected."""
    with desk.store.read() as to:
        case = desk.case(to, number)
    if case.call.current is not None and case.reviews:
        summary = document(case.read)["summary"]
        with desk.store.write() as to:
            to.results.correct(case.call.current, summary, upto_review=case.reviews[-1].id)
    return case
