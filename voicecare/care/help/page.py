"""The help as one self-contained page: no network, no script, an anchor for each practice and so for each cue."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from voicecare.care.help.help import Help


def render(told: Help, line: str | None) -> str:
    """Render the page; `line` is the site's for help, else the page's own is shown."""
    import jinja2
    import markupsafe

    folder = resources.files("voicecare.care.help")
    style = (folder / "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string((folder / "page.html").read_text("utf-8")).render(
        language=told.language,
        topics=told.topics,
        words=told.words,
        line=line or told.words["help_line"],
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=markupsafe.Markup(style),  # noqa: S704 - our own file
    )
