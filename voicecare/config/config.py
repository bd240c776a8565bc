"""All settings of one run, and the sensitivity that moves one of them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from voicecare.config.activity import BleedConfig, BystanderConfig, ClarityConfig, VadConfig
from voicecare.config.cues import SENSITIVITIES, SENSITIVITY_HIGH, CueConfig
from voicecare.config.life import LifeConfig
from voicecare.config.strain import StrainConfig
from voicecare.config.turns import TurnConfig
from voicecare.config.words import WordsConfig
from voicecare.errors import UsageError


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one run."""

    vad: VadConfig = field(default_factory=VadConfig)
    bleed: BleedConfig = field(default_factory=BleedConfig)
    bystanders: BystanderConfig = field(default_factory=BystanderConfig)
    clarity: ClarityConfig = field(default_factory=ClarityConfig)
    life: LifeConfig = field(default_factory=LifeConfig)
    turns: TurnConfig = field(default_factory=TurnConfig)
    words: WordsConfig = field(default_factory=WordsConfig)
    strain: StrainConfig = field(default_factory=StrainConfig)
    cues: CueConfig = field(default_factory=CueConfig)


def with_sensitivity(config: Config, level: str) -> Config:
    """Set the level of strain that raises a cue; "normal" keeps what the settings say.

    Raises:
        UsageError: there is no such level.
    """
    if level not in SENSITIVITY_HIGH:
        raise UsageError(f"--sensitivity {level}: not known; choose {', '.join(SENSITIVITIES)}")
    if level == "normal":
        return config
    return dataclasses.replace(config, cues=dataclasses.replace(config.cues, high=SENSITIVITY_HIGH[level]))
