"""Stand-ins for the models, so that properties of the pipeline can be tried on hundreds of calls a second."""

from __future__ import annotations

import random
import time

import numpy as np

from voicecare.audio.joining.framing import Framer
from voicecare.backends import heads
from voicecare.backends.phrases import load_phrases
from voicecare.speech.pipeline import Edges
from voicecare.speech.words.phrasebook import PhraseBook
from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import PARTIES, Heard, Word

SENTENCES = (
    "this is the third time I call and it is ridiculous",
    "I understand how frustrating that is",
    "okay",
    "",
    "thank you so much",
    "my order never arrived",
)


class LoudIsSpeech:
    """A voice detector that hears speech wherever there is sound; it smooths, so it carries state."""

    name = "loud"

    def __init__(self):
        self._smoothed = np.zeros(2)

    def over(self, stretch):
        return [self._hop(stretch[:, at : at + HOP]) for at in range(0, stretch.shape[1], HOP)]

    def _hop(self, hop):
        power = np.sqrt(np.mean(hop**2, axis=1))
        self._smoothed = 0.3 * self._smoothed + 0.7 * np.minimum(1.0, power / 0.05)
        agent, caller = (float(p) for p in self._smoothed)
        return agent, caller


class RoughPitch:
    """F0 by zero crossings: rough, but it depends on nothing else than the samples it is given."""

    def track(self, samples):
        frames = np.array_split(samples, max(1, len(samples) // 256))
        f0 = np.array([np.sum(np.diff(np.signbit(f))) * 31.25 for f in frames], np.float32)
        return f0, np.where((f0 > 65) & (f0 < 520), 0.9, 0.1).astype(np.float32)


class Sentiments:
    """Any fixed reading of a text."""

    name = "fixed"

    def score(self, text):
        return (-0.8 if "ridiculous" in text else 0.1), 0.8


class Scribe:
    """A recogniser whose words follow from the audio it is given; `jitter_s` makes it slow at random."""

    name = "scribe"

    def __init__(self, jitter_s=0.0, seed=0):
        self._jitter_s = jitter_s
        self._random = random.Random(seed)

    def hear(self, request):
        if self._jitter_s:
            time.sleep(self._random.random() * self._jitter_s)
        text = SENTENCES[int(np.abs(request.audio).sum() * 10) % len(SENTENCES)]
        words = tuple(Word(w, request.span, 0.9) for w in text.split())
        voice = (float(request.audio.mean()) * 100,) if request.want_voice and request.channel == "caller" else None
        return Heard(request.channel, request.span, text, words, "en", 0.9, voice, request.final, request.at)


def edges():
    """A fresh set of stand-ins, with the strain head and the phrases that ship."""
    return Edges(
        LoudIsSpeech(), None, None, RoughPitch(), heads.shipped(), PhraseBook.from_values(load_phrases()), Sentiments()
    )


def sound(speech, end=None, seed=0):
    """Float32 (2, n): coloured noise in syllables where a party speaks, near silence elsewhere."""
    last = max([s.end for party in PARTIES for s in speech[party]], default=0)
    length = last + RATE_HZ if end is None else end
    noise = np.random.default_rng(seed)
    audio = noise.normal(0, 1e-4, (2, length)).astype(np.float32)
    for row, party in enumerate(PARTIES):
        for span in speech[party]:
            t = np.arange(span.length) / RATE_HZ
            voice = 0.1 * np.sin(2 * np.pi * (150 + 40 * row) * t) + noise.normal(0, 0.03, span.length)
            syllables = 10.0 ** (0.25 * np.sin(2 * np.pi * 4.0 * t))  # 5 dB up and down: without, it would be a crowd
            audio[row, span.start : span.end] += (syllables * voice).astype(np.float32)
    return audio


def blocks(audio, sizes=(HOP,)):
    """The hops of `audio`, handed over in blocks of the given sizes, in turn."""
    framer, at, turn = Framer(), 0, 0
    while at < audio.shape[1]:
        size = sizes[turn % len(sizes)]
        yield from framer.push(audio[:, at : at + size])
        at, turn = at + size, turn + 1
    yield from framer.finish()
