"""Started at login, where nobody reads a terminal: what keeps voicecare from running is shown in a window."""

from __future__ import annotations

import subprocess
import sys

import pytest
from display import Display, needs

LIVE = [sys.executable, "-m", "voicecare", "live"]


@pytest.fixture
def broken(tmp_path):
    """A home whose settings name one that does not exist; the environment it needs."""
    (tmp_path / "voicecare").mkdir()
    (tmp_path / "voicecare" / "settings.toml").write_text("[cues]\nno_such = 0\n", encoding="utf-8")
    return {"XDG_CONFIG_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.mark.window
def test_settings_that_are_broken_are_shown_until_the_window_is_closed(broken):
    needs("Xvfb", "openbox", "xdotool")
    with Display() as screen:
        screen.env.update(broken)
        live = screen.spawn(*LIVE, "--at-login", stderr=subprocess.PIPE, text=True)
        window = screen.ask("xdotool", "search", "--sync", "--onlyvisible", "--name", "^voicecare$").split()[-1]
        assert live.poll() is None
        screen.ask("xdotool", "windowactivate", "--sync", window)
        screen.ask("xdotool", "key", "Return")
        _, said = live.communicate(timeout=20)
    assert live.returncode == 2
    assert len(said.splitlines()) == 1
    assert "no_such" in said


def test_without_a_screen_or_from_a_terminal_they_are_one_line_and_nothing_waits(broken):
    for options in (["--at-login"], ["--console"]):
        done = subprocess.run(
            [*LIVE, *options], env={"PATH": "", **broken}, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
