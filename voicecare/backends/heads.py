"""The heads over the caller's voice, strain and tone: a few hundred numbers in JSON, read without running anything."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from voicecare.backends import weights
from voicecare.errors import InputError
from voicecare.types import Floats

FILE = "arousal.json"
TONE_FILE = "tone.json"
FORMAT = 1


@dataclass(frozen=True, slots=True, eq=False)
class ToneWeights:
    """A linear head that ranks joy above anger and fear: prosody with its melody, and the encoder's mean.

    prosody: weights of `FEATURES` and `MELODY`, float32 of their joint length. voice: weights of the encoder's mean.
    calm, calm_sd, wander: as of strain. unit: standard deviation of the score over aroused clips, per view.
    """

    prosody: Floats
    voice: Floats
    calm: tuple[float, float]
    calm_sd: tuple[float, float]
    wander: tuple[float, float]
    unit: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class ArousalWeights:
    """A linear head over two views of the caller's voice, and how its scores become a value of 0..1.

    features: names of the prosody features, in order. prosody: their weights, float32 of the same length.
    spread: what one unit of each feature is worth within one speaker (standard deviation), for the reasons.
    voice: weights of the encoder's mean, float32 (width,); empty where the head has no encoder view.
    calm, calm_sd: mean and between-speaker spread of the calm score in the training population, per view
        (prosody, encoder).
    wander: how far the score of calm speech strays within one caller (standard deviation), per view.
    gain_both, bias_both: value = sigmoid(gain · scores + bias) with both views; gain_alone, bias_alone: prosody alone.
    tone: the head that goes with it and says what a voice leans to; None where there is none.
    """

    features: tuple[str, ...]
    prosody: Floats
    spread: Floats
    voice: Floats
    calm: tuple[float, float]
    calm_sd: tuple[float, float]
    wander: tuple[float, float]
    gain_both: tuple[float, float]
    bias_both: float
    gain_alone: float
    bias_alone: float
    tone: ToneWeights | None = None

    def project(self, frames: Floats) -> tuple[float, ...]:
        """Project encoder frames, float32 (n, width), to the numbers the strain stage needs: of strain, and of tone."""
        mean = frames.mean(axis=0, dtype=np.float64)
        views = (self.voice,) if self.tone is None else (self.voice, self.tone.voice)
        return tuple(float(mean @ view) for view in views)


def shipped() -> ArousalWeights:
    """Read the heads that ship, their sha256 checked."""
    return dataclasses.replace(read(weights.path(FILE)), tone=read_tone(weights.path(TONE_FILE)))


def read(file: Path) -> ArousalWeights:
    """Read a head.

    Raises:
        InputError: the file is not a strain head of this format.
    """
    try:
        return parse(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file} is not a strain head ({error!r}); reinstall voicecare") from error


def parse(content: dict[str, Any]) -> ArousalWeights:
    """Build a head from plain values.

    Raises:
        KeyError, TypeError, ValueError: values are missing, of the wrong kind, not finite or do not fit together.
    """
    if content["format"] != FORMAT:
        raise ValueError(f"format {content['format']}, but {FORMAT} is known")
    head = ArousalWeights(
        features=tuple(str(name) for name in content["features"]),
        prosody=_floats(content["prosody"]),
        spread=_floats(content["spread"]),
        voice=_floats(content["voice"]),
        calm=_pair(content["calm"]),
        calm_sd=_pair(content["calm_sd"]),
        wander=_pair(content["wander"]),
        gain_both=_pair(content["gain_both"]),
        bias_both=float(content["bias_both"]),
        gain_alone=float(content["gain_alone"]),
        bias_alone=float(content["bias_alone"]),
    )
    if not len(head.features) == head.prosody.size == head.spread.size:
        raise ValueError(f"{len(head.features)} features but {head.prosody.size} weights")
    return head


def read_tone(file: Path) -> ToneWeights:
    """Read a tone head.

    Raises:
        InputError: the file is not a tone head of this format.
    """
    try:
        return parse_tone(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file} is not a tone head ({error!r}); reinstall voicecare") from error


def parse_tone(content: dict[str, Any]) -> ToneWeights:
    """Build a tone head from plain values.

    Raises:
        KeyError, TypeError, ValueError: values are missing, of the wrong kind, not finite or do not fit together.
    """
    if content["format"] != FORMAT:
        raise ValueError(f"format {content['format']}, but {FORMAT} is known")
    head = ToneWeights(
        prosody=_floats(content["prosody"]),
        voice=_floats(content["voice"]),
        calm=_pair(content["calm"]),
        calm_sd=_pair(content["calm_sd"]),
        wander=_pair(content["wander"]),
        unit=_pair(content["unit"]),
    )
    if len(content["features"]) != head.prosody.size:
        raise ValueError(f"{len(content['features'])} features but {head.prosody.size} weights")
    return head


def _floats(values: list[float]) -> Floats:
    array = np.asarray(values, np.float32)
    if not np.isfinite(array).all():
        raise ValueError("weights must be finite")
    return array


def _pair(values: list[float]) -> tuple[float, float]:
    first, second = values
    return float(first), float(second)
