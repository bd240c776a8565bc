"""Care's part of the tray: a hard one, my day, why, and off in one click; whoever owns the tray adds it there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from voicecare.care.switches import HOW_LONG, HowLong
from voicecare.care.wording import Texts


@dataclass(frozen=True, slots=True)
class CareActions:
    """What the menu can ask for; `off` for how long, `on` takes it back."""

    hard_one: Callable[[], None]
    day: Callable[[], None]
    week: Callable[[], None]
    why: Callable[[], None]
    off: Callable[[HowLong], None]
    on: Callable[[], None]


class CareMenu(QMenu):
    """One submenu; every wish is one click in it, so two from the tray."""

    def __init__(self, texts: Texts, actions: CareActions) -> None:
        super().__init__(texts.say("menu", "title"))
        self._texts = texts
        self._add("hard_one", actions.hard_one)
        self.addSeparator()
        self._add("day", actions.day)
        self._add("week", actions.week)
        self._add("why", actions.why)
        self.addSeparator()
        self._off = [self._add(f"off_{span}", partial(actions.off, span)) for span in HOW_LONG]
        self._on = self._add("on", actions.on)
        self.show_state(is_on=True)

    def show_state(self, *, is_on: bool) -> None:
        """Offer only what changes something."""
        for action in self._off:
            action.setVisible(is_on)
        self._on.setVisible(not is_on)

    def _add(self, code: str, act: Callable[[], None]) -> QAction:
        action = QAction(self._texts.say("menu", code), self)
        action.setObjectName(code)
        action.triggered.connect(lambda _checked=False: act())
        self.addAction(action)
        return action
