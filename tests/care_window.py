"""Shows cards on whatever screen there is, one line of standard input each: kind, palette, language, scale, picture.

Started by tests in a process of its own, so that its window system is the test's and not pytest's. Answers are printed.
"""

from __future__ import annotations

import sys
import time

from care_samples import CARDS
from PySide6.QtCore import QPoint, QSocketNotifier
from PySide6.QtWidgets import QApplication

from voicecare.care.screen.card import CardWindow
from voicecare.care.wording import Texts


def say(*parts):
    sys.stdout.write(" ".join(map(str, parts)) + "\n")
    sys.stdout.flush()


class Shower:
    def __init__(self, application):
        self.application, self.window = application, None
        self.listen = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self.listen.activated.connect(self.read)

    def read(self):
        line = sys.stdin.readline()
        if not line:
            self.application.quit()
            return
        kind, palette, language, scale, picture = line.split()
        if kind == "withdraw":
            began = time.perf_counter()
            self.window.show_card(None)
            self.application.sync() if hasattr(self.application, "sync") else self.application.processEvents()
            say(round(1000 * (time.perf_counter() - began), 2))
            return
        if self.window is not None:
            self.window.close()
        self.window = CardWindow(
            Texts.load(language), lambda *answer: say("answer", *answer), palette, scale=float(scale)
        )
        self.window.place(QPoint(980, 40))
        self.window.show_card(CARDS[kind])
        until = time.monotonic() + 0.25  # a window manager maps it when it likes
        while time.monotonic() < until:
            self.application.processEvents()
            time.sleep(0.01)
        if picture != "-":
            self.application.primaryScreen().grabWindow(0).save(picture)
        say(self.window.x(), self.window.y(), self.window.width(), self.window.height())


application = QApplication([])
shower = Shower(application)
application.exec()
