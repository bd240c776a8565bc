"""A call's page: hear it, read it, see why, agree or disagree, correct, note; numbers as heard and as corrected."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from voicecare.errors import InputError
from voicecare.qa.cases import Case, review_of
from voicecare.qa.opinions import CUES, WHOLE, Opinion, checked
from voicecare.qa.store.store import Opened
from voicecare.qa.web.access import person_of
from voicecare.qa.web.cards import cards_of
from voicecare.qa.web.desk import Desk, keep_corrected
from voicecare.qa.web.forms import Texts, address
from voicecare.qa.web.rendering import page
from voicecare.qa.web.rows import rows
from voicecare.qa.worth import why
from voicecare.report.annotation import MARKED
from voicecare.report.document import document
from voicecare.report.facts import Cells, Facts
from voicecare.report.page import notices, view
from voicecare.report.wording import told
from voicecare.timebase import samples
from voicecare.types import Party

MOST_CHARACTERS = 4000
_Text = Annotated[str, Field(max_length=MOST_CHARACTERS)]


class NewOpinion(BaseModel):
    """An opinion as a page sends it; times in seconds of the call."""

    target: Annotated[str, Field(max_length=80)]
    verdict: Annotated[str, Field(max_length=20)]
    kind: Annotated[str | None, Field(max_length=40)] = None
    by: Party | None = None
    start_s: Annotated[float | None, Field(ge=0, le=1e6)] = None
    end_s: Annotated[float | None, Field(ge=0, le=1e6)] = None
    text: _Text | None = None
    comment: _Text = ""


def routes(desk: Desk) -> APIRouter:
    """The pages of one call."""
    router = APIRouter(prefix="/calls/{number}")

    @router.get("", response_class=HTMLResponse)
    def call(request: Request, number: int) -> HTMLResponse:
        with desk.store.read() as to:
            case = desk.case(to, number)
            return page(desk, request, "call.html", **_content(desk, to, case, person_of(request).name))

    @router.get("/explain")
    def explain(number: int, at: Annotated[float, Query(ge=0, le=1e6)]) -> JSONResponse:
        with desk.store.read() as to:
            case = desk.case(to, number)
        sections = desk.explain(case.session, min(samples(at), case.session.end))
        return JSONResponse([{"title": title, "lines": list(lines)} for title, lines in sections])

    @router.post("/opinions")
    def opinions(request: Request, number: int, given: NewOpinion) -> JSONResponse:
        with desk.store.read() as to:
            case = desk.case(to, number)
        opinion = checked(_opinion(given), case.session)
        with desk.store.write() as to:
            to.reviews.add(review_of(case, opinion, person_of(request).name, given.comment))
        case = keep_corrected(desk, number)
        parts = desk.templates.get_template("rows.html")
        content = {**_work(desk, case), "person": person_of(request)}
        return JSONResponse(
            {
                "target": opinion.target,
                "rows": parts.render(**content),
                "numbers": desk.templates.get_template("numbers.html").render(**content),
                "whole": WHOLE in case.stand,
            }
        )

    @router.post("/notes")
    def note(request: Request, number: int, texts: Texts) -> RedirectResponse:
        at = re.fullmatch(r"\d{1,6}(\.\d{1,6})?", texts.get("at_s", ""))
        replaces = texts.get("replaces", "")
        body = texts.get("body", "").strip()
        with desk.store.write() as to:
            case = desk.call(to, number)
            if body or replaces:
                to.reviews.add_note(
                    case.id,
                    person_of(request).name,
                    body,
                    at=None if at is None else samples(float(at[0])),
                    replaces=int(replaces) if replaces.isascii() and replaces.isdigit() else None,
                    removed=not body,
                )
        return RedirectResponse(address(f"/calls/{number}", {}, f"t={at[0]}" if at else ""), 303)

    @router.get("/sound")
    def sound(request: Request, number: int) -> Response:
        with desk.store.read() as to:
            case = desk.case(to, number)
        try:
            made = desk.sounds.of(case.call, case.session)
        except InputError as error:
            raise HTTPException(404, desk.say("no_sound")) from error
        return ranged(made.data, made.media_type, request.headers.get("range"))

    @router.get("/peaks")
    def peaks(number: int) -> Response:
        with desk.store.read() as to:
            case = desk.case(to, number)
        try:
            made = desk.sounds.of(case.call, case.session)
        except InputError as error:
            raise HTTPException(404, desk.say("no_sound")) from error
        return Response(made.peaks, media_type="application/octet-stream")

    return router


def ranged(data: bytes, kind: str, asked: str | None) -> Response:
    """Answer with bytes, or the part of them that was asked for (RFC 9110, one range)."""
    headers = {"accept-ranges": "bytes"}
    found = None if asked is None else re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", asked.strip())
    if found is None or found.groups() == ("", ""):
        return Response(data, media_type=kind, headers=headers)
    first, last = found.groups()
    start = max(0, len(data) - int(last)) if first == "" else int(first)
    end = len(data) - 1 if first == "" or last == "" else min(int(last), len(data) - 1)
    if start > end or start >= len(data):
        return Response(b"", 416, headers={**headers, "content-range": f"bytes */{len(data)}"})
    headers["content-range"] = f"bytes {start}-{end}/{len(data)}"
    return Response(data[start : end + 1], 206, media_type=kind, headers=headers)


def _opinion(given: NewOpinion) -> Opinion:
    target = f"new:{uuid.uuid4().hex[:16]}" if given.verdict == "add" else given.target
    return Opinion(
        target,
        given.verdict,  # type: ignore[arg-type]  # checked next
        given.kind,
        given.by,
        None if given.start_s is None else samples(given.start_s),
        None if given.end_s is None else samples(given.end_s),
        given.text,
    )


def _work(desk: Desk, case: Case) -> dict[str, Any]:
    """What changes as a reviewer works: rows, numbers in both versions, whether the whole was heard."""
    facts = Facts(case.document["summary"], desk.catalogue)
    as_corrected = None if case.corrected is None else Facts(document(case.corrected)["summary"], desk.catalogue)
    return {
        "call": case.call,
        "rows": rows(case.session, case.document, case.reviews, case.stand, case.notes, desk.catalogue),
        "of_parties": _beside(facts.of_parties(), None if as_corrected is None else as_corrected.of_parties()),
        "of_call": _beside(facts.of_call(), None if as_corrected is None else as_corrected.of_call()),
        "changed": as_corrected is not None,
        "whole": WHOLE in case.stand,
        "elsewhere": case.elsewhere,
    }


def _beside(heard: list[Cells], right: list[Cells] | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Rows of a label and its cells, each as heard and as corrected."""
    if right is None:
        return [(label, [(cell, cell) for cell in cells]) for label, *cells in heard]
    before, after = ({label: cells for label, *cells in rows} for rows in (heard, right))
    labels = [*after, *(label for label in before if label not in after)]
    nothing = ["–"] * (len(heard[0]) - 1)
    return [(label, list(zip(before.get(label, nothing), after.get(label, nothing), strict=True))) for label in labels]


def _content(desk: Desk, to: Opened, case: Case, reviewer: str) -> Mapping[str, Any]:
    call = case.call
    return {
        **_work(desk, case),
        "heard": case.document["call"],
        "name": " + ".join(case.document["call"]["sources"]),
        "story": told(case.document["summary"]["story"], desk.catalogue),
        "notices": list(notices(case.document, None, desk.catalogue)),
        "why": why(case.document["summary"]),
        "view": {
            **view(case.document, None, desk.catalogue),
            "call": call.id,
            "qa": {key: text for key, text in desk.catalogue.messages["qa"].items() if key.startswith("js_")},
        },
        "has_cues": any(event["type"] == "cue" for event in case.document["events"]),
        "kinds": (*MARKED, *CUES),
        "cards": cards_of(desk, to, case, reviewer),
    }
