"""A capture without devices: a recorded call again and again, through two crystals and the real joining of clocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np

from voicecare.audio.files.recording import open_recording
from voicecare.audio.joining.joining import Joiner, Stamped
from voicecare.audio.joining.silence import SilenceWatch
from voicecare.timebase import RATE_HZ
from voicecare.types import PARTIES, AudioBlock, Health

BLOCK = 320
PPM = {"agent": 200.0, "caller": -200.0}


class SimulatedCapture:
    """Stands for the capture of devices; its time is the audio's, so an hour passes as fast as it is heard.

    recording: what both parties say. after_minute: told each simulated minute, for measuring.
    """

    recording: Path
    after_minute = staticmethod(lambda _minute: None)
    names = ("a microphone", "a headset")

    def __init__(self):
        self._stopped = False
        self.joiner = Joiner()
        self._silence = SilenceWatch()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """End the call."""
        self._stopped = True

    def __iter__(self) -> Iterator[AudioBlock | Health]:
        legs = np.concatenate([block.samples for block in open_recording(self.recording)], axis=1)
        minute = 0
        for number in count():
            for row, party in enumerate(PARTIES):
                at = (number * BLOCK + np.arange(BLOCK)) % legs.shape[1]
                stamp_s = (number + 1) * BLOCK / (RATE_HZ * (1 + PPM[party] * 1e-6)) + 0.01 + 0.002 * (number % 3)
                for item in self.joiner.push(Stamped(party, stamp_s, legs[row, at])):
                    yield item
                    if isinstance(item, AudioBlock):
                        yield from self._silence.push(item)
                    if self._stopped:
                        return
            if number * BLOCK >= (minute + 1) * 60 * RATE_HZ:
                minute += 1
                self.after_minute(minute)
