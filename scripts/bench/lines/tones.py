"""Tones of national networks, as ITU-T lists them ("Various tones used in national networks", E.180 supplement 2).

Twenty-four networks, chosen so that every frequency and every rhythm of the list occurs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scripts.bench.lines.levels import Waveform, at_dbfs
from voicecare.timebase import RATE_HZ

TONE_DBFS = -20.0
EDGE_S = 0.004


@dataclass(frozen=True, slots=True)
class Network:
    """One network's tones: frequencies in Hz, and seconds of tone and silence in turn."""

    ring_hz: tuple[float, ...]
    ring_s: tuple[float, ...]
    busy_hz: tuple[float, ...]
    busy_s: tuple[float, ...]
    congestion_s: tuple[float, ...]
    """Congestion is told by rhythm: its frequency is that of busy."""


def _plain(hz: float, on_s: float, off_s: float, busy_s: float, congestion_s: float) -> Network:
    return Network((hz,), (on_s, off_s), (hz,), (busy_s, busy_s), (congestion_s, congestion_s))


NETWORKS: dict[str, Network] = {
    "US": Network((440, 480), (2.0, 4.0), (480, 620), (0.5, 0.5), (0.25, 0.25)),
    "GB": Network((400, 450), (0.4, 0.2, 0.4, 2.0), (400,), (0.375, 0.375), (0.4, 0.35, 0.225, 0.525)),
    "DE": _plain(425, 1.0, 4.0, 0.48, 0.24),
    "FR": _plain(440, 1.5, 3.5, 0.5, 0.25),
    "IT": _plain(425, 1.0, 4.0, 0.5, 0.2),
    "ES": Network((425,), (1.5, 3.0), (425,), (0.2, 0.2), (0.2, 0.2, 0.2, 0.2, 0.2, 0.6)),
    "NL": _plain(425, 1.0, 4.0, 0.5, 0.25),
    "BE": _plain(425, 1.0, 3.0, 0.5, 0.167),
    "AT": _plain(420, 1.0, 5.0, 0.4, 0.2),
    "CH": _plain(425, 1.0, 4.0, 0.5, 0.2),
    "PL": _plain(425, 1.0, 4.0, 0.5, 0.5),
    "CZ": _plain(425, 1.0, 4.0, 0.33, 0.165),
    "SE": _plain(425, 1.0, 5.0, 0.25, 0.25),
    "FI": _plain(425, 1.0, 4.0, 0.3, 0.2),
    "HU": _plain(425, 1.25, 3.75, 0.3, 0.3),
    "AU": Network((413, 438), (0.4, 0.2, 0.4, 2.0), (425,), (0.375, 0.375), (0.375, 0.375)),
    "NZ": Network((400, 450), (0.4, 0.2, 0.4, 2.0), (400,), (0.5, 0.5), (0.25, 0.25)),
    "JP": Network((384, 416), (1.0, 2.0), (400,), (0.5, 0.5), (0.5, 0.5)),
    "CN": _plain(450, 1.0, 4.0, 0.35, 0.7),
    "TW": Network((440, 480), (1.0, 2.0), (480, 620), (0.5, 0.5), (0.25, 0.25)),
    "IN": Network((375, 400, 425), (0.4, 0.2, 0.4, 2.0), (400,), (0.75, 0.75), (0.25, 0.25)),
    "IL": _plain(414, 1.0, 3.0, 0.5, 0.25),
    "BR": Network((425,), (1.0, 4.0), (425,), (0.25, 0.25), (0.25, 0.25, 0.75, 0.25)),
    "MX": _plain(425, 1.0, 4.0, 0.25, 0.25),
}


def tone(size: int, hz: tuple[float, ...], rhythm_s: tuple[float, ...], dbfs: float = TONE_DBFS) -> Waveform:
    """A tone of so many samples that comes and goes; `dbfs` while it sounds."""
    t = np.arange(size) / RATE_HZ
    place = np.mod(t, sum(rhythm_s))
    level = np.zeros(size)
    begins = 0.0
    for number, length_s in enumerate(rhythm_s):
        if number % 2 == 0:
            edge = np.minimum(place - begins, begins + length_s - place) / EDGE_S
            level = np.maximum(level, np.clip(edge, 0.0, 1.0))
        begins += length_s
    return level * at_dbfs(np.sum([np.sin(2 * np.pi * one * t) for one in hz], axis=0), dbfs)


def special_information(size: int) -> Waveform:
    """The three tones before "the number you have dialled ...", each 330 ms, again and again."""
    length_s, pause_s = 0.33, 1.0
    out = np.zeros(size)
    for number, hz in enumerate((950.0, 1_400.0, 1_800.0)):
        rhythm_s = (length_s, 2 * length_s + pause_s)
        late = round(number * length_s * RATE_HZ)
        out[late:] += tone(size - late, (hz,), rhythm_s)
    return out


def dial(size: int) -> Waveform:
    """The dial tone of North America, without end."""
    return tone(size, (350.0, 440.0), (size / RATE_HZ, 1.0))
