"""Pages that others may be shown: week against week, how often voicecare is right, does it help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from voicecare.errors import UsageError
from voicecare.qa import weeks
from voicecare.qa.accuracy import Tally, accuracy, tally, unweighted
from voicecare.qa.helps import GROUPS, OUTCOMES, Outcome, effect, need, read_outcomes
from voicecare.qa.store.calls import CallQuery
from voicecare.qa.store.store import Opened
from voicecare.qa.web.cards import drawn
from voicecare.qa.web.desk import Desk
from voicecare.qa.web.forms import Texts, Upload, address
from voicecare.qa.web.queues import everything
from voicecare.qa.web.rendering import page

if TYPE_CHECKING:
    from voicecare.qa.store.records import Listed

Counts = Mapping[str, Tally]
USUAL: Mapping[str, str] = {"csat": "0.3", "nps": "1", "retained": "0.05"}
"""The smallest difference that matters, until the reader says another."""


class _Tallies:
    """What was counted of reviewed calls, kept as long as nothing more is said of them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: dict[tuple[int, int], Counts | None] = {}

    def of(self, to: Opened, call: int) -> Counts | None:
        last = max((review.id for review in to.reviews.of_call(call)), default=0)
        if (call, last) not in self._kept:
            case = self._desk.case(to, call)
            self._kept[call, last] = tally(case.session, case.stand)
        return self._kept[call, last]


def routes(desk: Desk) -> APIRouter:
    """The pages to publish."""
    router = APIRouter()
    _figures(router, desk)
    _help(router, desk)
    return router


def _figures(router: APIRouter, desk: Desk) -> None:
    tallies = _Tallies(desk)

    @router.get("/weeks", response_class=HTMLResponse)
    def week_against_week(request: Request, a: str = "", b: str = "") -> HTMLResponse:
        now = datetime.now(UTC)
        with desk.store.read() as to:
            if not (a and b):
                newest = to.calls.page(CallQuery(status="done"), limit=1).rows
                last = newest[0].call.sort_at if newest else now
                b = b or weeks.named(last)
                a = a or weeks.named(weeks.week_of(b)[0] - timedelta(days=3))
            first, second = (_week(to, name) for name in (a, b))
        groups = weeks.compare(first, second)
        return page(desk, request, "weeks.html", a=a, b=b, groups=groups, shares=weeks.SHARES)

    @router.get("/accuracy", response_class=HTMLResponse)
    def how_often_right(request: Request) -> HTMLResponse:
        with desk.store.read() as to:
            counted = {
                row.call.id: counts
                for row in everything(to, CallQuery(reviewed=True, status="done"))
                if (counts := tallies.of(to, row.call.id)) is not None
            }
            sampled = [(one, counted[int(one.call)]) for one in drawn(to) if int(one.call) in counted]
        whole = [(unweighted(str(call)), counts) for call, counts in counted.items()]
        return page(
            desk,
            request,
            "accuracy.html",
            sample=accuracy(sampled),
            sampled=len(sampled),
            everything=accuracy(whole),
            reviewed=len(whole),
        )


def _help(router: APIRouter, desk: Desk) -> None:
    @router.get("/helps", response_class=HTMLResponse)
    def does_it_help(
        request: Request, outcome: str = "csat", difference: str = "", result: str = "", unknown: str = ""
    ) -> HTMLResponse:
        if outcome not in OUTCOMES:
            raise UsageError(f"outcome {outcome!r:.20}: choose {', '.join(OUTCOMES)}")
        smallest = _positive(difference or USUAL[outcome])
        with desk.store.read() as to:
            found = list(_outcomes(to, outcome))
        return page(
            desk,
            request,
            "helps.html",
            outcome=outcome,
            outcomes=OUTCOMES,
            difference=smallest,
            need=need(found, smallest),
            have={group: sum(each.group == group for each in found) for group in GROUPS},
            effect=effect(found, smallest) if result else None,
            unknown=int(unknown) if unknown.isascii() and unknown.isdigit() and len(unknown) < 9 else 0,
        )

    @router.post("/helps")
    def take_outcomes(upload: Upload, texts: Texts) -> RedirectResponse:
        outcome = texts.get("outcome", "csat")
        if upload is None:
            raise UsageError(f"choose a file with the columns call and {outcome}")
        try:
            text = upload[1].decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError(f"{upload[0]!r:.60} is not text in UTF-8; save it as CSV in UTF-8") from None
        given = read_outcomes(text, outcome)
        unknown = 0
        with desk.store.write() as to:
            for name, value in given.items():
                calls = to.calls.named(name)
                unknown += not calls
                for call in calls:
                    to.calls.set_facts(call.id, {outcome: bool(value) if outcome == "retained" else value})
        asked = {"outcome": outcome, **({"unknown": str(unknown)} if unknown else {})}
        return RedirectResponse(address("/helps", asked), 303)


def _week(to: Opened, name: str) -> list[Listed]:
    since, before = weeks.week_of(name)
    return list(everything(to, CallQuery(status="done", since=since, before=before)))


def _outcomes(to: Opened, outcome: str) -> Iterator[Outcome]:
    for group in GROUPS:
        for row in everything(to, CallQuery(arm=group)):
            value = getattr(row.call, outcome)
            if value is not None:
                yield Outcome(str(row.call.id), row.call.agent, group, float(value))


def _positive(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"the smallest difference that matters {text!r:.20}: must be a number above 0") from None
