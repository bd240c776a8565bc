"""Small ordinary windows, opened because the agent asked: the menu as buttons, the calls of today, the first card."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QListWidget, QPushButton, QScrollArea, QVBoxLayout, QWidget

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.acts import CallLine
from voicecare.cue.view import View
from voicecare.timebase import clock, samples

WIDTH_PX = 360
SCREEN_SHARE = 0.9
"""Of the screen's height; what is longer is scrolled."""
MOST_ROWS = 12
_CARD = ("hears", "shows", "stays_here", "keeps", "off", "tell")


class Panel(QDialog):
    """A window with words and buttons, reached by Tab and read by assistive software; Esc closes it.

    closed: called once, however it closes.
    """

    def __init__(self, title: str, closed: Callable[[], None] = lambda: None) -> None:
        super().__init__(None, Qt.WindowType.Dialog | Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._closed = closed
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = QWidget()
        self._column = QVBoxLayout(self._inner)
        self._area.setWidget(self._inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)

    def add(self, widget: QWidget) -> None:
        """Put something below what is there."""
        self._column.addWidget(widget)

    def add_words(self, text: str) -> None:
        """Put a sentence below what is there; never markup, whoever wrote it."""
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self.add(label)

    def add_button(self, text: str, act: Callable[[], None]) -> QPushButton:
        """Put a button below what is there; it closes the window first."""
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setAccessibleName(text.replace("&", ""))

        def pressed() -> None:
            self.accept()
            act()

        button.clicked.connect(lambda _checked=False: pressed())
        self.add(button)
        return button

    def open_in_front(self) -> None:
        """Show it in front, no larger than the screen."""
        room = QGuiApplication.primaryScreen().availableGeometry()
        width = min(WIDTH_PX, room.width())
        height = self._column.totalHeightForWidth(width)
        if height < 0:  # nothing in it wraps
            height = self._column.totalSizeHint().height()
        self.resize(width, min(height + 2, round(SCREEN_SHARE * room.height())))
        self.move(room.center() - self.rect().center())
        self.show()
        if QGuiApplication.platformName() in ("xcb", "windows", "cocoa"):  # elsewhere Qt only complains
            self.raise_()
        self.activateWindow()

    def done(self, result: int) -> None:
        """Close, by button, Enter or Esc."""
        super().done(result)
        self._closed()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close, by the window's own cross."""
        super().closeEvent(event)
        self._closed()


def menu_panel(catalogue: Catalogue, view: View, entries: Sequence[tuple[str, QAction]]) -> Panel:
    """The menu as a window: for desktops without a tray, and for whoever starts voicecare once more."""
    panel = Panel(catalogue.say("live", "menu"))
    panel.add_words("\n".join(view.lines))
    for words, entry in entries:
        button = panel.add_button(words, entry.trigger)
        button.setObjectName(entry.objectName())
    panel.add_button(catalogue.say("live", "close"), lambda: None).setObjectName("close")
    return panel


def calls_panel(catalogue: Catalogue, calls: Sequence[CallLine]) -> Panel:
    """The calls of today: when, how long, how many cues."""
    panel = Panel(catalogue.say("live", "calls_today"))
    rows = QListWidget()
    rows.setAccessibleName(catalogue.say("live", "calls_today"))
    for call in calls:
        length = clock(samples(call.length_s))
        rows.addItem(catalogue.say("live", "call_line", began=call.began, length=length, count=call.cues))
    if calls:
        rows.setMinimumHeight(min(len(calls), MOST_ROWS) * rows.sizeHintForRow(0) + 2 * rows.frameWidth())
        panel.add(rows)
    else:
        panel.add_words(catalogue.say("live", "no_calls"))
    panel.add_button(catalogue.say("live", "close"), lambda: None).setObjectName("close")
    return panel


def first_card(catalogue: Catalogue, keep: str, days: float, closed: Callable[[], None]) -> Panel:
    """What voicecare hears, what it keeps, and how to switch it off."""
    panel = Panel(catalogue.say("card", "title"), closed)
    for code in _CARD:
        said = f"keeps_{keep}" if code == "keeps" else code
        panel.add_words(catalogue.say("card", said, count=max(1, round(days))))
    button = panel.add_button(catalogue.say("live", "begin"), lambda: None)
    button.setObjectName("begin")
    button.setDefault(True)
    return panel
