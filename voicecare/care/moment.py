"""Chooses the few calls after which the agent is asked how it went: those that surprise, whichever way they went."""

from __future__ import annotations

import math
from collections import deque
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["calm", "thanked", "recovered", "strained"]
"""How a call went for the caller."""
OUTCOMES: tuple[Outcome, ...] = ("calm", "thanked", "recovered", "strained")
EVERY = 4
"""At most one call in so many is asked about."""
MEMORY = 40
"""Calls that make what is usual here: about a day's, so that a new line of work becomes usual, too."""
SURPRISING_BITS = 2.0
"""What happens in one call of four or fewer is a surprise; the usual is not asked about, be it good or bad."""


class Moments:
    """Weighs each call's outcome against the last ones; the first calls surprise nobody."""

    def __init__(self) -> None:
        self._lately: deque[Outcome] = deque(maxlen=MEMORY)
        self._since = 0

    def push(self, outcome: Outcome) -> bool:
        """Take a call's outcome; True if the agent may be asked about this call."""
        surprise = self.surprise_bits(outcome)
        self._lately.append(outcome)
        self._since += 1
        return self._since >= EVERY and surprise >= SURPRISING_BITS

    def asked(self) -> None:
        """The agent was asked."""
        self._since = 0

    def surprise_bits(self, outcome: Outcome) -> float:
        """How unusual an outcome is, in bits: 1 where it is as likely as not, 2 where it is one in four."""
        share = (self._lately.count(outcome) + 1) / (len(self._lately) + len(OUTCOMES))
        return -math.log2(share)
