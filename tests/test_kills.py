"""A replay that is killed at any moment leaves nothing torn, and nothing behind after the next run."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import soundfile

from voicecare.session import read

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "voicecare" / "demo" / "call.flac"
RESULTS = ("call.jsonl", "call.json", "call.html", "call.csv")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    path = tmp_path_factory.mktemp("call") / "call.wav"
    audio, rate_hz = soundfile.read(DEMO, dtype="float32", frames=8000 * 12)
    soundfile.write(path, audio, rate_hz)
    return path


def start(call, folder):
    options = zip(("--session", "--json", "--html", "--csv"), (folder / name for name in RESULTS), strict=True)
    command = [
        sys.executable,
        "-m",
        "voicecare",
        "replay",
        call,
        "--no-words",
        *(part for pair in options for part in pair),
    ]
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def whole_run(call, folder):
    """Run to the end; return how long it took, in seconds, and what it wrote."""
    begun_s = time.monotonic()
    with start(call, folder) as process:
        assert process.wait() == 0
    return time.monotonic() - begun_s, {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("earlier", [False, True], ids=["nothing there", "earlier results there"])
@pytest.mark.parametrize("kills", [1, pytest.param(30, marks=pytest.mark.soak)])
def test_kills_at_random_moments(call, tmp_path, kills, earlier):
    took_s, right = whole_run(call, tmp_path)
    assert set(right) == set(RESULTS)
    rng = random.Random(kills)
    for _ in range(kills):
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        before = dict.fromkeys(RESULTS, b"earlier") if earlier else {}
        for name, content in before.items():
            (tmp_path / name).write_bytes(content)
        with start(call, tmp_path) as process:
            time.sleep(rng.uniform(0.3, 1.1) * took_s)
            process.kill()
        left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        for name, content in left.items():
            if name.endswith(".part"):
                continue
            if name == "call.jsonl.unfinished" or (name == "call.jsonl" and not earlier):
                assert not content or right["call.jsonl"].startswith(content[: content.rfind(b"\n") + 1])
                assert not content or read(tmp_path / name).header.lane == "replay"
            else:
                assert content in (before.get(name), right[name])
        assert set(before) <= set(left)
        assert whole_run(call, tmp_path)[1] == right
    assert json.loads(right["call.json"])["call"]["complete"]
