"""Hears one call, in whatever process it is asked to; the models of a process are built once."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecare.assembly import Choices
from voicecare.audio.files.call import CallFiles
from voicecare.audio.files.layout import refuse_copies
from voicecare.audio.files.raw import RawFormat
from voicecare.audio.files.recording import Side
from voicecare.config import Config
from voicecare.errors import StageError, VoicecareError, failure_boundary
from voicecare.lanes import InTurnLane
from voicecare.qa.batch.identity import models
from voicecare.qa.batch.patience import patience
from voicecare.qa.store.filing import Filed, filed
from voicecare.recorded import Replay

if TYPE_CHECKING:
    from collections.abc import Mapping

THREADS = 1
"""Of a recogniser: there is a worker a core, so a second thread would only wait for a core."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What every call of a night is heard with."""

    config: Config
    choices: Choices


@dataclass(frozen=True, slots=True)
class Job:
    """One call to hear; what a worker is sent. result: the ledger's number of it."""

    result: int
    files: tuple[str, ...]
    agent_channel: str
    offset_s: float
    raw: str | None
    setup: Setup


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job; what a worker sends back.

    filed: None where it failed. reason: one line, where it failed or was cut short. models: what it was heard with.
    wall_s, cpu_s: what it cost, without building the models.
    """

    result: int
    filed: Filed | None
    reason: str
    models: Mapping[str, str]
    wall_s: float
    cpu_s: float


def hear(job: Job) -> Outcome:
    """Hear a call to its end; whatever is wrong with it is told in the outcome."""
    replay: Replay | None = None
    used: Mapping[str, str] = {}
    began_s, used_s = time.perf_counter(), time.process_time()
    ready: Filed | None = None
    try:
        with failure_boundary():
            used, replay = _models(job.setup), _replay(job.setup)
            began_s, used_s = time.perf_counter(), time.process_time()
            ready = _heard(job, replay)
        reason = "" if replay.failure is None else str(replay.failure)
    except StageError as error:
        reason = f"{Path(job.files[0]).name}: {error}"
    except VoicecareError as error:
        reason = str(error)
    return Outcome(job.result, ready, reason, used, time.perf_counter() - began_s, time.process_time() - used_s)


def _heard(job: Job, replay: Replay) -> Filed:
    raw = None if job.raw is None else RawFormat.parse(job.raw)
    side: Side = "left" if job.agent_channel == "left" else "right"  # of two files it says nothing
    call = CallFiles(tuple(map(Path, job.files)), side, job.offset_s, raw)
    with patience() as watch:
        recording = call.open()
        refuse_copies(recording)
        return filed(replay.run(recording, agent_channel=call.side, on_hop=watch.hears))


@functools.lru_cache(maxsize=1)
def _replay(setup: Setup) -> Replay:
    return Replay(setup.config, setup.choices, threads=THREADS, lane=InTurnLane)


@functools.lru_cache(maxsize=1)
def _models(setup: Setup) -> Mapping[str, str]:
    return models(setup.choices)
