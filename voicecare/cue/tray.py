"""The tray icon, which says what voicecare is doing, and notifications where no window may lie on top."""

from __future__ import annotations

import shutil
import subprocess

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from voicecare.cue.drawing import draw_shape
from voicecare.cue.palette import PALETTES
from voicecare.cue.reading import reading_s
from voicecare.cue.view import View

ICON_PX = 32
_ONE_AT_A_TIME = "string:x-canonical-private-synchronous:voicecare"
"""A hint that lets a notification take the place of the last one, where the desktop knows it (GNOME, Xfce, dunst)."""


class Tray:
    """Icon, tooltip and menu; where the desktop has no tray nothing is shown, until it has one."""

    def __init__(self, menu: QMenu) -> None:
        self._icon = QSystemTrayIcon()
        self._icon.setContextMenu(menu)
        self._shown: View | None = None

    @property
    def is_there(self) -> bool:
        """Whether the desktop shows it."""
        return self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def show_view(self, view: View) -> None:
        """Let icon and tooltip say what the pill says."""
        if view != self._shown:
            self._shown = view
            self._icon.setIcon(_icon(view))
            self._icon.setToolTip("\n".join(("voicecare", *view.lines)))
        if not self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    def notify(self, view: View) -> bool:
        """Say it in a notification; whether there was a way to."""
        text = "\n".join(view.details)
        lasts_ms = round(1000 * reading_s(view.headline, text))
        if self.is_there and QSystemTrayIcon.supportsMessages():
            self._icon.showMessage(view.headline, text, _icon(view), lasts_ms)
            return True
        program = shutil.which("notify-send")
        if program is None:
            return False
        words = ("--app-name=voicecare", f"--expire-time={lasts_ms}", f"--hint={_ONE_AT_A_TIME}", "--")
        subprocess.Popen(  # noqa: S603 - a program of the desktop, words of the catalogue
            (program, *words, view.headline, text), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return True


def can_notify() -> bool:
    """Whether notifications have a way to the screen."""
    return QSystemTrayIcon.isSystemTrayAvailable() or shutil.which("notify-send") is not None


def _icon(view: View) -> QIcon:
    picture = QPixmap(ICON_PX, ICON_PX)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_shape(
            painter, view.shape, QRectF(4, 4, ICON_PX - 8, ICON_PX - 8), QColor(PALETTES["dark"].tones[view.tone])
        )
    return QIcon(picture)
