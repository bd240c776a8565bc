"""A call known by sound alone, where no softphone tells of it: deskphones, USB telephony, desktops far away."""

from __future__ import annotations

import numpy as np

from voicecare.config import LifeConfig
from voicecare.speech.activity.periodicity import Periodicity
from voicecare.speech.life.line import Line
from voicecare.speech.life.partials import Partials, Sound
from voicecare.speech.life.tones import Cadence, Tones
from voicecare.timebase import HOP, samples
from voicecare.types import PARTIES, AudioBlock, CallPhase, Phase

_AGENT, _CALLER = PARTIES.index("agent"), PARTIES.index("caller")
PERIODIC = 0.7
"""As `VadConfig.periodic`: what repeats itself like a voice."""
VOICE_DBFS = -50.0
"""Between calls only what is louder than this may be a voice."""
STEADY = 0.05
"""Between calls the mean share of steady partials above this is music or a chime; of speech at most .12 in three
seconds, and it goes on."""
SYLLABLE = 3
"""A voice goes on for so many hops; where a tone begins or ends one or two sound like one."""
OPEN = samples(0.5) // HOP
"""A line that had gone and has been there for so long has opened."""
OPENED_LATELY = samples(5.0) // HOP
"""So long after it opened somebody is expected to speak: a short "yes?" is enough."""
RINGS_ON = samples(6.5) // HOP
"""After the last ring for so long nobody has answered: the longest pause between two is 6 s (E.180)."""
REDIAL = samples(1.0) // HOP
"""A ring after the line was gone for so long is another call's."""
REMEMBERED = samples(10.0) // HOP


class CallBySound:
    """Says when a call begins and is over by what both legs sound like.

    During a call it is told who speaks. Between calls it needs no model: level, tones and periodicity must do, so what
    begins a call may be a video, too, and is over when the video is.
    """

    def __init__(self, config: LifeConfig) -> None:
        self._config = config
        self._phase: Phase = "rest"
        self._legs = (_Voiced(config), _Voiced(config))
        self._partials, self._tones = Partials(), Tones(config)
        self._periodicity = Periodicity()
        self._least = 10.0 ** (config.floor_dbfs / 10.0)
        self._loud = 10.0 ** (VOICE_DBFS / 10.0)
        self._digital = 10.0 ** (config.digital_dbfs / 10.0)
        self._cadence = Cadence(config)
        self._begin_call()
        self._opened = 0  # hops since the line opened; 0 while it is gone, or always was there
        self._was_gone = True
        self._since_ring = 0

    def push(self, block: AudioBlock, *, agent_speaks: bool, caller_speaks: bool) -> list[CallPhase]:
        """Take the next hop and, during a call, who speaks in it; between calls that is not asked for.

        A hop marked `gap` says nothing.

        Returns the phases that begin with its end: "ringing", "talk", "ended", or "rest" after a ring nobody answered.
        """
        if block.gap:
            return []  # lost, or not listened to: it says nothing of the line
        hops = block.samples
        powers: list[float] = (np.einsum("ij,ij->i", hops, hops) / hops.shape[1]).tolist()
        sound = self._partials.over(hops[_CALLER], powers[_CALLER : _CALLER + 1], (True,))[0]
        tone = self._tones.push(sound)
        signal = self._cadence.push(tone, sound, self._least)
        if self._phase == "talk":
            phases = self._talk(powers[_CALLER], signal, agent_speaks=agent_speaks, caller_speaks=caller_speaks)
        else:
            phases = self._rest(block, powers, sound, rings=signal == "ringing", is_tone=tone is not None)
        if phases:
            self._phase = phases[-1] if phases[-1] != "ended" else "rest"
        return [CallPhase(block.end, phase, "sound") for phase in phases]

    def _begin_call(self) -> None:
        self._line = Line(self._config)
        self._quiet = 0  # hops since anybody spoke
        self._since_gone = REMEMBERED  # hops since the line was gone for `REDIAL`

    def _talk(self, power: float, signal: str | None, *, agent_speaks: bool, caller_speaks: bool) -> list[Phase]:
        config = self._config
        self._line.push(power, speaks=caller_speaks)
        self._quiet = 0 if agent_speaks or caller_speaks else self._quiet + 1
        gone = self._line.gone_hops
        self._since_gone = 0 if gone >= REDIAL else self._since_gone + 1
        if signal == "ringing" and self._since_gone < REMEMBERED:
            return self._over("ringing")
        if signal == "over" or self._cadence.busy:
            return self._over()
        long_gone = samples(config.gone_s) // HOP
        if not self._line.is_gated and gone >= long_gone and self._quiet >= long_gone:
            return self._over()
        if not self._line.is_gated and gone >= samples(config.alone_s) // HOP:
            return self._over()
        silent = samples(config.silent_s) // HOP
        return self._over() if silent and self._quiet >= silent else []

    def _over(self, *then: Phase) -> list[Phase]:
        self._begin_call()
        for leg in self._legs:
            leg.forget()
        self._opened, self._was_gone, self._since_ring = 0, False, 0
        return ["ended", *then]

    def _rest(self, block: AudioBlock, powers: list[float], sound: Sound, *, rings: bool, is_tone: bool) -> list[Phase]:
        gone = powers[_CALLER] < self._digital
        self._was_gone = self._was_gone or gone
        self._opened = 0 if gone or not self._was_gone else self._opened + 1
        is_pure = sound.purity >= self._config.purity
        self._periodicity.push(block.samples)
        expected = self._phase == "ringing" or 0 < self._opened < OPENED_LATELY
        speaks = [
            leg.push(
                power >= self._loud and not (is_pure and row == _CALLER) and self._periodicity.of(row) >= PERIODIC,
                sound if row == _CALLER and not is_tone else None,
                expected=expected,
            )
            for row, (leg, power) in enumerate(zip(self._legs, powers, strict=True))
        ]
        if speaks[_CALLER] or (speaks[_AGENT] and (self._opened >= OPEN or self._phase == "ringing")):
            self._begin_call()
            self._cadence = Cadence(self._config)
            return ["talk"]
        self._since_ring = 0 if rings or is_tone else self._since_ring + 1
        if rings and self._phase != "ringing":
            return ["ringing"]
        return ["rest"] if self._phase == "ringing" and self._since_ring >= RINGS_ON else []


class _Voiced:
    """Adds up what may be a voice on one leg, between calls."""

    def __init__(self, config: LifeConfig) -> None:
        hops = max(1, samples(config.within_s) // HOP)
        self._window = (1 << hops) - 1
        self._enough = max(1, samples(config.begin_s) // HOP)
        self._hops = hops
        self._bits = self._struck = self._run = 0
        self._steady = 0.0

    def forget(self) -> None:
        self._bits = self._struck = self._run = 0
        self._steady = 0.0

    def push(self, voiced: bool, sound: Sound | None, *, expected: bool) -> bool:  # noqa: FBT001 - a fact, not a mode
        """Whether somebody speaks, with the next hop; where that is expected half as much is enough."""
        self._run = self._run + 1 if voiced else 0
        self._bits = ((self._bits << 1) | (self._run >= SYLLABLE)) & self._window
        if sound is not None:
            self._struck = ((self._struck << 1) | sound.struck) & self._window
            self._steady += (sound.steady - self._steady) / self._hops
        enough = self._enough // 2 if expected else self._enough
        is_music = self._struck.bit_count() >= 2 or self._steady >= STEADY
        return voiced and self._bits.bit_count() >= enough and not is_music
