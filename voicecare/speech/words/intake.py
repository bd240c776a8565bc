"""What happens to every hearing before anybody else has it: only words agreed on while talk goes on, and redaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from voicecare.speech.redaction.redaction import Redactor, without_digits
from voicecare.speech.words.agreement import Agreement
from voicecare.timebase import Samples
from voicecare.types import Heard


class Intake:
    """Stands between a recogniser and the call; a lane has one for each call, so raw words end here.

    redactor: takes out what must not be kept; None where a user has switched redaction off.
    """

    def __init__(self, redactor: Redactor | None) -> None:
        self._agreement = Agreement()
        self._redactor = redactor

    def take(self, done: Iterable[Heard], now: Samples) -> list[Heard]:
        """Return what can be delivered at audio time `now`, of what is done and of what was held back before."""
        told: list[Heard] = []
        for heard in done:
            agreed = self._agreement.push(replace(heard, arrived=now))
            told += [agreed] if self._redactor is None else self._redactor.push(agreed)
        if self._redactor is not None:
            told = [without_digits(heard) for heard in (*told, *self._redactor.due(now))]
        return [heard for heard in told if heard.final or heard.words or heard.voice is not None]

    def finish(self, done: Iterable[Heard], now: Samples) -> list[Heard]:
        """Return everything that is left: the call is over."""
        told = self.take(done, now)
        if self._redactor is None:
            return told
        return [*told, *(without_digits(heard) for heard in self._redactor.finish(now))]
