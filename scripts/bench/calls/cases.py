"""The calls that turn-taking is measured on: built ones on any line, agreeable ones, and the semi-real ones."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.bench.calls.call import through
from scripts.bench.calls.happened import Legs
from scripts.bench.calls.timed import calls
from scripts.bench.lines.conditions import CONDITIONS
from voicecare.timebase import RATE_HZ
from voicecare.types import PARTIES, Floats

SEMI_REAL, AGREEABLE = "semi-real", "agreeable"


@dataclass(frozen=True, slots=True)
class Case:
    """A call to hear: float32 (2, n) at 16 kHz, agent first, and its speech in seconds."""

    legs: Floats
    truth: Legs


@dataclass(frozen=True, slots=True)
class Source:
    """Where calls come from: the data, how many minutes of built calls, each how long, and the seed they follow."""

    data: Path
    minutes: float
    length_s: float
    seed: int


def cases(line: str, source: Source) -> Iterator[Case]:
    """The calls of one line: a condition's name, SEMI_REAL or AGREEABLE."""
    if line == SEMI_REAL:
        yield from semi_real(source.data)
        return
    condition = CONDITIONS["g711" if line == AGREEABLE else line]
    count = math.ceil(source.minutes * 60 / source.length_s)
    made = calls(source.data, length_s=source.length_s, seed=source.seed, agreeable=line == AGREEABLE)
    for one in itertools.islice(made, count):
        call = through(one.call, condition, one.talkers, one.rng)
        yield Case(_at_16k(call.legs, condition.rate_hz), call.seconds())


def semi_real(data: Path) -> Iterator[Case]:
    """Real consultations over a phone line, each party's leg known to the word."""
    for wav in sorted((data / "calls" / "semi-real").glob("*.wav")):
        audio, rate = soundfile.read(wav, dtype="float32")
        segments = json.loads(wav.with_suffix(".truth.json").read_text(encoding="utf-8"))["segments"]
        truth: Legs = {party: [(s["start"], s["end"]) for s in segments if party in s["channel"]] for party in PARTIES}
        yield Case(_at_16k(np.ascontiguousarray(audio.T[::-1]), rate), truth)


def _at_16k(legs: Floats, rate: int) -> Floats:
    return legs if rate == RATE_HZ else np.ascontiguousarray(soxr.resample(legs.T, rate, RATE_HZ).T.astype(np.float32))
