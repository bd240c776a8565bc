"""The pill lies over the agent's work and takes nothing from it: not the focus, not a key, not a click."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from display import Display, needs

from voicecare.catalogue.catalogue import languages

pytestmark = pytest.mark.window

KINDS = ("slow_down", "acknowledge", "slow_down_acknowledge", "well_held")


@pytest.fixture(scope="module")
def screen():
    needs("Xvfb", "openbox", "xdotool", "xev", "xterm", "stdbuf")
    with Display() as display:
        yield display


class Pill:
    """The cue window in its own process."""

    def __init__(self, screen) -> None:
        script = Path(__file__).with_name("cue_window.py")
        self._process = screen.spawn(
            sys.executable, str(script), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def show(self, kind, picture, palette="dark", language="en"):
        """Show a cue and take a picture of the screen; return the cue's place: x, y, width, height."""
        self._process.stdin.write(f"{kind} {palette} {language} {picture}\n")
        self._process.stdin.flush()
        return tuple(int(n) for n in self._process.stdout.readline().split())

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@pytest.fixture
def pill(screen):
    window = Pill(screen)
    yield window
    window.close()


def until(condition, seconds=5.0):
    """Wait for what another process is about to do."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_focus_stays_typing_goes_on_and_a_click_goes_through(screen, pill, tmp_path):
    clicks, typed = tmp_path / "clicks.txt", tmp_path / "typed.txt"
    with clicks.open("w") as file:
        beneath = screen.spawn("stdbuf", "-oL", "xev", "-geometry", "500x300+50+50", "-event", "button", stdout=file)
    terminal = screen.spawn("xterm", "-geometry", "60x10+500+400", "-e", "sh", "-c", f"cat > {typed}")
    window = screen.ask("xdotool", "search", "--sync", "--onlyvisible", "--class", "xterm").split()[-1]
    screen.ask("xdotool", "windowactivate", "--sync", window)
    before = screen.ask("xdotool", "getactivewindow")
    left, top, width, height = pill.show("slow_down", tmp_path / "screen.png")
    assert screen.ask("xdotool", "getactivewindow") == before
    screen.ask("xdotool", "type", "hello")
    screen.ask("xdotool", "key", "Return")
    assert until(lambda: typed.read_text() == "hello\n")
    screen.ask("xdotool", "mousemove", str(left + width // 2), str(top + height // 2), "click", "1")
    assert until(lambda: "ButtonPress" in clicks.read_text())
    for process in (beneath, terminal):
        process.kill()
        process.wait()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("palette", ["dark", "light"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_cue_is_there_in_a_screenshot(pill, tmp_path, kind, palette, language):
    picture = tmp_path / f"{kind}-{palette}-{language}.png"
    ground, text = {"dark": ("#1F2430", "#F4F6FA"), "light": ("#FFFFFF", "#1A1F2B")}[palette]

    def seen() -> bool:
        left, top, width, height = pill.show(kind, picture, palette, language)
        return {ground, text} <= set(pixels(picture, left, top, width, height))

    assert until(seen)


def pixels(picture, left, top, width, height):
    from PySide6.QtGui import QImage

    image = QImage(str(picture))
    for y in range(top, top + height):
        for x in range(left, left + width):
            yield image.pixelColor(x, y).name().upper()
