"""Level and a second detector vouch for voices that the voice detector hardly hears.

A detector that learned on calm voices gives a woman who shouts or weeps .03 where it gives music .002. On a leg whose
voices stand clear of its noise, level tells where there is sound, and another detector, which fails elsewhere, whether
it could be a voice; with both of them for it little is asked of the first, and still more than music gets from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from voicecare.config import VadConfig
from voicecare.timebase import HOP, samples

_LEAST = 1e-4


class Vouching:
    """Raises a voice detector's probabilities where others vouch for a voice, both legs independently.

    On a noisy leg level knows nothing, and nothing is raised; neither is a probability of 0, which is a verdict.
    """

    def __init__(self, config: VadConfig) -> None:
        self._legs = (_Leg(config), _Leg(config))

    def push(
        self,
        probabilities: tuple[float, float],
        voiced: tuple[float, float],
        frames: tuple[Sequence[bool | None], Sequence[bool | None]],
    ) -> tuple[float, float]:
        """Take what was said of a hop: P(speech), the share a second detector calls a voice, frames of sound.

        Returns P(speech) of agent and caller, 0..1.
        """
        agent, caller = (
            leg.push(*said)
            for leg, said in zip(self._legs, zip(probabilities, voiced, frames, strict=True), strict=True)
        )
        return agent, caller


class _Leg:
    def __init__(self, config: VadConfig) -> None:
        self._on = config.on
        self._begin = math.exp(config.vouched), config.voiced
        self._go_on = math.exp(config.vouched_on), config.voiced_on
        self._memory = samples(config.vouched_s) // HOP
        self._since = self._memory + 1  # hops since the last one of speech

    def push(self, probability: float, voiced: float, frames: Sequence[bool | None]) -> float:
        self._since += 1
        odds, least = self._go_on if self._since <= self._memory else self._begin
        if probability > 0.0 and voiced >= least and _sounds(frames):
            odds *= max(probability, _LEAST) / max(1.0 - probability, _LEAST)
            probability = max(probability, odds / (1.0 + odds))
        if probability >= self._on:
            self._since = 0
        return probability


def _sounds(frames: Sequence[bool | None]) -> bool:
    """Whether at least half of the frames are sound, on a leg where that can be told."""
    return len(frames) > 0 and None not in frames and 2 * sum(map(bool, frames)) >= len(frames)
