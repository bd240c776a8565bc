"""Speakers of the labelled corpora as voices for built calls: their calm clips, and where in each they speak.

The truth of a clip is measured once, where it is clean; its stretches of speech travel with it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.bench.lines.levels import SPEECH_DBFS
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

FRAME = RATE_HZ // 100
CALM = ("neutral", "calm")
CORPORA = ("emodb", "ravdess", "nemo")
QUIET_DB = 36.0
"""Sound is what lies within this of a clip's loudest 10 ms; pauses under 0.15 s belong to it."""
CLOSED_S = 0.15
WEAK_DB, WEAK_S = 20.0, 0.3
"""Sound that stays this far below the loudest for longer, at either end of a stretch, is breath, not speech: 5 % of the
sound in the clips is unvoiced for over 0.35 s, mostly 20 to 35 dB down before or after a sentence."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker: the calm clips joined, float32 16 kHz at SPEECH_DBFS, and the stretches of speech in them."""

    name: str
    clips: tuple[tuple[Floats, tuple[tuple[int, int], ...]], ...]

    def talk(self) -> list[Floats]:
        """The sound of the clips alone."""
        return [sound for sound, _ in self.clips]


def voices(data: Path, corpora: Sequence[str] = CORPORA) -> list[Voice]:
    """Every speaker of the corpora with at least 8 s of calm speech."""
    found = []
    for corpus in corpora:
        folder = data / "emotion" / corpus
        with (folder / "labels.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["emotion"] in CALM]
        for speaker in sorted({row["speaker"] for row in rows}):
            clips = tuple(_clip(folder / row["path"]) for row in rows if row["speaker"] == speaker)
            if sum(b - a for _, spans in clips for a, b in spans) >= 8 * RATE_HZ:
                found.append(Voice(f"{corpus}-{speaker}", clips))
    return found


def _clip(path: Path) -> tuple[Floats, tuple[tuple[int, int], ...]]:
    audio, rate_hz = soundfile.read(path, dtype="float32")
    audio = soxr.resample(audio, rate_hz, RATE_HZ).astype(np.float32) if rate_hz != RATE_HZ else audio
    start, end = _sound(audio)
    spans = islands(audio)
    spoken = np.concatenate([audio[a:b] for a, b in spans])
    gain = 10 ** (SPEECH_DBFS / 20) / float(np.sqrt(np.mean(np.square(spoken))))
    return audio[start:end] * np.float32(gain), tuple((a - start, b - start) for a, b in spans)


def islands(audio: Floats) -> list[tuple[int, int]]:
    """The stretches of speech in a clean recording, in samples (QUIET_DB, CLOSED_S, WEAK_S); at least one."""
    level_db = _levels_db(audio)
    heard = np.flatnonzero(level_db > level_db.max() - QUIET_DB)
    strong = level_db > level_db.max() - WEAK_DB
    cuts = np.flatnonzero(np.diff(heard) > CLOSED_S * 100)
    starts, ends = heard[np.r_[0, cuts + 1]], heard[np.r_[cuts, heard.size - 1]] + 1
    weak = round(WEAK_S * 100)
    found = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        spoken = start + np.flatnonzero(strong[start:end])
        if spoken.size:
            found.append((max(start, int(spoken[0]) - weak) * FRAME, min(end, int(spoken[-1]) + 1 + weak) * FRAME))
    return found


def _sound(audio: Floats) -> tuple[int, int]:
    """From where to where a clean recording sounds at all, breath included, in samples."""
    level_db = _levels_db(audio)
    heard = np.flatnonzero(level_db > level_db.max() - QUIET_DB)
    return int(heard[0]) * FRAME, (int(heard[-1]) + 1) * FRAME


def _levels_db(audio: Floats) -> Floats:
    """The level of every whole 10 ms."""
    frames = audio[: audio.size // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(10 * np.log10(np.mean(np.square(frames), axis=1) + 1e-12))
