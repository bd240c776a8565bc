"""`voicecare care share`, `team` and `compare`: counts an agent chose to share, and what groups of agents tell."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from voicecare import saving
from voicecare.care.helps import Group, needed
from voicecare.care.helps import effect as effect_of
from voicecare.care.ledger import Ledger
from voicecare.care.switches import Switches
from voicecare.care.team import COUNTED, Release, Shared, table
from voicecare.commands.diaries import opened
from voicecare.commands.options import DiaryOption, FolderOption
from voicecare.config import Config
from voicecare.errors import InputError, UsageError

FORMAT = "voicecare_team"
MOST_BYTES = 1_000_000
SMALL, USUAL = 0.2, 0.35
WeekOption = Annotated[str, typer.Option("--week", metavar="WEEK", help="Which week, as 2026-W48.")]
GroupOption = tuple[int, float, float]


def share(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; give it to whoever makes the table.")],
    week: WeekOption,
    diary: DiaryOption = None,
    folder: FolderOption = None,
) -> None:
    """Write your counts of one week under a code in place of your name; only if you chose to: care on team."""
    from voicecare.live.keeping import default_folder, names

    now_s, first = time.time(), _monday(week)
    with opened(diary) as book:
        if not Switches(book).is_on("team", now_s):
            raise UsageError("you have not chosen to share your counts; to choose it: voicecare care on team")
        last = date.fromordinal(first.toordinal() + 6)
        calls = [
            name for name in names(folder or default_folder()) if first.isoformat() <= name[:10] <= last.isoformat()
        ]
        counts = {
            "calls": len(calls),
            "thanks": len(book.rows("thanks", first, last)),
            "recoveries": len(book.rows("recoveries", first, last)),
            "cues": len(book.rows("answers", first, last)),
        }
        row = {FORMAT: 1, "code": Ledger(book, Config()).team_code(now_s), "week": week, "counts": counts}
    saving.check(file)
    saving.write_whole(file, json.dumps(row) + "\n")


def team(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="What agents shared.")],
    week: WeekOption,
    ledger: Annotated[
        Path, typer.Option("--ledger", metavar="FILE", help="Remembers which tables were made; always the same file.")
    ],
) -> None:
    """Make a team's table of one week: five agents and ten calls at least, and never two tables that show one agent."""
    _monday(week)
    earlier = [] if not ledger.exists() else [_release(row, ledger) for row in _rows(ledger)]
    made, release = table([_shared(row, file) for file in files for row in _rows(file)], week, earlier)
    saving.check(ledger)
    kept = [{"week": one.week, "codes": sorted(one.codes)} for one in (*earlier, release)]
    saving.write_whole(ledger, "".join(json.dumps(row) + "\n" for row in kept))
    typer.echo(f"week {made.week}, {made.agents} agents or a few more; every count to the nearest 5")
    for name in COUNTED:
        typer.echo(f"  {name:<11} {made.counts[name]}")


def compare(
    a: Annotated[GroupOption, typer.Option("--a", metavar="N MEAN SD", help="The group with voicecare.")],
    b: Annotated[GroupOption, typer.Option("--b", metavar="N MEAN SD", help="The group without.")],
) -> None:
    """Say whether two groups differ, and first how many agents that would take; no row of one agent is asked for."""
    for d in (SMALL, USUAL):
        typer.echo(f"an effect of {d:g} standard deviations takes {needed(d)} agents in each group")
    found = effect_of(Group(*a), Group(*b))
    typer.echo(f"difference {found.difference:g}, 95 % interval {found.least:g} to {found.most:g} (g {found.g:g})")


def _monday(week: str) -> date:
    try:
        year, number = week.split("-W")
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise UsageError(f"--week {week!r:.40}: no week; give one as 2026-W48") from None


def _rows(file: Path) -> list[Mapping[str, Any]]:
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise InputError(f"{file} is larger than what one agent shares; give the files of `care share`")
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError, RecursionError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise InputError(f"cannot read {file}: {said}; give the files of `care share`") from error
    if not all(isinstance(row, dict) for row in rows):
        raise _foreign(file)
    return rows


def _shared(row: Mapping[str, Any], file: Path) -> Shared:
    code, week, counts = row.get("code"), row.get("week"), row.get("counts")
    if not (row.get(FORMAT) == 1 and isinstance(code, str) and isinstance(week, str) and isinstance(counts, dict)):
        raise _foreign(file)
    if not all(type(counts.get(name)) is int and 0 <= counts[name] <= MOST_BYTES for name in COUNTED):
        raise _foreign(file)
    return Shared(code, week, {name: counts[name] for name in COUNTED})


def _release(row: Mapping[str, Any], file: Path) -> Release:
    week, codes = row.get("week"), row.get("codes")
    if not (isinstance(week, str) and isinstance(codes, Sequence) and all(isinstance(code, str) for code in codes)):
        raise _foreign(file)
    return Release(week, frozenset(codes))


def _foreign(file: Path) -> InputError:
    return InputError(f"{file} was not written by `voicecare care share`; give the agents' own files")
