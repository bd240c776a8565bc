"""A short run of the fuzzer, and the fuzzer itself: it must see what it is for."""

from __future__ import annotations

import os
import sys
import time

import pytest

from scripts.fuzz import run, targets
from scripts.fuzz.mutations import mutated
from scripts.fuzz.seeds import FAMILIES, seeds


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_mutated_files_are_refused_or_read_and_nothing_else(family):
    tally = run.Tally()
    inputs = range(20)
    assert list(run.fuzz(family, inputs, 1, tally)) == []
    assert tally.outcomes["refused"] + tally.outcomes["read"] == len(inputs)
    assert tally.outcomes["refused"] > 0


@pytest.mark.parametrize("family", FAMILIES)
def test_an_input_is_known_by_its_number_and_good_files_are_read(family, tmp_path):
    assert mutated(family, 7, 1) == mutated(family, 7, 1)
    assert len({mutated(family, number, 1) for number in range(20)}) > 10
    if family == "names":
        (tmp_path / "call.jsonl").write_bytes(seeds("session")[0])
        return
    for good in seeds(family):
        assert targets.attempt(family, good, 1, tmp_path) == "read"


def _faulty(kind: str) -> str:
    if kind == "traceback":
        raise KeyError(kind)
    if kind == "library":
        os.write(2, b"dropped exception")
    if kind == "hang":
        until = time.process_time() + 60.0
        while time.process_time() < until:
            pass
    if kind == "memory":
        return str(len(bytearray(3_000_000_000)))
    return "read"


def _attempt(family, content, number, folder):  # noqa: ARG001 - stands for `targets.attempt`
    with targets._libraries_are_quiet(folder / "said"):
        return _faulty(("traceback", "library", "hang", "memory", "none")[number])


def _work(*given) -> None:
    run.HANG_S = 0.5
    run.attempt = _attempt
    run._work(*given)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are read from /proc")
def test_a_traceback_what_a_library_prints_a_hang_and_a_gigabyte_are_faults():
    tally = run.Tally()
    faults = list(run.fuzz("toml", range(5), 1, tally, work=_work))
    assert [fault.number for fault in faults] == [0, 1, 2, 3]
    said = [fault.what for fault in faults]
    assert "KeyError" in said[0]
    assert "printed past the program" in said[1]
    assert "processor time" in said[2]
    assert "MemoryError" in said[3]
    assert tally.outcomes["read"] == 1


def test_a_process_that_dies_is_a_fault_and_the_next_input_is_tried():
    tally = run.Tally()
    faults = list(run.fuzz("toml", range(3), 1, tally, work=_dies_at_1))
    assert [(fault.number, "died" in fault.what) for fault in faults] == [(1, True)]
    assert tally.outcomes["read"] == 2


def _dies_at_1(answers, family, numbers, seed) -> None:  # noqa: ARG001 - stands for `run._work`
    for number in numbers:
        if number == 1:
            os._exit(9)
        answers.send((number, "read", "", 0.0, 0.0))
