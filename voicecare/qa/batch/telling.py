"""What a night says of itself: while it goes on in one line, in the end what failed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from voicecare.catalogue.catalogue import Catalogue
from voicecare.catalogue.terminal import one_line
from voicecare.qa.batch.found import Remark
from voicecare.qa.batch.night import Failure, Tally
from voicecare.qa.batch.progress import line
from voicecare.qa.store.erasing import Erased

MOST_LISTED = 100
"""Failures that are listed one by one; the store knows all."""
MOST_ALIKE = 10
"""Remarks of one kind that are listed."""
TOLD_EVERY_S = 30.0
"""Where there is no terminal, so often a line is printed."""


class Line:
    """One line that is written over on a terminal, and printed now and then elsewhere; use as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, transient=True, refresh_per_second=4) if console.is_terminal else None
        self._told_s = time.monotonic()

    def show(self, text: str) -> None:
        """Show it."""
        if self._live is not None:
            self._live.update(Text(text))
        elif time.monotonic() - self._told_s >= TOLD_EVERY_S:
            self._told_s = time.monotonic()
            self._console.print(text, soft_wrap=True)

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()


class Telling:
    """Words a night for a console."""

    def __init__(self, catalogue: Catalogue, console: Console) -> None:
        self._catalogue = catalogue
        self._console = console
        self._began_s = time.monotonic()

    def line(self) -> Line:
        """A line for what goes on."""
        return Line(self._console)

    def looked(self, count: int, calls: int) -> str:
        """How many recordings were looked at."""
        return self._catalogue.say("batch", "looked", count=f"{count:,}", calls=f"{calls:,}")

    def begin(self) -> None:
        """From now on calls are heard."""
        self._began_s = time.monotonic()

    def so_far(self, tally: Tally) -> str:
        """How far it is."""
        return line(tally, time.monotonic() - self._began_s, self._catalogue)

    def remarks(self, remarks: Sequence[Remark]) -> None:
        """Say what was not understood; of one kind the first few."""
        seen: Counter[str] = Counter()
        for remark in remarks:
            seen[remark.code] += 1
            if seen[remark.code] <= MOST_ALIKE:
                self._say(remark.code, **remark.fields)
        more = sum(count - MOST_ALIKE for count in seen.values() if count > MOST_ALIKE)
        if more:
            self._say("more_remarks", count=more)

    def swept(self, erased: Erased) -> None:
        """Say what was older than it may be."""
        if erased.calls or erased.files:
            self._say("swept", count=erased.calls, files=len(erased.files))
        for left in erased.left:
            self._say("not_swept", text=left)

    def before(self, tally: Tally) -> None:
        """Say what is there already."""
        for code, count in (("before", tally.before), ("twice", tally.twice), ("erased", tally.erased)):
            if count:
                self._say(code, count=count)

    def over(self, tally: Tally, store: str) -> None:
        """Say how it ended."""
        self._list("cut_list", tally.cut)
        self._list("failed_list", tally.failed)
        self._say("over", count=tally.done, before=tally.before, failed=len(tally.failed), store=store)

    def _list(self, code: str, failures: Sequence[Failure]) -> None:
        if failures:
            self._say(code, count=len(failures))
        for one in failures[:MOST_LISTED]:
            self._print(f"  {one_line(one.call)}: {one_line(one.reason)}")
        if len(failures) > MOST_LISTED:
            self._print(f"  {self._catalogue.say('join', 'more', count=len(failures) - MOST_LISTED)}")

    def _say(self, code: str, **fields: str | int) -> None:
        self._print(one_line(self._catalogue.say("batch", code, **fields)))

    def _print(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)
