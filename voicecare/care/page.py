"""The day and the week as a page of the report's family: self-contained, no network, no script, fit to print."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from voicecare.care.day import Told
from voicecare.care.wording import Texts


def render(told: Told, texts: Texts, help_line: str = "") -> str:
    """Render a page as HTML. help_line: where the site says to turn to, in its own words; "" is the usual line."""
    import jinja2
    import markupsafe

    style = _asset("voicecare.report", "page.css") + _asset("voicecare.care", "day.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    said = texts.say("page", "help_site", help=help_line) if help_line else texts.say("page", "help")
    return environment.from_string(_asset("voicecare.care", "day.html")).render(
        told=told,
        language=texts.language,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=markupsafe.Markup(style),  # noqa: S704 - our own files
        help=said,
        say=lambda code: texts.say("page", code),
    )


def _asset(package: str, name: str) -> str:
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")
