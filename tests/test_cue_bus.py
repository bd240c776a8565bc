"""A running day answers on the desktop's bus."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from display import needs

SERVES = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from voicecare.cue.bus import Bus
application = QCoreApplication(sys.argv)
asked = []
def answer(word):
    asked.append(word)
    QTimer.singleShot(100, application.quit)
    return '{"ok": true}'
with Bus(answer):
    print("ready", flush=True)
    QTimer.singleShot(20_000, application.quit)
    application.exec()
print(asked)
"""


@pytest.mark.window
def test_another_program_asks_on_the_bus_and_is_answered(tmp_path):
    needs("dbus-run-session", "dbus-send")
    asks = (
        f'"{sys.executable}" -c "$SERVES" > "$SAID" & until grep ready "$SAID" > /dev/null 2>&1; do sleep 0.1; done;'
        "dbus-send --session --print-reply --dest=org.voicecare.Voicecare / "
        "org.voicecare.Voicecare.call string:objects;"
        'wait; cat "$SAID"'
    )
    environment = os.environ | {"SERVES": SERVES, "SAID": str(tmp_path / "said")}
    said = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", asks],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert 'string "{"ok": true}"' in said
    assert "['objects']" in said
