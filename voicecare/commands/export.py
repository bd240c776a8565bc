"""`voicecare export`: calls of a store as a table or as files of other tools, which the store then knows of."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicecare import saving
from voicecare.catalogue.catalogue import Catalogue
from voicecare.catalogue.terminal import complain
from voicecare.commands.options import LanguageOption, StoreOption, one_of
from voicecare.errors import InputError, OutputError, UsageError
from voicecare.qa.place import default_file, needs_packages

if TYPE_CHECKING:
    from voicecare.qa.store.calls import CallQuery
    from voicecare.qa.store.records import Call
    from voicecare.qa.store.store import Opened, Store

TABLES = ("csv", "parquet")


def export(
    place: Annotated[Path, typer.Argument(metavar="PLACE", help="A file for a table, else a folder that exists.")],
    form: Annotated[
        str, typer.Option("--as", metavar="FORMAT", help="csv or parquet: a table; or any wrong name lists the others.")
    ] = "csv",
    store: StoreOption = None,
    search: Annotated[str | None, typer.Option(metavar="WORDS", help="Calls in which these were said.")] = None,
    agent: Annotated[str | None, typer.Option(metavar="NAME", help="Calls of this agent.")] = None,
    queue: Annotated[str | None, typer.Option(metavar="NAME", help="Calls of this queue.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Calls from this day on: 2026-11-27.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Calls to this day, itself included.")] = None,
    basis: Annotated[
        str | None, typer.Option(metavar="NAME", help="The lawful basis a vCon states, e.g. consent.")
    ] = None,
    cue_language: LanguageOption = "en",
) -> None:
    """Save calls of a store for other tools; erasing a call removes what was saved of it, too."""
    with needs_packages():
        from voicecare.qa.exports.formats import FORMATS
        from voicecare.qa.store.calls import CallQuery
        from voicecare.qa.store.store import Store

    chosen = one_of((*TABLES, *FORMATS), form, "--as")
    begins, ends = _day(since, "--since"), _day(until, "--until")
    query = CallQuery(
        search=search,
        agent=agent,
        queue=queue,
        since=begins,
        before=None if ends is None else ends + timedelta(days=1),
        status=None if chosen in TABLES else "done",
    )
    with Store.open(store or str(default_file()), create=False) as opened:
        if chosen in TABLES:
            _table(opened, query, place, chosen)
        else:
            raise typer.Exit(_files(opened, query, place, chosen, basis, Catalogue.load(cue_language)))


def _table(store: Store, query: CallQuery, place: Path, form: str) -> None:
    from voicecare.qa.exports.tables import csv_text, parquet, row_of

    saving.check(place, ())
    with store.read() as to:
        calls = list(_calls(to, query))
        rows = [row_of(to, call) for call in calls]
    _known(store, place, form, calls)
    content = csv_text(rows).encode() if form == "csv" else parquet(rows)
    saving.write_whole(place, content)
    sys.stdout.write(f"{place}: calls written: {len(calls):,}\n")


def _files(store: Store, query: CallQuery, place: Path, form: str, basis: str | None, catalogue: Catalogue) -> int:
    """Write a file a call; return 0, or 1 where some could not be."""
    from voicecare.qa.cases import Cases
    from voicecare.qa.exports.formats import formats
    from voicecare.qa.exports.vcon import BASES
    from voicecare.qa.sound import Sounds

    if not place.is_dir():
        raise UsageError(f"{place} must be a folder that exists; one file a call is written into it")
    stated = None if basis is None else one_of(BASES, basis, "--basis")
    write = formats(catalogue, Sounds(), stated)[form].write
    cases, written, code = Cases(), 0, 0
    with store.read() as to:
        calls = list(_calls(to, query))
    for call in calls:
        path = place / f"call-{call.id}.{form}"
        try:
            with store.read() as to:
                case = cases.of(to, call)
            if case is None:
                raise InputError(f"{call.call_id}: its session is not kept any more; hear the call again")
            saving.check(path, ())
            text = write(case)
            _known(store, path, form, [call])
            saving.write_whole(path, text.encode())
        except (InputError, OutputError) as error:
            complain(str(error))
            code = 1
        else:
            written += 1
    sys.stdout.write(f"{place}: calls written: {written:,} of {len(calls):,}\n")
    return code


def _known(store: Store, path: Path, form: str, calls: list[Call]) -> None:
    """Let the store know of a file before it is written, so that erasing finds it."""
    with store.write() as to:
        to.exports.add(path, form.replace(".", "-"), [call.id for call in calls], made_by=getpass.getuser())


def _calls(to: Opened, query: CallQuery) -> Iterator[Call]:
    after: str | None = None
    while True:
        page = to.calls.page(query, limit=500, after=after)
        yield from (row.call for row in page.rows)
        after = page.after
        if after is None:
            return


def _day(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{option} {text}: must be a day, such as 2026-11-27") from None
