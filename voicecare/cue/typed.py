"""What the agent types into the terminal voicecare was started in: the tray's menu where there is no tray."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from voicecare.cue.viewmodel import ViewModel

SNOOZE_MINUTES = 15


class TypedWishes:
    """Heeds a letter and Enter, whatever face the call is shown on.

    on_new_call, on_quit: called in the thread that reads.
    """

    def __init__(self, model: ViewModel, *, on_new_call: Callable[[], None], on_quit: Callable[[], None]) -> None:
        self._model = model
        self._on_new_call = on_new_call
        self._acts: dict[str, tuple[str, Callable[[], None]]] = {
            "p": ("pause", self._pause),
            "s": ("snooze", self._snooze),
            "o": ("caller_objects_action", self._object),
            "n": ("new_call", self._begin_anew),
            "q": ("quit", on_quit),
        }

    @property
    def letters(self) -> str:
        """What can be typed, in one line."""
        say = self._model.catalogue.say
        acts = (f"{letter} {say('live', code, count=SNOOZE_MINUTES)}" for letter, (code, _) in self._acts.items())
        return f"{say('live', 'type')}: {' · '.join(acts)}"

    def heed(self, line: str) -> None:
        """Do what a line asks for; one that asks for nothing known is let go."""
        _, act = self._acts.get(line.strip().lower(), ("", None))
        if act is not None:
            act()

    def listen(self, terminal: int) -> None:
        """Heed the lines of a file descriptor, in a thread of its own, until it has no more.

        Not `sys.stdin`: a thread that waits in it keeps the interpreter from ending.
        """
        threading.Thread(target=self._read, args=(terminal,), name="typed", daemon=True).start()

    def _read(self, terminal: int) -> None:
        while True:
            try:
                typed = os.read(terminal, 1024)
            except OSError:  # the terminal is gone, or this process is not in its foreground
                return
            if not typed:
                return
            for line in typed.decode(errors="replace").splitlines():
                self.heed(line)

    def _pause(self) -> None:
        self._model.wishes.paused = not self._model.wishes.paused

    def _snooze(self) -> None:
        self._model.wishes.snoozed_until_s = time.perf_counter() + 60 * SNOOZE_MINUTES

    def _object(self) -> None:
        self._model.wishes.objected = True

    def _begin_anew(self) -> None:
        self._on_new_call()
        self._model.wishes.objected = False
