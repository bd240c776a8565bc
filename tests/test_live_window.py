"""The whole of a day as an agent has it: a softphone rings, and what stands on the screen goes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from display import Display, needs
from softphone import MODULES, Softphone, absent_modules
from sound_server import SoundServer

from voicecare.cue import placement

pytestmark = [pytest.mark.window, pytest.mark.sound]


def windows(display, pid) -> list[int]:
    """The heights of the visible windows of a process."""
    heights = []
    for window in asked(display, "search", "--onlyvisible", "--pid", str(pid)).split():
        shape = asked(display, "getwindowgeometry", "--shell", window)
        heights += [int(line[7:]) for line in shape.splitlines() if line.startswith("HEIGHT=")]
    return heights


def asked(display, *words) -> str:
    """What xdotool says; nothing of a window that has just gone."""
    command = ["xdotool", *words]
    return subprocess.run(command, env=display.env, capture_output=True, text=True, check=False).stdout


def until(true, at_most_s) -> float:
    begun_s = time.perf_counter()
    while not true():
        assert time.perf_counter() - begun_s < at_most_s
        time.sleep(0.01)
    return time.perf_counter() - begun_s


CARD_PX = 100
"""A card is higher than this, a cue is not."""


def test_the_card_between_calls_is_gone_when_a_call_rings_and_none_comes_in_the_call(tmp_path):
    needs("pulseaudio", "pactl", "parec", "baresip", "Xvfb", "openbox", "xdotool")
    absent_modules(MODULES)
    with Display() as display, SoundServer() as server:
        server.add_line()
        env = {**server.env, **display.env, "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
        env |= {name: server.env[name] for name in server.env if name.startswith("PULSE") or name == "XDG_RUNTIME_DIR"}
        (tmp_path / "voicecare").mkdir()
        placement.save(tmp_path / "voicecare" / "window.json", placement.Placement(card_read=True))
        with (
            Softphone(server, "agent", 5070, player="headset", source="headset_mic") as agent,
            Softphone(server, "caller", 5080, player="line_out", source="line_in.monitor") as caller,
            subprocess.Popen(
                [sys.executable, "-m", "voicecare", "live", "--no-words", "--folder", str(tmp_path / "calls")], env=env
            ) as live,
        ):
            until(lambda: max(windows(display, live.pid), default=0) > CARD_PX, 30.0)  # the first card of care
            caller.do("dial", agent.address)
            gone_s = until(lambda: max(windows(display, live.pid), default=0) <= CARD_PX, 5.0)
            agent.do("accept")
            seen = [max(windows(display, live.pid), default=0)]
            for _ in range(20):
                time.sleep(0.2)
                seen.append(max(windows(display, live.pid), default=0))
            agent.do("hangup")
            time.sleep(1.0)
            live.terminate()
            assert live.wait(30) == 0
    assert max(seen) <= CARD_PX
    assert gone_s < 1.0  # docs/care.md has the measured figure
    assert len(list(Path(tmp_path / "calls").glob("*.counts.json"))) == 1
