"""Says when a leg is too quiet or too noisy to be judged by."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecare.config import ClarityConfig
from voicecare.timebase import HOP, HOP_S, RATE_HZ, Samples
from voicecare.types import PARTIES, Floats, Health, HealthKind, Party

UNSURE = 6 * RATE_HZ // HOP
"""So many hops of pauses must have passed before one counts as the line's noise: it may be music that begins."""
LEAST = 1e-12
"""The least mean power, -120 dBFS."""


class Clarity:
    """Compares each party's voice with the leg's noise, and says once a call where they lie too close.

    What was told of such a leg still stands, but what was missed is not known: so it is a `Health` event.
    """

    def __init__(self, config: ClarityConfig) -> None:
        self._legs = tuple(_Leg(party, config) for party in PARTIES)

    def wait(self) -> None:
        """One party waits on hold: what the caller's pauses held just before was music, not the line's noise."""
        self._legs[PARTIES.index("caller")].forget()

    def push(self, hop: Floats, now: Samples, *, speaks: tuple[bool, bool]) -> list[Health]:
        """Take a hop, float32 (2, n), its end, and whether agent and caller speak in it."""
        powers = (np.einsum("ij,ij->i", hop, hop) / hop.shape[1]).tolist()
        by_leg = zip(self._legs, powers, speaks, strict=True)
        return [news for leg, power, says in by_leg for news in leg.push(power, now, speaks=says)]


class _Leg:
    def __init__(self, party: Party, config: ClarityConfig) -> None:
        self._party, self._least_s = party, config.least_s
        self._quiet, self._clear = 10.0 ** (config.quiet_dbfs / 10.0), 10.0 ** (config.noisy_db / 10.0)
        self._voice, self._noise = _Mean(), _Mean()
        self._told: set[HealthKind] = set()
        self._lately: deque[float] = deque()

    def forget(self) -> None:
        self._lately.clear()

    def push(self, power: float, now: Samples, *, speaks: bool) -> list[Health]:
        if speaks:
            self._voice.push(power)
        else:
            self._lately.append(power)
            if len(self._lately) > UNSURE:
                self._noise.push(self._lately.popleft())
        if self._voice.heard_s < self._least_s or self._noise.heard_s < self._least_s:
            return []
        trouble = self._trouble()
        if trouble is None or trouble in self._told:
            return []
        self._told.add(trouble)
        return [Health(now, trouble, note=self._party)]

    def _trouble(self) -> HealthKind | None:
        voice = self._voice.power
        if voice < self._quiet:
            return "quiet_leg"
        return "noisy_leg" if voice < self._noise.power * self._clear else None


class _Mean:
    """The mean power of its hops."""

    def __init__(self) -> None:
        self._energy = 0.0
        self.heard_s = 0.0

    @property
    def power(self) -> float:
        return max(self._energy / max(self.heard_s, HOP_S), LEAST)

    def push(self, power: float) -> None:
        self.heard_s += HOP_S
        self._energy += power * HOP_S
