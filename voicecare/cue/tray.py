"""The tray icon: what voicecare is doing, and the agent's wishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.overlay import draw_shape
from voicecare.cue.palette import PALETTES, PaletteName
from voicecare.cue.viewmodel import View

SNOOZE_MINUTES = (5, 15, 60)
ICON_PX = 32


@dataclass(frozen=True, slots=True)
class Actions:
    """What the menu can ask for."""

    snooze: Callable[[int], None]
    pause: Callable[[bool], None]
    objects: Callable[[], None]
    new_call: Callable[[], None]
    move: Callable[[], None]
    palette: Callable[[PaletteName], None]
    quit: Callable[[], None]


class Tray:
    """Icon and menu; where the desktop has no tray, the menu can still be opened by whoever holds it."""

    def __init__(self, catalogue: Catalogue, actions: Actions) -> None:
        self._catalogue = catalogue
        self.menu = QMenu()
        self._pause = self._add("pause", lambda: actions.pause(self._pause.isChecked()), checkable=True)
        for minutes in SNOOZE_MINUTES:
            self._add("snooze", partial(actions.snooze, minutes), count=minutes)
        self.menu.addSeparator()
        self._add("caller_objects_action", actions.objects)
        self._add("new_call", actions.new_call)
        self.menu.addSeparator()
        self._add("move", actions.move)
        self._add("dark", lambda: actions.palette("dark"))
        self._add("light", lambda: actions.palette("light"))
        self.menu.addSeparator()
        self._add("quit", actions.quit)
        self._icon = QSystemTrayIcon()
        self._icon.setContextMenu(self.menu)
        self._shown: View | None = None

    def show_view(self, view: View) -> None:
        """Let icon and tooltip say what the pill says."""
        if view == self._shown:
            return
        self._shown = view
        self._pause.setChecked(view.mood == "paused")
        self._icon.setIcon(_icon(view))
        self._icon.setToolTip("\n".join(("voicecare", view.headline, *view.details)))
        if not self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    def _add(self, code: str, act: Callable[[], None], *, checkable: bool = False, count: int = 0) -> QAction:
        action = QAction(self._catalogue.say("live", code, count=count), self.menu)
        action.setObjectName(f"{code}{count or ''}")
        action.setCheckable(checkable)
        action.triggered.connect(lambda _checked=False: act())
        self.menu.addAction(action)
        return action


def _icon(view: View) -> QIcon:
    picture = QPixmap(ICON_PX, ICON_PX)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_shape(
            painter, view.shape, QRectF(4, 4, ICON_PX - 8, ICON_PX - 8), QColor(PALETTES["dark"].tones[view.tone])
        )
    return QIcon(picture)
