"""How many cues a call may still spend: a few at once, then no more than time gives back."""

from __future__ import annotations

from voicecare.config import CueConfig
from voicecare.timebase import Samples, samples


class Budget:
    """`max_per_call` cues at hand when the call begins, and never more; one comes back every `refill_s` of the call.

    So a short call has its six, and a call of two hours is not deaf after its first ten minutes: it may spend six early
    and one every ten minutes from then on. Counted in samples, so that live and replay spend alike.
    """

    def __init__(self, config: CueConfig) -> None:
        self._price = max(1, samples(config.refill_s))
        self._refills = config.refill_s > 0
        self._most = config.max_per_call * self._price
        self._at_hand = self._most
        self._counted_to: Samples = 0

    def left(self, now: Samples) -> int:
        """How many cues may be spent at `now`, which never goes back."""
        if self._refills and now > self._counted_to:
            self._at_hand = min(self._most, self._at_hand + now - self._counted_to)
            self._counted_to = now
        return self._at_hand // self._price

    def spend(self, now: Samples) -> None:
        """One cue is shown at `now`."""
        self.left(now)
        self._at_hand -= self._price
