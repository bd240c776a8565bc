"""Who hears words: voicecare's recogniser, and plain faster-whisper at its defaults with the same weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from voicecare.backends.whisper import WhisperRecogniser
from voicecare.backends.whisper_models import locate
from voicecare.config import WordsConfig
from voicecare.timebase import Span, samples
from voicecare.types import Floats, Request

Hear: TypeAlias = Callable[[Floats], str]


def request(sound: Floats) -> Request:
    """A request for the words of a sound, of its first 28 s."""
    sound = sound[: samples(28)]
    return Request("agent", Span(0, len(sound)), np.ascontiguousarray(sound), len(sound))


def english(model: str) -> WhisperRecogniser:
    """Our recogniser of English with a model, by name or folder, on one thread."""
    found = locate(model)
    return WhisperRecogniser(found.folder, threads=1, config=WordsConfig(), name=found.name, language="en")


def hearers(model: str) -> dict[str, Hear]:
    """Ours and plain faster-whisper at its defaults, with the same weights."""
    recogniser = english(model)
    from faster_whisper import WhisperModel

    plain = WhisperModel(str(locate(model).folder), compute_type="int8", cpu_threads=1)
    return {
        "voicecare": lambda sound: recogniser.hear(request(sound)).text,
        "faster-whisper defaults": lambda sound: " ".join(s.text for s in plain.transcribe(sound, language="en")[0]),
    }
