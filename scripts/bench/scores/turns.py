"""Scores what a system says of a call against its known speech: voice activity, overlap, interruptions.

The reference events are the definitions of docs/events.md applied to the whole, known utterances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from scripts.bench.calls.happened import Heard, Legs, Said, Spans, overlap_s, reference
from scripts.bench.lines.frames import FRAME_S, Frames
from voicecare.types import PARTIES

ONSET_TOLERANCE_S = 0.35


@dataclass(slots=True)
class Score:
    """Sums over calls; `row` turns them into the figures of the table."""

    length_s: float = 0.0
    hits: int = 0
    wanted: int = 0
    told: int = 0
    wrong_party: int = 0
    true_overlap_s: float = 0.0
    overlap_error_s: float = 0.0
    speech_frames: int = 0
    silence_frames: int = 0
    heard_frames: int = 0
    false_frames: int = 0
    delays_s: list[float] = field(default_factory=list)

    def add(self, truth: Legs, heard: Heard, length_s: float) -> None:
        """Take one call."""
        self.length_s += length_s
        self._interruptions([e for e in reference(truth) if e.kind == "interruption"], heard.events)
        true_overlap_s = overlap_s(truth)
        self.true_overlap_s += true_overlap_s
        self.overlap_error_s += abs(true_overlap_s - heard.overlap_s)
        for party in PARTIES:
            speech, said = (_frames(legs[party], length_s) for legs in (truth, heard.legs))
            self.speech_frames += int(speech.sum())
            self.silence_frames += int((~speech).sum())
            self.heard_frames += int((speech & said).sum())
            self.false_frames += int((~speech & said).sum())

    def row(self) -> dict[str, float]:
        """The figures of the table; shares 0..1, overlap error against true overlap."""
        precision = self.hits / max(self.told, 1)
        recall = self.hits / max(self.wanted, 1)
        delays = sorted(self.delays_s)
        voice_recall = self.heard_frames / max(self.speech_frames, 1)
        voice_precision = self.heard_frames / max(self.heard_frames + self.false_frames, 1)
        figures = {
            "voice_recall": voice_recall,
            "voice_precision": voice_precision,
            "voice_f1": 2 * voice_precision * voice_recall / max(voice_precision + voice_recall, 1e-9),
            "voice_false_alarms": self.false_frames / max(self.silence_frames, 1),
            "overlap_error": self.overlap_error_s / max(self.true_overlap_s, 1e-9),
            "interruptions": self.wanted,
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / max(precision + recall, 1e-9),
            "wrong_party": self.wrong_party,
            "false_per_hour": (self.told - self.hits) / max(self.length_s / 3600, 1e-9),
            "delay_median_s": delays[len(delays) // 2] if delays else float("nan"),
            "delay_p95_s": delays[int(0.95 * (len(delays) - 1))] if delays else float("nan"),
        }
        return {name: round(float(value), 4) for name, value in figures.items()}

    def _interruptions(self, wanted: Sequence[Said], events: Iterable[Said]) -> None:
        told = [event for event in events if event.kind == "interruption"]
        self.wanted += len(wanted)
        self.told += len(told)
        for event in wanted:
            near = [t for t in told if abs(t.start_s - event.start_s) <= ONSET_TOLERANCE_S]
            if not near:
                continue
            found = min(near, key=lambda t: (t.by != event.by, abs(t.start_s - event.start_s)))
            told.remove(found)
            if found.by != event.by:
                self.wrong_party += 1
                continue
            self.hits += 1
            if found.decided_s is not None:
                self.delays_s.append(found.decided_s - event.start_s)


def _frames(spans: Spans, length_s: float) -> Frames:
    frames = np.zeros(round(length_s / FRAME_S), np.bool_)
    for start_s, end_s in spans:
        frames[round(start_s / FRAME_S) : round(end_s / FRAME_S)] = True
    return frames
