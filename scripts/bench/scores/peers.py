"""What others make of a call: call-ai-metrics as it comes; plain webrtcvad and plain Silero under the same rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scripts.bench.scores.turns import Heard, Legs, Said, overlap_s, reference

HOP_S, FRAME_S = 0.032, 0.01


def plain(speech: Sequence[np.ndarray], step_s: float) -> Heard:
    """Speech as a detector gives it (agent, caller; one value a step): gaps under 0.2 s bridged, bursts dropped."""
    legs: Legs = {"agent": _spans(speech[0], step_s), "caller": _spans(speech[1], step_s)}
    return Heard(legs, overlap_s(legs), tuple(reference(legs)))


def hysteresis(probability: np.ndarray, on: float, off: float) -> np.ndarray:
    """Silero's own rule: on at one threshold, off below another."""
    speech, now = np.zeros(probability.size, bool), False
    for i, p in enumerate(probability):
        now = bool(p >= (off if now else on))
        speech[i] = now
    return speech


def call_ai_metrics(legs_16k: np.ndarray) -> Heard:
    """call-ai-metrics 0.1 (energy) with its own definitions: its interruptions, its overlap."""
    from call_ai_metrics import analyze

    report = analyze([leg.astype(np.float64) for leg in legs_16k], sample_rate=16_000, speakers=["agent", "caller"])
    legs: Legs = {
        party: [(s.start_s, s.end_s) for s in report.segments if s.speaker == party] for party in ("agent", "caller")
    }
    events = tuple(Said("interruption", i.by, i.time_s) for i in report.interruption_events)
    return Heard(legs, report.overlap_share * report.speech_span_s, events)


def _spans(speech: np.ndarray, step_s: float) -> list[tuple[float, float]]:
    change = np.diff(np.concatenate(([0], speech.astype(int), [0])))
    spans: list[tuple[float, float]] = []
    for start, end in zip(np.flatnonzero(change == 1) * step_s, np.flatnonzero(change == -1) * step_s, strict=True):
        if spans and start - spans[-1][1] < 0.2:
            spans[-1] = (spans[-1][0], float(end))
        else:
            spans.append((float(start), float(end)))
    return [(a, b) for a, b in spans if b - a >= 0.1]
