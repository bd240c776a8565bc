"""How long a worker may take over one call: a library that never comes back from a file takes its worker with it.

The watch is `faulthandler`'s, a thread of C: it ends a process also while a library holds the interpreter.
"""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OPENS_S = 300.0
"""A file is opened within this; the largest on a slow share takes seconds."""
TIMES = 10.0
"""A call is heard within this many times its length and `OPENS_S`: a worker hears one in a tenth of it."""
LONGEST_S = 6 * 3_600.0
"""A call whose file does not say how long it is; or that claims to be longer."""


class Patience:
    """Ends this process when it runs out; `hears` gives it new."""

    def __init__(self) -> None:
        self._nowhere = Path(os.devnull).open("w")  # noqa: SIM115 - the watch writes to it until it is called off

    def opens(self) -> None:
        """A file is being opened from now on."""
        self._wait(OPENS_S)

    def hears(self, length_s: float | None) -> None:
        """A call of this length is being heard from now on; None: unknown."""
        self._wait(OPENS_S + TIMES * min(LONGEST_S if length_s is None else length_s, LONGEST_S))

    def over(self) -> None:
        """Nothing is waited for any more."""
        faulthandler.cancel_dump_traceback_later()
        self._nowhere.close()

    def _wait(self, at_most_s: float) -> None:
        faulthandler.dump_traceback_later(at_most_s, exit=True, file=self._nowhere)


@contextmanager
def patience() -> Iterator[Patience]:
    """Watch over one call."""
    watch = Patience()
    try:
        watch.opens()
        yield watch
    finally:
        watch.over()
