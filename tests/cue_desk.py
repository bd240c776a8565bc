"""A whole desktop face on whatever screen there is, told what to do by lines of standard input; answers each with JSON.

Started by tests in a process of its own, so that its window system is the test's and not pytest's.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QMetaObject, Qt
from PySide6.QtGui import QAction

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.desktop import Desktop
from voicecare.cue.viewmodel import ViewModel
from voicecare.timebase import samples
from voicecare.types import CallPhase, Cue, Reason

CUE = Cue(1, "acknowledge", 0, (Reason("strain_high", (samples(31),), 0.72),), samples(20))


def main(folder: str, language: str) -> None:
    model = ViewModel(Catalogue.load(language, "agent"))
    desktop = Desktop(model, on_new_call=lambda: None, on_quit=lambda: None, path=Path(folder) / "window.json")

    def heed() -> None:
        for line in sys.stdin:
            word, _, rest = line.strip().partition(" ")
            if word == "phase":
                desktop.push(CallPhase(0, rest, "softphone"))
            elif word == "cue":
                desktop.beat(0)
                desktop.push(CUE)
            elif word == "menu":
                desktop.show_menu()
            elif word == "choose":  # an entry of the menu, in Qt's thread
                action = desktop.menu.menu.findChild(QAction, rest)
                QMetaObject.invokeMethod(action, "trigger", Qt.ConnectionType.QueuedConnection)
            time.sleep(0.4)
            overlay, panel = desktop.overlay, desktop.panel
            place = overlay.geometry()
            room = overlay.screen().availableGeometry()
            answer = {
                "visible": overlay.isVisible(),
                "place": [place.x(), place.y(), place.width(), place.height()],
                "room": [room.width(), room.height()],
                "panel": bool(panel is not None and panel.isVisible()),
                "name": overlay.accessibleName(),
            }
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()

    desktop.run(heed)


main(*sys.argv[1:])
