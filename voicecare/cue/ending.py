"""Log-off, a closed terminal and Ctrl-C end a call as it ought to end: with its record."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def ended_by_signals(end: Callable[[], None]) -> Iterator[None]:
    """Let these signals do what the menu's "Quit" does; in a thread that gets none, nothing is changed."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name, None) for name in _ENDING):
            if number is not None:
                before[number] = signal.signal(number, lambda _number, _frame: end())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
