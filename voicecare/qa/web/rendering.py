"""Templates and the few files that pages load, all from this package; text reaches a page only escaped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from voicecare.catalogue.catalogue import Catalogue
from voicecare.qa.web.access import person_of
from voicecare.report.page import embedded
from voicecare.timebase import clock, samples
from voicecare.types import PARTIES

if TYPE_CHECKING:
    from jinja2 import Environment

    from voicecare.qa.web.desk import Desk

ASSETS: Mapping[str, tuple[str, str]] = {
    "page.css": ("voicecare.report", "text/css"),
    "lanes.js": ("voicecare.report", "text/javascript"),
    "page.js": ("voicecare.report", "text/javascript"),
    "qa.css": ("voicecare.qa.web", "text/css"),
    "qa.js": ("voicecare.qa.web", "text/javascript"),
    "call.js": ("voicecare.qa.web", "text/javascript"),
    "player.js": ("voicecare.qa.web", "text/javascript"),
}
"""The files a page may load, where each lies and what it is."""


def environment(catalogue: Catalogue) -> Environment:
    """The templates, with what every one of them may call."""
    import jinja2
    import markupsafe

    def load(name: str) -> str | None:
        file = resources.files("voicecare.qa.web").joinpath("templates", name)
        return file.read_text(encoding="utf-8") if file.is_file() else None

    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "t": lambda code, **fields: catalogue.say("qa", code, **fields),
        "say": lambda code, **fields: catalogue.say("page", code, **fields),
        "language": catalogue.language,
        "party": {who: catalogue.say("party", who) for who in PARTIES},
        "clock": lambda at_s: clock(samples(at_s)),
        "data": lambda values: markupsafe.Markup(embedded(values)),  # noqa: S704 - escaped there
        "script_words": {key: text for key, text in catalogue.messages["qa"].items() if key.startswith("js_")},
    }
    made.filters |= {"moment": _moment, "day": _day, "percent": _percent, "figure": _figure, "interval": _interval}
    return made


def page(desk: Desk, request: Request, name: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401
    """Answer with a page."""
    text = desk.templates.get_template(name).render(
        person=person_of(request), path=request.url.path, store=desk.store.name, **values
    )
    return HTMLResponse(text, status)


def asset(name: str) -> Response | None:
    """One of the files that pages load; None where there is none of this name."""
    if name not in ASSETS:
        return None
    package, kind = ASSETS[name]
    folder = resources.files(package)
    file = folder.joinpath(name) if package == "voicecare.report" else folder.joinpath("static", name)
    return Response(file.read_bytes(), media_type=f"{kind}; charset=utf-8")


def saved(text: str | bytes, kind: str, filename: str) -> Response:
    """Answer with a file to save; the name is ours, never anything from outside."""
    body = text.encode() if isinstance(text, str) else text
    return Response(body, media_type=kind, headers={"content-disposition": f'attachment; filename="{filename}"'})


def _moment(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone():%Y-%m-%d %H:%M}"


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone():%Y-%m-%d}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}"


def _interval(estimate: Any) -> str:  # noqa: ANN401 - an agreement.Estimate
    if estimate.low is None:
        return ""
    return f"{estimate.low:.2f} – {estimate.high:.2f}"
