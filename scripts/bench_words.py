"""Measure the words: word errors on phone lines, inventions where nobody speaks, time, sentiment, redaction, language.

Beside plain faster-whisper at its defaults (beam 5, temperature fallback, 30 s context) with the same weights.

    python scripts/bench_words.py --data ../shared/data --json words.json
    python scripts/bench_words.py --only redaction sentiment
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import soundfile
import soxr
from goemotions import Mishearing, chats, comments
from phone_line import WIDE, Line, send
from redaction_cases import LATER, OWN
from sklearn.metrics import f1_score, roc_auc_score
from wordkit import SENTENCES, Floats, non_speech, speak
from wordlanguage import noticed, noticing_recogniser, understood
from wordredaction import secrets_left

from voicecare.assembly import Choices
from voicecare.audio.recording import open_recording
from voicecare.backends import weights
from voicecare.backends.sentence_vectors import SentenceVectors
from voicecare.backends.sentiment import LargeScorer, LightScorer, VaderScorer
from voicecare.backends.sentiment_features import spoken
from voicecare.backends.whisper import WhisperRecogniser
from voicecare.backends.whisper_models import locate
from voicecare.config import Config, WordsConfig
from voicecare.errors import InputError, VoicecareError
from voicecare.replay import Replay
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Phrase, Request, SentimentScorer

LINES = {"wide": WIDE, "phone": Line("mulaw", -20, 40, agc=False), "phone 15 dB": Line("mulaw", -20, 15, agc=False)}
DEMO = Path(__file__).parents[1] / "voicecare" / "demo" / "call.flac"
Hear = Callable[[Floats], str]


def main() -> None:
    options = _options()
    parts: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
        "errors": errors,
        "inventions": inventions,
        "time": timing,
        "early": early,
        "sentiment": sentiment,
        "redaction": redaction,
        "language": language,
    }
    found = {}
    for name in options.only or parts:
        found[name] = parts[name](options)
        print(f"\n{name}")
        for row, values in found[name].items():
            print(f"  {row:34}", "  ".join(f"{key} {value}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def errors(options: argparse.Namespace) -> dict[str, Any]:
    """Word error rate by line, of what the gate keeps and of everything, ours and plain."""
    material = [*_ravdess(options.data), *_read_out(), *_folder(options.folder)]
    hearers = _hearers(options.model)
    found: dict[str, Any] = {}
    for line_name, line in LINES.items():
        for hearer, hear in hearers.items():
            rng = np.random.default_rng(7)
            pairs = [(_plain(text), _plain(hear(send(sound, line, rng)))) for sound, text in material]
            kept = [(said, heard) for said, heard in pairs if heard]
            found[f"{line_name}, {hearer}"] = {
                "wer": _percent(jiwer.wer([a for a, _ in pairs], [b for _, b in pairs])),
                "wer_of_kept": _percent(jiwer.wer([a for a, _ in kept], [b for _, b in kept])),
                "kept": f"{len(kept)}/{len(pairs)}",
            }
    return found


def inventions(options: argparse.Namespace) -> dict[str, Any]:
    """Words a minute where nobody speaks, and the processor time it took."""
    found: dict[str, Any] = {}
    for hearer, hear in _hearers(options.model).items():
        words, clips, by, began = 0, 0, Counter[str](), time.process_time()
        for kind, sound in non_speech(options.minutes, seed=3):
            text = _plain(hear(sound))
            words += len(text.split())
            clips += 1
            by[kind] += bool(text)
        found[hearer] = {
            "clips_with_text": f"{by.total()}/{clips}",
            "words_a_minute": round(words / options.minutes, 2),
            "cpu_s_a_minute": round((time.process_time() - began) / options.minutes, 2),
            "in": ", ".join(f"{kind} {count}" for kind, count in by.items() if count) or "nothing",
        }
    return found


def timing(options: argparse.Namespace) -> dict[str, Any]:
    """What hearing one utterance takes, over the utterances of a real call; its end is known some 0.5 s after it."""
    path = options.data / "calls" / "auto-repairs" / "Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav"
    truth = json.loads((path.parent / "Auto_Repairs_40.consensus.json").read_text(encoding="utf-8"))
    call, rate_hz = soundfile.read(path, dtype="float32")
    legs = dict(zip(("caller", "agent"), soxr.resample(call, rate_hz, RATE_HZ).T, strict=True))
    recogniser = _recogniser(options.model)
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


def early(options: argparse.Namespace) -> dict[str, Any]:
    """How long after its end an acknowledgement of the agent is told, with and without hearing it while it goes on."""
    calls = [*sorted((options.data / "calls").glob("*/*L-caller.R-agent*.wav")), DEMO]
    found: dict[str, Any] = {}
    for interim_s in (0.0, WordsConfig().interim_s):
        config = dataclasses.replace(Config(), words=WordsConfig(interim_s=interim_s))
        replay = Replay(config, Choices(model=options.model))
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


def sentiment(options: argparse.Namespace) -> dict[str, Any]:
    """Negative told from the rest: AUC, best F1, calibration error, time an utterance; also misheard."""
    light = LightScorer(weights.path("sentiment.npz"))
    scorers: dict[str, SentimentScorer] = {"vader": VaderScorer(), "light": light}
    try:
        scorers["large"] = LargeScorer(weights.path("sentiment-large.npz"), SentenceVectors(options.sentences), light)
    except InputError as error:
        print(f"  without the large head: {error}")
    found: dict[str, Any] = {}
    for name, held in (("goemotions test", comments(options.data, "test")), ("support chat", chats(options.data))):
        known = [comment for comment in held if comment.kind is not None]
        truth = np.array([comment.kind == 0 for comment in known])
        mishearing = Mishearing([spoken(comment.text) for comment in known], 0.12)
        rng = random.Random(5)
        misheard = [mishearing.spoil(spoken(comment.text), rng) for comment in known]
        for scorer_name, scorer in scorers.items():
            began = time.process_time()
            values = np.array([_negative(scorer, comment.text) for comment in known])
            took_ms = 1_000 * (time.process_time() - began) / len(known)
            spoiled = np.array([_negative(scorer, text) for text in misheard])
            found[f"{name}, {scorer_name}"] = {
                "auc": round(float(roc_auc_score(truth, values)), 3),
                "auc_misheard": round(float(roc_auc_score(truth, spoiled)), 3),
                "best_f1": round(max(float(f1_score(truth, values >= cut)) for cut in np.linspace(-1, 1, 81)), 3),
                "ece": None if scorer_name == "vader" else round(_calibration_error(values, truth), 3),
                "cpu_ms": round(took_ms, 2),
            }
    return found


def language(options: argparse.Namespace) -> dict[str, Any]:
    """How surely and how soon the call's language is noticed; how little an English-only model keeps of others."""
    try:
        several = locate(options.multilingual)
    except VoicecareError as error:
        return {"left out": {"why": str(error)}}
    plain = locate(options.model)
    return noticed(noticing_recogniser(several.folder, several.name), options.data, options.calls) | understood(
        noticing_recogniser(plain.folder, plain.name), options.data, options.calls
    )


def _negative(scorer: SentimentScorer, text: str) -> float:
    """What says "negative": the heads' own probability of it, or how low VADER's one number lies."""
    return scorer.read(text).negative if isinstance(scorer, LightScorer | LargeScorer) else -scorer.score(text)[0]


def _calibration_error(probability: np.ndarray, truth: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error: mean distance of told and true share over bins, weighted by size."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    inside = [place == number for number in range(bins) if (place == number).any()]
    return float(sum(abs(probability[one].mean() - truth[one].mean()) * one.mean() for one in inside))


def redaction(options: argparse.Namespace) -> dict[str, Any]:
    """Secrets left in the text, written, read out and in exchanges, and ordinary utterances redacted for nothing."""
    recogniser = _recogniser(options.model) if options.spoken and speak("test") is not None else None

    def heard(text: str, number: int) -> str:
        sound = send(speak(text, words_a_minute=130), LINES["phone"], np.random.default_rng(number))
        return recogniser.hear(_request(sound)).text if recogniser is not None else ""

    return secrets_left(options, heard if recogniser is not None else None)


def _request(sound: Floats) -> Request:
    sound = sound[: samples(28)]
    return Request("agent", Span(0, len(sound)), np.ascontiguousarray(sound), len(sound))


def _recogniser(model: str) -> WhisperRecogniser:
    found = locate(model)
    return WhisperRecogniser(found.folder, threads=1, config=WordsConfig(), name=found.name, language="en")


def _hearers(model: str) -> dict[str, Hear]:
    recogniser = _recogniser(model)
    from faster_whisper import WhisperModel

    plain = WhisperModel(str(locate(model).folder), compute_type="int8", cpu_threads=1)
    return {
        "voicecare": lambda sound: recogniser.hear(_request(sound)).text,
        "faster-whisper defaults": lambda sound: " ".join(s.text for s in plain.transcribe(sound, language="en")[0]),
    }


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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", type=Path, help="also write the tables here")
    parser.add_argument(
        "--only", nargs="+", choices=["errors", "inventions", "time", "early", "sentiment", "redaction", "language"]
    )
    parser.add_argument("--model", default="tiny.en", help="a model's name or folder")
    parser.add_argument("--multilingual", default="base", help="the model that notices languages, by name or folder")
    parser.add_argument("--calls", type=int, default=20, help="built calls a language")
    parser.add_argument("--sentences", type=Path, help="folder of all-MiniLM-L6-v2, for the large sentiment head")
    parser.add_argument("--folder", type=Path, help="more speech: *.wav, each with its words in a .txt beside it")
    parser.add_argument("--minutes", type=float, default=10.0, help="of sounds in which nobody speaks")
    parser.add_argument("--planted", type=int, default=1_000, help="utterances with a secret, as text")
    parser.add_argument("--spoken", type=int, default=50, help="utterances with a secret, read out by espeak-ng")
    parser.add_argument(
        "--cases",
        type=Path,
        nargs="+",
        default=[OWN, *LATER],
        help="folders of exchanges: secrets.jsonl, ordinary.jsonl",
    )
    parser.add_argument("--show", action="store_true", help="print every secret that is left")
    return parser.parse_args()


if __name__ == "__main__":
    main()
