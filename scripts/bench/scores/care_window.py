"""How soon a card is off the screen once a call rings: from the call to what the window system says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from scripts.bench.scores.care_figures import Figure, most
from voicecare.care.cards import Card
from voicecare.care.drafts import offer
from voicecare.care.wording import Texts

TIMES = 30


def figures() -> Iterator[Figure]:
    """Show a card so many times, withdraw it, and look at the screen's own picture until it is gone."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from voicecare.care.screen.card import CardWindow

    application = QApplication.instance() or QApplication(["care"])
    window = CardWindow(Texts.load(), lambda *_: None, "light")
    window.place(QPoint(500, 60))
    draft, taken_ms = offer("", can_breathe=True), []

    def ink() -> int:
        """How light the screen is in the middle of the card, 0..255."""
        screen = QGuiApplication.primaryScreen()
        image = screen.grabWindow(0, window.x() + 8, window.y() + 8, 4, 4).toImage()
        return image.pixelColor(1, 1).lightness()

    for number in range(TIMES):
        window.show_card(Card(number + 1, "offer", 0.0, 60.0, {}, draft.choices))
        _until(lambda: ink() > 200)
        began_s = time.perf_counter()
        window.show_card(None)
        _until(lambda: ink() < 100)
        taken_ms.append(1_000 * (time.perf_counter() - began_s))
    del application  # it had to live until here
    yield most("C1", f"milliseconds until a card is off the screen, the slowest of {TIMES}", 200, max(taken_ms))


def _until(holds: Callable[[], bool], seconds: float = 3.0) -> None:
    from PySide6.QtWidgets import QApplication

    end_s = time.perf_counter() + seconds
    while time.perf_counter() < end_s and not holds():
        QApplication.processEvents()
