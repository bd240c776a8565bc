"""Calls an hour against workers, memory a worker, Dask beside processes, and the store's share of a night.

    python scripts/bench/batch.py [--calls 200] [--alone 40] [--worded 12] [--no-dask] [--json FILE]

The calls are built of the demo call, three minutes each, every one another stretch of it. One worker hears --alone of
them, as many workers as there are cores hear --calls; with words --worded of them each. The line after each compares
the calls an hour of all workers with so many times those of one. The load of the machine is printed: beside other work
the figures say little.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from sqlalchemy import Engine as Database

from voicecare.assembly import Choices
from voicecare.config import Config
from voicecare.qa.batch.cluster import Cluster
from voicecare.qa.batch.engines import Engine
from voicecare.qa.batch.finding import Search, find
from voicecare.qa.batch.found import Found
from voicecare.qa.batch.hearing import Setup
from voicecare.qa.batch.night import Night
from voicecare.qa.batch.processes import Processes, cores
from voicecare.qa.store.store import Opened, Store

DEMO = Path(__file__).resolve().parents[2] / "voicecare" / "demo" / "call.flac"
LENGTH_S = 180
STEP_S = 0.9
"""Each call begins so much later in the demo call than the one before."""


class TimedStore(Store):
    """A store that knows how long was spent writing to it."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.spent_s = 0.0

    @contextmanager
    def write(self) -> Iterator[Opened]:
        """As ever, with a clock."""
        began_s = time.perf_counter()
        try:
            with super().write() as to:
                yield to
        finally:
            self.spent_s += time.perf_counter() - began_s


@dataclass(frozen=True, slots=True)
class Row:
    """One night.

    busy: the part 0..1 of all workers' time in which they heard calls; the rest is starting, and waiting for a call or
    for the end. cpu_s: of workers while they hear. peak_mb: of the largest worker. store_share: the part of the night
    in which the store was written. load: of the machine, before it.
    """

    engine: str
    words: bool
    workers: int
    calls: int
    wall_s: float
    heard_s: float
    busy: float
    cpu_s: float
    peak_mb: float
    store_share: float
    load: float

    @property
    def calls_an_hour(self) -> float:
        """Calls of three minutes."""
        return 3600 * self.heard_s / LENGTH_S / self.wall_s

    @property
    def speed(self) -> float:
        """Times real time."""
        return self.heard_s / self.wall_s


def built(folder: Path, count: int) -> list[Found]:
    """Write so many calls, and find them."""
    audio, rate_hz = soundfile.read(DEMO, dtype="int16")
    length = LENGTH_S * rate_hz
    for number in range(count):
        turned = np.roll(audio, -int(number * STEP_S * rate_hz), axis=0)
        whole = np.concatenate([turned] * -(-length // len(turned)))[:length]
        soundfile.write(folder / f"call{number:05}.wav", whole, rate_hz, subtype="ULAW")
    return find([str(folder)], Search())[0]


def night(found: Sequence[Found], choices: Choices, engine: Callable[[], Engine], name: str) -> Row:
    """One night into a new store."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, TimedStore.open(f"{folder}/calls.db") as store:
        one = Night(store, Setup(Config(), choices), agent_channel="right", raw=None, retry=False)
        work = one.queue(found, lambda _: None)
        store.spent_s = 0.0
        began_s = time.perf_counter()
        workers = engine()
        count = workers.workers
        one.hear(work, workers, lambda: None)
        wall_s = time.perf_counter() - began_s
        if one.tally.failed:
            sys.exit(f"{one.tally.failed[0].call}: {one.tally.failed[0].reason}")
        until_s = time.monotonic() + 10
        while multiprocessing.active_children() and time.monotonic() < until_s:  # to be counted, they must be over
            time.sleep(0.1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak_mb = after.ru_maxrss / 1024
        busy, share = one.tally.worked_s / (wall_s * count), store.spent_s / wall_s
        calls, heard_s, cpu_s = len(found), one.tally.heard_s, one.tally.cpu_s
        return Row(name, choices.words, count, calls, wall_s, heard_s, busy, cpu_s, peak_mb, share, load)


@contextmanager
def dask(workers: int) -> Iterator[str]:
    """A scheduler and workers on this machine, each a process; give the scheduler's address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    program = [sys.executable, "-m"]
    alone = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    scheduler = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    worker = ["distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started = [
        subprocess.Popen([*program, *command], env={**os.environ, **alone}, **quiet)  # type: ignore[call-overload]
        for command in (scheduler, *([worker] * workers))
    ]
    try:
        time.sleep(5)
        yield address
    finally:
        for process in started:
            process.terminate()
            process.wait()


def shown(row: Row) -> str:
    """A line of the table."""
    return (
        f"{row.engine:10} {'words' if row.words else 'no words':8} {row.workers:7} {row.calls:5} {row.wall_s:8.1f} "
        f"{row.calls_an_hour:8.0f} {row.speed:8.1f} {100 * row.busy:7.1f} {row.cpu_s / row.calls:8.2f} "
        f"{row.peak_mb:8.0f} {100 * row.store_share:7.2f} {row.load:5.1f}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=200, help="how many all workers hear, without words")
    parser.add_argument("--alone", type=int, default=40, help="how many one worker hears, without words")
    parser.add_argument("--worded", type=int, default=12, help="how many are heard with words; 0 leaves them out")
    parser.add_argument("--no-dask", action="store_true", help="leave the cluster out")
    parser.add_argument("--json", type=Path, help="write the table as JSON")
    options = parser.parse_args()
    most = cores()
    rows: list[Row] = []

    def one(found: Sequence[Found], choices: Choices, engine: Callable[[], Engine], name: str) -> Row:
        rows.append(night(found, choices, engine, name))
        print(shown(rows[-1]), flush=True)
        return rows[-1]

    print(
        f"{'':10} {'':8} {'workers':>7} {'calls':>5} {'seconds':>8} {'calls/h':>8} {'x real':>8} {'busy %':>7} "
        f"{'cpu/call':>8} {'peak MB':>8} {'store %':>7} {'load':>5}"
    )
    with tempfile.TemporaryDirectory() as folder:
        found = built(Path(folder), max(options.calls, options.alone, options.worded))
        quick, worded = Choices(words=False), Choices()
        pairs = [(quick, options.alone, options.calls), (worded, options.worded, options.worded)]
        for choices, alone, calls in pairs:
            if not calls:
                continue
            first = one(found[:alone], choices, lambda: Processes(1), "processes")
            every = one(found[:calls], choices, lambda: Processes(most), "processes")
            share = every.calls_an_hour / (most * first.calls_an_hour)
            dearer = every.cpu_s / every.calls / (first.cpu_s / first.calls)
            print(
                f"{most} workers reach {100 * share:.0f} % of {most} times one worker; they were busy "
                f"{100 * every.busy:.1f} % of the time; a call took {dearer:.2f} times the processor of one alone"
            )
        if not options.no_dask:
            with dask(most) as address:
                other = one(found[: options.alone], quick, lambda: Cluster(address), "dask")
            same = one(found[: options.alone], quick, lambda: Processes(most), "processes")
            print(f"dask reaches {100 * other.calls_an_hour / same.calls_an_hour:.0f} % of processes on the same calls")
    if options.json:
        told = [asdict(row) | {"calls_an_hour": row.calls_an_hour, "speed": row.speed} for row in rows]
        options.json.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
