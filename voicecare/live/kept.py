"""What stays of the calls of a day: a record opened for each, what became of them, and what the agent wants gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voicecare.errors import OutputError
from voicecare.live.keeping import Keep, Swept, open_folder, places
from voicecare.live.record import Places, Records
from voicecare.session import Header


@dataclass(frozen=True, slots=True)
class CallHeard:
    """One call of the day: when it began, by the clock on the wall, how long it was, how many cues were shown."""

    began: datetime
    length_s: float
    cues: int


class Kept:
    """Keeps the calls of one run, one after the other.

    folder, keep, days: where how much of each call stays, and for how long. session: where the events go besides; those
    of a second call go to a file beside it. told: called for each thing that could not be kept or erased.
    """

    def __init__(
        self, folder: Path | None, keep: Keep, days: float, session: Path | None, told: Callable[[], None]
    ) -> None:
        self._folder, self._keep, self._days, self._session = folder, keep, days, session
        self._told = told
        self._number = 0
        self._last: Sequence[Places] = ()
        self.calls: list[Places] = []
        """Where what was kept went, call by call."""
        self.failures: list[str] = []
        """Why something that was to be kept was not, a line each."""
        self.erased = 0
        """How many records are gone because the agent wanted it."""
        self.swept = Swept()

    def open(self) -> None:
        """Make the folder and remove what is older than it may be.

        Raises:
            OutputError: it cannot be made, or an old call cannot be removed.
        """
        if self._folder is not None:
            self.swept = open_folder(self._folder, self._days)

    def records(self, header: Header) -> Records:
        """Open the records of the next call.

        Raises:
            OutputError: it is the first, and something of it cannot be kept; of a later one that is told.
        """
        self._number += 1
        wanted: list[Places] = []
        try:
            if self._folder is not None:
                wanted.append(places(self._folder, self._keep))
        except OutputError as error:
            self.fail(error)
        if self._session is not None:
            path = self._session
            wanted.append(Places(events=path if self._number == 1 else path.with_stem(f"{path.stem}-{self._number}")))
        records = Records(wanted, header, self.fail)
        if self._number == 1 and self.failures:
            records.end(0, complete=False)
            raise OutputError(self.failures.pop(0))
        self.calls += wanted
        self._last = wanted
        return records

    def erase_last(self) -> None:
        """Remove all that was kept of the call whose records were opened last; its records must have ended."""
        for place in self._last:
            for path in (place.events, place.sound, place.counts):
                try:
                    if path is not None:
                        path.unlink(missing_ok=True)
                except OSError as error:
                    self.fail(OutputError(f"cannot erase {path}: {error.strerror}; check whose file it is"))
            self.calls.remove(place)
            self.erased += 1
        self._last = ()

    def fail(self, error: OutputError) -> None:
        """Something cannot be kept: the call goes on."""
        self.failures.append(str(error))
        self._told()
