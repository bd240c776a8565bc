"""Level and a second detector vouch for voices that the voice detector hardly hears.

A detector that learned on calm voices gives a woman who shouts or weeps .03 where it gives music .002. On a leg whose
voices stand clear of its noise, level tells where there is sound, and another detector, which fails elsewhere, whether
it could be a voice; with both of them for it little is asked of the first, and still more than music gets from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from voicecare.config import VadConfig
from voicecare.config.loudest import Loudest
from voicecare.ports import Frames
from voicecare.speech.activity.periodicity import Periodicity
from voicecare.timebase import HOP, samples
from voicecare.types import Floats

_LEAST = 1e-4


class Vouching:
    """Raises a voice detector's probabilities where others vouch for a voice, both legs independently.

    On a noisy leg level knows nothing, and nothing is raised; neither is a probability of 0, which is a verdict.
    """

    def __init__(self, config: VadConfig) -> None:
        self._legs = (_Leg(config), _Leg(config))
        self._periodicity = Periodicity()

    def push(
        self,
        hop: Floats,
        probabilities: tuple[float, float],
        voiced: tuple[float, float],
        frames: Frames,
    ) -> tuple[float, float]:
        """Take a hop, float32 (2, HOP), and what was said of it: P(speech), the share called a voice, frames of sound.

        Returns P(speech) of agent and caller, 0..1.
        """
        return self.over(hop, [probabilities], [voiced], [frames])[0]

    def over(
        self,
        stretch: Floats,
        probabilities: Sequence[tuple[float, float]],
        voiced: Sequence[tuple[float, float]],
        frames: Sequence[Frames],
    ) -> list[tuple[float, float]]:
        """Take the next hops, float32 (2, n * HOP), and of each what `push` takes of one."""
        self._periodicity.push(stretch)
        hops = stretch.reshape(2, -1, HOP)
        powers = (np.einsum("ijk,ijk->ij", hops, hops) / HOP).tolist()
        last = hops.shape[1] - 1
        raised: list[list[float]] = []
        for row, leg in enumerate(self._legs):
            told = []
            for at, (power, probability, share, sound) in enumerate(
                zip(powers[row], probabilities, voiced, frames, strict=True)
            ):
                is_loud = leg.is_loud(power)
                is_voice = leg.asks(probability[row], share[row]) and _sounds(sound[row])
                if is_voice and not (is_loud and leg.is_speech(probability[row])):
                    is_voice = leg.repeats(self._periodicity.of(row, before=last - at), loud=is_loud)
                told.append(leg.push(probability[row], vouched=is_voice))
            raised.append(told)
        return list(zip(raised[0], raised[1], strict=True))


class _Leg:
    def __init__(self, config: VadConfig) -> None:
        self._on, self._periodic, self._like = config.on, config.periodic, config.periodic_loud
        self._begin = math.exp(config.vouched), config.voiced
        self._go_on = math.exp(config.vouched_on), config.voiced_on
        self._memory = samples(config.vouched_s) // HOP
        self._breath = samples(config.periodic_s) // HOP
        self._since = self._memory  # hops since the last one of speech
        self._aperiodic = self._unlike = self._breath + 1  # hops since the last periodic one, and one somewhat so
        self._near = 10.0 ** (-config.near_db / 10.0)
        self._loudest = Loudest(config)

    @property
    def _terms(self) -> tuple[float, float]:
        return self._go_on if self._since < self._memory else self._begin

    def is_loud(self, power: float) -> bool:
        """Whether a hop is about as loud as the leg ever is: nobody breathes that loud."""
        return bool(power >= self._loudest.push(power) * self._near)

    def is_speech(self, probability: float) -> bool:
        """Whether the voice detector needs nobody to vouch: it only grows surer."""
        return probability >= self._on

    def asks(self, probability: float, voiced: float) -> bool:
        """Whether the witness vouches for a hop."""
        return probability > 0.0 and voiced >= self._terms[1]

    def repeats(self, periodicity: float, *, loud: bool) -> bool:
        """Whether a hop repeats itself as a voice does, or one did just before; of a loud one less is asked."""
        if periodicity >= self._periodic:
            self._aperiodic = 0
        if periodicity >= self._like:
            self._unlike = 0
        return (self._unlike if loud else self._aperiodic) <= self._breath

    def push(self, probability: float, *, vouched: bool) -> float:
        """Take a hop's probability, and whether it is vouched for."""
        if vouched:
            odds = self._terms[0] * max(probability, _LEAST) / max(1.0 - probability, _LEAST)
            probability = max(probability, odds / (1.0 + odds))
        self._since = 0 if probability >= self._on else self._since + 1
        self._aperiodic += 1
        self._unlike += 1
        return probability


def _sounds(frames: Sequence[bool | None]) -> bool:
    """Whether at least half of the frames are sound, on a leg where that can be told."""
    return len(frames) > 0 and None not in frames and 2 * sum(map(bool, frames)) >= len(frames)
