"""What the agent types into the terminal voicecare was started in: the tray's menu where there is no tray."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from voicecare.cue.acts import LETTERS, SNOOZE_MINUTES, Acts
from voicecare.cue.viewmodel import ViewModel


class TypedWishes:
    """Heeds a letter and Enter, whatever face the call is shown on.

    on_new_call, on_quit: called in the thread that reads. acts: what the menu does, too, where there is one.
    """

    def __init__(
        self,
        model: ViewModel,
        *,
        on_new_call: Callable[[], None],
        on_quit: Callable[[], None],
        acts: Acts | None = None,
    ) -> None:
        self._model = model
        acts = acts or Acts(model.wishes, on_new_call=on_new_call, on_quit=on_quit, last_cue=lambda: model.last_cue)
        known: dict[str, Callable[[], None]] = {
            "pause": acts.pause,
            "snooze": acts.snooze,
            "cues_on": acts.cues_on,
            "caller_objects_action": acts.objects,
            "erase": acts.erase,
            "new_call": acts.new_call,
            "helped": lambda: acts.answer("helped"),
            "not_helped": lambda: acts.answer("not_helped"),
            "quit": on_quit,
        }
        asked = acts.offered
        self._acts = {LETTERS[code]: (code, act) for code, act in known.items() if code in asked}

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
