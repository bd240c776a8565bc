"""Puts the pages together: one application over one store, behind its gate."""

from __future__ import annotations

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from voicecare.catalogue.catalogue import Catalogue
from voicecare.errors import VoicecareError
from voicecare.qa.store.store import Store
from voicecare.qa.web import callpage, cards, exporting, listing, publishing, queues, taking
from voicecare.qa.web.access import Doors, Gate
from voicecare.qa.web.desk import Desk, Explain
from voicecare.qa.web.rendering import asset, environment, page
from voicecare.qa.web.words import with_words


def build(
    store: Store, catalogue: Catalogue, explain: Explain, doors: Doors, hosts: frozenset[str], cookie: str = "voicecare"
) -> FastAPI:
    """Build the application.

    hosts: the names and ports it answers to, as in the Host header. cookie: its name; of its own for each port, for
    cookies know no ports.
    """
    worded = with_words(catalogue)
    desk = Desk(store, worded, explain, environment(worded))
    app = FastAPI(title="voicecare qa", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        found = asset(name)
        if found is None:
            raise HTTPException(404)
        return found

    for room in (listing, callpage, cards, queues, publishing, exporting, taking):
        app.include_router(room.routes(desk))

    @app.exception_handler(VoicecareError)
    def told(request: Request, error: VoicecareError) -> Response:
        return _message(desk, request, 422, str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        del error
        return _message(desk, request, 422, desk.say("not_understood"))

    @app.exception_handler(StarletteHTTPException)
    def failed(request: Request, error: StarletteHTTPException) -> Response:
        plain = {404: desk.say("no_page"), 405: desk.say("wrong_method")}
        said = error.detail if error.detail not in ("Not Found", "Method Not Allowed") else plain[error.status_code]
        return _message(desk, request, error.status_code, said)

    app.add_middleware(Gate, doors=doors, hosts=hosts, cookie=cookie, refused=desk.say("refused"))
    return app


def _message(desk: Desk, request: Request, status: int, said: str) -> Response:
    """One line, as a page or as JSON, whichever was asked for."""
    if "person" not in request.scope:
        return HTMLResponse("", status)
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"said": said}, status)
    return page(desk, request, "message.html", title=desk.say("went_wrong"), text=said, status=status)
