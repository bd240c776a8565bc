"""Throws mutated files at voicecare and counts what it did: refused, read, or a fault.

    python scripts/fuzz/run.py                      # a short run, as the tests do
    python scripts/fuzz/run.py --inputs 20000       # the long one, shared evenly by all families
    python scripts/fuzz/run.py --only audio --first 1234 --inputs 1   # one input again, by its number

Families: audio, TextGrid, EAF, TOML, sessions and names. A fault is a traceback, more than one line, a control
character on the terminal, 10 s of processor time, or 1 GB of memory more than the process began with. Inputs are known
by family, number and seed; those at fault are kept with `--keep FOLDER`. Ends with 1 on any.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import TypeAlias

from scripts.fuzz.mutations import mutated
from scripts.fuzz.seeds import FAMILIES, Family, seeds
from scripts.fuzz.targets import attempt

HANG_S = 10.0
WALL_S = 120.0
"""A machine may be busy; what does not answer at all for this long is stuck outside Python."""
MOST_BYTES = 1_000_000_000
SHORT = 120


Work: TypeAlias = Callable[[Connection, Family, range, int], None]
"""What a process does with its inputs: it answers with a number, an outcome, what was wrong, seconds and megabytes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One input that did what may never be."""

    family: Family
    number: int
    what: str


class _HangError(BaseException):
    """Not an Exception: nothing on the way may take it for a bad file."""


def main() -> int:
    """Try the inputs and tell; 1 where one was answered wrongly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=SHORT, help="how many, over all families")
    parser.add_argument("--first", type=int, default=0, help="the number of the first input of each family")
    parser.add_argument("--seed", type=int, default=1, help="other inputs")
    parser.add_argument("--only", choices=FAMILIES, action="append", help="one family; may be given again")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs at fault")
    asked = parser.parse_args()
    families: list[Family] = asked.only or list(FAMILIES)
    each = max(1, asked.inputs // len(families))
    print(f"{'family':<10}{'inputs':>8}{'refused':>9}{'read':>8}{'faults':>8}{'slowest s':>11}{'peak MB':>9}")
    failed = 0
    for family in families:
        tally = Tally()
        for fault in fuzz(family, range(asked.first, asked.first + each), asked.seed, tally):
            failed += 1
            print(f"FAULT {family} --first {fault.number} --seed {asked.seed}: {fault.what}", flush=True)
            if asked.keep is not None:
                asked.keep.mkdir(parents=True, exist_ok=True)
                (asked.keep / f"{family}-{fault.number}").write_bytes(mutated(family, fault.number, asked.seed))
        print(tally.row(family), flush=True)
    return 1 if failed else 0


class Tally:
    """What became of the inputs of one family."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.slowest_s = self.peak_mb = 0.0

    def row(self, family: Family) -> str:
        """One line of the table."""
        refused, read, faults = (self.outcomes[name] for name in ("refused", "read", "fault"))
        numbers = f"{sum(self.outcomes.values()):>8}{refused:>9}{read:>8}{faults:>8}"
        return f"{family:<10}{numbers}{self.slowest_s:>11.2f}{self.peak_mb:>9.0f}"


def fuzz(family: Family, numbers: range, seed: int, tally: Tally, work: Work | None = None) -> Iterator[Fault]:
    """Try inputs one after another in a process of their own, which begins again behind an input that ended it."""
    start = numbers.start
    while start < numbers.stop:
        ours, theirs = multiprocessing.Pipe()
        rest = range(start, numbers.stop)
        worker = multiprocessing.get_context("spawn").Process(target=work or _work, args=(theirs, family, rest, seed))
        worker.start()
        theirs.close()
        at = start
        try:
            while at < numbers.stop:
                if not ours.poll(WALL_S):
                    worker.kill()
                    tally.outcomes["fault"] += 1
                    yield Fault(family, at, f"no answer for {WALL_S:.0f} s")
                    break
                at, outcome, what, took_s, peak_mb = ours.recv()
                tally.outcomes[outcome] += 1
                tally.slowest_s, tally.peak_mb = max(tally.slowest_s, took_s), max(tally.peak_mb, peak_mb)
                if outcome == "fault":
                    yield Fault(family, at, what)
                at += 1
        except EOFError:
            worker.join()
            tally.outcomes["fault"] += 1
            yield Fault(family, at, f"the process died ({worker.exitcode})")
        worker.join()
        start = at if at >= numbers.stop else at + 1


def _work(answers: Connection, family: Family, numbers: range, seed: int) -> None:
    signal.signal(signal.SIGPROF, _hang)
    with tempfile.TemporaryDirectory() as folder:
        seeds(family)  # what is made once is no input's cost
        _limit_memory()
        for number in numbers:
            answers.send((number, *_tried(family, number, seed, Path(folder))))


def _tried(family: Family, number: int, seed: int, folder: Path) -> tuple[str, str, float, float]:
    content = mutated(family, number, seed)
    began, what = time.process_time(), ""
    signal.setitimer(signal.ITIMER_PROF, HANG_S)
    try:
        outcome = attempt(family, content, number, folder)
    except _HangError:
        outcome, what = "fault", f"{HANG_S:.0f} s of processor time"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        at = traceback.extract_tb(error.__traceback__)[-1]
        outcome, what = "fault", f"{type(error).__name__}: {error!s:.300} ({Path(at.filename).name}:{at.lineno})"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
    return outcome, what, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _hang(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's signature
    raise _HangError


def _limit_memory() -> None:
    """From here on a gigabyte more is a MemoryError, and so a fault."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    resource.setrlimit(resource.RLIMIT_DATA, (pages * resource.getpagesize() + MOST_BYTES,) * 2)


if __name__ == "__main__":
    sys.exit(main())
