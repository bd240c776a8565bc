"""Shows cues on whatever screen there is, one line of standard input each: kind, palette, language, picture file.

Started by tests in a process of its own, so that its window system is the test's and not pytest's.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.overlay import Overlay
from voicecare.cue.viewmodel import ViewModel
from voicecare.timebase import samples
from voicecare.types import Cue, Health, Reason

BECAUSE = {
    "slow_down": (Reason("spoke_over_caller", (samples(72), samples(91)), 2.0),),
    "acknowledge": (Reason("strain_high", (samples(31),), 0.72), Reason("pitch_up", (), 3.2)),
    "slow_down_acknowledge": (Reason("spoke_over_caller", (samples(72),), 1.0), Reason("voice_brighter", (), 1.9)),
    "well_held": (Reason("strain_eased", (samples(150),), 0.2),),
}


def view(kind, language):
    model = ViewModel(Catalogue.load(language, "agent"))
    model.beat(0.0)
    if kind in BECAUSE:
        model.push(Cue(1, kind, 0, BECAUSE[kind], samples(20)))
    elif kind != "quiet":
        model.push(Health(0, "not_listening", 0, kind))
    now_s = 100.0 if kind == "quiet" else 0.0
    model.beat(now_s)
    return model.view(now_s)


def main():
    application = QApplication([])
    for line in sys.stdin:
        kind, palette, language, picture = line.split()
        overlay = Overlay(palette, reduced_motion=True)
        overlay.place(QPoint(560, 100))
        overlay.show_view(view(kind, language))
        for _ in range(20):
            application.processEvents()
        application.primaryScreen().grabWindow(0).save(picture)
        sys.stdout.write(f"{overlay.x()} {overlay.y()} {overlay.width()} {overlay.height()}\n")
        sys.stdout.flush()


main()
