"""Tells a party's own voice from the voices around: colleagues at the next desks, a television at the caller's.

To a voice detector their speech is speech. But they are far from the microphone, so they are softer than the party, and
they talk on while the party is silent. A leg in whose pauses soft voices begin is taken to have bystanders: there only
what is about as loud as the party's own voice is the party's, or well above theirs where many talk at once. Without
such pauses nothing is touched, so that a party who speaks softly for once is heard, and one whom gain control makes
softer within a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from voicecare.config import BystanderConfig
from voicecare.ports import Frames
from voicecare.speech.activity.crosstalk import Said
from voicecare.speech.activity.ground import Ground
from voicecare.timebase import HOP, HOP_S
from voicecare.types import PARTIES, Floats

_CALLER = PARTIES.index("caller")
_NOTHING = 1e-12


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
        self._config = config
        self._fade = config.fade_db_per_s * HOP_S
        self._hold = round(config.hold_s / HOP_S)
        self._pause = round(config.pause_s / HOP_S)
        self._gap = round(config.apart_s / HOP_S)
        self._long = round(config.long_s / HOP_S)
        self._learns = HOP_S / config.memory_s
        self.forget()

    def forget(self) -> None:
        """Begin anew: nobody has been heard."""
        self._ground = Ground(self._config)
        self._loudest_db = self._config.voice_dbfs
        self._soft = self._pause  # hops since the last loud one
        self._quiet, self._apart = 0, False  # hops without a voice; whether there were enough since the last loud hop
        self._voices = self._sounding = 0.0  # shares of the pauses, as far back as the memory goes
        self._others = 0  # hops for which only others have been heard

    def is_bystander(self, power: float, probability: float, *, sounds: bool) -> bool:
        """Whether a hop, if it is speech at all, is somebody else's."""
        config, ground = self._config, self._ground
        level_db = 10.0 * math.log10(power + _NOTHING)
        self._loudest_db = max(self._loudest_db - self._fade, level_db, config.voice_dbfs)
        blurred_db = ground.push(power, probability)
        pauses = self._pauses(level_db, probability)
        if ground.is_steady:
            self._voices, self._sounding = max(self._voices, config.voices), 1.0
        elif pauses:
            self._voices += ((probability >= config.speech) - self._voices) * self._learns
            self._sounding += (sounds - self._sounding) * self._learns
            ground.learn(blurred_db)
        if self._voices <= config.share or self._sounding <= config.sound:
            self._others = 0
            return False
        limit_db = ground.limit_db(self._loudest_db, begins=self._others >= self._hold)
        softer = level_db < self._loudest_db - config.softer_db if limit_db is None else blurred_db < limit_db
        self._others = self._others + 1 if softer else 0
        return self._others >= self._hold

    def _pauses(self, level_db: float, probability: float) -> bool:
        """Whether the party pauses."""
        loud = level_db >= self._loudest_db - self._config.softer_db
        self._soft = 0 if loud else self._soft + 1
        self._quiet = self._quiet + 1 if probability < self._config.ground else 0
        far = self._quiet >= self._gap or self._soft >= self._long
        self._apart = not loud and (self._apart or far)
        return self._soft >= self._pause and self._apart
