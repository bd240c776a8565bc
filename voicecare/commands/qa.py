"""`voicecare qa`: the store of calls as a place to work, in a browser on this machine."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from voicecare.catalogue.catalogue import Catalogue
from voicecare.catalogue.terminal import one_line
from voicecare.commands.explain import worded
from voicecare.commands.options import LanguageOption, StoreOption
from voicecare.errors import UsageError
from voicecare.explain.account import account
from voicecare.qa.place import default_file, needs_packages
from voicecare.session import Session
from voicecare.timebase import Samples

if TYPE_CHECKING:
    from voicecare.qa.web.access import Person

MOST_NAME = 60


def qa(
    store: StoreOption = None,
    reviewer: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Who may say things; may be given again. Else you.")
    ] = None,
    reader: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Who looks on and changes nothing; may be given again.")
    ] = None,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 is a free one.")] = 0,
    cue_language: LanguageOption = "en",
) -> None:
    """Find, hear, review, correct and score the calls of a store, in a browser on this machine."""
    with needs_packages():
        from voicecare.qa.store.store import Store
        from voicecare.qa.web.serving import serve

        if find_spec("python_multipart") is None:  # FastAPI looks for it when a page first sends a form
            raise ModuleNotFoundError("No module named 'python_multipart'", name="python_multipart")
    catalogue = Catalogue.load(cue_language)
    people = _people(reviewer or [], reader or [])
    with Store.open(store or str(default_file()), create=False) as opened:
        serve(opened, catalogue, lambda session, at: explained(session, at, catalogue), people, port, _say)


def explained(session: Session, at: Samples, catalogue: Catalogue) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Why something was or was not raised at a moment: headings with their lines, and which belong under another."""
    return [
        (
            catalogue.say("explain", f"about_{section.about}"),
            [(worded(line, catalogue), line.under) for line in section.lines],
        )
        for section in account(session, at)
    ]


def _people(reviewers: Sequence[str], readers: Sequence[str]) -> list[Person]:
    from voicecare.qa.web.access import Person

    names = [*reviewers, *readers] or [getpass.getuser()]
    for name in names:
        if not 0 < len(name.strip()) <= MOST_NAME:
            raise UsageError(f"{name!r:.80}: a name has 1 to {MOST_NAME} characters")
    if len(set(names)) < len(names):
        raise UsageError(f"{max(names, key=names.count)}: named twice; each person has a name of their own")
    return [Person(name.strip(), "reader" if name in readers else "reviewer") for name in names]


def _say(links: Sequence[tuple[Person, str]]) -> None:
    for person, link in links:
        sys.stdout.write(f"{one_line(person.name)} ({person.role}): {link}\n")
    sys.stdout.write("Each link works once, on this machine. Stop with Ctrl-C.\n")
    sys.stdout.flush()
