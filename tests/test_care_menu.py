"""Care's part of the tray: every wish one click in one submenu, and off is as near as anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

PROGRAM = """
import json
from PySide6.QtWidgets import QApplication
from voicecare.care.screen.menu import CareActions, CareMenu
from voicecare.care.wording import Texts
application, asked = QApplication([]), []
def wish(name):
    return lambda *given: asked.append([name, *given])
actions = CareActions(wish("hard_one"), wish("day"), wish("week"), wish("why"), wish("off"), wish("on"))
menu = CareMenu(Texts.load("zh-Hant"), actions)
shown = [action.objectName() for action in menu.actions() if action.isVisible() and action.objectName()]
for action in menu.actions():
    if action.objectName():
        action.trigger()
menu.show_state(is_on=False)
off = [action.objectName() for action in menu.actions() if action.isVisible() and action.objectName()]
print(json.dumps([shown, asked, off]))
"""


def test_two_clicks_from_the_tray_switch_it_off_and_on():
    pytest.importorskip("PySide6")
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    shown, asked, off = json.loads(told.stdout)
    assert shown == ["hard_one", "day", "week", "why", "off_15min", "off_shift", "off_good"]
    assert asked == [
        ["hard_one"],
        ["day"],
        ["week"],
        ["why"],
        ["off", "15min"],
        ["off", "shift"],
        ["off", "good"],
        ["on"],
    ]
    assert off == ["hard_one", "day", "week", "why", "on"]
