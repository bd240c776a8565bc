"""The labelled corpora of acted speech, clip by clip, and the two views voicecare takes of a clip.

emodb (CC0) trains what ships; ravdess and nemo (CC BY-NC-SA) only choose designs and operating points. Fear, disgust
and boredom of emodb hold their first 2 s only, so every emodb clip is cut there: length must not give a class away.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from voicecare.config import StrainConfig
from voicecare.ports import PitchTracker
from voicecare.speech.strain.prosody import MELODY, Prosody, ProsodyFrame
from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import Floats

CALM = ("neutral", "calm")
TRAINING = "emodb"
CUT_S = 2.0
LONGEST_VIEW_S = 3.0
"""Prosody is taken over this much of a clip, about what the product's window and smoothing reach over together."""
PAUSE_DB = 35.0
"""Leading and trailing 10 ms frames this far below a clip's loudest are trimmed."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One labelled clip; aroused and aroused_strict as the corpora's label files map them (None: left out)."""

    corpus: str
    path: Path
    speaker: str
    sex: str
    language: str
    emotion: str
    aroused: bool
    aroused_strict: bool | None
    split: str

    @property
    def seed(self) -> int:
        """A number of this clip alone, so that no clip's line depends on which others are read."""
        return zlib.crc32(f"{self.corpus}/{self.path.parent.name}/{self.path.name}".encode())

    def speech(self) -> Floats:
        """Read the clip at 16 kHz, float32, trimmed to its speech; emodb is cut to its first 2 s."""
        return _speech(self.path, CUT_S if self.corpus == TRAINING else None)


def read(folder: Path) -> list[Clip]:
    """Read the labels of one corpus folder; exact duplicates are left out."""
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "exact_duplicate" not in row["notes"]]
    return [
        Clip(
            corpus=folder.name,
            path=folder / row["path"],
            speaker=row["speaker"],
            sex=row["sex"],
            language=row["language"],
            emotion=row["emotion"],
            aroused=row["high_arousal"] == "1",
            aroused_strict=None if row["high_arousal_strict"] == "" else row["high_arousal_strict"] == "1",
            split=row["published_split"],
        )
        for row in rows
    ]


def prosody_view(audio: Floats, pitch: PitchTracker, config: StrainConfig) -> Floats:
    """Return the prosody features of a clip in one window; its last step is filled by the clip's start."""
    return _view(audio, pitch, config).features


def melodic_view(audio: Floats, pitch: PitchTracker, config: StrainConfig) -> Floats:
    """Return the prosody features of a clip and its melody in one array; a melody that cannot be told is all zero."""
    frame = _view(audio, pitch, config)
    melody = np.zeros(len(MELODY), np.float32) if frame.melody is None else frame.melody
    return np.concatenate([frame.features, melody])


def _view(audio: Floats, pitch: PitchTracker, config: StrainConfig) -> ProsodyFrame:
    prosody = Prosody(dataclasses.replace(config, window_s=LONGEST_VIEW_S), pitch)
    step = max(1, round(config.every_s * RATE_HZ / HOP)) * HOP
    steps = min(-(-audio.size // step), round(LONGEST_VIEW_S / config.every_s))
    whole = np.resize(audio, steps * step)
    frames = [f for start in range(0, whole.size, HOP) for f in prosody.push(whole[start : start + HOP], True, start)]
    return frames[-1]


@functools.lru_cache(maxsize=2_000)
def _speech(path: Path, cut_s: float | None) -> Floats:
    audio, rate = sf.read(path, dtype="float32")
    if rate != RATE_HZ:
        audio = soxr.resample(audio, rate, RATE_HZ)
    frame = RATE_HZ // 100
    energy = np.mean(audio[: audio.size // frame * frame].reshape(-1, frame) ** 2, axis=1)
    loud = np.nonzero(energy > energy.max() * 10 ** (-PAUSE_DB / 10))[0]
    speech = audio[loud[0] * frame : (loud[-1] + 1) * frame]
    return np.asarray(speech if cut_s is None else speech[: int(cut_s * RATE_HZ)], np.float32)
