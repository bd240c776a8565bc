"""The list of calls: searched, filtered, a page at a time; filters can be saved under a name."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from voicecare.errors import UsageError
from voicecare.qa.web.access import person_of
from voicecare.qa.web.desk import Desk
from voicecare.qa.web.filters import ORDERS, WHYS, kept, query_of
from voicecare.qa.web.forms import Texts, address
from voicecare.qa.web.rendering import page

A_PAGE = 50
MOST_COUNTED = 10_000
"""Past this many a list says "more than": nobody waits for a count."""


def routes(desk: Desk) -> APIRouter:
    """The pages of the list."""
    router = APIRouter()

    @router.get("/", response_class=HTMLResponse)
    def calls(request: Request, after: str | None = None) -> HTMLResponse:
        asked = kept(request.query_params)
        problem = None
        with desk.store.read() as to:
            try:
                query = query_of(asked)
                found = to.calls.page(query, limit=A_PAGE, after=after)
                count = to.calls.count(query, most=MOST_COUNTED + 1)
                rows = [(row, to.reviews.standing(row.call.id), to.reviews.notes(row.call.id)) for row in found.rows]
                more = found.after
            except UsageError as error:
                problem, rows, count, more = str(error), [], 0, None
            choices = {fact: to.calls.values(fact) for fact in ("agent", "queue", "language", "status")}
            samples = [sample for sample in to.samples.all() if sample.kind == "random"][:20]
            views = to.samples.views(person_of(request).name)
        return page(
            desk,
            request,
            "calls.html",
            asked=asked,
            rows=rows,
            count=count,
            most=MOST_COUNTED,
            after=more,
            first=after is None,
            choices=choices,
            orders=ORDERS,
            whys=tuple(WHYS),
            samples=samples,
            views=views,
            problem=problem,
            status=422 if problem else 200,
        )

    @router.post("/views")
    def save_view(request: Request, texts: Texts) -> RedirectResponse:
        name = " ".join(texts.get("name", "").split())[:60]
        asked = kept(texts)
        query_of(asked)
        if name:
            with desk.store.write() as to:
                to.samples.save_view(person_of(request).name, name, asked)
        return RedirectResponse(address("/", asked), 303)

    @router.post("/views/drop")
    def drop_view(request: Request, texts: Texts) -> RedirectResponse:
        with desk.store.write() as to:
            to.samples.drop_view(person_of(request).name, texts.get("name", ""))
        return RedirectResponse("/", 303)

    return router
