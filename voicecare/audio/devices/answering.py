"""Asks a sound system that may never answer: a server that hangs must not hang who asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

from voicecare.errors import InputError, VoicecareError, failure_boundary

T = TypeVar("T")
_NAME = "asks-sound"


def answered(ask: Callable[[], T], within_s: float, what: str) -> T:
    """Return what `ask` returns, or raise what it raises, within so many seconds.

    It is asked in a thread of its own, which is left behind where it hangs and does not keep the process from ending.
    what: who is asked, to be named.

    Raises:
        InputError: no answer came in time.
    """
    answer: SimpleQueue[tuple[T] | VoicecareError] = SimpleQueue()

    def work() -> None:
        try:
            with failure_boundary():
                answer.put((ask(),))
        except VoicecareError as error:
            answer.put(error)

    threading.Thread(target=work, name=_NAME, daemon=True).start()
    try:
        said = answer.get(timeout=within_s)
    except Empty:
        raise InputError(f"{what} does not answer within {within_s:g} s; restart it, or the computer") from None
    if isinstance(said, VoicecareError):
        raise said
    return said[0]


def is_left_behind() -> bool:
    """Whether somebody who was asked has not answered yet: then a sound library may keep the process from ending."""
    return any(thread.name == _NAME for thread in threading.enumerate())
