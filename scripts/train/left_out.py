"""Heads trained again without one or two speakers, and the cuts that the other speakers would choose for them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from scripts.bench.corpora.arousal import TRAINING, Clip, prosody_view
from scripts.train import arousal as train_arousal
from scripts.train import fit as arousal_fit
from scripts.train.fit import Array
from scripts.train.views import views
from voicecare.backends import heads

ScoresWithout: TypeAlias = Callable[[tuple[str, ...]], Array]


class Cuts(NamedTuple):
    """A cut for each clip: of scores as they are, and of scores relative to the speaker's own calm clips."""

    raw: Array
    relative: Array


class LeftOut:
    """The head trained again without one or two speakers of the training corpus, and the cuts that follow."""

    def __init__(self, clips: list[Clip]) -> None:
        self._clips = clips * train_arousal.DRAWS
        self._prosody, self._voice = views(clips, train_arousal.DRAWS, prosody_view)
        self._without = functools.cache(self._train)

    def scores(self, clips: list[Clip], prosody: Array, voice: Array, view: str) -> Array:
        """Score each clip of the training corpus by the head that did not hear its speaker."""
        by = np.array([clip.speaker for clip in clips])
        scores = np.empty(len(clips))
        for speaker in np.unique(by):
            own = by == speaker
            scores[own] = score(self._without((str(speaker),)), prosody[own], voice[own], view)
        return scores

    def cuts(self, clips: list[Clip], view: str) -> Cuts:
        """Return for each clip the cuts that the training corpus's other speakers choose."""

        def scores_without(speakers: tuple[str, ...]) -> Array:
            return score(self._without(speakers), self._prosody, self._voice, view)

        return chosen_cuts(scores_without, self._clips, clips)

    def _train(self, speakers: tuple[str, ...]) -> heads.ArousalWeights:
        kept = [i for i, clip in enumerate(self._clips) if clip.speaker not in speakers]
        content = train_arousal.head(self._prosody[kept], self._voice[kept], [self._clips[i] for i in kept])
        return heads.parse(content)


def score(head: heads.ArousalWeights, prosody: Array, voice: Array, view: str) -> Array:
    """Return the scores of clips relative to the population's calm: both views joined, or "prosody" alone."""
    by_prosody, by_voice = prosody @ head.prosody - head.calm[0], voice @ head.voice - head.calm[1]
    if view == "prosody":
        return np.asarray(head.gain_alone * by_prosody)
    return np.asarray(head.gain_both[0] * by_prosody + head.gain_both[1] * by_voice)


def chosen_cuts(scores_without: ScoresWithout, training: list[Clip], clips: list[Clip]) -> Cuts:
    """Return for each of `clips` the cuts that the speakers of `training` choose, its own speaker apart."""

    def relative_without(speakers: tuple[str, ...]) -> Array:
        return arousal_fit.own_calm_away(scores_without(speakers), training)

    @functools.cache
    def cuts(held: str | None) -> tuple[float, float]:
        raw, relative = (arousal_fit.learned_cut(f, training, held) for f in (scores_without, relative_without))
        return raw, relative

    raw, relative = np.array([cuts(c.speaker if c.corpus == TRAINING else None) for c in clips]).T
    return Cuts(raw, relative)
