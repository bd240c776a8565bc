"""The menu: every wish of the agent, each with its key; only what can be done now is to be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.acts import LETTERS, SNOOZE_MINUTES, Acts, Offers
from voicecare.cue.palette import PaletteName
from voicecare.cue.view import View
from voicecare.cue.viewmodel import Wishes

SNOOZES_MINUTES = (5, SNOOZE_MINUTES, 60)


@dataclass(frozen=True, slots=True)
class Windows:
    """What the menu opens or changes on the screen itself."""

    move: Callable[[], None]
    palette: Callable[[PaletteName], None]
    calls_today: Callable[[], None]
    settings: Callable[[], None]
    card: Callable[[], None]
    quit: Callable[[], None]


class Menu:
    """The entries, built once; `show_view` lets them follow what can be done.

    changed: called after a wish, so that the screen follows at once.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        acts: Acts,
        wishes: Wishes,
        windows: Windows,
        offers: Offers,
        changed: Callable[[], None],
    ) -> None:
        self._catalogue, self._acts, self._wishes, self._changed = catalogue, acts, wishes, changed
        self._resting = False
        self.menu = QMenu()
        self.menu.setAccessibleName(catalogue.say("live", "menu"))
        self.menu.setToolTipsVisible(True)
        self._state = self.menu.addAction("voicecare")
        self._state.setEnabled(False)
        self.menu.addSeparator()
        self._pause = self._add("pause", acts.pause)
        for minutes in SNOOZES_MINUTES:
            self._add("snooze", partial(acts.snooze, minutes), count=minutes)
        self._cues_on = self._add("cues_on", acts.cues_on)
        self.menu.addSeparator()
        self._objects = self._add("caller_objects_action", acts.objects)
        self._erase = self._add("erase", acts.erase)
        self._add("new_call", acts.new_call)
        self.menu.addSeparator()
        self._answers = [
            self._add("helped", partial(acts.answer, "helped")),
            self._add("not_helped", partial(acts.answer, "not_helped")),
        ]
        self.menu.addSeparator()
        self._add("calls_today", windows.calls_today).setVisible(offers.calls_today is not None)
        self._add("settings", windows.settings).setVisible(offers.settings is not None)
        self._add("card", windows.card)
        self._add("move", windows.move)
        self._add("dark", partial(windows.palette, "dark"))
        self._add("light", partial(windows.palette, "light"))
        self.menu.addSeparator()
        self._add("quit", windows.quit)
        self.menu.aboutToShow.connect(self.follow)

    def show_view(self, view: View) -> None:
        """Say in the first line what the pill says."""
        self._state.setText(view.headline)
        self._resting = view.mood in ("rest", "ended")
        self.follow()

    def follow(self) -> None:
        """Show what can be done now, and call things by what they would do."""
        self._pause.setText(self._worded("pause", "resume" if self._wishes.paused else "pause"))
        self._cues_on.setVisible(self._acts.is_snoozed)
        self._objects.setVisible(not self._wishes.objected and not self._resting)
        self._erase.setVisible(self._acts.can_erase)
        for answer in self._answers:
            answer.setVisible(self._acts.can_answer)

    def add(self, menu: QMenu) -> None:
        """Put somebody else's part of the menu before the end."""
        self.menu.insertMenu(self.menu.actions()[-2], menu)

    def entries(self) -> list[tuple[str, QAction]]:
        """What can be chosen now, in order, each with its words; those of a part begin with the part's name."""
        self.follow()
        return list(_choices(self.menu))

    def _add(self, code: str, act: Callable[[], None], count: int = 0) -> QAction:
        action = QAction(self.menu)
        action.setText(self._worded(code, code, count))
        action.setObjectName(f"{code}{count or ''}")

        def chosen() -> None:
            act()
            self._changed()

        action.triggered.connect(lambda _checked=False: chosen())
        self.menu.addAction(action)
        return action

    def _worded(self, code: str, said: str, count: int = 0) -> str:
        """The words with the key behind them, which works in every script: "Pause (P)"."""
        words = self._catalogue.say("live", said, count=count)
        letter = LETTERS.get(code) if code != "snooze" or count == SNOOZE_MINUTES else None
        return f"{words} (&{letter.upper()})" if letter else words


def _choices(menu: QMenu) -> Iterator[tuple[str, QAction]]:
    title = menu.title()
    for action in menu.actions():
        part = action.menu()
        if isinstance(part, QMenu):
            yield from _choices(part)
        elif action.isVisible() and action.isEnabled() and not action.isSeparator():
            yield (f"{title}: {action.text()}" if title else action.text()), action
