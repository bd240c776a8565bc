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
