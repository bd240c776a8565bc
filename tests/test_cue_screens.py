"""The agent's desktop on real window systems: X11 with small, sharp and two screens, and Wayland."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from display import Display, needs

pytest.importorskip("PySide6", reason="the cue window needs the extra `live`")

pytestmark = pytest.mark.window

SCRIPT = Path(__file__).with_name("cue_desk.py")
READ = '{"card_read": true}'


class Desk:
    """A desktop face in its own process; each `say` answers with what is on screen."""

    def __init__(self, folder, env, language="en"):
        (folder / "window.json").write_text(READ)
        env = {"PYTHONPATH": str(SCRIPT.parents[1]), **env}
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(folder), language],
            env={**os.environ, **env}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def say(self, line):
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        """End it; what it said on standard error."""
        _, complaints = self._process.communicate(timeout=20)
        return complaints


def until(holds, seconds=5.0):
    end = time.monotonic() + seconds
    while not (told := holds()) and time.monotonic() < end:
        time.sleep(0.1)
    return told


def middle(place):
    x, y, width, height = place
    return str(x + width // 2), str(y + height // 2)


def test_between_calls_without_a_tray_a_dot_takes_a_click_and_opens_the_menu_and_in_a_call_it_takes_none(tmp_path):
    needs("Xvfb", "openbox", "xdotool")
    with Display() as screen:
        desk = Desk(tmp_path, screen.env)
        resting = desk.say("phase rest")
        assert resting["visible"]
        screen.ask("xdotool", "mousemove", *middle(resting["place"]), "click", "1")
        assert until(lambda: desk.say("look")["panel"])
        screen.ask("xdotool", "key", "Escape")
        assert until(lambda: not desk.say("look")["panel"])
        desk.say("phase talk")
        talking = desk.say("cue")
        assert "Acknowledge" in talking["name"]
        screen.ask("xdotool", "mousemove", *middle(talking["place"]), "click", "1")
        assert not desk.say("look")["panel"]
        assert desk.say("menu")["panel"], "a second start of voicecare opens the menu of the first, also in a call"
        desk.close()


def test_where_a_tray_says_that_all_is_well_nothing_else_is_on_screen_between_calls(tmp_path):
    needs("Xvfb", "openbox", "trayer")
    with Display() as screen:
        screen.spawn("trayer")
        time.sleep(1.0)
        desk = Desk(tmp_path, screen.env)
        assert until(lambda: not desk.say("phase rest")["visible"])
        assert desk.say("phase ringing")["visible"]
        assert "tray" not in desk.close()


def test_the_pill_is_moved_by_the_keyboard_and_goes_back_with_escape(tmp_path):
    needs("Xvfb", "openbox", "xdotool")
    with Display() as screen:
        desk = Desk(tmp_path, screen.env)
        desk.say("phase talk")
        before = desk.say("choose move")["place"]
        screen.ask("xdotool", "key", "--delay", "50", "Left", "Left", "Down")
        moved = desk.say("look")["place"]
        assert (moved[0] - before[0], moved[1] - before[1]) == (-32, 16)
        screen.ask("xdotool", "key", "Return")
        until(lambda: "top_px" in (tmp_path / "window.json").read_text())
        kept = json.loads((tmp_path / "window.json").read_text())
        assert kept["top_px"] == 24 + 16
        desk.say("choose move")
        screen.ask("xdotool", "key", "--delay", "50", "Down", "Escape")
        desk.say("look")
        assert json.loads((tmp_path / "window.json").read_text()) == kept
        desk.close()


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_on_the_smallest_sharp_screen_a_cue_leaves_half_the_width_free(tmp_path, language):
    needs("Xvfb", "openbox")
    with Display(800, 480) as screen:
        desk = Desk(tmp_path, {**screen.env, "QT_SCALE_FACTOR": "2"}, language)
        desk.say("phase talk")
        told = desk.say("cue")
        left, _, width, height = told["place"]
        across, down = told["room"]
        assert (across, down) == (400, 240)
        assert width <= across / 2
        assert height <= down / 3
        assert left >= across / 2 - 24
        desk.close()


def test_a_pill_on_a_second_screen_comes_to_the_first_when_that_is_left(tmp_path):
    screens = [
        {"name": "laptop", "x": 0, "y": 0, "width": 1280, "height": 800, "logicalDpi": 96, "dpr": 1},
        {"name": "dock", "x": 1280, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1},
    ]
    places = []
    for there in (screens, screens[:1]):
        (tmp_path / "screens.json").write_text(json.dumps({"screens": there}))
        env = {"QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path / 'screens.json'}"}
        desk = Desk(tmp_path, env)
        (tmp_path / "window.json").write_text('{"card_read": true, "screen": "dock", "right_px": 100, "top_px": 50}')
        places.append(desk.say("phase talk") and desk.say("cue")["place"])
        desk.close()
    (on_dock, _, width, _), (on_laptop, *_) = places
    assert on_dock + width == pytest.approx(1280 + 1920 - 100, abs=2)
    assert on_laptop + width == pytest.approx(1280 - 100, abs=2)


class Wayland:
    """A Wayland compositor without a screen, and notifications that are written down."""

    def __init__(self, folder):
        self.folder = folder
        self.said = folder / "notified.txt"
        programs = folder / "bin"
        programs.mkdir()
        stand_in = programs / "notify-send"
        stand_in.write_text(f'#!/bin/sh\nshift 4\necho "$@" >> {self.said}\n')
        stand_in.chmod(0o755)
        self.env = {
            "XDG_RUNTIME_DIR": str(folder), "WAYLAND_DISPLAY": "voicecare-test", "DISPLAY": "",
            "QT_QPA_PLATFORM": "wayland", "PATH": f"{programs}:{os.environ['PATH']}",
        }  # fmt: skip

    def __enter__(self):
        self.folder.chmod(0o700)
        command = ["weston", "--backend=headless-backend.so", "--socket=voicecare-test", "--idle-time=0"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, env={**os.environ, **self.env}, **quiet)
        assert until((self.folder / "voicecare-test").exists)
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()


def test_on_wayland_cues_come_as_notifications_and_what_is_lacking_is_said_once(tmp_path):
    needs("weston")
    with Wayland(tmp_path) as wayland:
        desk = Desk(tmp_path, wayland.env)
        desk.say("phase talk")
        shown = desk.say("cue")
        assert not shown["visible"]
        assert until(lambda: wayland.said.exists() and "Acknowledge" in wayland.said.read_text())
        assert wayland.said.read_text().count("Acknowledge") == 1
        assert desk.say("menu")["panel"]
        complaints = desk.close().splitlines()
    assert [line for line in complaints if "Wayland" in line] == complaints
    assert len(complaints) == 1
