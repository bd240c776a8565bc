"""WebRTC voice activity (webrtcvad-wheels, BSD): the light engine, and a second opinion on where speech lies.

It decides every 10 ms from six band energies: quick and sharp, but it hears speech in keyboards and babble. Alone it is
for machines too small for Silero; beside Silero it is the witness.
"""

from __future__ import annotations

import itertools
from collections import deque
from typing import Protocol

import numpy as np

from voicecare.timebase import HOP, RATE_HZ, Samples
from voicecare.types import PARTIES, Floats

FRAME_BYTES = 2 * RATE_HZ // 100
MODE = 3
"""The strictest: mode 2 calls 41 % of the pauses on phone lines speech, mode 3 27 % (TEN test set, phone band). As an
edge detector all modes score alike on known calls, and mode 3 places edges most alike in three codings of one call."""
SMOOTHED_FRAMES = 10
MILD_MODE = 1
"""As a witness: at -20 dBFS mode 3 loses a tenth of women's anger and fear, mode 1 nothing (docs/hearing.md)."""


class WebrtcDetector:
    """WebRTC's detector, of speech (a `VoiceDetector`) and of its edges; each role keeps its own state.

    As a voice detector the probability is the share of voiced frames among the last ten (0.1 s).
    """

    name = "webrtc"

    def __init__(self) -> None:
        self._voice = [_Leg() for _ in PARTIES]
        self._edges = [_Leg() for _ in PARTIES]
        self._recent = [deque([False] * SMOOTHED_FRAMES, SMOOTHED_FRAMES) for _ in PARTIES]

    def probabilities(self, hop: Floats) -> tuple[float, float]:
        """Take the next hop, float32 (2, HOP); return the share of voiced frames of agent and caller, 0..1."""
        for leg, recent, samples in zip(self._voice, self._recent, _pcm(hop), strict=True):
            recent.extend(leg.frames(samples))
        agent, caller = (sum(recent) / SMOOTHED_FRAMES for recent in self._recent)
        return agent, caller

    def over(self, stretch: Floats) -> list[tuple[float, float]]:
        """Take the next hops in a row, float32 (2, n * HOP); return the same share of each."""
        return [self.probabilities(stretch[:, at : at + HOP]) for at in range(0, stretch.shape[1], HOP)]

    def frames(self, hop: Floats) -> tuple[list[bool], list[bool]]:
        """Take the next hop, float32 (2, HOP); return the 10 ms frames completed since the last call, per leg."""
        agent, caller = (leg.frames(samples) for leg, samples in zip(self._edges, _pcm(hop), strict=True))
        return agent, caller


class WebrtcVoicing:
    """How much of each hop is a voice to WebRTC: the witness beside Silero (a `VoicingDetector`).

    In its mildest mode but one: of clips in which Silero hears nothing it finds all, and it is asked only where level
    hears a sound on a clear leg and Silero does not exclude a voice.
    """

    name = "webrtc"

    def __init__(self) -> None:
        self._legs = [_Leg(MILD_MODE) for _ in PARTIES]

    def over(self, stretch: Floats) -> list[tuple[float, float]]:
        """Take the next hops in a row, float32 (2, n * HOP); return the share of voiced frames of each, 0..1."""
        ends = [self._legs[0].ready(taken) for taken in range(0, stretch.shape[1] + 1, HOP)]
        agent, caller = (leg.frames(samples) for leg, samples in zip(self._legs, _pcm(stretch), strict=True))
        return [
            (sum(agent[begin:end]) / (end - begin), sum(caller[begin:end]) / (end - begin))
            for begin, end in itertools.pairwise(ends)
        ]


class _Vad(Protocol):
    def is_speech(self, buf: bytes, sample_rate: int) -> bool: ...


class _Leg:
    """One leg of one detector, with the samples that do not fill a frame yet."""

    def __init__(self, mode: int = MODE) -> None:
        import webrtcvad

        self._vad: _Vad = webrtcvad.Vad(mode)
        self._rest = b""

    def ready(self, taken: Samples) -> int:
        """How many frames will be whole once `taken` more samples are in."""
        return (len(self._rest) + 2 * taken) // FRAME_BYTES

    def frames(self, samples: bytes) -> list[bool]:
        pending = self._rest + samples
        whole = len(pending) // FRAME_BYTES * FRAME_BYTES
        self._rest = pending[whole:]
        is_speech = self._vad.is_speech
        return [is_speech(pending[at : at + FRAME_BYTES], RATE_HZ) for at in range(0, whole, FRAME_BYTES)]


def _pcm(hop: Floats) -> list[bytes]:
    """Both legs as 16-bit little-endian samples; beyond full scale is clipped."""
    scaled = np.clip(hop * np.float32(32_768), -32_768, 32_767).astype("<i2")
    return [leg.tobytes() for leg in scaled]
