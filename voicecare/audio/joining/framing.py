"""Cuts audio of any block size into the pipeline's hops."""

from __future__ import annotations

import numpy as np

from voicecare.timebase import HOP, Samples
from voicecare.types import AudioBlock, Floats


class Framer:
    """Cuts both legs into hops; how the audio arrives (device blocks, file blocks) never changes the hops.

    `length` is the true number of samples taken so far, without the padding of the last hop.
    """

    def __init__(self) -> None:
        self.length: Samples = 0
        self._start: Samples = 0
        self._held: list[tuple[Floats, bool]] = []
        self._held_length: Samples = 0

    def push(self, samples: Floats, *, gap: bool = False) -> list[AudioBlock]:
        """Take the next stretch of the call and return the hops it completes.

        samples: float32, shape (2, n) with n >= 0, row 0 the agent, row 1 the caller, 16 kHz. The array may be used
            again by its owner: hops are copies.
        gap: this stretch stands for audio that was lost. A hop that holds any of it is marked.

        Raises:
            ValueError: the shape is not (2, n).
        """
        if samples.ndim != 2 or samples.shape[0] != 2:
            raise ValueError(f"a call has two legs: expected shape (2, n), got {samples.shape}")
        length = samples.shape[1]
        if length == 0:
            return []
        self.length += length
        missing = HOP - self._held_length
        if length < missing:
            self._hold(samples, gap=gap)
            return []
        blocks = []
        if self._held_length:
            self._hold(samples[:, :missing], gap=gap)
            blocks.append(self._flush())
            samples = samples[:, missing:]
        whole = samples.shape[1] // HOP
        hops = samples[:, : whole * HOP].reshape(2, whole, HOP).transpose(1, 0, 2)
        for hop in np.array(hops, np.float32, order="C"):
            blocks.append(AudioBlock(self._start, hop, gap))
            self._start += HOP
        if samples.shape[1] > whole * HOP:
            self._hold(samples[:, whole * HOP :], gap=gap)
        return blocks

    def finish(self) -> list[AudioBlock]:
        """Return the last, partial hop, padded with zeros; nothing where the audio ended on a hop."""
        if not self._held_length:
            return []
        padding = np.zeros((2, HOP - self._held_length), np.float32)
        self._hold(padding, gap=False)
        return [self._flush()]

    def _hold(self, samples: Floats, *, gap: bool) -> None:
        self._held.append((samples.astype(np.float32), gap))
        self._held_length += samples.shape[1]

    def _flush(self) -> AudioBlock:
        block = AudioBlock(
            self._start,
            np.concatenate([samples for samples, _ in self._held], axis=1),
            any(gap for _, gap in self._held),
        )
        self._held, self._held_length = [], 0
        self._start += HOP
        return block
