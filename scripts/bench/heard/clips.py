"""Clips of acted emotion, each alone on a leg, and how much of each was heard, by corpus, emotion, sex and line."""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.bench.corpora.arousal import Clip, read
from scripts.bench.heard.truth import Truth, by_level, score
from scripts.bench.lines.frames import FRAMES_PER_S
from scripts.bench.lines.heard import LINES, send
from scripts.bench.systems.speech import System
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

CORPORA = ("ravdess", "nemo", "emodb")
BEFORE_S, AFTER_S = 1.0, 0.5
KEPT_S = 0.3
"""Of a clip's own silence this much is kept around its sound."""


EVERY = 40
"""After so many clips a line says how far it is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One clip on one line, heard by one system."""

    system: str
    line: str
    corpus: str
    emotion: str
    sex: str
    clip: str
    heard: float
    invented: float
    speech_s: float


def sampled(clips: Iterable[Clip], count: int | None) -> list[Clip]:
    """Up to `count` clips of every corpus, emotion and sex, always the same ones; None takes all."""
    groups: dict[tuple[str, str, str], list[Clip]] = collections.defaultdict(list)
    for clip in clips:
        groups[clip.corpus, clip.emotion, clip.sex].append(clip)
    return [clip for group in groups.values() for clip in sorted(group, key=lambda one: one.seed)[:count]]


def corpus(data: Path, names: Sequence[str]) -> list[Clip]:
    """The clips of the named corpora."""
    return [clip for name in names for clip in read(data / "emotion" / name)]


def load(path: Path) -> tuple[Floats, Truth]:
    """A clip at 16 kHz, cut to what sounds, and its truth; the cut is rounded over 10 ms."""
    audio, rate_hz = soundfile.read(path, dtype="float32")
    audio = audio if rate_hz == RATE_HZ else soxr.resample(audio, rate_hz, RATE_HZ).astype(np.float32)
    truth = by_level(audio, RATE_HZ)
    speech = np.flatnonzero(truth.sure)
    kept = round(KEPT_S * FRAMES_PER_S)
    first, last = max(0, int(speech[0]) - kept), min(truth.sure.size, int(speech[-1]) + 1 + kept)
    frame = RATE_HZ // FRAMES_PER_S
    cut = audio[first * frame : last * frame].copy()
    ramp = np.linspace(0, 1, frame, dtype=np.float32)
    cut[:frame] *= ramp
    cut[-frame:] *= ramp[::-1]
    return cut, Truth(truth.sure[first:last], truth.possible[first:last])


def alone(clip: Floats, truth: Truth, before_s: float = BEFORE_S) -> tuple[Floats, Truth]:
    """A clip with nothing before and after it."""
    around = round(before_s * RATE_HZ), round(AFTER_S * RATE_HZ)
    return np.pad(clip, around), truth.padded(before_s, AFTER_S)


def as_caller(leg: Floats) -> Floats:
    """A leg as the caller's, beside an agent who is muted: (2, n)."""
    return np.stack([np.zeros_like(leg), leg])


def measure(clips: Sequence[Clip], lines: Sequence[str], systems: dict[str, System], jobs: int = 1) -> list[Row]:
    """Hear every clip on every line by every system, in `jobs` processes."""
    hear = functools.partial(_hear, lines=lines, systems=systems)
    rows: list[Row] = []
    with concurrent.futures.ProcessPoolExecutor(jobs) if jobs > 1 else contextlib.nullcontext() as pool:
        for number, of_clip in enumerate(map(hear, clips) if pool is None else pool.map(hear, clips, chunksize=8), 1):
            rows += of_clip
            if number % EVERY == 0:
                print(f"  {number} of {len(clips)} clips", flush=True)
    return rows


def _hear(clip: Clip, lines: Sequence[str], systems: dict[str, System]) -> list[Row]:
    leg, truth = alone(*load(clip.path))
    name = f"{clip.corpus}/{clip.path.parent.name}/{clip.path.name}"
    rows = []
    for line in lines:
        rng = np.random.default_rng((clip.seed, list(LINES).index(line)))
        legs = as_caller(send(leg, truth.sure, LINES[line], rng))
        for system, hear in systems.items():
            share = score(truth, hear(legs).spans["caller"])
            heard, invented, speech_s = round(share.heard, 4), round(share.invented, 4), round(share.speech_s, 2)
            rows.append(Row(system, line, clip.corpus, clip.emotion, clip.sex, name, heard, invented, speech_s))
    return rows


@dataclass(frozen=True, slots=True)
class Group:
    """Clips of one kind. mean and worst: share heard; invented: mean share of the silence told as speech."""

    key: tuple[str, ...]
    n: int
    mean: float
    worst: float
    worst_clip: str
    invented: float
    lost: int
    """Clips heard by less than .85."""


def grouped(rows: Iterable[Row], *by: str) -> list[Group]:
    """The rows by some of their names, the worst mean first."""
    found: dict[tuple[str, ...], list[Row]] = collections.defaultdict(list)
    for row in rows:
        found[tuple(getattr(row, name) for name in by)].append(row)
    groups = []
    for key, members in found.items():
        worst = min(members, key=lambda row: row.heard)
        groups.append(
            Group(
                key,
                len(members),
                float(np.mean([row.heard for row in members])),
                worst.heard,
                worst.clip,
                float(np.mean([row.invented for row in members])),
                sum(row.heard < 0.85 for row in members),
            )
        )
    return sorted(groups, key=lambda group: group.mean)


def women_less_men(rows: Sequence[Row]) -> float:
    """How much more of the women's clips is heard than of the men's; nan where one sex is missing."""
    means = {group.key[0]: group.mean for group in grouped(rows, "sex")}
    return means["female"] - means["male"] if {"female", "male"} <= means.keys() else float("nan")
