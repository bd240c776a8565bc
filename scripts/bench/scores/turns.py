"""Scores what a system says of a call against its known speech: voice activity, overlap, interruptions.

The reference events are the definitions of docs/events.md applied to the whole, known utterances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

Party: TypeAlias = Literal["agent", "caller"]
Spans: TypeAlias = Sequence[tuple[float, float]]
Legs: TypeAlias = Mapping[Party, Spans]
"""Speech of both parties, in seconds."""
Kind: TypeAlias = Literal["dual_start", "backchannel", "early_reply", "interruption"]

MERGE_GAP_S, DUAL_START_S, BACKCHANNEL_S, EARLY_REPLY_S, HELD_FLOOR_S = 0.5, 0.25, 1.0, 0.5, 1.0
ONSET_TOLERANCE_S = 0.35
FRAME_S = 0.01


@dataclass(frozen=True, slots=True)
class Said:
    """An event between the parties: start of the second speaker, and when it was known (None: after the call)."""

    kind: str
    by: Party
    start_s: float
    decided_s: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a system made of one call: its speech, its overlap in seconds, its events."""

    legs: Legs
    overlap_s: float
    events: tuple[Said, ...]


def utterances(spans: Spans) -> list[tuple[float, float]]:
    """Speech with inner silences shorter than half a second."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < MERGE_GAP_S:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def reference(legs: Legs) -> list[Said]:
    """What happened between the parties, by definition."""
    events = []
    for by, across in (("agent", "caller"), ("caller", "agent")):
        for b_start, b_end in utterances(legs[by]):
            for a_start, a_end in utterances(legs[across]):
                if a_start <= b_start < a_end:
                    events.append(Said(kind(a_start, a_end, b_start, b_end), by, b_start))
    return sorted(events, key=lambda event: event.start_s)


def kind(a_start: float, a_end: float, b_start: float, b_end: float) -> Kind:
    """What an utterance B is that starts inside an utterance A of the other."""
    if b_start - a_start < DUAL_START_S:
        return "dual_start"
    if b_end <= a_end and b_end - b_start <= BACKCHANNEL_S:
        return "backchannel"
    if a_end - b_start <= EARLY_REPLY_S:
        return "early_reply"
    return "interruption" if b_start - a_start >= HELD_FLOOR_S else "dual_start"


def overlap_s(legs: Legs) -> float:
    """How long both parties' utterances last together."""
    return sum(
        max(0.0, min(b, d) - max(a, c)) for a, b in utterances(legs["agent"]) for c, d in utterances(legs["caller"])
    )


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
        for party in ("agent", "caller"):
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


def _frames(spans: Spans, length_s: float) -> np.ndarray:
    frames = np.zeros(round(length_s / FRAME_S), bool)
    for start_s, end_s in spans:
        frames[round(start_s / FRAME_S) : round(end_s / FRAME_S)] = True
    return frames
