"""How a view becomes a picture: sizes, lines and shapes, fitted to the screen they are shown on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTextLayout,
    QTextOption,
)

from voicecare.cue.palette import Palette
from voicecare.cue.view import Shape, View

DOT_PX = 22
ICON_PX, SMALL_ICON_PX = 22, 12
MARGIN_PX = 16
WIDEST_PX = 460
WIDEST_SHARE = 0.5
"""Of the width of the screen: what the agent works on shows beside it."""
LEAST_WORDS_PX = 96
"""No narrower than a word or two, however small the screen is."""
HIGHEST_SHARE = 0.6
HEADLINE_PX, DETAIL_PX, LABEL_PX = 17, 12, 12
MOST_LINES = 3
"""Of one sentence; what is longer ends in "…" and is whole while the mouse rests on it, and in the page."""
MOST_WHOLE_LINES = 9
BALANCE_PX = 6
BETWEEN_CUES = " · "
"""What the catalogues put between two cues that are shown as one."""
Role: TypeAlias = Literal["headline", "detail", "label"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words, as it is drawn."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture before it is drawn: its size, its shape's box and its lines; in pixels that the screen may multiply."""

    size: QSize
    icon: QRectF
    lines: tuple[Line, ...]


class Drawing:
    """Lays a view out for a screen and draws it.

    font: what the desktop writes with. scale: of all sizes, as the agent chose it.
    """

    def __init__(self, font: QFont, scale: float = 1.0) -> None:
        self._font = font
        self._scale = scale

    def lay_out(self, view: View, room: QSize, *, whole: bool = False) -> Layout:
        """Fit a view into a screen with this much room; `whole` shows all there is to say."""
        if view.size in ("none", "dot") and not whole:
            side = self._px(DOT_PX)
            icon = self._px(10)
            return Layout(QSize(side, side), _centred(icon, side / 2, side / 2), ())
        label = view.size == "label" and not whole
        icon = self._px(SMALL_ICON_PX if label else ICON_PX)
        margin = self._px(MARGIN_PX / 2 if label else MARGIN_PX)
        widest = min(self._px(WIDEST_PX), round(WIDEST_SHARE * room.width()))
        words_px = max(LEAST_WORDS_PX, widest - icon - 3 * margin)
        lines = self._lines(view, words_px, label=label, whole=whole)
        highest = round(HIGHEST_SHARE * room.height()) - margin
        while len(lines) > 1 and self._height(lines) > highest:
            lines = (*lines[:-2], self._cut(lines[-2], words_px))
        width = max(self._metrics(line.role).horizontalAdvance(line.text) for line in lines)
        height = self._height(lines) + (self._px(8) if label else margin)
        box = _centred(icon, margin + icon / 2, height / 2)
        return Layout(QSize(min(words_px, width) + icon + 3 * margin + 2, height), box, lines)

    def draw(self, painter: QPainter, view: View, layout: Layout, palette: Palette) -> None:
        """Draw ground, shape and words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(palette.ground))
        painter.setPen(QPen(QColor(palette.edge), 1))
        painter.drawPath(self.outline(layout, inset=0.5))
        draw_shape(painter, view.shape, layout.icon, QColor(palette.tones[view.tone]))
        top = round((layout.size.height() - self._height(layout.lines)) / 2) if layout.lines else 0
        left = round(layout.icon.right() + layout.icon.left())
        for line in layout.lines:
            metrics = self._metrics(line.role)
            painter.setFont(self._fonts(line.role))
            painter.setPen(QColor(palette.detail if line.role == "detail" else palette.text))
            painter.drawText(QPoint(left, top + metrics.ascent()), line.text)
            top += metrics.height() + self._px(2)

    def outline(self, layout: Layout, inset: float = 0.0) -> QPainterPath:
        """The edge of the pill."""
        path = QPainterPath()
        radius = min(layout.size.height() / 2, self._px(18))
        path.addRoundedRect(QRectF(QPointF(), layout.size).adjusted(inset, inset, -inset, -inset), radius, radius)
        return path

    def _lines(self, view: View, words_px: int, *, label: bool, whole: bool) -> tuple[Line, ...]:
        if label:
            metrics = self._metrics("label")
            return (Line(metrics.elidedText(view.headline, Qt.TextElideMode.ElideRight, words_px), "label"),)
        most = MOST_WHOLE_LINES if whole else MOST_LINES
        lines = [Line(text, "headline") for text in self._wrap(view.headline, "headline", words_px, most)]
        for text in view.told if whole else view.details:
            lines += [Line(part, "detail") for part in self._wrap(text, "detail", words_px, most)]
        return tuple(lines)

    def _wrap(self, text: str, role: Role, words_px: int, most: int) -> list[str]:
        """Break a sentence where its language breaks, into lines of like length; two cues between the two."""
        metrics = self._metrics(role)
        if metrics.horizontalAdvance(text) <= words_px:
            return [text]
        if BETWEEN_CUES in text:
            return [line for cue in text.split(BETWEEN_CUES) for line in self._wrap(cue, role, words_px, most)]
        parts = self._broken(text, role, words_px)
        if len(parts) > most:
            rest = text[sum(len(part) for part in parts[: most - 1]) :]
            last = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, words_px)
            return [*(part.strip() for part in parts[: most - 1]), last]
        for narrower_px in range(words_px - BALANCE_PX, words_px // 2, -BALANCE_PX):
            balanced = self._broken(text, role, narrower_px)
            if len(balanced) > len(parts):
                break
            parts = balanced
        return [part.strip() for part in parts]

    def _broken(self, text: str, role: Role, words_px: int) -> list[str]:
        layout = QTextLayout(text, self._fonts(role))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        starts: list[int] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(words_px)
            starts.append(line.textStart())
        layout.endLayout()
        return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]

    def _cut(self, line: Line, words_px: int) -> Line:
        """The same line, where others that followed have no room."""
        if line.text.endswith("…"):
            return line
        elided = self._metrics(line.role).elidedText(f"{line.text} …", Qt.TextElideMode.ElideRight, words_px)
        return Line(elided, line.role)

    def _height(self, lines: tuple[Line, ...]) -> int:
        return sum(self._metrics(line.role).height() for line in lines) + self._px(2) * (len(lines) - 1)

    def _fonts(self, role: Role) -> QFont:
        font = QFont(self._font)
        font.setPixelSize(self._px({"headline": HEADLINE_PX, "detail": DETAIL_PX, "label": LABEL_PX}[role]))
        if role == "headline":
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _metrics(self, role: Role) -> QFontMetrics:
        return QFontMetrics(self._fonts(role))

    def _px(self, pixels: float) -> int:
        return round(pixels * self._scale)


def draw_shape(painter: QPainter, shape: Shape, box: QRectF, colour: QColor) -> None:
    """Draw a state's shape, for those who cannot tell its colour."""
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
    elif shape == "moon":
        painter.drawPath(_moon(box))
    else:
        _draw_stroked(painter, shape, box, colour)


def _draw_stroked(painter: QPainter, shape: Shape, box: QRectF, colour: QColor) -> None:
    width = max(2.0, box.width() / 8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    inner = box.adjusted(width, width, -width, -width)
    if shape == "check":
        low = QPointF(inner.left() + inner.width() * 0.38, inner.bottom() - inner.height() * 0.08)
        painter.drawPolyline([QPointF(inner.left(), inner.center().y()), low, inner.topRight()])
    elif shape == "cross":
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    else:
        painter.drawEllipse(inner)
        painter.drawLine(inner.topRight(), inner.bottomLeft())


def _moon(box: QRectF) -> QPainterPath:
    full, shadow = QPainterPath(), QPainterPath()
    full.addEllipse(box)
    shadow.addEllipse(box.translated(box.width() * 0.35, -box.height() * 0.2))
    return full.subtracted(shadow)


def _centred(side: float, x: float, y: float) -> QRectF:
    return QRectF(x - side / 2, y - side / 2, side, side)
