"""Chooses the best local model that keeps up with a call on this machine, by trying it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicecare.backends.whisper_models import LocalModel
from voicecare.ports import Recogniser
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Floats, Request

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


def choose_once(
    models: Sequence[LocalModel], build: Callable[[LocalModel], Recogniser], *, english: bool, memory: Path
) -> tuple[LocalModel, str]:
    """Choose as `choose` does, and remember it in the file `memory`; also return one line that says what was chosen.

    The choice is made anew when the machine or its models change; neither's name is kept, only a hash of what counts.

    Raises:
        ValueError: no model hears the language.
    """
    machine = _machine(models, english=english)
    known = {model.name: model for model in models}
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(memory.read_text(encoding="utf-8"))[machine]
        return known[found["model"]], f"model {found['model']}: {found['why']} (tried earlier)"
    model, trials = choose(models, build, english=english)
    took_s = next(trial.took_s for trial in trials if trial.model == model)
    slow = next((trial for trial in trials if not trial.keeps_up), None)
    why = f"it hears {TRIAL_S:.0f} s of speech in {took_s:.2f} s"
    if slow is not None and slow.model == model:
        why += ", too slow for a live call; words will come late"
    elif slow is not None:
        why += f", {slow.model.name} takes {slow.took_s:.2f} s"
    with contextlib.suppress(OSError):  # it will be tried again
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps({machine: {"model": model.name, "why": why}}), encoding="utf-8")
    return model, f"model {model.name}: {why}"


def _machine(models: Sequence[LocalModel], *, english: bool) -> str:
    """A hash of what decides how quick each model is here; nothing in it names the machine or its user."""
    facts = [platform.machine(), platform.processor(), str(os.cpu_count()), str(english)]
    facts += [f"{model.name} {model.size_bytes}" for model in models]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


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
