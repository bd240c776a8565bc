"""How soon and how surely the language of a call is noticed, from acted speech in German, Polish and English."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.bench.lines.phone import LINES, send
from voicecare.backends.whisper import WhisperRecogniser
from voicecare.backends.whisper_models import locate
from voicecare.config import WordsConfig
from voicecare.errors import VoicecareError
from voicecare.speech.words.noticing import CallLanguage, Understood
from voicecare.timebase import RATE_HZ, Samples, Span, seconds
from voicecare.types import Floats, Request

CORPORA = {"emodb": "de", "nemo": "pl", "ravdess": "en"}
CLIPS = 12
"""Utterances of a built call; each is one speaker's, in an order of chance."""

Row = dict[str, str | float | int | None]


def language(data: Path, calls: int, several_model: str, english_model: str) -> dict[str, Row]:
    """How surely and how soon the call's language is noticed; how little an English-only model keeps of others."""
    try:
        several = locate(several_model)
    except VoicecareError as error:
        return {"left out": {"why": str(error)}}
    plain = locate(english_model)
    return noticed(noticing_recogniser(several.folder, several.name), data, calls) | understood(
        noticing_recogniser(plain.folder, plain.name), data, calls
    )


def noticed(recogniser: WhisperRecogniser, data: Path, calls: int) -> dict[str, Row]:
    """By corpus: the share of calls in which the right language was noticed, when, and what single clips give."""
    found: dict[str, Row] = {}
    for corpus, language in CORPORA.items():
        after_s: list[float] = []
        right = wrong = single = clips = 0
        for call in _calls(data / "emotion" / corpus, calls):
            fresh = recogniser.for_call()
            at: Samples = 0
            settled: str | None = None
            for clip in call:
                clips += 1
                shares = recogniser.languages(clip)
                single += max(shares, key=lambda code: shares[code]) == language
                heard = fresh.hear(_request(clip, at))
                at += len(clip)
                if heard.settles:
                    settled = heard.language
                    after_s.append(seconds(at))
                    break
            right += settled == language
            wrong += settled not in (None, language)
        found[corpus] = {
            "language": language,
            "calls": calls,
            "right": right,
            "wrong": wrong,
            "open": calls - right - wrong,
            "after_p50_s": round(float(np.median(after_s)), 1) if after_s else None,
            "after_p95_s": round(float(np.percentile(after_s, 95)), 1) if after_s else None,
            "single_clips_right": f"{single}/{clips}",
        }
    return found


def understood(recogniser: WhisperRecogniser, data: Path, calls: int) -> dict[str, Row]:
    """By corpus: what a model keeps of utterances, and in how many calls it is said that little is understood."""
    found: dict[str, Row] = {}
    for corpus in CORPORA:
        kept = clips = told = 0
        for call in _calls(data / "emotion" / corpus, calls):
            watch, at = Understood(WordsConfig()), 0
            for clip in call:
                heard = recogniser.hear(_request(clip, at))
                at += len(clip)
                clips += 1
                kept += bool(heard.text)
                told += len(watch.push(heard))
        found[f"{corpus}, {recogniser.name}"] = {"kept": f"{kept}/{clips}", "calls": calls, "said_not_understood": told}
    return found


def noticing_recogniser(folder: Path, name: str) -> WhisperRecogniser:
    """A recogniser that notices the language of each call, as the product's does."""
    config = WordsConfig()
    return WhisperRecogniser(folder, config=config, name=name, notice=lambda: CallLanguage(config))


def _calls(folder: Path, calls: int) -> Iterator[list[Floats]]:
    """Calls of one speaker each, speakers in turn, over a phone line."""
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    speakers = sorted({row["speaker"] for row in rows})
    for number in range(calls):
        chance = random.Random(number)
        mine = [row["path"] for row in rows if row["speaker"] == speakers[number % len(speakers)]]
        yield [_clip(folder / path, number) for path in chance.sample(mine, min(CLIPS, len(mine)))]


def _clip(path: Path, seed: int) -> Floats:
    sound, rate_hz = soundfile.read(path, dtype="float32")
    wide = np.asarray(soxr.resample(sound, rate_hz, RATE_HZ), dtype=np.float32)
    return send(wide, LINES["phone"], np.random.default_rng(seed))


def _request(clip: Floats, at: Samples) -> Request:
    return Request("caller", Span(at, at + len(clip)), clip, at + len(clip))
