"""The card on the screen: small, in a corner, takes no focus, and is gone at one key, one click or the next call."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from voicecare.care.cards import SKIP, Card
from voicecare.care.wording import Texts
from voicecare.cue.palette import PALETTES, Palette, PaletteName

WIDTH_PX = 360
MARGIN_PX = 18
LONG_LABEL = 14
"""Answers longer than this many characters stand one below another; shorter ones in a row."""
_DECLINES = (SKIP, "not_now", "none", "remove")
_FLAGS = (
    Qt.WindowType.FramelessWindowHint
    | Qt.WindowType.WindowStaysOnTopHint
    | Qt.WindowType.Tool
    | Qt.WindowType.NoDropShadowWindowHint
)


class CardWindow(QWidget):
    """Draws a `Card` and hands on the agent's answer: (card id, choice, text).

    It never takes the focus by itself; once clicked, Escape declines and the digits answer. scale: of all sizes.
    """

    def __init__(
        self,
        texts: Texts,
        answered: Callable[[int, str, str], None],
        palette: PaletteName = "dark",
        *,
        scale: float = 1.0,
    ) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("voicecare")
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # no answer is preselected
        self._texts, self._answered, self._scale = texts, answered, scale
        self._card: Card | None = None
        self._choices: tuple[str, ...] = ()
        self._text: QLineEdit | None = None
        self._anchor = QPoint()
        self._inside: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.set_palette(palette)

    def place(self, right_top: QPoint) -> None:
        """Put the right upper corner here; the card grows to the left and down."""
        self._anchor = right_top
        self._fit()

    def set_palette(self, palette: PaletteName) -> None:
        """Change the colours."""
        self.setStyleSheet(_style(PALETTES[palette], self._scale))

    def show_card(self, card: Card | None) -> None:
        """Show a card, or none: then it is gone at once, without a fade."""
        if card is None:
            self._card = None
            self.hide()
            return
        if self._card is not None and card.id == self._card.id:
            return
        self._card = card
        self._build(card)
        self._fit()
        self.setFocus()  # within the window: whoever types elsewhere goes on typing there
        self.show()
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape declines, a digit answers."""
        if event.key() == Qt.Key.Key_Escape:
            self.decline()
        elif event.text().isdecimal() and 1 <= int(event.text()) <= len(self._choices):
            self._choose(self._choices[int(event.text()) - 1])
        else:
            super().keyPressEvent(event)

    def decline(self) -> None:
        """Send the card away as its declining answer does; the one key of a hot-key may call this."""
        fallback = self._choices[-1] if self._choices else SKIP
        self._choose(next((choice for choice in self._choices if choice in _DECLINES), fallback))

    def _choose(self, choice: str) -> None:
        card, text = self._card, "" if self._text is None else self._text.text()
        self.show_card(None)
        if card is not None:
            self._answered(card.id, choice, text)

    def _px(self, pixels: float) -> int:
        return round(pixels * self._scale)

    def _build(self, card: Card) -> None:
        worded = self._texts.worded(card)
        if self._inside is not None:
            self._layout.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(*(self._px(MARGIN_PX),) * 4)
        column.setSpacing(self._px(8))
        column.addWidget(_label(worded.title, "title", inside))
        for line in worded.lines:
            column.addWidget(_label(line, "line", inside))
        self._text = None
        if card.text_of:
            self._text = QLineEdit(inside)
            self._text.setMaxLength(card.text_of)
            self._text.setPlaceholderText(worded.ask)
            self._text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            column.addWidget(self._text)
        self._choices = tuple(code for code, _ in worded.choices)
        column.addSpacing(self._px(2))
        self._buttons(column, worded.choices, inside)
        self._layout.addWidget(inside)
        self.setAccessibleName(". ".join((worded.title, *worded.lines)))

    def _buttons(self, column: QVBoxLayout, choices: tuple[tuple[str, str], ...], inside: QWidget) -> None:
        """Every answer as large as every other, the declining one among them."""
        stacked = any(_width(label) > LONG_LABEL for _, label in choices)
        rows = QVBoxLayout() if stacked else QGridLayout() if len(choices) > 4 else QHBoxLayout()
        rows.setSpacing(self._px(6))
        for number, (code, label) in enumerate(choices):
            button = QPushButton(label, inside)
            button.setObjectName(code)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(label)
            button.clicked.connect(lambda _checked=False, code=code: self._choose(code))
            if isinstance(rows, QGridLayout):
                last = number == len(choices) - 1  # the declining one fills its row
                rows.addWidget(button, number // 3, number % 3, 1, 3 - number % 3 if last else 1)
            else:
                rows.addWidget(button, 1)
        column.addLayout(rows)

    def _fit(self) -> None:
        if self._inside is None:
            return
        width = self._px(WIDTH_PX)
        self._inside.setFixedWidth(width)
        for child in self._inside.findChildren(QWidget):
            child.ensurePolished()  # sizes of the style are known only then
        height = self._inside.heightForWidth(width)
        screen = QGuiApplication.screenAt(self._anchor - QPoint(1, -1)) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        left = max(room.left(), min(self._anchor.x() - width, room.right() - width))
        top = max(room.top(), min(self._anchor.y(), room.bottom() - height))
        self.setFixedSize(width, height)
        self.move(left, top)


def _label(text: str, kind: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName(kind)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # callers' sentences are shown, never obeyed
    return label


def _width(label: str) -> int:
    """About how wide a label is, in Latin letters."""
    return sum(1 if letter.isascii() else 2 for letter in label)


def _style(palette: Palette, scale: float) -> str:
    def px(pixels: float) -> str:
        return f"{round(pixels * scale)}px"

    weight = int(QFont.Weight.DemiBold)
    return (
        f"#card {{ background: {palette.ground}; border: 1px solid {palette.edge}; }}"
        f"QLabel#title {{ color: {palette.text}; font-size: {px(16)}; font-weight: {weight}; }}"
        f"QLabel#line {{ color: {palette.detail}; font-size: {px(13)}; }}"
        f"QPushButton, QLineEdit {{ color: {palette.text}; background: transparent; border: 1px solid {palette.edge};"
        f" border-radius: {px(8)}; padding: {px(7)} {px(8)}; font-size: {px(13)}; }}"
        f"QPushButton:hover, QPushButton:focus, QLineEdit:focus {{ border-color: {palette.tones['calm']}; }}"
    )
