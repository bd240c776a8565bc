"""Hears a day as a live run without a softphone does: a call begins and ends by sound, each with a fresh pipeline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicecare.assembly import Choices, build_edges
from voicecare.config import Config
from voicecare.speech.life.bysound import CallBySound
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import AudioBlock, CallPhase, Floats, Phase


@dataclass(frozen=True, slots=True)
class Entered:
    """A phase and when it was known, in seconds of the day; within: one of the call's own (hold, back to talk)."""

    at_s: float
    phase: Phase
    within: bool


def hear(legs: Floats, config: Config) -> list[Entered]:
    """Hear both legs, float32 (2, n) at 16 kHz, hop by hop."""
    by_sound = CallBySound(config.life)
    pipeline: Pipeline | None = None
    found: list[Entered] = []
    began = 0
    for start in range(0, legs.shape[1] - HOP + 1, HOP):
        block = AudioBlock(start, np.ascontiguousarray(legs[:, start : start + HOP]))
        speaks = (False, False)
        if pipeline is not None:
            for listened in pipeline.listen([AudioBlock(start - began, block.samples)]):
                told = pipeline.push_audio(listened)
                phases = [event.phase for event in told if isinstance(event, CallPhase)]
                found += [Entered((start + HOP) / RATE_HZ, phase, within=True) for phase in phases]
            speaks = pipeline.speaking
        for phase in by_sound.push(block, agent_speaks=speaks[0], caller_speaks=speaks[1]):
            found.append(Entered(phase.at / RATE_HZ, phase.phase, within=False))
            if phase.phase == "talk":
                pipeline, began = Pipeline(config, build_edges(config, Choices(words=False))), start + HOP
            elif phase.phase == "ended":
                pipeline = None
    return found
