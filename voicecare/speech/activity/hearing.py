"""From a hop of both legs to what each party says: the detectors, and what stands between them and the truth.

Other people near a party are told apart later (`life/listening.py`): hold music must be known before.
"""

from __future__ import annotations

from voicecare.config import Config
from voicecare.ports import EdgeDetector, Frames, VoiceDetector, VoicingDetector
from voicecare.speech.activity.crosstalk import Crosstalk, Said
from voicecare.speech.activity.vouching import Vouching
from voicecare.types import Floats


class Hearing:
    """Whose voice a hop holds: the voice detector's word, vouched for and without leaks.

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

    def push(self, hop: Floats) -> Said:
        """Take the next hop, float32 (2, HOP); return P(speech) of agent and caller, and the frames of sound."""
        return self.over(hop)[0]

    def over(self, stretch: Floats) -> list[Said]:
        """Take the next hops in a row, float32 (2, n * HOP); return the same of each."""
        frames = None if self._edge_detector is None else self._edge_detector.over(stretch)
        speech = self._voice.over(stretch)
        if self._witness is not None and frames is not None:
            speech = self._vouching.over(stretch, speech, self._witness.over(stretch), frames)
        none: list[Frames | None] = [None] * len(speech)
        said = list(zip(speech, none if frames is None else frames, strict=True))
        return self._crosstalk.over(stretch, said)
