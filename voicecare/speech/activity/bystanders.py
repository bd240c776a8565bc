"""Tells a party's own voice from the voices around: colleagues at the next desks, a television at the caller's.

To a voice detector their speech is speech. But they are far from the microphone, so they are softer than the party, and
they talk on while the party is silent. A leg in whose pauses soft voices begin is taken to have bystanders: there only
what is about as loud as the party's own voice is the party's. Without such pauses nothing is touched, so that a party
who speaks softly for once is heard, and one whom gain control makes softer within a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voicecare.config import BystanderConfig
from voicecare.ports import Frames
from voicecare.speech.activity.crosstalk import Said
from voicecare.timebase import HOP, HOP_S
from voicecare.types import PARTIES, Floats

_CALLER = PARTIES.index("caller")


class Bystanders:
    """Takes soft voices out of what the detectors say of a leg whose pauses are full of them.

    Measured on built calls with six talkers 15 dB below the party (`scripts/bench/turns.py --line babble-15dB`).
    """

    def __init__(self, config: BystanderConfig) -> None:
        self._legs = (_Leg(config), _Leg(config))

    def push(
        self, hop: Floats, probabilities: tuple[float, float], frames: Frames | None
    ) -> tuple[tuple[float, float], Frames | None]:
        """Take a hop, float32 (2, HOP), and what was said of it; return what is true of the parties themselves."""
        return self.over(hop, [(probabilities, frames)])[0]

    def over(self, stretch: Floats, said: Sequence[Said], waits: Sequence[bool] | None = None) -> list[Said]:
        """Take the next hops, float32 (2, n * HOP), and what was said of each; return what is true of the parties.

        waits: where the caller's leg is on hold: it teaches nothing, and who comes after it may be another.
        """
        hops = stretch.reshape(2, -1, HOP)
        powers = (np.einsum("ijk,ijk->ij", hops, hops) / HOP).T.tolist()
        held = [False] * len(said) if waits is None else waits
        return [self._hop(power, *one, waits=wait) for power, one, wait in zip(powers, said, held, strict=True)]

    def _hop(
        self, powers: Sequence[float], probabilities: tuple[float, float], frames: Frames | None, *, waits: bool
    ) -> Said:
        if waits:
            self._legs[_CALLER].forget()
        others = [
            row
            for row, leg in enumerate(self._legs)
            if not (waits and row == _CALLER)
            and leg.is_bystander(powers[row], probabilities[row], sounds=frames is None or False not in frames[row])
        ]
        if not others:
            return probabilities, frames
        own = [0.0 if row in others else one for row, one in enumerate(probabilities)]
        if frames is None:
            return (own[0], own[1]), None
        kept = [[False] * len(leg) if row in others else leg for row, leg in enumerate(frames)]
        return (own[0], own[1]), (kept[0], kept[1])


class _Leg:
    def __init__(self, config: BystanderConfig) -> None:
        self._speech, self._share, self._sound = config.speech, config.share, config.sound
        self._softer = 10.0 ** (-config.softer_db / 10.0)
        self._fade = 10.0 ** (-config.fade_db_per_s * HOP_S / 10.0)
        self._least = 10.0 ** (config.voice_dbfs / 10.0)
        self._hold = round(config.hold_s / HOP_S)
        self._pause = round(config.pause_s / HOP_S)
        self._gap, self._ground = round(config.apart_s / HOP_S), config.ground
        self._long = round(config.long_s / HOP_S)
        self._learns = HOP_S / config.memory_s
        self.forget()

    def forget(self) -> None:
        """Begin anew: nobody has been heard."""
        self._loudest = self._least
        self._soft = self._pause
        self._quiet, self._apart = 0, False  # hops without a voice; whether there were enough since the last loud hop
        self._voices = self._sounding = 0.0  # shares of the pauses, as far back as the memory goes

    def is_bystander(self, power: float, probability: float, *, sounds: bool) -> bool:
        """Whether a hop, if it is speech at all, is somebody else's."""
        self._loudest = max(self._loudest * self._fade, power, self._least)
        loud = power >= self._loudest * self._softer
        self._soft = 0 if loud else self._soft + 1
        self._quiet = self._quiet + 1 if probability < self._ground else 0
        far = self._quiet >= self._gap or self._soft >= self._long
        self._apart = not loud and (self._apart or far)
        if self._soft >= self._pause and self._apart:
            self._voices += ((probability >= self._speech) - self._voices) * self._learns
            self._sounding += (sounds - self._sounding) * self._learns
        return self._soft >= self._hold and self._voices > self._share and self._sounding > self._sound
