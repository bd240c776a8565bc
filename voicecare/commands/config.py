"""`voicecare config`: every setting with its value, or a check of a settings file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from voicecare.config import Config
from voicecare.config.settings import load, to_toml


def config(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A settings file to check.")] = None,
) -> None:
    """Print every setting with its value, as a settings file; or check one."""
    typer.echo(to_toml(Config() if file is None else load(file)), nl=False)
