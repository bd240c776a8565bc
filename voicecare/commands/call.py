"""`voicecare call`: steer a running `voicecare live` from another terminal, a desktop shortcut or another program."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from voicecare.commands.options import one_of

ACTIONS = (
    "new",
    "end",
    "hold",
    "resume",
    "objects",
    "erase",
    "pause",
    "go-on",
    "snooze",
    "cues-on",
    "status",
    "show",
    "quit",
)


def call(
    action: Annotated[str, typer.Argument(metavar="ACTION", help=f"One of {', '.join(ACTIONS)}.")],
    json_: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Tell a running `voicecare live` that a call begins, ends, is held, or that the caller objects."""
    from voicecare.live.control import ask, default_path

    told = ask(one_of(ACTIONS, action, "ACTION"), default_path())
    told.pop("ok")
    if json_:
        typer.echo(json.dumps(told))
    elif told:
        typer.echo("\n".join(f"{name}: {value}" for name, value in told.items()))
