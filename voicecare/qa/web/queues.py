"""The two queues, kept apart: a random sample, of which figures are published, and calls worth a look, for coaching."""

from __future__ import annotations

import dataclasses
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from voicecare.errors import UsageError
from voicecare.qa import sampling
from voicecare.qa.opinions import WHOLE
from voicecare.qa.store.calls import MOST_ROWS, CallQuery
from voicecare.qa.store.records import Drawn, Listed, Sample
from voicecare.qa.store.store import Opened
from voicecare.qa.web.access import person_of
from voicecare.qa.web.desk import Desk
from voicecare.qa.web.filters import WHYS, query_of
from voicecare.qa.web.forms import Texts
from voicecare.qa.web.rendering import page

MOST_SIZE = 5_000
A_FEW = 8


def everything(to: Opened, query: CallQuery) -> Iterator[Listed]:
    """All calls of a query, a page at a time."""
    after: str | None = None
    while True:
        found = to.calls.page(query, limit=MOST_ROWS, after=after)
        yield from found.rows
        if found.after is None:
            return
        after = found.after


def whole(to: Opened, call: int) -> bool:
    """Whether a reviewer said that a call was heard as a whole."""
    return any(review.ref == WHOLE for review in to.reviews.standing(call))


def routes(desk: Desk) -> APIRouter:
    """The pages of both queues."""
    router = APIRouter()

    @router.get("/sample", response_class=HTMLResponse)
    def samples(request: Request) -> HTMLResponse:
        with desk.store.read() as to:
            kept = [sample for sample in to.samples.all() if sample.kind == "random"]
            counts = {sample.id: _progress(to, sample) for sample in kept}
        return page(desk, request, "samples.html", samples=kept, counts=counts, margin=sampling.margin)

    @router.post("/sample")
    def draw(request: Request, texts: Texts) -> RedirectResponse:
        size = texts.get("size", "")
        if not (size.isascii() and size.isdigit() and 0 < int(size) <= MOST_SIZE):
            raise UsageError(f"about how many calls {size!r:.20}: must be 1 to {MOST_SIZE:,}")
        asked = {name: texts.get(name, "") for name in ("since", "until")}
        query = dataclasses.replace(query_of(asked), status="done")
        seed = secrets.randbelow(2**31)
        with desk.store.read() as to:
            frame = [(str(row.call.id), _stratum(row)) for row in everything(to, query)]
        if not frame:
            raise UsageError(desk.say("nothing_found"))
        chosen = sampling.draw(frame, int(size), seed)
        name = " ".join(texts.get("name", "").split())[:60] or f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"
        drawn = [Drawn(int(one.call), place, one.stratum, one.chance) for place, one in enumerate(chosen)]
        strata = Counter(where.text for _, where in frame)
        with desk.store.write() as to:
            number = to.samples.add(
                name,
                "random",
                drawn,
                made_by=person_of(request).name,
                seed=seed,
                frame=len(frame),
                definition={**asked, "size": int(size), "strata": dict(strata)},
            )
        return RedirectResponse(f"/sample/{number}", 303)

    @router.get("/sample/{number}", response_class=HTMLResponse)
    def sample(request: Request, number: int) -> HTMLResponse:
        with desk.store.read() as to:
            kept = next((sample for sample in to.samples.all() if sample.id == number), None)
            if kept is None:
                raise HTTPException(404, desk.say("no_page"))
            rows = [
                (one, call, whole(to, one.call)) for one in to.samples.drawn(number) if (call := to.calls.get(one.call))
            ]
        return page(
            desk,
            request,
            "sample.html",
            sample=kept,
            rows=rows,
            done=sum(heard for *_, heard in rows),
            upcoming=next((call for _, call, heard in rows if not heard), None),
            margin=sampling.margin(len(rows)),
        )

    @router.get("/worth", response_class=HTMLResponse)
    def worth(request: Request, fresh: str = "") -> HTMLResponse:
        reviewed = False if fresh else None
        with desk.store.read() as to:
            found = {
                why: to.calls.page(dataclasses.replace(query, reviewed=reviewed), limit=A_FEW).rows
                for why, query in WHYS.items()
            }
        return page(desk, request, "worth.html", found=found, fresh=bool(fresh))

    return router


def _progress(to: Opened, sample: Sample) -> tuple[int, int]:
    drawn = to.samples.drawn(sample.id)
    return sum(whole(to, one.call) for one in drawn), len(drawn)


def _stratum(row: Listed) -> sampling.Stratum:
    started = row.call.started_at
    local = None if started is None else started.astimezone()
    return sampling.stratum(local, row.call.language, row.figures.get("strain_peak"))
