"""`voicecare care`: the agent's own diary, shown, exported, erased; and what of care is on."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from voicecare import saving
from voicecare.care.diary import GIVEN_IN, default_path
from voicecare.care.diary import erase as erase_diary
from voicecare.care.ledger import Ledger
from voicecare.care.level import MOVABLE
from voicecare.care.practice import tries
from voicecare.care.switches import FEATURES, HOW_LONG, Switches, feature_of
from voicecare.care.vault import is_sealed
from voicecare.care.wording import Texts
from voicecare.catalogue.terminal import legible
from voicecare.commands.care_team import compare, share, team
from voicecare.commands.diaries import opened, passphrase
from voicecare.commands.options import CareLanguage, DiaryOption, one_of
from voicecare.config import Config
from voicecare.errors import OutputError, UsageError

care = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)

FeatureArgument = Annotated[str, typer.Argument(metavar="PART", help=f"all, {', '.join(FEATURES)}.")]

care.command()(share)
care.command()(team)
care.command()(compare)


@care.callback()
def _care() -> None:
    """Your own diary: show it, export it, erase it; switch parts of care on and off."""


@care.command()
def show(diary: DiaryOption = None, language: CareLanguage = "en") -> None:
    """Show what is on, and all that is in your diary."""
    texts, path = Texts.load(language), diary or default_path()
    with opened(path) as book:
        switches, now_s = Switches(book), time.time()
        typer.echo(legible(str(path)))
        for feature in FEATURES:
            state = texts.say("state", "on" if switches.is_on(feature, now_s) else "off")
            typer.echo(f"  {feature:<11} {state:<4} {texts.say('feature', feature)}")
        for kept in tries.kept(tries.default_folder()) if diary is None else ():
            typer.echo(f"  practice: the last try of {legible(kept.stem)}")
        for table, rows in book.everything().items():
            if table == "switches" or not rows:
                continue
            typer.echo(f"\n{table}")
            for row in rows:
                told = "  ".join(
                    f"{name}: {value}" for name, value in row.items() if name != "at_s" and value not in (None, "")
                )
                typer.echo(f"  {legible(told)}")


@care.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to, as JSON; - is standard output.")],
    diary: DiaryOption = None,
) -> None:
    """Write all of your diary as JSON, for yourself; nobody else can ask for it."""
    with opened(diary) as book:
        text = json.dumps(book.everything(), ensure_ascii=False, indent=1) + "\n"
    if str(file) == "-":
        sys.stdout.write(text)
        return
    saving.check(file)
    saving.write_whole(file, text)


@care.command()
def erase(
    diary: DiaryOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002 - a flag
    row: Annotated[
        str | None, typer.Option("--row", metavar="TABLE:ID", help="Only this row, as `care show` names it.")
    ] = None,
) -> None:
    """Erase your diary, pages and all; or one row of it."""
    path = diary or default_path()
    if row is not None:
        _erase_row(path, row)
        return
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("erasing cannot be undone; to do it without being asked: voicecare care erase --yes")
        typer.confirm("Erase all of your diary? It cannot be undone.", abort=True)
    gone = [*erase_diary(path), *(tries.erase(tries.default_folder()) if diary is None else ())]
    for file in gone:
        typer.echo(f"erased {legible(str(file))}")
    if not gone:
        typer.echo("there is no diary")


@care.command()
def off(
    part: FeatureArgument = "all",
    how_long: Annotated[str, typer.Option("--for", metavar="TIME", help="15min, shift or good.")] = "good",
    diary: DiaryOption = None,
) -> None:
    """Switch a part of care, or all of it, off."""
    feature, span = feature_of(part), one_of(HOW_LONG, how_long, "--for")
    with opened(diary) as book:
        Switches(book).off(feature, span, time.time())
    typer.echo(f"{feature}: off")


@care.command()
def on(part: FeatureArgument = "all", diary: DiaryOption = None) -> None:
    """Switch a part of care on; `all` only takes back that all was off."""
    feature = feature_of(part)
    with opened(diary) as book:
        Switches(book).on(feature, time.time())
    typer.echo(f"{feature}: on")


@care.command()
def back(
    about: Annotated[str, typer.Argument(metavar="CUE", help="strain or pace.")], diary: DiaryOption = None
) -> None:
    """Take the last step of your level back: cues of that kind come a little earlier again."""
    kind = one_of(MOVABLE, about, "care back")
    with opened(diary) as book:
        move = Ledger(book, Config()).back(time.time(), kind)
    typer.echo(f"{kind}: " + ("as usual already" if move is None else f"{move.step} steps above usual"))


@care.command()
def energy(value: Annotated[int, typer.Argument(metavar="1..5", min=1, max=5)], diary: DiaryOption = None) -> None:
    """Write down how much energy you have, for yourself; it is never guessed and never drawn beside your calls."""
    with opened(diary) as book:
        Ledger(book, Config()).energy(time.time(), value)


@care.command()
def lock(diary: DiaryOption = None) -> None:
    """Seal your diary with a passphrase; it is asked for wherever the diary is opened. Forgotten, it is lost."""
    path = diary or default_path()
    if is_sealed(path):
        raise UsageError(f"{legible(str(path))} is sealed already; for another passphrase unlock it first")
    chosen = passphrase(new=True)
    if chosen is None:
        raise UsageError(f"nobody can be asked for a passphrase here; give it in {GIVEN_IN}")
    with opened(path) as book:
        aside = path.with_name(f"{path.name}-sealed")
        book.sealed(aside, chosen)
    _replaced(path, aside)
    typer.echo("your diary is sealed; nobody can open it without the passphrase, and nobody can give it back")


@care.command()
def unlock(diary: DiaryOption = None) -> None:
    """Take the passphrase off your diary."""
    path = diary or default_path()
    if not is_sealed(path):
        raise UsageError(f"{legible(str(path))} has no passphrase")
    with opened(path) as book:
        aside = path.with_name(f"{path.name}-plain")
        book.plain(aside)
    _replaced(path, aside)
    typer.echo("your diary has no passphrase any more")


def _replaced(path: Path, aside: Path) -> None:
    """Put a new diary in the place of the old one, whose text is overwritten; pages made of it go, too."""
    erase_diary(path)
    try:
        aside.replace(path)
    except OSError as error:
        raise OutputError(f"cannot put {aside} in the place of {path}: {error.strerror}; do it by hand") from error


def _erase_row(path: Path, typed: str) -> None:
    table, _, number = typed.partition(":")
    with opened(path) as book:
        found = [(name, row) for name, rows in book.everything().items() for row in rows if name == table]
        if not number.isdecimal() or not any(row["id"] == int(number) for _, row in found):
            raise UsageError(f"--row {typed!r:.40}: there is no such row; voicecare care show names them, as thanks:3")
        for name in ("thanks", "recoveries", "moments", "answers", "levels", "intentions", "energy", "weekly"):
            if name == table:
                book.remove(name, int(number))
    typer.echo(f"erased {table}:{number}")
