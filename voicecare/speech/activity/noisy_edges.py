"""Where the sound of a noisy leg begins and ends: by what stands out of the leg's own noise, band by band.

Level says nothing there, for soft sounds are softer than the noise; in the bands where they lie they are not. What the
noise is like is learnt where surely nobody speaks, so this comes after all that tells voices apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from voicecare.config import VadConfig
from voicecare.speech.activity.crosstalk import Said
from voicecare.speech.activity.loudness import FRAME
from voicecare.timebase import HOP, HOP_S, RATE_HZ
from voicecare.types import Floats

WINDOW, SIZE = 400, 512
"""A frame is seen through the 25 ms that end with it; padded."""
BANDS_HZ = (150, 250, 350, 450, 570, 700, 840, 1000, 1170, 1370, 1600, 1850, 2150, 2500, 2900, 3400)
"""Borders of critical bands (Zwicker 1961), as far as a phone line carries them."""
SMOOTHED_FRAMES = 5
"""A frame is judged with the four before it."""
KNOWN_HOPS = 10
"""Noise is known after so many hops of it, a third of a second."""
_BORDERS = np.array([round(border_hz * SIZE / RATE_HZ) for border_hz in BANDS_HZ])
_WIDTHS = np.diff(_BORDERS).astype(np.float32)
_SHARES = _WIDTHS / _WIDTHS.sum()
_HANN = np.hanning(WINDOW).astype(np.float32)
_LEAST = np.float32(1e-12)


class NoisyEdges:
    """Says of the frames of a noisy leg whether they hold sound, both legs independently.

    A frame stands out by the mean log likelihood ratio of its spectrum against the noise alone (Sohn, Kim & Sung 1999).
    Frames that are known stay as they are, and so does a leg whose noise is not known yet.
    """

    def __init__(self, config: VadConfig) -> None:
        self._legs = _Leg(config), _Leg(config)
        self._past: Floats = np.zeros((2, WINDOW), np.float32)
        self._hops = 0

    def over(self, stretch: Floats, said: Sequence[Said]) -> list[Said]:
        """Take the next hops in a row, float32 (2, n * HOP), and what was said of each; return it with those frames."""
        audio = np.concatenate((self._past, stretch), axis=1)
        told: list[Said] = []
        for at, one in enumerate(said):
            probabilities, frames = one
            if frames is not None and (None in frames[0] or None in frames[1]):
                begins = WINDOW + at * HOP - self._hops * HOP % FRAME
                agent, caller = (
                    leg.push(sound[begins - WINDOW + FRAME :], probability, known, self._hops)
                    if None in known
                    else known
                    for leg, sound, probability, known in zip(self._legs, audio, probabilities, frames, strict=True)
                )
                told.append((probabilities, (agent, caller)))
            else:
                told.append(one)
            self._hops += 1
        self._past = audio[:, -WINDOW:]
        return told


class _Leg:
    def __init__(self, config: VadConfig) -> None:
        self._on, self._off, self._ground = config.stands_out, config.stands_out_on, config.rise
        self._learns = HOP_S / config.noise_s
        self._noise = np.zeros(_WIDTHS.size, np.float32)
        self._known = 0
        self._last = -1
        self._recent: deque[float] = deque(maxlen=SMOOTHED_FRAMES)
        self._sounds = False

    def push(self, sound: Floats, probability: float, known: Sequence[bool | None], hop: int) -> list[bool | None]:
        """Take the sound from the first frame's window on, P(speech) and what is known; return what the frames are.

        A probability of 0 is a verdict (somebody else's voice) and teaches nothing.
        """
        windows = np.lib.stride_tricks.sliding_window_view(sound[: WINDOW + (len(known) - 1) * FRAME], WINDOW)[::FRAME]
        spectra = np.fft.rfft(windows * _HANN, SIZE)
        powers = spectra.real**2 + spectra.imag**2
        bands = np.add.reduceat(powers[:, : _BORDERS[-1]], _BORDERS[:-1], axis=1) / _WIDTHS
        if 0.0 < probability < self._ground:
            self._known += 1
            self._noise += (bands.mean(axis=0) - self._noise) * max(self._learns, 1.0 / self._known)
        if hop != self._last + 1:
            self._recent.clear()
        self._last = hop
        if self._known < KNOWN_HOPS:
            return list(known)
        above = np.maximum(bands / np.maximum(self._noise, _LEAST), 1.0)
        ratios: list[float] = ((above - 1.0 - np.log(above)) @ _SHARES).tolist()
        return [self._frame(ratio, one) for ratio, one in zip(ratios, known, strict=True)]

    def _frame(self, ratio: float, known: bool | None) -> bool | None:  # noqa: FBT001 - a fact, not a mode
        self._recent.append(ratio)
        self._sounds = sum(self._recent) >= (self._off if self._sounds else self._on) * len(self._recent)
        return self._sounds if known is None else known
