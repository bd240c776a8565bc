"""The cue on the agent's screen: a pill that lies over everything and in a call takes no click, key or focus."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QScreen,
)
from PySide6.QtWidgets import QLabel

from voicecare.cue.drawing import Drawing, Layout
from voicecare.cue.palette import PALETTES, Palette, PaletteName
from voicecare.cue.view import View

FADE_MS = 160
QUIET_OPACITY = 0.6
STEP_PX, SMALL_STEP_PX = 16, 1
_FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.Tool
    | Qt.WindowType.NoDropShadowWindowHint
    | Qt.WindowType.WindowTransparentForInput
    | Qt.WindowType.WindowDoesNotAcceptFocus
)
_ARROWS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}


class Overlay(QLabel):
    """Draws a `View`; a label to assistive software, which reads its name and is told of what needs the agent.

    scale: of all sizes. reduced_motion: no fades. painted: told a cue's id when it is on screen for the first time.
    moved: told the right upper corner where the agent left the pill. clicked: told of a click on the handle.
    """

    def __init__(
        self,
        palette: PaletteName = "dark",
        *,
        scale: float = 1.0,
        reduced_motion: bool = False,
        painted: Callable[[int], None] | None = None,
        moved: Callable[[QPoint], None] | None = None,
        clicked: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        platform = QGuiApplication.platformName()
        # On X11 a window manager's frame would swallow the click that should go through (openbox, xfwm4).
        self._on_x11 = platform == "xcb"
        self.setWindowFlag(Qt.WindowType.X11BypassWindowManagerHint, self._on_x11)
        self.setWindowTitle("voicecare")
        self._palette: Palette = PALETTES[palette]
        self._drawing = Drawing(self.font(), scale)
        self._view: View | None = None
        self._layout: Layout | None = None
        self._whole = False
        self._anchor = QPoint()
        self._painted, self._moved, self._clicked = painted, moved, clicked
        self._painted_cue: int | None = None
        self._grabbed: QPoint | None = None
        self._before_move: QPoint | None = None
        self._is_handle = False
        # Wayland has no opacity, no raising and no grabbing of keys, and Qt would say so each time.
        self._is_managed = platform not in ("offscreen", "minimal") and not platform.startswith("wayland")
        self._fade = QPropertyAnimation(self, b"windowOpacity", self)
        self._fade.setDuration(0 if reduced_motion else FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)

    @property
    def moving(self) -> bool:
        """Whether the agent is choosing another place."""
        return self._before_move is not None

    def place(self, right_top: QPoint) -> None:
        """Put the right upper corner of the pill here; it grows to the left and down."""
        self._anchor = right_top
        self._fit()

    def set_palette(self, palette: PaletteName) -> None:
        """Change the colours."""
        self._palette = PALETTES[palette]
        self.update()

    def show_view(self, view: View, *, handle: bool = False) -> None:
        """Draw a view; a new cue comes to the front. Where no call runs there is nothing, or a handle to click on."""
        if view == self._view and handle == self._is_handle:
            return
        old, self._view = self._view, view
        fresh = old is None or view.cue_id != old.cue_id or view.mood != old.mood
        self._take_clicks(handle=handle and view.size == "none")
        self._fit()
        self._name(view, fresh=fresh)
        if view.size == "none" and not self._is_handle and not self.moving:
            self.hide()
            return
        if not self.isVisible():
            self.show()
            hide_from_screen_shares(self)
        if fresh and self._is_managed:
            self.raise_()
        if self._is_managed and (fresh or old is None or view.quiet != old.quiet):
            self._fade.stop()
            self._fade.setStartValue(self.windowOpacity() if view.quiet else 0.3)
            self._fade.setEndValue(QUIET_OPACITY if view.size in ("none", "dot") else 1.0)
            self._fade.start()
        self.repaint()

    def look(self, cursor: QPoint) -> None:
        """Show everything there is to say while the mouse rests over the pill, which clicks still pass through."""
        over = self.isVisible() and not self.moving and self.geometry().contains(cursor)
        if over != self._whole:
            self._whole = over
            self._fit()
            self.repaint()

    def move_by_hand(self) -> None:
        """Let the agent choose another place: by dragging, or by the arrow keys; Enter keeps it, Esc goes back."""
        self._before_move = QPoint(self._anchor)
        self._whole = False
        self._listen_to_input(listens=True)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.show()
        self.activateWindow()
        self.setFocus()
        if self._is_managed:
            self.raise_()
            self.grabKeyboard()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a drag, or take a click on the handle."""
        if self.moving:
            self._grabbed = event.globalPosition().toPoint() - self._anchor
        elif self._is_handle and self._clicked is not None:
            self._clicked()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag."""
        if self._grabbed is not None:
            self.place(event.globalPosition().toPoint() - self._grabbed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """End a drag: stay here and let clicks through again."""
        if self._grabbed is not None:
            self._end_move(keep=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move by a step, keep the place, or go back to the old one."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if not self.moving:
            super().keyPressEvent(event)
        elif step is not None:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.place(self._kept_on_screens(self._anchor + step * (SMALL_STEP_PX if fine else STEP_PX)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._end_move(keep=True)
        elif event.key() == Qt.Key.Key_Escape:
            self._end_move(keep=False)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of the keyboard."""
        if self.moving:
            self._end_move(keep=False)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Draw the pill."""
        view, layout = self._view, self._layout
        if view is None or layout is None:
            return
        with QPainter(self) as painter:
            self._drawing.draw(painter, view, layout, self._palette)
        if view.cue_id is not None and view.cue_id != self._painted_cue:
            self._painted_cue = view.cue_id
            if self._painted is not None:
                self._painted(view.cue_id)

    def _end_move(self, *, keep: bool) -> None:
        before, self._before_move, self._grabbed = self._before_move, None, None
        if self._is_managed:
            self.releaseKeyboard()
        self._listen_to_input(listens=self._is_handle)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if not keep and before is not None:
            self.place(before)
        if self._view is not None and self._view.size == "none" and not self._is_handle:
            self.hide()
        else:
            self.show()
        if keep and self._moved is not None:
            self._moved(self._anchor)

    def _take_clicks(self, *, handle: bool) -> None:
        if handle != self._is_handle:
            self._is_handle = handle
            if not self.moving:
                self._listen_to_input(listens=handle)
            self.setCursor(Qt.CursorShape.PointingHandCursor if handle else Qt.CursorShape.ArrowCursor)

    def _listen_to_input(self, *, listens: bool) -> None:
        """Take clicks, or let them through; Qt hides a window whose flags change."""
        self.setWindowFlag(Qt.WindowType.WindowTransparentForInput, not listens)
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus, not self.moving)

    def _name(self, view: View, *, fresh: bool) -> None:
        """Say to assistive software what is seen, and aloud what needs the agent."""
        self.setAccessibleName(". ".join((view.headline, *view.details)))
        self.setAccessibleDescription(". ".join(view.more))
        if fresh and not view.quiet and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    def _fit(self) -> None:
        """Size the pill to its words and keep it whole on its screen."""
        view = self._view
        if view is None:
            return
        room = self._screen_of(self._anchor).availableGeometry()
        self._layout = layout = self._drawing.lay_out(view, room.size(), whole=self._whole)
        width, height = layout.size.width(), layout.size.height()
        left, top = self._anchor.x() - width, self._anchor.y()
        left = max(room.left(), min(left, room.right() - width))
        top = max(room.top(), min(top, room.bottom() - height))
        self.setGeometry(QRect(left, top, width, height))
        if self._on_x11:
            # Without a compositor what is outside the pill would be black.
            self.setMask(QRegion(self._drawing.outline(layout).toFillPolygon().toPolygon()))

    def _kept_on_screens(self, corner: QPoint) -> QPoint:
        """The corner itself on any screen, or the nearest place on the one it left."""
        if QGuiApplication.screenAt(corner - QPoint(1, -1)) is not None:
            return corner
        room = self._screen_of(self._anchor).availableGeometry()
        return QPoint(
            max(room.left() + 1, min(corner.x(), room.right())), max(room.top(), min(corner.y(), room.bottom() - 1))
        )

    def _screen_of(self, corner: QPoint) -> QScreen:
        return QGuiApplication.screenAt(corner - QPoint(1, -1)) or QGuiApplication.primaryScreen()


def hide_from_screen_shares(window: QLabel) -> None:
    """On Windows keep the pill out of screen shares and recordings (WDA_EXCLUDEFROMCAPTURE); elsewhere nothing can.

    Written against Microsoft's documentation of SetWindowDisplayAffinity; never run on a real Windows.
    """
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.SetWindowDisplayAffinity(int(window.winId()), 0x11)
