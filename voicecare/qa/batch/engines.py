"""What hears the calls of a night: some workers, each with one call at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from voicecare.qa.batch.hearing import Job, Outcome

Loss: TypeAlias = Literal["worker", "engine"]
"""Why a job ended without an outcome: its worker died while it heard it, or all workers are out of reach."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that is over: with its outcome, or lost. why: what is known of the loss, in a few words."""

    job: Job
    outcome: Outcome | None
    loss: Loss | None = None
    why: str = ""


class Engine(Protocol):
    """Some workers. A call that kills its worker is lost alone: no other is begun on that worker beside it."""

    @property
    def free(self) -> int:
        """How many jobs can be begun now."""
        ...

    @property
    def workers(self) -> int:
        """How many workers there are."""
        ...

    def begin(self, job: Job) -> str:
        """Begin a job on a free worker; return the worker's name."""
        ...

    def ended(self) -> list[Ended]:
        """Wait, for a second at most, and return the jobs that are over."""
        ...

    def close(self) -> None:
        """Let all workers go, also those that hear a call."""
        ...
