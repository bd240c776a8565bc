"""Short spectra of the telephone band, and how they move."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import Floats

FRAME: Samples = 256
"""One frame every 16 ms, as the pitch tracker counts."""
SHORT: Samples = 512
LONG: Samples = 1024
BAND_HZ = (300.0, 3_400.0)
LOUD_DB = 25.0
"""A frame this far below the loudest of its step is a pause."""
DEEPEST_DB = -15.0
"""Valleys of a spectrum deeper than this below its mean are noise of the line."""
_SMOOTH_BINS = 9
_FLOOR = 1e-9

_Array = npt.NDArray[np.float32]


class Measured(NamedTuple):
    """One value a frame; `loud` says which frames are no pause."""

    flux: _Array
    change_db: _Array
    contrast_db: _Array
    centroid_khz: _Array
    loud: npt.NDArray[np.bool_]


class Spectra:
    """Measures spectra between 300 and 3,400 Hz; nothing it returns depends on level."""

    def __init__(self) -> None:
        self._short = np.hanning(SHORT).astype(np.float32)
        self._long = np.hanning(LONG).astype(np.float32)
        self._short_band, short_hz = _band(SHORT)
        self._long_band, _ = _band(LONG)
        self._khz = (short_hz / 1_000).astype(np.float32)

    def measure(self, audio: Floats, context: Samples) -> Measured:
        """Take float32 speech of about -20 dBFS RMS; one value for every frame after the first `context` samples.

        context: at least LONG, so that every frame has one before it.
        """
        count = (audio.size - context) // FRAME
        short = self._amplitudes(audio[context - SHORT :], self._short, self._short_band, count)
        long = self._amplitudes(audio[context - LONG :], self._long, self._long_band, count)
        power = short * short
        energy = power.sum(axis=1)
        sums = short.sum(axis=1, keepdims=True)
        shape = short / sums
        flux = np.abs(np.diff(shape, axis=0)).sum(axis=1)
        change = np.abs(np.diff(_shape_db(long), axis=0)).mean(axis=1)
        db = 20 * np.log10(short[1:])
        contrast = np.abs(db - _smooth(db)).mean(axis=1)
        centroid = (power[1:] @ self._khz) / energy[1:]
        loud = energy[1:] > energy[1:].max() * 10 ** (-LOUD_DB / 10)
        return Measured(flux, change, contrast, centroid, loud)

    def _amplitudes(self, audio: Floats, window: Floats, band: slice, count: int) -> _Array:
        """Amplitude spectra of `count` + 1 frames, the first one of context."""
        frames = np.lib.stride_tricks.sliding_window_view(audio, window.size)[::FRAME][: count + 1]
        spectrum = np.fft.rfft(frames * window, axis=1)[:, band]
        floor = np.float32(np.sqrt(_FLOOR * window.size))
        return np.abs(spectrum).astype(np.float32) + floor


def _band(window: Samples) -> tuple[slice, npt.NDArray[np.float64]]:
    hz = np.asarray(np.fft.rfftfreq(window, 1 / RATE_HZ), np.float64)
    inside = np.nonzero((hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1]))[0]
    band = slice(int(inside[0]), int(inside[-1]) + 1)
    return band, hz[band]


def _shape_db(amplitudes: _Array) -> _Array:
    db = 20 * np.log10(amplitudes)
    return np.asarray(np.maximum(db - db.mean(axis=1, keepdims=True), np.float32(DEEPEST_DB)), np.float32)


def _smooth(db: _Array) -> _Array:
    """A moving mean over bins, shorter at the ends of the band."""
    half = _SMOOTH_BINS // 2
    total = np.cumsum(np.pad(db, ((0, 0), (1, 0))), axis=1)
    bins = np.arange(db.shape[1])
    low, high = np.maximum(bins - half, 0), np.minimum(bins + half + 1, db.shape[1])
    return np.asarray((total[:, high] - total[:, low]) / (high - low).astype(np.float32), np.float32)
