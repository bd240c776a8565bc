"""Hears a recording again around one moment, to show what a session does not keep: levels, P(speech) and the noise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicecare.assembly import Choices, build_edges
from voicecare.config import Config
from voicecare.report.rows import union
from voicecare.speech.life.listening import Listening
from voicecare.timebase import HOP, Samples, Span, samples
from voicecare.types import PARTIES, AudioBlock, Floats, Party

BEFORE_S = 60.0
"""How much is heard before the moment: detectors remember what came before, and the noise must be learnt."""
NOISE_PERCENTILE = 10
LEAST_DBFS = -120.0


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """What both legs carried, hop by hop; row 0 the agent, row 1 the caller.

    starts: each hop's first sample. level_dbfs: RMS, shape (2, hops). probability: P(speech) as the pipeline
    takes it (`Listening`), 0..1, shape (2, hops). noise_dbfs: each leg's noise, which a tenth of its hops lie below.
    """

    starts: npt.NDArray[np.int64]
    level_dbfs: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float64]
    noise_dbfs: tuple[float, float]

    def near(self, at: Samples, around: Samples) -> Probe:
        """Cut down to the hops that touch the stretch `around` either side of `at`."""
        kept = (self.starts + HOP > at - around) & (self.starts < at + around)
        return Probe(self.starts[kept], self.level_dbfs[:, kept], self.probability[:, kept], self.noise_dbfs)

    def speech(self, on: float) -> dict[Party, list[Span]]:
        """Where each party's P(speech) is at least `on`, in samples from the first hop."""
        return {
            party: union(
                Span(int(start - self.starts[0]), int(start - self.starts[0]) + HOP)
                for start in self.starts[self.probability[row] >= on]
            )
            for row, party in enumerate(PARTIES)
        }


def probe(source: Iterable[AudioBlock], config: Config, choices: Choices, at: Samples, after: Samples) -> Probe:
    """Hear `source` from a minute before `at` to `after` behind it, with the detectors of a replay.

    Raises:
        InputError: a model is missing or the file vanished.
    """
    edges = build_edges(config, choices)
    listening = Listening(config, edges.voice, edges.edge_detector, edges.witness)
    starts: list[Samples] = []
    levels: list[tuple[float, float]] = []
    probabilities: list[tuple[float, float]] = []
    for block in source:
        if block.end <= at - samples(BEFORE_S):
            continue
        if block.start >= at + after:
            break
        speech, _ = listening.over(block.samples)[0].said
        starts.append(block.start)
        levels.append(_levels(block.samples))
        probabilities.append(speech)
    level_dbfs = np.array(levels, np.float64).reshape(-1, 2).T
    noise = np.percentile(level_dbfs, NOISE_PERCENTILE, axis=1) if starts else np.full(2, LEAST_DBFS)
    return Probe(
        np.array(starts, np.int64),
        level_dbfs,
        np.array(probabilities, np.float64).reshape(-1, 2).T,
        (float(noise[0]), float(noise[1])),
    )


def _levels(hop: Floats) -> tuple[float, float]:
    powers = np.mean(hop.astype(np.float64) ** 2, axis=1)
    agent, caller = 10 * np.log10(np.maximum(powers, 10 ** (LEAST_DBFS / 10)))
    return float(agent), float(caller)
