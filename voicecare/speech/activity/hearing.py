"""From a hop of both legs to what each party says: the detectors, and what stands between them and the truth."""

from __future__ import annotations

from voicecare.config import Config
from voicecare.ports import EdgeDetector, VoiceDetector, VoicingDetector
from voicecare.speech.activity.bystanders import Bystanders
from voicecare.speech.activity.crosstalk import Crosstalk, Frames
from voicecare.speech.activity.vouching import Vouching
from voicecare.types import Floats


class Hearing:
    """Whose voice a hop holds: the voice detector's word, vouched for, without leaks and without bystanders.

    edge_detector: 10 ms frames of sound; None leaves edges to the voice detector. witness: vouches for voices that the
    voice detector hardly hears; None leaves its word as it is, and so does a missing edge detector.
    """

    def __init__(
        self,
        config: Config,
        voice: VoiceDetector,
        edge_detector: EdgeDetector | None,
        witness: VoicingDetector | None,
    ) -> None:
        self._voice, self._edge_detector, self._witness = voice, edge_detector, witness
        self._vouching = Vouching(config.vad)
        self._crosstalk = Crosstalk()
        self._bystanders = Bystanders(config.bystanders)

    def push(self, hop: Floats) -> tuple[tuple[float, float], Frames | None]:
        """Take the next hop, float32 (2, HOP); return P(speech) of agent and caller, and the frames of sound."""
        frames = None if self._edge_detector is None else self._edge_detector.frames(hop)
        speech = self._voice.probabilities(hop)
        if self._witness is not None and frames is not None:
            speech = self._vouching.push(hop, speech, self._witness.shares(hop), frames)
        return self._bystanders.push(hop, *self._crosstalk.push(hop, speech, frames))
