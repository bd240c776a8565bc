"""The cue on the agent's screen: a pill that lies over everything, takes no click, no key and no focus."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QPoint, QPointF, QPropertyAnimation, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from voicecare.cue.palette import PALETTES, Palette, PaletteName
from voicecare.cue.viewmodel import Shape, View

FADE_MS = 160
DOT_PX = 22
ICON_PX = 22
MARGIN_PX = 16
WIDEST_PX = 460
QUIET_OPACITY = 0.6

_FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.Tool
    | Qt.WindowType.WindowDoesNotAcceptFocus
    | Qt.WindowType.NoDropShadowWindowHint
)


class Overlay(QWidget):
    """Draws a `View`.

    scale: of all sizes. reduced_motion: no fades. painted: told a cue's id when it is on screen for the first time.
    """

    def __init__(
        self,
        palette: PaletteName = "dark",
        *,
        scale: float = 1.0,
        reduced_motion: bool = False,
        painted: Callable[[int], None] | None = None,
        moved: Callable[[QPoint], None] | None = None,
    ) -> None:
        super().__init__(None, _FLAGS | Qt.WindowType.WindowTransparentForInput)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        # On X11 a window manager's frame would swallow the click that should go through (openbox, xfwm4).
        self._on_x11 = QGuiApplication.platformName() == "xcb"
        self.setWindowFlag(Qt.WindowType.X11BypassWindowManagerHint, self._on_x11)
        self.setWindowTitle("voicecare")
        self._palette: Palette = PALETTES[palette]
        self._scale = scale
        self._view: View | None = None
        self._anchor = QPoint()
        self._painted = painted
        self._painted_cue: int | None = None
        self._moved = moved
        self._grabbed: QPoint | None = None
        self._fade = QPropertyAnimation(self, b"windowOpacity", self)
        self._fade.setDuration(0 if reduced_motion else FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)

    def place(self, right_top: QPoint) -> None:
        """Put the right upper corner of the pill here; it grows to the left and down."""
        self._anchor = right_top
        self._fit()

    def set_palette(self, palette: PaletteName) -> None:
        """Change the colours."""
        self._palette = PALETTES[palette]
        self.update()

    def show_view(self, view: View) -> None:
        """Draw a view; a new cue comes to the front."""
        if view == self._view:
            return
        fresh = self._view is None or view.cue_id != self._view.cue_id or view.mood != self._view.mood
        self._view = view
        self._fit()
        self.setAccessibleName(". ".join((view.headline, *view.details)))
        if not self.isVisible():
            self.show()
            hide_from_screen_shares(self)
        if fresh:
            self.raise_()
            self._fade.stop()
            self._fade.setStartValue(self.windowOpacity() if view.quiet else 0.3)
            self._fade.setEndValue(QUIET_OPACITY if view.quiet else 1.0)
            self._fade.start()
        self.repaint()

    def let_be_moved(self, *, movable: bool) -> None:
        """Take clicks for a while, so that the agent can drag the pill where it disturbs least."""
        self.setWindowFlag(Qt.WindowType.WindowTransparentForInput, not movable)
        self.setCursor(Qt.CursorShape.SizeAllCursor if movable else Qt.CursorShape.ArrowCursor)
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Begin a drag."""
        self._grabbed = event.globalPosition().toPoint() - self._anchor

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag."""
        if self._grabbed is not None:
            self.place(event.globalPosition().toPoint() - self._grabbed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """End a drag: stay here and let clicks through again."""
        self._grabbed = None
        self.let_be_moved(movable=False)
        if self._moved is not None:
            self._moved(self._anchor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Draw the pill."""
        view = self._view
        if view is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_ground(painter)
            self._draw_shape(painter, view)
            if not view.quiet:
                self._draw_words(painter, view)
        if view.cue_id is not None and view.cue_id != self._painted_cue:
            self._painted_cue = view.cue_id
            if self._painted is not None:
                self._painted(view.cue_id)

    def _px(self, pixels: float) -> int:
        return round(pixels * self._scale)

    def _fonts(self) -> tuple[QFont, QFont]:
        headline, detail = QFont(self.font()), QFont(self.font())
        headline.setPixelSize(self._px(17))
        headline.setWeight(QFont.Weight.DemiBold)
        detail.setPixelSize(self._px(12))
        return headline, detail

    def _fit(self) -> None:
        """Size the pill to its words and keep it on its screen."""
        view = self._view
        if view is None:
            return
        if view.quiet:
            width = height = self._px(DOT_PX)
        else:
            headline, detail = (QFontMetrics(f) for f in self._fonts())
            widths = [detail.horizontalAdvance(line) for line in view.details]
            words = max(headline.horizontalAdvance(view.headline), *widths, 0)
            width = min(self._px(WIDEST_PX), words + self._px(ICON_PX + 3 * MARGIN_PX) + 2)
            lines = len(view.details) * (detail.height() + self._px(2))
            height = headline.height() + lines + self._px(MARGIN_PX + 4)
        left, top = self._anchor.x() - width, self._anchor.y()
        screen = QGuiApplication.screenAt(self._anchor - QPoint(1, -1)) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = max(room.left(), min(left, room.right() - width))
        top = max(room.top(), min(top, room.bottom() - height))
        self.setGeometry(QRect(left, top, width, height))
        if self._on_x11:
            # Without a compositor what is outside the pill would be black.
            self.setMask(QRegion(self._outline().toFillPolygon().toPolygon()))

    def _outline(self) -> QPainterPath:
        radius = min(self.height() / 2, self._px(18))
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), radius, radius)
        return path

    def _draw_ground(self, painter: QPainter) -> None:
        radius = min(self.height() / 2, self._px(18))
        painter.setBrush(QColor(self._palette.ground))
        painter.setPen(QPen(QColor(self._palette.edge), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _draw_shape(self, painter: QPainter, view: View) -> None:
        colour = QColor(self._palette.tones[view.tone])
        size = self._px(10 if view.quiet else ICON_PX)
        middle = self.height() / 2
        box = QRectF(0, 0, size, size)
        box.moveCenter(QPointF(middle if view.quiet else self._px(MARGIN_PX) + size / 2, middle))
        draw_shape(painter, view.shape, box, colour)

    def _draw_words(self, painter: QPainter, view: View) -> None:
        headline, detail = self._fonts()
        left = self._px(ICON_PX + 2 * MARGIN_PX)
        room = self.width() - left - self._px(MARGIN_PX)
        top = self._px(MARGIN_PX / 2 + 2)
        lines = [(view.headline, headline, self._palette.text)]
        lines += [(line, detail, self._palette.detail) for line in view.details]
        for text, font, colour in lines:
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QPoint(left, top + metrics.ascent()), shown)
            top += metrics.height() + self._px(2)


def draw_shape(painter: QPainter, shape: Shape, box: QRectF, colour: QColor) -> None:
    """Draw a level's shape, for those who cannot tell its colour."""
    painter.setBrush(colour)
    painter.setPen(Qt.PenStyle.NoPen)
    if shape in ("dot", "circle"):
        painter.drawEllipse(box)
    elif shape == "triangle":
        painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))
    elif shape == "square":
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
    elif shape == "bar":
        third = box.width() / 3
        painter.drawRect(QRectF(box.left(), box.top(), third, box.height()))
        painter.drawRect(QRectF(box.right() - third, box.top(), third, box.height()))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = max(2.0, box.width() / 8)
        painter.setPen(QPen(colour, width))
        inner = box.adjusted(width, width, -width, -width)
        painter.drawEllipse(inner)
        painter.drawLine(inner.topRight(), inner.bottomLeft())


def hide_from_screen_shares(window: QWidget) -> None:
    """On Windows keep the pill out of screen shares and recordings (WDA_EXCLUDEFROMCAPTURE); elsewhere nothing can.

    Written against Microsoft's documentation of SetWindowDisplayAffinity; never run on a real Windows.
    """
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.SetWindowDisplayAffinity(int(window.winId()), 0x11)
