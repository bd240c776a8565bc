"""The pacer as a small window: a circle that fills and empties, its word beside it; with less motion a bar of steps."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from voicecare.care.pacer import Breath, Pacer, Phase
from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.palette import PALETTES, PaletteName

WIDTH_PX, HEIGHT_PX = 280, 330
FIGURE_PX = 230
"""From the upper edge: where the circle moves; the words stand below."""
LARGEST_PX, SMALLEST_PX = 190, 70
FRAME_MS = 40
"""25 pictures a second; the first of each phase comes at its own moment, not with the next picture."""
STEP_FRAME_MS = 200
"""How often the bar is looked at: it moves in steps."""
STEPS = 8
"""Steps of the bar that takes the circle's place."""

Play = Callable[[Phase], None]


class PacerWindow(QWidget):
    """Paces until the time is over, a key or a click ends it, or a call comes.

    scale: of all sizes. reduced_motion: a bar and words. play: plays the tone of a phase, or None. painted: told the
    number of a phase and the moment (`time.perf_counter`) at which it was first on screen. Signal `over`: it has ended.
    """

    over = Signal()
    _coming = Signal()

    def __init__(
        self,
        pacer: Pacer,
        catalogue: Catalogue,
        palette: PaletteName = "dark",
        *,
        scale: float = 1.0,
        reduced_motion: bool = False,
        play: Play | None = None,
        painted: Callable[[int, float], None] | None = None,
    ) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(catalogue.say("pacer", "title"))
        self._pacer = pacer
        self._catalogue = catalogue
        self._palette = PALETTES[palette]
        self._scale = scale
        self._reduced = reduced_motion
        self._play = play
        self._painted = painted
        self.begun_s: float | None = None
        self._phase = self._drawn = -1
        self._breath: Breath | None = pacer.at(0.0)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._coming.connect(self.close)
        self.setFixedSize(self._px(WIDTH_PX), self._px(HEIGHT_PX))

    def begin(self) -> None:
        """Show it and begin with the first breath in."""
        self.show()
        self.begun_s = time.perf_counter()
        self._tick()

    def call_comes(self) -> None:
        """End at once; may be called from any thread."""
        self._coming.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """However it ends, nothing goes on."""
        self._timer.stop()
        self.begun_s = None
        super().closeEvent(event)
        self.over.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802, ARG002 - Qt's name; any key
        """End it."""
        self.close()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802, ARG002 - Qt's name
        """End it."""
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Draw the breath."""
        breath = self._breath
        if breath is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(self._palette.ground))
            if self._reduced:
                self._draw_bar(painter, breath)
            else:
                self._draw_circle(painter, breath)
            self._draw_words(painter, breath)
        if breath.number != self._drawn:
            self._drawn = breath.number
            if self._painted is not None and self.begun_s is not None:
                self._painted(breath.number, time.perf_counter())

    def _tick(self) -> None:
        if self.begun_s is None:
            return
        breath = self._pacer.at(time.perf_counter() - self.begun_s)
        if breath is None:
            self.close()
            return
        fresh = breath.number != self._phase
        moves = not self._reduced or self._breath is None or self._step(breath) != self._step(self._breath)
        self._breath = breath
        if fresh:
            self._phase = breath.number
            self.setAccessibleName(self._word(breath))
            self.repaint()
            if self._play is not None:
                self._play(self._pacer.pattern[breath.number % len(self._pacer.pattern)])
        elif moves:
            self.update(self._moving())
        left_ms = 1000 * (breath.ends_s - (time.perf_counter() - self.begun_s))
        self._timer.start(max(0, min(STEP_FRAME_MS if self._reduced else FRAME_MS, int(left_ms) + 1)))

    def _px(self, pixels: float) -> int:
        return round(pixels * self._scale)

    def _word(self, breath: Breath) -> str:
        return self._catalogue.say("pacer", breath.kind)

    def _step(self, breath: Breath) -> int:
        return round(breath.size * STEPS)

    def _moving(self) -> QRect:
        """Where pictures differ within a phase; the words below stay."""
        return QRect(0, 0, self.width(), self._px(FIGURE_PX))

    def _draw_circle(self, painter: QPainter, breath: Breath) -> None:
        """A full disc while the breath comes in or is held, an empty ring while it goes."""
        tone = QColor(self._palette.tones["calm"])
        radius = self._px(SMALLEST_PX + (LARGEST_PX - SMALLEST_PX) * breath.size) / 2
        centre = QPointF(self.width() / 2, self._px(FIGURE_PX) / 2)
        if breath.kind == "out":
            painter.setPen(QPen(tone, self._px(6)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius -= self._px(3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tone)
        painter.drawEllipse(centre, radius, radius)
        self._draw_sign(painter, breath, centre, tone if breath.kind == "out" else QColor(self._palette.ground))

    def _draw_bar(self, painter: QPainter, breath: Breath) -> None:
        """Steps that fill and empty, and the sign above them."""
        tone = QColor(self._palette.tones["calm"])
        centre = QPointF(self.width() / 2, self._px(FIGURE_PX) / 2)
        self._draw_sign(painter, breath, centre - QPointF(0, self._px(40)), tone)
        full, each = self._step(breath), self._px(LARGEST_PX) / STEPS
        for step in range(STEPS):
            left = centre.x() - self._px(LARGEST_PX) / 2 + step * each
            box = QRectF(left + self._px(2), centre.y(), each - self._px(4), self._px(26))
            painter.setPen(QPen(tone, self._px(2)))
            painter.setBrush(tone if step < full else Qt.BrushStyle.NoBrush)
            painter.drawRect(box)

    def _draw_sign(self, painter: QPainter, breath: Breath, centre: QPointF, colour: QColor) -> None:
        """Up while the breath comes in, down while it goes, two bars while it is held."""
        half = self._px(13)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if breath.kind == "hold":
            for side in (-1, 1):
                painter.drawRect(
                    QRectF(centre.x() + side * half / 2 - half / 5, centre.y() - half, half / 2.5, 2 * half)
                )
            return
        up = half if breath.kind == "out" else -half
        corners = [QPointF(0, up), QPointF(-half, -up), QPointF(half, -up)]
        painter.drawPolygon(QPolygonF([centre + corner for corner in corners]))

    def _draw_words(self, painter: QPainter, breath: Breath) -> None:
        minutes = math.ceil(breath.left_s / 60)
        lines = (
            (self._word(breath), 24, QFont.Weight.DemiBold, self._palette.text),
            (self._catalogue.say("pacer", "left", count=minutes), 14, QFont.Weight.Normal, self._palette.detail),
            (self._catalogue.say("pacer", "ends"), 12, QFont.Weight.Normal, self._palette.detail),
        )
        top = self._px(FIGURE_PX)
        for text, size_px, weight, colour in lines:
            font = QFont(self.font())
            font.setPixelSize(self._px(size_px))
            font.setWeight(weight)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            height = self._px(size_px * 1.7)
            painter.drawText(QRect(0, top, self.width(), height), Qt.AlignmentFlag.AlignCenter, text)
            top += height
