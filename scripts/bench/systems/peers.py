"""What others make of a call: call-ai-metrics as it comes; plain webrtcvad and plain Silero under the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scripts.bench.calls.happened import Heard, Legs, Said, overlap_s, reference
from scripts.bench.lines.frames import Frames
from voicecare.timebase import RATE_HZ
from voicecare.types import PARTIES, Floats

HOP_S = 0.032


def plain(speech: Sequence[Frames], step_s: float) -> Heard:
    """Speech as a detector gives it (agent, caller; one value a step): gaps under 0.2 s bridged, bursts dropped."""
    legs: Legs = {"agent": _spans(speech[0], step_s), "caller": _spans(speech[1], step_s)}
    return Heard(legs, overlap_s(legs), tuple(reference(legs)))


def hysteresis(probability: npt.NDArray[np.floating[Any]], on: float, off: float) -> Frames:
    """Silero's own rule: on at one threshold, off below another."""
    speech, now = np.zeros(probability.size, bool), False
    for i, p in enumerate(probability):
        now = bool(p >= (off if now else on))
        speech[i] = now
    return speech


def call_ai_metrics(legs: Floats) -> Heard:
    """call-ai-metrics 0.1 (energy) with its own definitions: its interruptions, its overlap."""
    from call_ai_metrics import analyze

    report = analyze([leg.astype(np.float64) for leg in legs], sample_rate=RATE_HZ, speakers=list(PARTIES))
    spoken: Legs = {party: [(s.start_s, s.end_s) for s in report.segments if s.speaker == party] for party in PARTIES}
    events = tuple(Said("interruption", i.by, i.time_s) for i in report.interruption_events)
    return Heard(spoken, report.overlap_share * report.speech_span_s, events)


def webrtc(leg: Floats) -> Frames:
    """webrtcvad, mode 2, of one leg at 16 kHz, by 10 ms."""
    import webrtcvad

    vad = webrtcvad.Vad(2)
    pcm = (np.clip(leg, -1, 1) * 32_767).astype("<i2")
    return np.array([vad.is_speech(pcm[i : i + 160].tobytes(), RATE_HZ) for i in range(0, pcm.size - 159, 160)], bool)


def _spans(speech: Frames, step_s: float) -> list[tuple[float, float]]:
    change = np.diff(np.concatenate(([0], speech.astype(int), [0])))
    spans: list[tuple[float, float]] = []
    for start, end in zip(np.flatnonzero(change == 1) * step_s, np.flatnonzero(change == -1) * step_s, strict=True):
        if spans and start - spans[-1][1] < 0.2:
            spans[-1] = (spans[-1][0], float(end))
        else:
            spans.append((float(start), float(end)))
    return [(a, b) for a, b in spans if b - a >= 0.1]
