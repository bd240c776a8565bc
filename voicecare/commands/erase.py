"""`voicecare erase`: calls are removed from wherever they are kept, by name, by caller, or by age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from voicecare.catalogue.terminal import complain, one_line
from voicecare.commands.options import FolderOption, StoreOption
from voicecare.errors import InputError, UsageError
from voicecare.live import keeping
from voicecare.qa.place import default_file, needs_packages


def erase(
    call: Annotated[
        str | None, typer.Argument(metavar="CALL", help="The call's name: when it began, or its id in the store.")
    ] = None,
    folder: FolderOption = None,
    store: StoreOption = None,
    caller: Annotated[
        str | None, typer.Option(metavar="REFERENCE", help="Erase every call of this caller from the store.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND=DAYS",
            help="Keep calls, recordings, sessions, notes or exports so long; what is older goes now and with every "
            "batch. KIND=ever keeps them; may be given again.",
        ),
    ] = None,
    keep_recording: Annotated[  # noqa: FBT002 - a flag
        bool, typer.Option("--keep-recording", help="Leave the recording itself where it is.")
    ] = False,
) -> None:
    """Erase everything that was kept of calls, live or recorded."""
    if sum((call is not None, caller is not None, bool(keep))) != 1:
        raise UsageError("say what to erase: a CALL, --caller REFERENCE, or what is older with --keep KIND=DAYS")
    live = folder or keeping.default_folder()
    gone = 0
    if call is not None and call in keeping.names(live):
        gone += _say(map(str, keeping.erase(live, call)))
        if store is None and not default_file().exists():
            return
    elif call is not None and store is None and not default_file().exists():
        keeping.erase(live, call)  # says that it is not there, and which are
    gone += _from_store(store, call, caller, keep or [], recordings=not keep_recording)
    if not gone:
        raise InputError(f"there is no call {call or caller!r}, neither in {live} nor in the store")


def _from_store(
    given: str | None, call: str | None, caller: str | None, keep: Sequence[str], *, recordings: bool
) -> int:
    with needs_packages():
        from voicecare.qa.store.store import Store

    with Store.open(given or str(default_file()), create=False) as store:
        if keep:
            with store.write() as to:
                for rule in keep:
                    to.retention.keep(*_rule(rule))
            erased = store.sweep()
        else:
            with store.read() as to:
                found = to.calls.named(call) if call is not None else to.calls.of_caller(caller or "")
            if call is not None and len(found) > 1:
                several = ", ".join(f"#{one.id} ({one.sort_at:%Y-%m-%d})" for one in found[:5])
                raise InputError(f"{len(found)} calls are called {call!r}; say which: {several}")
            erased = store.erase(found, recordings=recordings)
    said = _say(erased.files)
    for left in erased.left:
        complain(f"not removed: {left}")
    if erased.calls or keep:
        typer.echo(f"erased {erased.calls} calls from the store")
    return said + erased.calls + bool(keep)


def _rule(said: str) -> tuple[str, float | None]:
    kind, _, days = said.partition("=")
    try:
        return kind, None if days == "ever" else float(days)
    except ValueError as error:
        raise UsageError(f"--keep {said}: give KIND=DAYS, as in recordings=90, or KIND=ever") from error


def _say(files: Sequence[str] | map[str]) -> int:
    count = 0
    for count, file in enumerate(files, 1):  # noqa: B007 - counted
        typer.echo(f"erased {one_line(file)}")
    return count
