"""Whisper's log-mel spectrogram, the same to the last bit on any number of cores.

faster-whisper's own leaves one large product to the linear algebra library, which shares it out among the cores: that
takes five times as long as on one core, and the last bits depend on how many there are. A recogniser of 8-bit numbers
makes other words of them: one call of four minutes, heard on one core and on two, differed in twelve utterances.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecare.timebase import Samples
from voicecare.types import Floats

WINDOW: Samples = 400
STEP: Samples = 160
TOGETHER = 10
"""Frames of one product: so few that no library shares it out."""
DEEPEST = 8.0
"""What lies this many decades below the loudest is cut off, and the rest scaled, as Whisper was trained."""
_HANN = np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def log_mel(audio: Floats, filters: npt.NDArray[np.floating]) -> Floats:
    """Take float32 at 16 kHz, (n,), and the filters, (bands, WINDOW // 2 + 1); return float32 (bands, frames).

    One frame every 10 ms, the last 10 ms of silence behind the audio (Radford et al. 2022, as faster-whisper has it).
    """
    padded = np.pad(np.pad(audio, (0, STEP)), WINDOW // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::STEP][:-1]
    count = len(frames)
    powers = np.zeros((-(-count // TOGETHER) * TOGETHER, WINDOW // 2 + 1), np.float32)
    powers[:count] = np.abs(np.fft.rfft(frames * _HANN).astype(np.complex64)) ** 2
    groups = powers.reshape(-1, TOGETHER, powers.shape[1])
    bands = (groups @ np.ascontiguousarray(filters.T, np.float32)).reshape(len(powers), -1)[:count].T
    decades = np.log10(np.maximum(bands, np.float32(1e-10)))
    return np.asarray((np.maximum(decades, decades.max() - DEEPEST) + 4.0) / 4.0, np.float32)
