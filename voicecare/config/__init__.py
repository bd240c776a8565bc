"""Every number voicecare decides by, with its source; a settings file may override any of them.

Times are given in seconds, as people think of them; stages convert them once.
"""

from voicecare.config.activity import BleedConfig, BystanderConfig, ClarityConfig, VadConfig
from voicecare.config.config import Config, with_sensitivity
from voicecare.config.cues import SENSITIVITIES, SENSITIVITY_HIGH, CueConfig
from voicecare.config.life import LifeConfig
from voicecare.config.strain import StrainConfig
from voicecare.config.turns import TurnConfig
from voicecare.config.words import WordsConfig

__all__ = [
    "SENSITIVITIES",
    "SENSITIVITY_HIGH",
    "BleedConfig",
    "BystanderConfig",
    "ClarityConfig",
    "Config",
    "CueConfig",
    "LifeConfig",
    "StrainConfig",
    "TurnConfig",
    "VadConfig",
    "WordsConfig",
    "with_sensitivity",
]
