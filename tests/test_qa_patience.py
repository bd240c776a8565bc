"""A worker ends where nothing moves, however long its call is, and goes on where something does."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import time
from voicecare.qa.batch import patience
patience.STANDS_S = 1.5
with patience.patience() as watch:
    for number in range(8):
        time.sleep(0.3)
        watch.hears(number * {step_s} * 16_000)
print("done")
"""


@pytest.mark.parametrize(("step_s", "code", "said"), [(61, 0, "done\n"), (1, 1, "")])
def test_only_progress_keeps_a_worker(step_s, code, said):
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(step_s=step_s)], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, said, "")
