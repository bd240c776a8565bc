"""The recogniser's models on this machine: what `voicecare models` lists, fetches, checks and finds."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self

import typer

from voicecare.backends.whisper_models import BUILT_IN, LocalModel, available, locate, verify
from voicecare.backends.whisper_published import PUBLISHED
from voicecare.catalogue.terminal import legible
from voicecare.errors import VoicecareError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

Say = Callable[[str], None]

models = typer.Typer(add_completion=False, rich_markup_mode=None)


@models.callback(invoke_without_command=True)
def _models(context: typer.Context) -> None:
    """Show the recogniser's models on this machine; fetch, check and find them."""
    if context.invoked_subcommand is None:
        _list()


@models.command("list")
def _list() -> None:
    """List the models that are here, and those that can be fetched."""
    raise typer.Exit(list_models(typer.echo))


@models.command("pull")
def _pull(name: Annotated[str, typer.Argument(metavar="NAME", help="As `voicecare models list` names it.")]) -> None:
    """Fetch a model; the only command that uses the network. An interrupted one resumes."""
    from rich.console import Console

    raise typer.Exit(pull_model(name, typer.echo, Console(stderr=True, highlight=False)))


@models.command("verify")
def _verify(
    name: Annotated[str | None, typer.Argument(metavar="[NAME|DIR]", help="One model; else every model here.")] = None,
) -> None:
    """Check models against their published hashes."""
    raise typer.Exit(verify_models(name, typer.echo))


@models.command("path")
def _path(
    name: Annotated[str, typer.Argument(metavar="[NAME|DIR]", help="The model; else the one that came along.")] = "",
) -> None:
    """Print the folder of a model."""
    raise typer.Exit(model_path(name or BUILT_IN, typer.echo))


def list_models(say: Say) -> int:
    """Say which models are here, smallest first, and which can be fetched by name."""
    here = available()
    for model in here:
        hears = "English" if model.english_only else "many languages"
        say(f"{model.name:10} {_megabytes(model):>7}  {model.origin:10} {hears}")
    absent = [name for name in PUBLISHED if name not in {model.name for model in here}]
    if absent:
        say(f"to fetch with `voicecare models pull NAME`: {', '.join(absent)}")
    return 0


def pull_model(name: str, say: Say, progress: Console) -> int:
    """Fetch a model by name, resuming and checking; the one command of voicecare that uses the network.

    Raises:
        UsageError: the name is not known. InputError: it does not arrive whole. OutputError: it cannot be written.
    """
    from voicecare.backends.whisper_pull import pull

    with _Bars(progress) as bars:
        model = pull(name, bars.show)
    say(f"{model.name} is here and whole ({_megabytes(model)}); use it with --model {model.name}")
    return 0


def verify_models(name: str | None, say: Say) -> int:
    """Check one model, or all, against the published hashes; return 2 where one is damaged.

    Raises:
        UsageError, InputError: the one model asked for is not here or not whole.
    """
    if name:
        model = locate(name)  # which checks it
        say(_verdict(model))
        return 0
    code = 0
    for model in available():
        try:
            say(_verdict(model))
        except VoicecareError as error:
            say(str(error))
            code = error.exit_code
    return code


def model_path(name: str, say: Say) -> int:
    """Say where a model's folder is.

    Raises:
        UsageError: the name is not known. InputError: the model is not here or damaged.
    """
    say(legible(str(locate(name).folder)))
    return 0


def _verdict(model: LocalModel) -> str:
    whole = "whole" if verify(model) else "complete; no hash of it is known, so it cannot be checked further"
    return f"{model.name}: {whole}"


def _megabytes(model: LocalModel) -> str:
    return f"{model.size_bytes / 1e6:.0f} MB"


class _Bars:
    """One progress bar a file on a terminal; elsewhere one line a file."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._tasks: dict[str, TaskID] = {}

    def show(self, file: str, here: int, total: int) -> None:
        """So many bytes of a file are here."""
        if file not in self._tasks:
            self._tasks[file] = self._progress.add_task(file)
            if not self._console.is_terminal:
                self._console.print(f"fetching {file} ({total / 1e6:.1f} MB)")
        self._progress.update(self._tasks[file], completed=here, total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
