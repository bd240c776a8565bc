"""Scorecards: forms taken in, calls rated by them, voicecare's own answers marked; blind until one has rated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from voicecare.errors import UsageError
from voicecare.qa.agreement import Estimate
from voicecare.qa.cases import Case
from voicecare.qa.exports.formats import json_text
from voicecare.qa.ratings import Item, items, mean_score, rated_once
from voicecare.qa.sampling import Drawn
from voicecare.qa.scorecard import Form, Question, parse
from voicecare.qa.scoring import Score, by_voicecare, checked, merged, score, source_of
from voicecare.qa.store import records
from voicecare.qa.store.records import Call, NewScorecard, Scorecard
from voicecare.qa.store.store import Opened
from voicecare.qa.web.access import person_of
from voicecare.qa.web.desk import Desk
from voicecare.qa.web.forms import Texts, Upload, address
from voicecare.qa.web.rendering import page, saved

NOT_APPLICABLE = "n.a."
MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A form as it lies beside a call. others: ratings by other people; None until one has rated oneself."""

    kept: records.Form
    form: Form
    answers: Mapping[str, Mapping[str, Any]]
    mine: Scorecard | None
    score: Score | None
    others: Sequence[Scorecard] | None
    rated: int


def cards_of(desk: Desk, to: Opened, case: Case, rater: str) -> list[Card]:
    """The newest version of every form in use, as this rater may see it beside a call."""
    del desk
    ratings = to.scoring.of_call(case.call.id)
    found, seen = [], set()
    for kept in to.scoring.forms():
        if kept.name in seen:
            continue
        seen.add(kept.name)
        form = parse(kept.body)
        own = [card for card in ratings if card.form == kept.id and card.finished]
        mine = next((card for card in reversed(own) if card.rater == rater), None)
        answers = by_voicecare(form, case.document) if mine is None else mine.answers
        others = [card for card in own if card.rater != rater]
        found.append(
            Card(
                kept,
                form,
                answers,
                mine,
                None if mine is None else score(form, mine.answers),
                None if mine is None else others,
                len(others),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Rated:
    """A form in use: how far raters agree, what the random sample scores, what waits for a second rating."""

    kept: records.Form
    form: Form
    items: Sequence[Item]
    mean: Estimate
    sampled: int
    waiting: Sequence[Call]


def example() -> bytes:
    """The form that ships."""
    return resources.files("voicecare.qa").joinpath("example_form.json").read_bytes()


def drawn(to: Opened) -> Iterator[Drawn]:
    """The calls of all random samples, each once: of its newest sample."""
    seen: set[int] = set()
    for sample in to.samples.all():
        if sample.kind == "random":
            for one in to.samples.drawn(sample.id):
                if one.call not in seen:
                    seen.add(one.call)
                    yield Drawn(str(one.call), f"{sample.id}/{one.stratum}", one.probability)


def routes(desk: Desk) -> APIRouter:
    """The pages of forms, and what a rating sends."""
    router = APIRouter()
    _forms(router, desk)
    _ratings(router, desk)
    return router


def _forms(router: APIRouter, desk: Desk) -> None:
    def listed(request: Request, problem: str | None = None) -> HTMLResponse:
        me = person_of(request).name
        rows = []
        with desk.store.read() as to:
            sample = list(drawn(to))
            for kept in to.scoring.forms():
                form, cards = parse(kept.body), to.scoring.of_form(kept.id)
                waiting = [call for number in rated_once(cards, me)[:MOST_WAITING] if (call := to.calls.get(number))]
                rows.append(Rated(kept, form, items(form, cards), *mean_score(sample, cards), waiting))
        return page(desk, request, "forms.html", rows=rows, problem=problem, status=422 if problem else 200)

    @router.get("/forms", response_class=HTMLResponse)
    def forms(request: Request) -> HTMLResponse:
        return listed(request)

    @router.post("/forms")
    def add_form(request: Request, upload: Upload, texts: Texts) -> Response:
        raw = example() if upload is None and "example" in texts else b"" if upload is None else upload[1]
        try:
            body = json.loads(raw.decode("utf-8-sig"))
            form = parse(body)
        except (UsageError, ValueError, RecursionError) as error:
            said = str(error) if isinstance(error, UsageError) else desk.say("not_json")
            return listed(request, said)
        name = re.sub(r"[^\w-]+", "-", form.title.casefold()).strip("-")[:60] or "form"
        with desk.store.write() as to:
            to.scoring.add_form(name, form.title, body, person_of(request).name)
        return RedirectResponse("/forms", 303)

    @router.post("/forms/{number}/retire")
    def retire(number: int) -> RedirectResponse:
        with desk.store.write() as to:
            to.scoring.retire(_form(desk, to, number).id)
        return RedirectResponse("/forms", 303)

    @router.get("/forms/{number}.json")
    def one_form(number: int) -> Response:
        with desk.store.read() as to:
            kept = _form(desk, to, number)
        return saved(json_text(kept.body), "application/json", f"form-{kept.id}.json")


def _ratings(router: APIRouter, desk: Desk) -> None:
    @router.post("/calls/{number}/score/{form_number}")
    def rate(request: Request, number: int, form_number: int, texts: Texts) -> RedirectResponse:
        rater = person_of(request).name
        with desk.store.read() as to:
            case = desk.case(to, number)
            kept = _form(desk, to, form_number)
            before = [c for c in to.scoring.of_call(number) if c.form == kept.id and c.rater == rater]
        form = parse(kept.body)
        given = checked(form, _given(form, texts))
        answers = merged(by_voicecare(form, case.document), given)
        result = score(form, answers)
        with desk.store.write() as to:
            to.scoring.add(
                NewScorecard(
                    call=number,
                    form=kept.id,
                    rater=rater,
                    answers=answers,
                    result=case.call.current,
                    blind=not before,
                    score=result.percent,
                    potential=None if result.percent is None else 100.0,
                    replaces=before[-1].id if before else None,
                )
            )
        return RedirectResponse(address(f"/calls/{number}", {}, f"score-{kept.id}"), 303)

    @router.get("/calls/{number}/score/{form_number}.json")
    def one_score(request: Request, number: int, form_number: int) -> Response:
        with desk.store.read() as to:
            case = desk.case(to, number)
            kept = _form(desk, to, form_number)
            cards = [card for card in cards_of(desk, to, case, person_of(request).name) if card.kept.id == kept.id]
        mine = cards[0].mine if cards else None
        if mine is None:
            raise HTTPException(404, desk.say("not_rated"))
        return saved(json_text(_evaluation(kept, mine)), "application/json", f"score-{number}-{kept.id}.json")


def _form(desk: Desk, to: Opened, number: int) -> records.Form:
    for form in to.scoring.forms(retired=True):
        if form.id == number:
            return form
    raise HTTPException(404, desk.say("no_form"))


def _given(form: Form, texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The answers of a sent page: what is left empty is not answered."""
    found: dict[str, dict[str, Any]] = {}
    for question in form.questions:
        comment = texts.get(f"c:{question.ref}", "").strip()
        text = texts.get(f"q:{question.ref}", "")
        if question.type == "MULTISELECT":
            picked = [o.ref for o in question.options if f"q:{question.ref}:{o.ref}" in texts]
            if picked or text:
                value: Any = None if text == NOT_APPLICABLE else picked
                found[question.ref] = {"value": value, "comment": comment}
        elif text.strip():
            found[question.ref] = {"value": _value(question, text), "comment": comment}
    return found


def _value(question: Question, text: str) -> Any:  # noqa: ANN401 - checked by scoring.checked
    if text == NOT_APPLICABLE:
        return None
    if question.type == "NUMERIC":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _evaluation(kept: records.Form, card: Scorecard) -> dict[str, Any]:
    """A rating in the words of Connect's contact evaluations and Google's score sources."""
    return {
        "EvaluationFormTitle": kept.title,
        "EvaluationFormVersion": kept.version,
        "Status": "SUBMITTED",
        "Score": {"Percentage": card.score},
        "ScoreSource": source_of(card.answers),
        "Answers": {
            ref: {
                "Value": None if answer["value"] is None else _answer(answer["value"]),
                "NotApplicable": answer["value"] is None,
                "Source": "SYSTEM_GENERATED" if answer["source"] == "voicecare" else "INCLUDES_MANUAL_EDITS",
            }
            for ref, answer in card.answers.items()
        },
        "Notes": {ref: answer["comment"] for ref, answer in card.answers.items() if answer.get("comment")},
    }


def _answer(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a value
    if isinstance(value, list):
        return {"StringValues": value}
    return {"NumericValue": value} if isinstance(value, int | float) else {"StringValue": value}
