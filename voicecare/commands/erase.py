"""`voicecare erase`: a call that was kept is removed."""

from __future__ import annotations

from typing import Annotated

import typer

from voicecare.commands.options import FolderOption
from voicecare.live.keeping import default_folder
from voicecare.live.keeping import erase as erase_call


def erase(
    call: Annotated[str, typer.Argument(metavar="CALL", help="The call's name: when it began.")],
    folder: FolderOption = None,
) -> None:
    """Erase everything that was kept of a live call."""
    for gone in erase_call(folder or default_folder(), call):
        typer.echo(f"erased {gone}")
