"""The card's window: it takes no focus, declines at one key, is legible in every dress, and goes at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from display import Display, needs

pytestmark = pytest.mark.window


@pytest.fixture(scope="module")
def screen():
    needs("Xvfb", "openbox", "xdotool", "xterm")
    with Display(1000, 800) as display:
        yield display


@pytest.fixture
def window(screen):
    script = Path(__file__).with_name("care_window.py")
    process = screen.spawn(sys.executable, str(script), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.stdin.close()
    process.stdout.close()
    process.wait()


def ask(process, *words):
    process.stdin.write(" ".join(words) + "\n")
    process.stdin.flush()
    return process.stdout.readline().split()


def test_the_focus_stays_where_the_agent_types(screen, window, tmp_path):
    typed = tmp_path / "typed.txt"
    terminal = screen.spawn("xterm", "-geometry", "40x8+20+500", "-e", "sh", "-c", f"cat > {typed}")
    beneath = screen.ask("xdotool", "search", "--sync", "--onlyvisible", "--class", "xterm").split()[-1]
    screen.ask("xdotool", "windowactivate", "--sync", beneath)
    ask(window, "offer", "dark", "en", "1", "-")
    assert screen.ask("xdotool", "getactivewindow") == beneath
    screen.ask("xdotool", "type", "5")
    screen.ask("xdotool", "key", "Return")
    terminal_wrote = _until(lambda: typed.exists() and typed.read_text() == "5\n")
    terminal.kill()
    terminal.wait()
    assert terminal_wrote


def test_once_clicked_one_key_declines(screen, window):
    left, top, width, _ = map(int, ask(window, "offer", "light", "en", "1", "-"))
    screen.ask("xdotool", "mousemove", str(left + width // 2), str(top + 12), "click", "1")
    screen.ask("xdotool", "key", "--delay", "100", "Escape")
    assert window.stdout.readline().split()[2] == "not_now"


def test_an_answer_is_one_click(screen, window):
    left, top, width, height = map(int, ask(window, "ready", "dark", "zh-Hant", "1", "-"))
    screen.ask("xdotool", "mousemove", str(left + width // 2), str(top + height - 32), "click", "1")
    assert window.stdout.readline().split()[2] == "fine"


def test_it_is_gone_from_the_screen_when_a_call_comes(screen, window):
    ask(window, "offer", "dark", "en", "1", "-")
    assert screen.ask("xdotool", "search", "--onlyvisible", "--name", "^voicecare$")
    ask(window, "withdraw", "-", "-", "1", "-")
    with pytest.raises(subprocess.CalledProcessError):
        screen.ask("xdotool", "search", "--onlyvisible", "--name", "^voicecare$")


@pytest.mark.parametrize("kind", ["check_in", "offer", "moment"])
@pytest.mark.parametrize("dress", ["dark en 1", "light zh-Hant 2"])
def test_it_stays_on_the_screen_in_every_size(window, kind, dress):
    left, top, width, height = map(int, ask(window, kind, *dress.split(), "-"))
    assert left >= 0
    assert top >= 0
    assert left + width <= 1000
    assert top + height <= 800


def _until(condition, seconds=5.0):
    import time

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
