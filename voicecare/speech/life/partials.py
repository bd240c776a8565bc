"""What stays in a sound: partials that hold their pitch, as those of music and tones do and those of a voice do not.

A voice never stands still: within a tenth of a second its harmonics have moved by several hertz. A note of an
instrument and a tone of the network stay where they are (cf. "continuous frequency activation", Seyerlehner, Pohle,
Schedl and Widmer, DAFx 2007, made for music under speech in television).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import Floats

DECIMATION = 2
"""To 8 kHz: a phone line has nothing above."""
_STEP = HOP // DECIMATION
_WINDOW = 2 * _STEP
_SHAPE = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
BIN_HZ = RATE_HZ / DECIMATION / _WINDOW
_LOW, _HIGH = 13, 219
"""Partials are looked for between 203 and 3,422 Hz: below, a deep voice's harmonics move by less than a bin."""
_AUDIBLE = slice(8, 231)
"""What a phone line carries, from 125 to 3,600 Hz, in bins."""
_AROUND = 8
_STANDS_OUT = 4.0
"""A partial's peak has this many times the power around it ..."""
_DEPTH = 1e-4
"""... and is within 40 dB of the strongest."""
_PLACES = np.arange(_LOW, _HIGH, dtype=np.float32)
_DRIFT = 0.2 + 0.002 * _PLACES
"""From one hop to the next it may move by this many bins (3 Hz and .2 % of its pitch)."""
STAYS = 6
"""After so many hops, 190 ms, it is steady: of the energy of speech under .5 % is, of music 4 to 80 %."""
_REST = 31
"""A pitch that was steady within the last second is not struck anew: hum comes and goes with the noise around it."""
_SILENT = 1e-6
"""The least mean power worth looking at, -60 dBFS."""
_LINE = 4
"""A tone's energy lies within so many bins of its peak (62 Hz): two tones that beat are one line."""
_AROUND_LINE = np.arange(-_LINE, _LINE + 1)
_THERE = 0.05
"""A second line with less of the energy is none."""


class Sound(NamedTuple):
    """One hop of a leg.

    power: mean square, full scale 1. steady: the share of its energy in steady partials, 0..1. struck: whether one
    became steady that had not been so lately. purity: the share of its energy in its two strongest lines, 0..1, the
    `lines` in Hz, the stronger first; the second is 0 where it holds under 5 %.
    """

    power: float
    steady: float
    struck: bool
    purity: float
    lines: tuple[float, float]


class Partials:
    """Follows the partials of one leg, hop by hop; what is said of a hop knows nothing later."""

    def __init__(self) -> None:
        self._past: Floats = np.zeros(_WINDOW - _STEP, np.float32)
        self._pitches: Floats = np.full(_HIGH - _LOW + 2, np.nan, np.float32)
        self._ages = np.zeros(_HIGH - _LOW + 2, np.int16)
        self._last_steady = np.full(_HIGH - _LOW + 2, -_REST, np.int64)
        self._count = 0

    def over(self, leg: Floats, powers: Sequence[float], asked: Sequence[bool]) -> list[Sound]:
        """Take the next hops of the leg, float32 (n * HOP,), their mean squares, and which of them to look at.

        What is not looked at, or softer than -60 dBFS, has no partials, and ends those before it.
        """
        past, self._past = self._past, _slow(leg[-(_WINDOW - _STEP) * DECIMATION :])
        audible = [at for at, power in enumerate(powers) if asked[at] and power >= _SILENT]
        silent = [Sound(power, 0.0, False, 0.0, (0.0, 0.0)) for power in powers]
        if not audible:
            self._pitches.fill(np.nan)
            self._ages.fill(0)
            self._count += len(powers)
            return silent
        slow = np.concatenate((past, _slow(leg)))
        spectrum = np.fft.rfft(sliding_window_view(slow, _WINDOW)[::_STEP][audible] * _SHAPE, axis=1)
        energies = np.square(spectrum.real) + np.square(spectrum.imag)
        whole = np.maximum(energies[:, _AUDIBLE].sum(axis=1), 1e-12)
        ages = self._followed(_peaks(energies), audible, len(powers))
        inner = energies[:, _LOW - 1 : _HIGH + 1]
        around = inner[:, :-2] + inner[:, 1:-1] + inner[:, 2:]
        is_steady = ages >= STAYS
        steady = np.minimum(np.where(is_steady, around, np.float32(0.0)).sum(axis=1) / whole, 1.0).tolist()
        struck = self._new(is_steady, audible, len(powers))
        purity, lines = _lines(energies, whole)
        for row, at in enumerate(audible):
            silent[at] = Sound(powers[at], steady[row], struck[row], purity[row], lines[row])
        return silent

    def _followed(self, pitches: Floats, audible: list[int], hops: int) -> npt.NDArray[np.int16]:
        """For how many hops each partial has stayed where it is, per hop that is audible."""
        ages = np.empty(pitches.shape, np.int16)
        size = _PLACES.size
        past = np.vstack((self._pitches, np.pad(pitches, ((0, 0), (1, 1)), constant_values=np.nan)))
        same = [np.abs(pitches - past[:-1, side : side + size]) < _DRIFT for side in range(3)]
        old, before = self._ages, -1
        for row, at in enumerate(audible):
            if at != before + 1:
                old.fill(0)
            stayed = np.maximum(np.maximum(same[0][row] * old[:-2], same[1][row] * old[1:-1]), same[2][row] * old[2:])
            ages[row] = old[1:-1] = ~np.isnan(pitches[row]) * (stayed + 1)
            before = at
        self._pitches = past[-1].copy()
        if before != hops - 1:
            old.fill(0)
        return ages

    def _new(self, is_steady: npt.NDArray[np.bool_], audible: list[int], hops: int) -> list[bool]:
        """Whether a partial became steady that had not been so lately, per hop that is audible."""
        struck = []
        last = self._last_steady
        for at, one in zip(audible, is_steady, strict=True):
            places = np.flatnonzero(one) + 1
            is_new = False
            if places.size:
                now = self._count + at
                lately = np.maximum(np.maximum(last[places - 1], last[places]), last[places + 1])
                is_new = bool((lately < now - _REST).any())
                last[places] = now
            struck.append(is_new)
        self._count += hops
        return struck


def _slow(leg: Floats) -> Floats:
    """The leg at half the rate: the mean of two samples is filter enough for what lies below 3.4 kHz."""
    return np.asarray((leg[::DECIMATION] + leg[1::DECIMATION]) * np.float32(1 / DECIMATION), np.float32)


def _peaks(energies: Floats) -> Floats:
    """Where partials are: the pitch of each peak, in bins at its place, not a number elsewhere; (n, HIGH - LOW)."""
    sums = np.cumsum(energies, axis=1, dtype=np.float64)
    around = sums[:, _LOW + _AROUND : _HIGH + _AROUND] - sums[:, _LOW - _AROUND - 1 : _HIGH - _AROUND - 1]
    left, middle, right = (energies[:, _LOW + side : _HIGH + side] for side in (-1, 0, 1))
    is_peak = (middle > left) & (middle >= right) & (middle * (2 * _AROUND + 1) > _STANDS_OUT * around)
    is_peak &= middle > _DEPTH * middle.max(axis=1, keepdims=True)
    pitches = np.full(middle.shape, np.nan, np.float32)
    # The vertex of a parabola through the logarithms: within a tenth of a bin for this window.
    low, mid, high = (np.log(np.maximum(side[is_peak], 1e-12)) for side in (left, middle, right))
    pitches[is_peak] = np.nonzero(is_peak)[1] + _LOW + 0.5 * (low - high) / np.minimum(low - 2 * mid + high, -1e-6)
    return pitches


def _lines(energies: Floats, whole: Floats) -> tuple[list[float], list[tuple[float, float]]]:
    """The share of each hop's energy in its two strongest lines, and their pitches in Hz."""
    left = np.pad(energies[:, : _AUDIBLE.stop], ((0, 0), (0, _LINE)))
    left[:, : _AUDIBLE.start] = 0.0
    shares, centres = [], []
    for _ in range(2):
        places = left.argmax(axis=1)[:, None] + _AROUND_LINE
        line = np.take_along_axis(left, places, axis=1)
        energy = line.sum(axis=1)
        centre = (line * places).sum(axis=1) / np.maximum(energy, np.float32(1e-12))
        shares.append(energy / whole)
        centres.append(np.where(shares[-1] >= _THERE, centre * BIN_HZ, 0.0).tolist())
        np.put_along_axis(left, places, np.float32(0.0), axis=1)
    return np.minimum(shares[0] + shares[1], 1.0).tolist(), list(zip(*centres, strict=True))
