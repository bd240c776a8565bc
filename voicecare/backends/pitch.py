"""F0 by swift-f0, at half its own cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from voicecare.errors import UsageError
from voicecare.types import Floats

LOWEST_HZ, HIGHEST_HZ = 60.0, 520.0
_OCTAVE = 2.0


class SwiftPitch:
    """swift-f0's model (MIT) on speech decimated to 8 kHz and handed over as if it were 16 kHz.

    All pitches then lie an octave up, still inside the model's 47 to 2,094 Hz, and a frame covers 32 ms, so each is
    given twice. On 184 s of emodb, ravdess and nemo through a mu-law line at 20 dB SNR: 4.6 ms of a core per second
    instead of 9.1, gross errors 1.2 % instead of .4 %, voiced recall 85 % instead of 90 %.
    """

    def __init__(self) -> None:
        import onnxruntime
        import swift_f0

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = Path(swift_f0.__file__).with_name("model.onnx")
        if not model.is_file():
            raise UsageError(
                f"swift-f0 has no model at {model}; reinstall with: pip install --force-reinstall swift-f0"
            )
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._taps = _half_band()
        self._fmin = np.asarray(LOWEST_HZ * _OCTAVE, np.float32)
        self._fmax = np.asarray(HIGHEST_HZ * _OCTAVE, np.float32)

    def track(self, samples: Floats) -> tuple[Floats, Floats]:
        """Take float32 mono at 16 kHz, about -20 dBFS RMS; return F0 in Hz and confidence 0..1 per 16 ms frame."""
        slow = np.convolve(samples, self._taps, mode="same")[::2].astype(np.float32)
        f0, confidence = self._session.run(
            ["pitch", "confidence"], {"audio": slow[None], "fmin": self._fmin, "fmax": self._fmax}
        )
        f0_hz = (f0[0] / _OCTAVE).astype(np.float32)
        return np.repeat(f0_hz, 2), np.repeat(confidence[0].astype(np.float32), 2)


def _half_band(taps: int = 31) -> Floats:
    """A windowed-sinc low-pass at 4 kHz for 16 kHz input; its delay is a whole number of samples."""
    place = np.arange(taps) - taps // 2
    kernel = np.sinc(place / 2) / 2 * np.hamming(taps)
    return np.asarray(kernel / kernel.sum(), np.float32)
