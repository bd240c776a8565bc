"""Chooses the best local model that keeps up with a call on this machine, by trying it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from voicecare.backends.whisper_models import LocalModel
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Floats, Recogniser, Request

TRIAL_S = 6.0
"""Length of the trial: longer than nine in ten utterances of a call."""
LIMIT_S = 0.8
"""What a trial may take: words are promised 1.5 s after an utterance, and both legs may end at once."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How long a model took to hear 6 s, in seconds of this machine's time."""

    model: LocalModel
    took_s: float

    @property
    def keeps_up(self) -> bool:
        """Whether it is quick enough for a call."""
        return self.took_s <= LIMIT_S


def choose(
    models: Sequence[LocalModel], build: Callable[[LocalModel], Recogniser], *, english: bool
) -> tuple[LocalModel, list[Trial]]:
    """Try models from the smallest up until one is too slow; return the last that kept up, and every trial.

    Of two models of a size the English-only one is taken for English; for other languages those are passed over. The
    first model is taken even if it is too slow, so that there is one: its trial says so.

    Raises:
        ValueError: no model hears the language.
    """
    fit = [model for model in models if english or not model.english_only]
    if not fit:
        raise ValueError("no model to choose from")
    fit.sort(key=lambda model: (model.size_bytes // 10_000_000, model.english_only == english, model.name))
    trials: list[Trial] = []
    for model in fit:
        trials.append(Trial(model, _trial(build(model))))
        if not trials[-1].keeps_up:
            break
    kept = [trial.model for trial in trials if trial.keeps_up]
    return (kept or [fit[0]])[-1], trials


def _trial(recogniser: Recogniser) -> float:
    """Hear a voice-like sound twice, once to warm up; return what the second took."""
    request = Request("agent", Span(0, samples(TRIAL_S)), _voice_like(), at=samples(TRIAL_S))
    recogniser.hear(request)
    before = time.perf_counter()
    recogniser.hear(request)
    return time.perf_counter() - before


def _voice_like() -> Floats:
    """A buzzing sound in syllables: the encoder's cost does not depend on it, the decoder writes a few tokens."""
    times_s = np.arange(samples(TRIAL_S)) / RATE_HZ
    buzz = np.sum([np.sin(2 * np.pi * 120 * k * times_s) / k for k in range(1, 25)], axis=0)
    return np.asarray(0.1 * buzz * (1 + np.sin(2 * np.pi * 4 * times_s)), dtype=np.float32)
