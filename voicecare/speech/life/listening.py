"""From hops of both legs to who speaks and what the call does: the detectors, the phases, and the voices around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voicecare.config import Config
from voicecare.ports import EdgeDetector, VoiceDetector, VoicingDetector
from voicecare.speech.activity.bystanders import Bystanders
from voicecare.speech.activity.hearing import Hearing
from voicecare.speech.activity.noisy_edges import NoisyEdges
from voicecare.speech.life.phases import Noted, Phases
from voicecare.types import Floats


class Listening:
    """Whose voice a hop holds, where the call rings or waits, and that neither music nor bystanders are a party.

    Bystanders come late: a caller who is softer than the hold music was is no bystander. Last come the edges of a noisy
    leg, which need to know where nobody speaks.
    """

    def __init__(
        self,
        config: Config,
        voice: VoiceDetector,
        edge_detector: EdgeDetector | None,
        witness: VoicingDetector | None,
    ) -> None:
        self._hearing = Hearing(config, voice, edge_detector, witness)
        self._phases = Phases(config.life)
        self._bystanders = Bystanders(config.bystanders)
        self._noisy_edges = NoisyEdges(config.vad)

    def over(self, stretch: Floats) -> list[Noted]:
        """Take the next hops in a row, float32 (2, n * HOP), without their offset."""
        noted: Sequence[Noted] = self._phases.over(stretch, self._hearing.over(stretch))
        own = self._bystanders.over(stretch, [one.said for one in noted], [one.waits for one in noted])
        edged = self._noisy_edges.over(stretch, own)
        return [one if said is one.said else replace(one, said=said) for one, said in zip(noted, edged, strict=True)]
