"""Run on a screen by the tests: a desk told of a hard call and of the next ring says when its card stood and went."""

from __future__ import annotations

import json
import sys
import threading
import time

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication

from voicecare.care.diary import Diary
from voicecare.care.screen.desk import CareDesk
from voicecare.care.seen import CallSeen, CueSeen, StrainSeen
from voicecare.care.wording import Texts
from voicecare.catalogue.catalogue import Catalogue
from voicecare.config import Config

application = QApplication(sys.argv)
application.setQuitOnLastWindowClosed(False)
diary = Diary(None)
desk = CareDesk(
    diary,
    Config(),
    keep_thanks=False,
    texts=Texts.load("en"),
    catalogue=Catalogue.load("en"),
    palette="dark",
    corner=lambda: QPoint(900, 40),
)
diary.add("switches", time.time(), feature="welcome", state="answered", until_s=None)
desk.start()
cue = CueSeen(1, "acknowledge", "strain", 30.0, "expired")
strain = tuple(StrainSeen(float(at), 0.9) for at in range(20, 190))
hard = CallSeen(200.0, 0.7, 0.4, strain, cues=(cue,))
said: dict[str, float] = {}
seen: list[bool] = []


def look() -> None:
    now_s = time.perf_counter()
    stands = desk.window.isVisible()
    if "ended" in said and stands and "stood" not in said:
        said["stood"] = now_s
        seen.append(stands)
        threading.Timer(0.5, next_call).start()
    if "rang" in said and not stands and "gone" not in said:
        said["gone"] = now_s
        QTimer.singleShot(1_000, application.quit)


def next_call() -> None:
    """In a thread of its own, as the engine's."""
    said["rang"] = time.perf_counter()
    desk.call_rings()


def first_call() -> None:
    desk.call_begins()
    time.sleep(0.3)
    said["ended"] = time.perf_counter()
    desk.call_ended(hard, ())


timer = QTimer()
timer.timeout.connect(look)
timer.start(5)
QTimer.singleShot(30_000, application.quit)
threading.Timer(0.2, first_call).start()
application.exec()
desk.close()
sys.stdout.write(json.dumps({"offered_s": said["stood"] - said["ended"], "gone_s": said["gone"] - said["rang"]}))
