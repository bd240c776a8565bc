"""Writes docs/cli.md: the help of every command, as the command line itself gives it.

python scripts/make/cli.py
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from voicecare.commands.cli import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
WIDTH = 100


def main() -> None:
    """Write the page of every command."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page, as Markdown."""
    sections = "\n".join(f"## {name}\n\n```text\n{text}\n```\n" for name, text in helps())
    return (
        "# Command line\n\nThe help of every command, made by `scripts/make/cli.py`. Exit codes: 0 done; 1 some calls "
        f"failed or were cut\nshort, or a live call lacks something; 2 usage or input.\n\n{sections}"
    )


def helps() -> Iterator[tuple[str, str]]:
    """Each command's full name and its help, the whole first."""
    yield from _of(typer.main.get_command(app), "voicecare", None)


def _of(  # typer keeps the classes of its commands private
    command: Any,  # noqa: ANN401
    name: str,
    parent: Any,  # noqa: ANN401
) -> Iterator[tuple[str, str]]:
    context = command.context_class(command, info_name=name.rsplit(maxsplit=1)[-1], parent=parent)
    context.terminal_width = context.max_content_width = WIDTH
    lines = (line.rstrip() for line in command.get_help(context).strip().splitlines())
    yield name, "\n".join(lines)
    names = command.list_commands(context) if hasattr(command, "list_commands") else []  # each is loaded on demand
    for inner in names:
        yield from _of(command.get_command(context, inner), f"{name} {inner}", context)


if __name__ == "__main__":
    main()
