"""What is said of a practised call: its story, the last one's beside it where that was kept, the caller's heat."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from voicecare.care.practice import scenario
from voicecare.care.practice.director import Director
from voicecare.care.practice.tries import Try
from voicecare.catalogue.catalogue import Catalogue
from voicecare.catalogue.terminal import one_line
from voicecare.session import Session
from voicecare.timebase import clock
from voicecare.types import Cue

WIDEST = 56
"""Columns of one story; two of them fit beside each other on a wide terminal."""


def choices(catalogue: Catalogue, out: Console, language: str) -> None:
    """Say which callers there are to practise with."""
    out.print(catalogue.say("practice", "choose"), soft_wrap=True)
    names = scenario.shipped(language)
    if not names:
        out.print(catalogue.say("practice", "none", language=language))
    for name in names:
        out.print(f"  {name:18} {scenario.load(name, language).title}", soft_wrap=True)
    out.print(f"  {'demo':18} {catalogue.say('practice', 'demo')}", soft_wrap=True)


def tell(one: Try, last: Try | None, catalogue: Catalogue, out: Console) -> None:
    """Tell a try, beside the last one if that was kept."""
    out.print()
    tries = [("this_try", one)] if last is None else [("this_try", one), ("last_try", last)]
    table = Table.grid(padding=(0, 3), expand=False)
    for _ in tries:
        table.add_column(max_width=WIDEST, overflow="fold")
    if last is not None:
        table.add_row(*(catalogue.say("practice", name) for name, _ in tries), style="bold")
    table.add_row(*(" ".join(one_line(catalogue.story(beat)) for beat in each.story) for _, each in tries))
    table.add_row(*(_figures(each, catalogue) for _, each in tries))
    out.print(table)


def explain(session: Session, director: Director | None, catalogue: Catalogue, out: Console) -> None:
    """Say how the caller's heat went, and where to read why a cue was shown."""
    if director is not None:
        out.print()
        for change in director.course:
            words = catalogue.say("practice", f"heat_{change.heat}")
            out.print(f"{clock(change.at):>6}  {words}: {catalogue.say('practice', f'why_{change.why}')}")
        if director.gave_up:
            out.print(catalogue.say("practice", "gave_up"))
    shown = dict.fromkeys(event.kind for event in session.events if isinstance(event, Cue) and event.shown)
    for kind in shown:
        out.print(catalogue.say("practice", "why", cue=catalogue.cue(kind), name=kind.replace("_", "-")))


def _figures(each: Try, catalogue: Catalogue) -> str:
    said = [catalogue.say("practice", "interruptions", count=each.interruptions)]
    if each.acknowledged_after_s is not None:
        said.append(catalogue.say("practice", "acknowledged", value=each.acknowledged_after_s))
    return catalogue.say("join", "comma").join(said)
