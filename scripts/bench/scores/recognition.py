"""How well words are heard: errors on phone lines, inventions where nobody speaks, time, and how early."""

from __future__ import annotations

import csv
import dataclasses
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from scripts.bench.corpora.sentences import SENTENCES, non_speech, speak
from scripts.bench.lines.phone import LINES, send
from scripts.bench.systems.words import english, hearers
from voicecare.assembly import Choices
from voicecare.audio.files.recording import open_recording
from voicecare.backends.sentiment_features import spoken
from voicecare.config import Config, WordsConfig
from voicecare.recorded import Replay
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import PARTIES, Floats, Party, Phrase, Request

DEMO = Path(__file__).parents[3] / "voicecare" / "demo" / "call.flac"


def errors(data: Path, folder: Path | None, model: str) -> dict[str, Any]:
    """Word error rate by line, of what the gate keeps and of everything, ours and plain.

    folder: more speech, *.wav with the words in a .txt beside each; None for none.
    """
    import jiwer

    material = [*_ravdess(data), *_read_out(), *_folder(folder)]
    systems = hearers(model)
    found: dict[str, Any] = {}
    for line_name, line in LINES.items():
        for hearer, hear in systems.items():
            rng = np.random.default_rng(7)
            pairs = [(_plain(text), _plain(hear(send(sound, line, rng)))) for sound, text in material]
            kept = [(said, heard) for said, heard in pairs if heard]
            found[f"{line_name}, {hearer}"] = {
                "wer": _percent(jiwer.wer([a for a, _ in pairs], [b for _, b in pairs])),
                "wer_of_kept": _percent(jiwer.wer([a for a, _ in kept], [b for _, b in kept])),
                "kept": f"{len(kept)}/{len(pairs)}",
            }
    return found


def inventions(minutes: float, model: str) -> dict[str, Any]:
    """Words a minute where nobody speaks, and the processor time it took."""
    found: dict[str, Any] = {}
    for hearer, hear in hearers(model).items():
        words, clips, by, began = 0, 0, Counter[str](), time.process_time()
        for kind, sound in non_speech(minutes, seed=3):
            text = _plain(hear(sound))
            words += len(text.split())
            clips += 1
            by[kind] += bool(text)
        found[hearer] = {
            "clips_with_text": f"{by.total()}/{clips}",
            "words_a_minute": round(words / minutes, 2),
            "cpu_s_a_minute": round((time.process_time() - began) / minutes, 2),
            "in": ", ".join(f"{kind} {count}" for kind, count in by.items() if count) or "nothing",
        }
    return found


def timing(data: Path, model: str) -> dict[str, Any]:
    """What hearing one utterance takes, over the utterances of a real call; its end is known some 0.5 s after it."""
    path = data / "calls" / "auto-repairs" / "Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav"
    truth = json.loads((path.parent / "Auto_Repairs_40.consensus.json").read_text(encoding="utf-8"))
    call, rate_hz = soundfile.read(path, dtype="float32")
    legs: dict[Party, Floats] = dict(zip(PARTIES[::-1], soxr.resample(call, rate_hz, RATE_HZ).T, strict=True))
    recogniser = english(model)
    walls, cpus = [], []
    for party, leg in legs.items():
        for start, end in _utterances(truth["channels"][party]["sure"]):
            span = Span(samples(max(0.0, start - 0.2)), min(len(leg), samples(end + 0.2)))
            request = Request(party, span, np.ascontiguousarray(leg[span.start : span.end]), span.end, want_voice=True)
            wall, cpu = time.perf_counter(), time.process_time()
            recogniser.hear(request)
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
    return {
        f"{len(walls)} utterances": {
            "wall_p50_s": round(float(np.percentile(walls, 50)), 3),
            "wall_p95_s": round(float(np.percentile(walls, 95)), 3),
            "cpu_p50_s": round(float(np.percentile(cpus, 50)), 3),
            "cpu_p95_s": round(float(np.percentile(cpus, 95)), 3),
            "cpu_share_of_call": round(sum(cpus) / (len(call) / rate_hz), 3),
        }
    }


def early(data: Path, model: str) -> dict[str, Any]:
    """How long after its end an acknowledgement of the agent is told, with and without hearing it while it goes on."""
    calls = [*sorted((data / "calls").glob("*/*L-caller.R-agent*.wav")), DEMO]
    found: dict[str, Any] = {}
    for interim_s in (0.0, WordsConfig().interim_s):
        config = dataclasses.replace(Config(), words=WordsConfig(interim_s=interim_s))
        replay = Replay(config, Choices(model=model))
        delays_s, heard_s, began = [], 0.0, time.process_time()
        for path in calls:
            session = replay.run(open_recording(path), agent_channel="right")
            heard_s += session.end / RATE_HZ
            told = [e for e in session.events if isinstance(e, Phrase) and e.channel == "agent"]
            delays_s += [(e.at - e.span.end) / RATE_HZ for e in told if e.kind == "acknowledgement"]
        found[f"heard every {interim_s:.0f} s" if interim_s else "heard at its end"] = {
            "acknowledgements": len(delays_s),
            "told_after_s": round(float(np.median(delays_s)), 2) if delays_s else None,
            "worst_s": round(max(delays_s, default=0.0), 2),
            "cpu_share_of_call": round((time.process_time() - began) / heard_s, 3),
        }
    return found


def _ravdess(data: Path) -> Iterator[tuple[Floats, str]]:
    folder = data / "emotion" / "ravdess"
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows[::10]:
        sound, rate_hz = soundfile.read(folder / row["path"], dtype="float32")
        yield np.asarray(soxr.resample(sound, rate_hz, RATE_HZ), dtype=np.float32), row["sentence"]


def _read_out() -> Iterator[tuple[Floats, str]]:
    for number, text in enumerate(SENTENCES):
        sound = speak(text, voice=("en-us", "en-gb", "en-us+f3")[number % 3])
        if sound is not None:
            yield sound, text


def _folder(folder: Path | None) -> Iterator[tuple[Floats, str]]:
    for path in sorted(folder.glob("*.wav")) if folder else ():
        sound, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        yield np.asarray(soxr.resample(sound[:, 0], rate_hz, RATE_HZ), dtype=np.float32), text


def _utterances(segments: list[list[float]]) -> list[list[float]]:
    joined: list[list[float]] = []
    for start, end in segments:
        if joined and start - joined[-1][1] < 0.5 and end - joined[-1][0] < 12:
            joined[-1][1] = end
        elif end - start >= 0.4:
            joined.append([start, end])
    return joined


def _plain(text: str) -> str:
    return spoken(text).replace("'", "")


def _percent(share: float) -> float:
    return round(100 * share, 1)
