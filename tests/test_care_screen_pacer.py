"""The pacer's window paces in time and is gone at once when a call comes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from display import Display, needs

pytestmark = pytest.mark.window

SCRIPT = """
import json, threading, time
from PySide6.QtWidgets import QApplication
from voicecare.care.pacer import PATTERNS, Pacer
from voicecare.care.screen.pacer import PacerWindow
from voicecare.catalogue.catalogue import Catalogue

application = QApplication([])
told = {"painted": [], "names": []}
window = PacerWindow(
    Pacer(PATTERNS["sigh"], 1), Catalogue.load("LANGUAGE"), reduced_motion=STILL,
    painted=lambda number, at_s: (told["painted"].append(number), told["names"].append(window.accessibleName())),
)
window.over.connect(application.quit)
threading.Timer(2.4, lambda: (told.update(came=time.perf_counter()), window.call_comes())).start()
window.begin()
application.exec()
told["gone_s"] = time.perf_counter() - told["came"]
told["visible"] = window.isVisible()
print(json.dumps(told))
"""


@pytest.mark.parametrize(("language", "still"), [("en", False), ("zh-Hant", True)])
def test_it_paces_and_ends_when_a_call_comes(language, still):
    needs("Xvfb", "openbox")
    script = SCRIPT.replace("LANGUAGE", language).replace("STILL", str(still))
    with Display() as display:
        done = subprocess.run(
            [sys.executable, "-c", script], env=display.env, capture_output=True, text=True, check=True, timeout=60
        )
    told = json.loads(done.stdout)
    assert told["painted"] == [0, 1, 2, 3]
    assert len(set(told["names"])) == 4
    assert not told["visible"]
    assert told["gone_s"] < 2.0, "at once; scripts/bench/pacer.py measures how soon"


AT_HAND = """
import json, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from voicecare.care.screen.pacing import Pacing
from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.placement import Placement

application = QApplication([])
application.setQuitOnLastWindowClosed(False)
pacing = Pacing(Catalogue.load("en"), Placement())
told = []
pacing.call_comes()
pacing.breathe()
first = pacing.window
pacing.breathe()
told += [first is pacing.window, first.isVisible()]
pacing.call_comes()
QTimer.singleShot(200, application.quit)
application.exec()
told += [pacing.window is None, first.isVisible()]
pacing.breathe()
told.append(pacing.window is not first)
print(json.dumps(told))
"""


def test_at_hand_one_is_open_at_a_time_and_none_when_a_call_comes():
    needs("Xvfb", "openbox")
    with Display() as display:
        done = subprocess.run(
            [sys.executable, "-c", AT_HAND], env=display.env, capture_output=True, text=True, check=True, timeout=60
        )
    assert json.loads(done.stdout) == [True, True, True, False, True]
