"""The command line: joins, and turns every user's mistake into one line and exit code 2."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Annotated, Any

import typer
import typer.core
import typer.main

from voicecare import __version__
from voicecare.audio.devices.answering import is_left_behind
from voicecare.catalogue.terminal import complain
from voicecare.errors import VoicecareError

COMMANDS = {
    "demo": "Replay the call that ships (synthetic) and write its page.",
    "replay": "Replay recorded calls: their events, the cues an agent would have seen, and a page.",
    "batch": "Hear a folder of recorded calls into a store, as often as it takes; nothing is done twice.",
    "live": "Hear a call as it happens and show the cue (needs the extra `live`).",
    "call": "Tell a running `voicecare live` that a call begins, ends, is held, or that the caller objects.",
    "practice": "Practise a call with a made-up caller, or with a recorded one; nothing is kept unless you ask.",
    "breathe": "Pace your breath for a few minutes between calls; any key ends it, and nothing is kept.",
    "why": "Say why voicecare asks what it asks, and what helps besides.",
    "devices": "List what can be heard, say which two devices a live call would use and why, and how loud both are.",
    "doctor": "Look at everything a live call needs, a line each, with what to do about it.",
    "erase": "Erase everything that was kept of calls, live or recorded.",
    "report": "Write the faces of recorded sessions, live or replayed; compare them with corrections.",
    "explain": "Say why something was or was not raised around one moment of a session.",
    "care": "Your own diary: show it, export it, erase it; switch parts of care on and off.",
    "day": "Open your day as a page: good things first, then at most one thing to try tomorrow. Only you have it.",
    "qa": "Find, hear, review, correct and score the calls of a store, in a browser on this machine.",
    "export": "Save calls of a store for other tools; erasing a call removes what was saved of it, too.",
    "config": "Print every setting with its value, as a settings file; or check one.",
    "privacy": "Say what is computed, what is kept, and what is never done.",
    "models": "Show the recogniser's models on this machine; fetch, check and find them.",
}
"""Each command, and what it says of itself. It is the function or group of that name in the module of that name."""


class OnDemand(typer.core.TyperGroup):
    """The commands of `COMMANDS`, each imported when it is used: help and a small command load nothing else."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - typer keeps its context's class private
        """Name the commands in the order in which help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - as list_commands
        """Find a command; where there is none, have them all at hand so that the nearest can be named."""
        for name in [cmd_name] if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.add_command(_command(name), name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - as list_commands
        """Write what each command says of itself."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    cls=OnDemand, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True
)
# ClickException, which typer keeps under a private name.
_CommandError: type[Exception] = typer.BadParameter.__mro__[2]


def main() -> None:
    """Run the command line; the process ends with 0 done, 1 some calls failed, 2 usage or input."""
    if sys.stdout is None or sys.stderr is None:  # a program without a terminal, as Windows starts one at login
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no "▁" shows "?" and the command goes on
    code = run(sys.argv[1:])
    if is_left_behind():
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)  # a minute later PortAudio would still wait for a server that stands still
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing a user can cause prints a traceback."""
    try:
        code = app(arguments, standalone_mode=False)
    except VoicecareError as error:
        return _say(str(error), error.exit_code)
    except _CommandError as error:
        # A missing option has no message of its own; only its own `format_message` names it.
        said = _CommandError.format_message(error) or error.format_message()  # type: ignore[attr-defined]
        return _say(said, 2)
    except (typer.Abort, KeyboardInterrupt):  # typer turns a Ctrl-C into the former
        return _say("stopped; a result is written whole or not at all", 1)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return code if isinstance(code, int) else 0


def _say(text: str, code: int) -> int:
    complain(text)
    return code


def _command(name: str) -> Any:  # noqa: ANN401 - as OnDemand.list_commands
    found = getattr(import_module(f"voicecare.commands.{name}"), name)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(found)
    return typer.main.get_command(alone)


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """A kind colleague on the line: notices talk-over and the caller's strain, on this machine only."""
    if version:
        typer.echo(f"voicecare {__version__}")
        raise typer.Exit
