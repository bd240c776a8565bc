"""What can go wrong, as a tree.

VoicecareError                the base: one line a user can act on
├── UsageError                an option or a setting is wrong                   exit code 2
├── InputError                a recording, session or device cannot be used     exit code 2
├── OutputError               a result cannot be written                        exit code 2
├── StageError                a stage failed while a call was being heard       exit code 1
└── StoppedError              the user ended it before it was done              exit code 1
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self


class VoicecareError(Exception):
    """The base of all errors raised on purpose; its text names the value, what is allowed and the next step."""

    exit_code = 2


class UsageError(VoicecareError):
    """An option or a setting has a value that is not allowed."""


class InputError(VoicecareError):
    """A recording, a session or a device cannot be used."""


class OutputError(VoicecareError):
    """A result cannot be written where it should go."""


class StageError(VoicecareError):
    """A stage failed in the middle of a call; what was heard before it still counts.

    note: what a record says of it: which part and the kind of the error. Never the error's own text, which may quote
    what was said.
    """

    exit_code = 1

    def __init__(self, text: str, note: str = "stage_failed") -> None:
        super().__init__(text)
        self.note = note

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """Name the part of voicecare that raised `error`, and the error."""
        part, kind = _part(error), type(error).__name__
        said = f"{kind}: {error}" if str(error) else kind
        return cls(f"{part} failed ({said}); what was heard until then still counts", f"{part}: {kind}")


class StoppedError(VoicecareError):
    """The user ended it before it was done; the text says what became of the results."""

    exit_code = 1


@contextmanager
def failure_boundary() -> Iterator[None]:
    """The one place where an error of any kind is caught: whatever a stage raises becomes a `StageError`.

    What voicecare raises on purpose passes as it is. Used by the engine, around everything that hears a call, and where
    its stages are built.

    Raises:
        StageError: something else was raised; it is the cause.
    """
    try:
        yield
    except VoicecareError:
        raise
    except Exception as error:
        raise StageError.of(error) from error


def _part(error: BaseException) -> str:
    """The innermost module of voicecare that an error passed through."""
    passed = [str(frame.f_globals.get("__name__", "")) for frame, _ in traceback.walk_tb(error.__traceback__)]
    inside = [name.removeprefix("voicecare.") for name in passed if name.startswith("voicecare.")]
    return next((name for name in reversed(inside) if name != __name__.removeprefix("voicecare.")), "a stage")
