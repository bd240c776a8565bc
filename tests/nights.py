"""Folders of short calls to hear, and the nights that hear them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import soundfile

from voicecare.qa.batch import hearing, patience
from voicecare.qa.batch.engines import Ended
from voicecare.qa.store.calls import CallQuery
from voicecare.qa.store.store import Store

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "voicecare" / "demo" / "call.flac"
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}


def calls(folder, count, length_s=4.0):
    """So many calls, each of another stretch of the demo call."""
    audio, rate_hz = soundfile.read(DEMO, dtype="int16")
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        at = int((number * 1.37 % 70) * rate_hz)
        soundfile.write(folder / f"call{number:03}.wav", audio[at : at + int(length_s * rate_hz)], rate_hz)
    return folder


def batch(*arguments):
    """A batch as a process of its own, in a group of its own."""
    command = [sys.executable, "-m", "voicecare", "batch", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )


def whole(*arguments, wait_s=120):
    """A batch to its end: its exit code, and what it said."""
    with batch(*arguments) as process:
        said, _ = process.communicate(timeout=wait_s)
        return process.returncode, said.decode()


def kept(url):
    """What a store holds: each call's session by its content, and how often each call was heard."""
    with Store.open(str(url)) as store, store.read() as to:
        rows = to.calls.page(CallQuery(), limit=500).rows
        sessions = {row.call.content_hash: to.results.raw(row.call.current) for row in rows if row.call.current}
        results = {row.call.content_hash: [one.state for one in to.ledger.of_call(row.call.id)] for row in rows}
    return sessions, results


def hear(job):
    """Hear a call as ever; one that is called poison takes its worker along, one that is called slow takes a while.

    One that is called endless is never opened, and the interpreter is held meanwhile, as a library of C may.
    """
    name = Path(job.files[0]).name
    if "endless" in name:
        patience.STANDS_S = 0.5
        hearing.CallFiles.open = lambda _: re.fullmatch("(a+)+b", "a" * 40)
    if "poison" in name:
        os.kill(os.getpid(), signal.SIGKILL)
    return hearing.hear(job)


class Here:
    """An engine that hears in this very process: no worker has to be started."""

    free = workers = 1

    def __init__(self):
        self._over = []

    def begin(self, job):
        self._over.append(Ended(job, hearing.hear(job)))
        return "here"

    def ended(self):
        over, self._over = self._over, []
        return over

    def close(self):
        pass
