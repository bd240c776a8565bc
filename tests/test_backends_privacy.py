"""No model runtime reports to its maker: neither a packet, nor a file of what it could not send."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import absent

ROOT = Path(__file__).resolve().parents[1]
LOAD = """
import time
from voicecare.backends.pitch import SwiftPitch
from voicecare.backends.silero import SileroDetector
from voicecare.config import VadConfig
from voicecare.speech.activity.periodicity import Periodicity
SileroDetector(VadConfig(), slowed=Periodicity()), SwiftPitch()
time.sleep({wait_s})
"""
UNTIL_SENT_S = 15
"""onnxruntime 1.31 looks up its maker's address within this, where it is let."""


def traced(folder, *command):
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    environment |= {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    strace = shutil.which("strace") or absent("strace is not installed; see scripts/apt-packages.txt")
    trace = folder.parent / "trace"
    whole = [strace, "-f", "-qq", "-e", "trace=socket,connect", "-o", str(trace), sys.executable, *command]
    subprocess.run(whole, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return trace.read_text(), sorted(path.name for path in folder.rglob("*"))


@pytest.mark.slow
def test_the_models_of_the_voice_open_no_socket_and_leave_no_file(tmp_path):
    (tmp_path / "home").mkdir()
    trace, left = traced(tmp_path / "home", "-c", LOAD.format(wait_s=UNTIL_SENT_S))
    assert "socket" not in trace
    assert left == []


@pytest.mark.slow
def test_a_replay_with_words_opens_no_socket_and_leaves_no_file_but_its_own(tmp_path):
    (tmp_path / "home").mkdir()
    trace, left = traced(tmp_path / "home", "-m", "voicecare", "replay", "voicecare/demo/call.flac")
    assert "AF_INET" not in trace
    assert [name for name in left if name not in ("voicecare", "matplotlib")] == []
