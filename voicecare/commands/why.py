"""`voicecare why`: what stands behind a cue, on the terminal or as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voicecare.commands.options import LanguageOption


def why(
    topic: Annotated[
        str | None, typer.Argument(metavar="[CUE]", help="A cue, such as acknowledge, or a topic.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write all of it as one self-contained page.")
    ] = None,
    cue_language: LanguageOption = "en",
) -> None:
    """Say why voicecare asks what it asks, and what helps besides."""
    from voicecare.care.help.help import folders, load, site_line
    from voicecare.catalogue.catalogue import Catalogue

    told = load(Catalogue.load(cue_language).language)
    line = site_line(told.language)
    if html is not None:
        write(html, told.language)
        if topic is None:
            raise typer.Exit
    for one in told.topics if topic is None else told.about(topic):
        typer.secho(one.title, bold=True)
        if topic is None:
            typer.echo(f"  voicecare why {one.name}")
            continue
        typer.echo("\n".join((one.why, *(f"  – {sentence}" for sentence in one.say), one.known)).rstrip())
    typer.echo(f"\n{told.words['help_title']}: {line or told.words['help_line']}")
    if topic is None and line is None:
        everybody, own = folders()
        typer.echo(f"  ({told.words['site']}: {everybody / 'help-line.txt'}, {own / 'help-line.txt'})")


def write(place: Path, language: str) -> None:
    """Write all of it as one page; each cue's part has the cue's name as its anchor."""
    from voicecare import saving
    from voicecare.care.help.help import load, site_line
    from voicecare.care.help.page import render

    saving.check(place)
    told = load(language)
    saving.write_whole(place, render(told, site_line(told.language)))
