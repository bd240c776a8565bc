"""Where the pill is on the screens there are now, and how it looks: what the agent chose, and what the desktop says."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QScreen

from voicecare.cue import placement
from voicecare.cue.palette import PaletteName


class Place:
    """Keeps the pill where the agent put it.

    path: where that is remembered.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.chosen = placement.load(path)
        self._place: Callable[[QPoint], None] = lambda _: None

    def keep(self, place: Callable[[QPoint], None]) -> None:
        """Tell the right upper corner now and whenever it changes: a dock that is left must not take the pill along."""
        self._place = place
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._watch)
            application.screenRemoved.connect(self.put)
            application.primaryScreenChanged.connect(self.put)
        for screen in QGuiApplication.screens():
            screen.availableGeometryChanged.connect(self.put)
        self.put()

    @property
    def palette(self) -> PaletteName:
        """The colours chosen, or those of the desktop."""
        if self.chosen.palette != "auto":
            return self.chosen.palette
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return "light" if light else "dark"

    @property
    def reduced_motion(self) -> bool:
        """Whether the agent or the desktop asks for less motion; of desktops only newer Qt can tell."""
        accessibility = getattr(QGuiApplication.styleHints(), "accessibility", None)
        preference = getattr(accessibility() if accessibility else None, "motionPreference", None)
        return self.chosen.reduced_motion or (preference is not None and "Reduce" in str(preference()))

    def put(self, *_: object) -> None:
        """Put the pill in its place on the screens there are."""
        corner = self._screen().availableGeometry().topRight()
        self._place(corner + QPoint(-self.chosen.right_px, self.chosen.top_px))

    def moved(self, right_top: QPoint) -> None:
        """The agent chose another place."""
        screen = QGuiApplication.screenAt(right_top - QPoint(1, -1)) or QGuiApplication.primaryScreen()
        corner = screen.availableGeometry().topRight()
        right_px, top_px = corner.x() - right_top.x(), right_top.y() - corner.y()
        self.remember(screen=screen.name(), right_px=right_px, top_px=top_px)

    def remember(self, **changes: str | float | bool) -> None:
        """Keep what was chosen for the next start."""
        self.chosen = dataclasses.replace(self.chosen, **changes)  # type: ignore[arg-type]
        with contextlib.suppress(OSError):  # a read-only home folder: the place is forgotten, the call goes on
            placement.save(self._path, self.chosen)

    def _screen(self) -> QScreen:
        for screen in QGuiApplication.screens():
            if screen.name() == self.chosen.screen:
                return screen
        return QGuiApplication.primaryScreen()

    def _watch(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self.put)
        self.put()
