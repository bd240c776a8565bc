"""The recogniser's models on this machine: what `voicecare models` lists, fetches, checks and finds."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from voicecare.backends.whisper_models import REPOSITORIES, LocalModel, available, locate, verify
from voicecare.errors import VoicecareError
from voicecare.terminal import legible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

Say = Callable[[str], None]


def list_models(say: Say) -> int:
    """Say which models are here, smallest first, and which can be fetched by name."""
    here = available()
    for model in here:
        hears = "English" if model.english_only else "many languages"
        say(f"{model.name:10} {_megabytes(model):>7}  {model.origin:10} {hears}")
    absent = [name for name in REPOSITORIES if name not in {model.name for model in here}]
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


def verify_models(name: str, say: Say) -> int:
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
