"""How long a worker waits for a call to go on: a library that never comes back from a file takes its worker with it.

The watch is `faulthandler`'s, a thread of C: it ends a process also while a library holds the interpreter. It asks for
progress, not for a length, because files that were never closed say a wrong one, or none.
"""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicecare.timebase import Samples, samples

STANDS_S = 300.0
"""A file is opened, and a stretch of it heard, within this; the largest file on a slow share takes seconds."""
STRETCH = samples(60.0)
"""So much more of the call is progress: a worker hears it in some six seconds, with words."""


class Patience:
    """Ends this process when nothing has moved for `STANDS_S`."""

    def __init__(self) -> None:
        self._nowhere = Path(os.devnull).open("w")  # noqa: SIM115 - the watch writes to it until it is called off
        self._heard: Samples = 0
        self._wait()

    def hears(self, now: Samples) -> None:
        """The call has been heard to `now`."""
        if now - self._heard >= STRETCH:
            self._heard = now
            self._wait()

    def over(self) -> None:
        """Nothing is waited for any more."""
        faulthandler.cancel_dump_traceback_later()
        self._nowhere.close()

    def _wait(self) -> None:
        faulthandler.dump_traceback_later(STANDS_S, exit=True, file=self._nowhere)


@contextmanager
def patience() -> Iterator[Patience]:
    """Watch over one call."""
    watch = Patience()
    try:
        yield watch
    finally:
        watch.over()
