"""`voicecare day`: the agent's own day, or week, as a page."""

from __future__ import annotations

import webbrowser
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from voicecare import saving
from voicecare.care.day import day as tell_day
from voicecare.care.day import week as tell_week
from voicecare.care.diary import Diary, default_path
from voicecare.care.help.help import site_line
from voicecare.care.page import render
from voicecare.care.wording import Texts
from voicecare.catalogue.terminal import legible
from voicecare.commands.diaries import opened
from voicecare.commands.options import CareLanguage, DiaryOption
from voicecare.config import Config
from voicecare.errors import UsageError


def day(
    of: Annotated[str, typer.Option("--date", metavar="DATE", help="Which day, as 2026-11-27; else today.")] = "today",
    week: Annotated[bool, typer.Option("--week", help="The seven days that end with it.")] = False,  # noqa: FBT002
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the page here and do not open it.")
    ] = None,
    language: CareLanguage = "en",
    diary: DiaryOption = None,
) -> None:
    """Open your day as a page: good things first, then at most one thing to try tomorrow. Only you have it."""
    chosen, texts, path = _date(of), Texts.load(language), diary or default_path()
    place = html or path.with_name("week.html" if week else "day.html")
    with opened(path) as book:
        saving.check(place, [path])
        write(book, place, chosen, texts, week=week)
    if html is None and not webbrowser.open(place.resolve().as_uri()):
        typer.echo(f"no browser was found; the page is {legible(str(place))}")


def write(book: Diary, place: Path, of: date, texts: Texts, *, week: bool) -> None:
    """Write the page of a day, or of the seven days that end with it."""
    told = (tell_week if week else tell_day)(book, of, texts, Config())
    saving.write_whole(place, render(told, texts, site_line(texts.language) or ""))


def _date(typed: str) -> date:
    """Read a date.

    Raises:
        UsageError: it is none.
    """
    if typed == "today":
        return date.today()  # noqa: DTZ011 - the agent's own day
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise UsageError(f"--date {typed!r:.40}: no date; give one as 2026-11-27") from None
