"""Tells a party's own speech from the other party's voice leaking into the leg.

A bad hybrid, a bridge or a loudspeaker puts a quieter and later copy of one leg into the other. To a voice detector
the copy is speech: at -20 dB it answers for 70 % of the pauses, and every sentence becomes a talk-over.
A copy is found by looking: over the last 128 ms it is the same waveform as the other leg's, somewhat earlier. Two
people who talk at once have nothing in common, so real overlap stays. Once a delay is known, less likeness will do
there if no more than noise is left beside the copy.

A loudspeaker in a room adds echoes of its own, and likeness falls below what can be told from speech: that leak has to
be learnt (`speech/activity/bleed.py`). This one needs no time to learn, and hears both directions.

Measured on built calls (scripts/bench/turns.py): the correlation of leaked hops is 0.92 and more (5th percentile; -20
and -30 dB, G.711 and AMR), of a party's own speech over the other's 0.38 and less (95th), 0.68 with a leak in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from voicecare.ports import Frames
from voicecare.timebase import HOP
from voicecare.types import Floats

DECIMATION = 4
"""To 4 kHz: what both legs share is loudest below 2 kHz, and the cost falls with the rate."""
STEP = HOP // DECIMATION
WINDOW = 4 * STEP
EARLIEST, LATEST = -8, 440
"""Delays searched, in samples at 4 kHz: -2 ms (two sound cards) to 110 ms."""
COPY = 0.6
"""A correlation from which a leg is a copy, at any delay."""
SURE_COPY = 0.8
"""A correlation from which its delay is remembered."""
KNOWN_COPY = 0.3
"""A correlation from which a leg is a copy at the remembered delay, if what is left of it is no more than its noise."""
NEAR = 4
LEFT = 4.0
"""Noise is up to this many times the least power the leg had lately."""
NOISE_GROWTH = 1.002
AUDIBLE = 1e-6
"""The least mean power worth comparing, -60 dBFS."""
_MEAN = np.full(DECIMATION, 1 / DECIMATION, np.float32)
ASKED = 0.05
"""Hops the detector itself gives less than this need no second look."""

Said: TypeAlias = tuple[tuple[float, float], Frames | None]
"""What is said of a hop: P(speech) of agent and caller, and the frames of sound it completed."""


class Crosstalk:
    """Takes the other's leaking voice out of what the detectors say of a leg; keeps the last quarter of a second."""

    def __init__(self) -> None:
        hops = -(-(WINDOW + LATEST - EARLIEST) * DECIMATION // HOP)
        self._past: Floats = np.zeros((2, hops * STEP), np.float32)
        self._powers = deque([(0.0, 0.0)] * (WINDOW // STEP), WINDOW // STEP)
        self._speech = deque([(0.0, 0.0)] * hops, hops)
        self._delays: list[int | None] = [None, None]
        self._noise = [1.0, 1.0]

    def push(
        self, hop: Floats, probabilities: tuple[float, float], frames: Frames | None
    ) -> tuple[tuple[float, float], Frames | None]:
        """Take a hop, float32 (2, HOP), and what was said of it; return what is true of each party's own speech."""
        return self.over(hop, [(probabilities, frames)])[0]

    def over(self, stretch: Floats, said: Sequence[Said]) -> list[Said]:
        """Take the next hops, float32 (2, n * HOP), and what was said of each: P(speech) and frames of sound.

        Returns what is true of each party's own speech.
        """
        slow = stretch.reshape(2, -1, STEP, DECIMATION) @ _MEAN
        powers = zip(*np.einsum("ijk,ijk->ij", slow, slow).tolist(), strict=True)
        past = np.concatenate((self._past, slow.reshape(2, -1)), axis=1)
        reach = self._past.shape[1]
        self._past = past[:, -reach:]
        return [
            self._hop(past[:, at * STEP : at * STEP + reach], power, *one)
            for at, (power, one) in enumerate(zip(powers, said, strict=True), start=1)
        ]

    def _hop(
        self, past: Floats, new: tuple[float, float], probabilities: tuple[float, float], frames: Frames | None
    ) -> Said:
        self._powers.append(new)
        self._speech.append(probabilities)
        power = [sum(leg) / WINDOW for leg in zip(*self._powers, strict=True)]
        self._noise = [
            min(max(now, AUDIBLE / 100), before * NOISE_GROWTH) for now, before in zip(power, self._noise, strict=True)
        ]
        if not self._both_speak(frames) or min(power) < AUDIBLE / 100 or max(power) < AUDIBLE:
            return probabilities, frames
        past = past[:, -(WINDOW + LATEST - EARLIEST) :]
        own, own_frames = list(probabilities), None if frames is None else list(frames)
        for leg in (0, 1):
            asked = probabilities[leg] >= ASKED or (frames is not None and any(frames[leg]))
            if asked and power[leg] < 2 * power[1 - leg] and self._is_copy(past, leg, power):
                own[leg] = 0.0
                if own_frames is not None:
                    own_frames[leg] = [False] * len(own_frames[leg])
        return (own[0], own[1]), None if own_frames is None else (own_frames[0], own_frames[1])

    def _both_speak(self, frames: Frames | None) -> bool:
        """Whether a leg may carry what the other said within the longest delay; else there is nothing to look for."""
        if frames is not None and (any(frames[0]) or any(frames[1])):
            return True
        return all(max(said) >= ASKED for said in zip(*self._speech, strict=True))

    def _is_copy(self, past: Floats, leg: int, power: Sequence[float]) -> bool:
        likeness = _likeness(past[leg], past[1 - leg])
        delay = int(likeness.argmax())
        if likeness[delay] >= COPY:
            # Of two legs with one voice the later is the copy; without a clear delay, the quieter.
            if power[leg] > power[1 - leg] and delay + EARLIEST < NEAR:
                return False
            if likeness[delay] >= SURE_COPY:
                self._delays[leg] = delay
            return True
        known = self._delays[leg]
        if known is None:
            return False
        here = float(likeness[max(0, known - NEAR) : known + NEAR + 1].max())
        return here >= KNOWN_COPY and power[leg] * (1 - here**2) < LEFT * self._noise[leg]


def _likeness(copy: Floats, source: Floats) -> npt.NDArray[np.float64]:
    """The correlation of the copy's last window with the source's at each delay from EARLIEST to LATEST, 0..1."""
    window = copy[EARLIEST - WINDOW : EARLIEST]
    size = 1 << (source.size - 1).bit_length()
    spectrum = np.conj(np.fft.rfft(window, size)) * np.fft.rfft(source, size)
    products = np.abs(np.fft.irfft(spectrum, size)[: source.size - WINDOW + 1])
    sums = np.concatenate(([0.0], np.cumsum(np.square(source, dtype=np.float64))))
    powers = np.maximum(sums[WINDOW:] - sums[:-WINDOW], WINDOW * AUDIBLE / 10)
    by_start: npt.NDArray[np.float64] = products / np.sqrt(powers * max(float(window @ window), 1e-12))
    return by_start[::-1]
