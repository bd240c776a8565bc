"""What the heads see of a clip: a view of its prosody and the mean of the recogniser's encoder frames, line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from scripts.bench.corpora.arousal import Clip
from scripts.bench.lines import phone
from scripts.train.fit import Array
from voicecare.backends.pitch import SwiftPitch
from voicecare.backends.whisper import WhisperRecogniser
from voicecare.backends.whisper_models import BUILT_IN, locate
from voicecare.config import StrainConfig, WordsConfig
from voicecare.ports import PitchTracker
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

SEED = 2_026
MARGIN_S = 0.2
"""Requests reach a little beyond speech; so do the clips the encoder hears in training."""
View: TypeAlias = Callable[[Floats, PitchTracker, StrainConfig], Floats]


def views(clips: Sequence[Clip], draws: int, of_prosody: View) -> tuple[Array, Array]:
    """Return the view of prosody and the encoder's mean of every clip through `draws` lines, draw by draw."""
    pitch, config = SwiftPitch(), StrainConfig()
    recogniser = WhisperRecogniser(locate(BUILT_IN).folder, threads=1, config=WordsConfig())
    prosody, voice = [], []
    for draw in range(draws):
        for clip in clips:
            rng = np.random.default_rng([SEED, draw, clip.seed])
            line = phone.draw(rng)
            margins = [int(rng.uniform(0, MARGIN_S) * RATE_HZ) for _ in range(2)]
            sent = phone.send(np.pad(clip.speech(), margins), line, rng)
            spoken = sent[margins[0] : sent.size - margins[1]]
            prosody.append(of_prosody(spoken, pitch, config))
            voice.append(recogniser.frames(sent).mean(axis=0, dtype=np.float64))
    return np.array(prosody, np.float64), np.array(voice)
