"""Measure turn-taking on calls whose speech is known: built ones on many lines, agreeable ones, and the semi-real ones.

For every line and detector: voice activity, overlap, interruptions (found within 0.35 s, by the right party), false
interruptions an hour, and the delay of the decision, beside call-ai-metrics, plain webrtcvad (mode 2) and plain Silero
(.5/.35) under the same rules.

    python scripts/bench/turns.py --data ../shared/data --minutes 120 --json turns.json --plot turns.png
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.bench.calls.timed import RATE_HZ, calls
from scripts.bench.lines.conditions import CONDITIONS, rate_hz, send
from scripts.bench.scores.peers import FRAME_S, HOP_S, call_ai_metrics, hysteresis, plain
from scripts.bench.scores.turns import Heard, Legs, Said, Score
from voicecare.backends.silero import SileroDetector
from voicecare.backends.webrtc import WebrtcDetector, WebrtcVoicing
from voicecare.config import Config
from voicecare.speech.activity.bleed import Bleed, LeakProof
from voicecare.speech.activity.hearing import Hearing
from voicecare.speech.activity.loudness import Loudness
from voicecare.speech.turns.conversation import Conversation
from voicecare.timebase import HOP, seconds
from voicecare.types import Segment, TurnEvent

OURS = ("both", "silero", "webrtc")
PEERS = ("plain silero .5/.35", "plain webrtcvad 2", "call-ai-metrics")
SECTIONS = ("vad", "bleed", "bystanders", "turns")
SEMI_REAL, AGREEABLE = "semi-real", "agreeable"


@dataclass(frozen=True, slots=True)
class Case:
    """A call to hear: float32 (2, n) at 16 kHz, agent first, and its speech in seconds."""

    legs: np.ndarray
    truth: Legs


@dataclass(frozen=True, slots=True)
class Views:
    """What the detectors say of a call, hop by hop; computed once, used by every system."""

    said: dict[str, list[tuple[float, float]]]
    cpu_s: dict[str, float]


def main() -> None:
    args = _arguments()
    results: dict[str, dict[str, dict[str, float]]] = {}
    print(f"{'line':<14}{'system':<22}" + "".join(f"{name:>10}" for name in COLUMNS))
    for name in args.line:
        started = time.monotonic()
        results[name] = measure(cases(name, args), args.system)
        for system, row in results[name].items():
            print(f"{name:<14}{system:<22}" + "".join(f"{row[key]:>10.3f}" for key in COLUMNS.values()))
        print(f"{'':<14}({time.monotonic() - started:.0f} s)", flush=True)
    if args.json:
        args.json.write_text(json.dumps(_document(args, results), indent=1) + "\n", encoding="utf-8")
    if args.plot:
        plot(results, args.plot)


COLUMNS = {
    "recall": "voice_recall",
    "false al.": "voice_false_alarms",
    "voice F1": "voice_f1",
    "overlap e.": "overlap_error",
    "int. P": "precision",
    "int. R": "recall",
    "int. F1": "f1",
    "wrong": "wrong_party",
    "false/h": "false_per_hour",
    "p95 s": "delay_p95_s",
}


def cases(line: str, args: argparse.Namespace) -> Iterator[Case]:
    """The calls of one line."""
    if line == SEMI_REAL:
        yield from _semi_real(args.data)
        return
    condition = CONDITIONS["g711" if line == AGREEABLE else line]
    count = math.ceil(args.minutes * 60 / args.length_s)
    made = calls(args.data, length_s=args.length_s, seed=args.seed, agreeable=line == AGREEABLE)
    for one in itertools.islice(made, count):
        call = send(one.call, condition, one.others, one.rng)
        yield Case(_at_16k(call.legs, rate_hz(condition)), call.seconds())


def measure(calls_: Iterator[Case], systems: list[str]) -> dict[str, dict[str, float]]:
    """Every system on the same calls."""
    scores = {system: Score() for system in systems}
    cpu_s = dict.fromkeys(systems, 0.0)
    for case in calls_:
        views = look(case.legs, systems)
        call_s = case.legs.shape[1] / RATE_HZ
        for system, score in scores.items():
            begun = time.process_time()
            heard = hear(system, case.legs, views)
            cpu_s[system] += time.process_time() - begun + views.cpu_s.get(system, 0.0)
            score.add(case.truth, heard, call_s)
    rows = {system: score.row() for system, score in scores.items()}
    for system in rows.keys() & set(OURS):
        rows[system]["cpu_ms_per_s"] = round(1000 * cpu_s[system] / scores[system].length_s, 3)
    return rows


def look(legs: np.ndarray, systems: list[str]) -> Views:
    """Run the detectors that the systems need over a call."""
    hops = [legs[:, i : i + HOP] for i in range(0, legs.shape[1] - HOP + 1, HOP)]
    vad = Config().vad
    makers = {"both": lambda: SileroDetector(vad, slowed=True), "silero": lambda: SileroDetector(vad)}
    makers["webrtc"] = WebrtcDetector
    said, cpu_s = {}, {}
    for name, make in makers.items():
        if name not in systems and not (name == "silero" and any(s.startswith("plain silero") for s in systems)):
            continue
        detector, begun = make(), time.process_time()
        said[name] = [detector.probabilities(hop) for hop in hops]
        cpu_s[name] = time.process_time() - begun
    return Views(said, cpu_s)


def hear(system: str, legs: np.ndarray, views: Views) -> Heard:
    """What one system makes of a call."""
    if system == "call-ai-metrics":
        return call_ai_metrics(legs)
    if system == "plain webrtcvad 2":
        return plain([_webrtc(leg) for leg in legs], FRAME_S)
    if system.startswith("plain silero"):
        probabilities = np.array(views.said["silero"])
        return plain([hysteresis(probabilities[:, row], 0.5, 0.35) for row in range(2)], HOP_S)
    config, length = Config(), len(views.said[system]) * HOP
    witness = WebrtcVoicing() if system == "both" else None
    voice = LeakProof(_Said(views.said[system]), Bleed(config.bleed))
    hearing = Hearing(config, voice, Loudness(config.vad), witness)
    conversation = Conversation(config.vad, config.turns)
    said = []
    for at, hop in enumerate(hearing.over(np.ascontiguousarray(legs[:, :length]))):
        said += conversation.push(at * HOP, *hop).events
    said += conversation.finish(length).events
    return heard_of(said)


class _Said:
    """A voice detector that says again what it said."""

    def __init__(self, probabilities: list[tuple[float, float]]) -> None:
        self.name = "said"
        self._next = iter(probabilities)

    def over(self, stretch: np.ndarray) -> list[tuple[float, float]]:
        return list(itertools.islice(self._next, stretch.shape[1] // HOP))


def heard_of(said: list[Segment | TurnEvent]) -> Heard:
    legs = {
        party: [
            (seconds(s.span.start), seconds(s.span.end)) for s in said if isinstance(s, Segment) and s.channel == party
        ]
        for party in ("agent", "caller")
    }
    first: dict[int, TurnEvent] = {}
    for event in (e for e in said if isinstance(e, TurnEvent)):
        # An event is told when decided and once more when its end is known: the last word, the first moment.
        known = first.get(event.id, event)
        first[event.id] = dataclasses.replace(event, decided_at=known.decided_at)
    events = tuple(
        Said(e.kind, e.by, seconds(e.span.start), seconds(e.decided_at)) for e in first.values() if e.by is not None
    )
    overlap = sum(seconds(e.span.length) for e in first.values() if e.kind == "overlap")
    return Heard(legs, overlap, events)


def _webrtc(leg: np.ndarray) -> np.ndarray:
    import webrtcvad

    vad = webrtcvad.Vad(2)
    pcm = (np.clip(leg, -1, 1) * 32767).astype("<i2")
    return np.array([vad.is_speech(pcm[i : i + 160].tobytes(), 16_000) for i in range(0, pcm.size - 159, 160)])


def _semi_real(data: Path) -> Iterator[Case]:
    for wav in sorted((data / "calls" / "semi-real").glob("*.wav")):
        audio, rate = soundfile.read(wav, dtype="float32")
        segments = json.loads(wav.with_suffix(".truth.json").read_text(encoding="utf-8"))["segments"]
        truth: Legs = {
            party: [(s["start"], s["end"]) for s in segments if party in s["channel"]] for party in ("agent", "caller")
        }
        yield Case(_at_16k(np.ascontiguousarray(audio.T[::-1]), rate), truth)


def _at_16k(legs: np.ndarray, rate: int) -> np.ndarray:
    return legs if rate == RATE_HZ else np.ascontiguousarray(soxr.resample(legs.T, rate, RATE_HZ).T.astype(np.float32))


def plot(results: dict[str, dict[str, dict[str, float]]], path: Path) -> None:
    """F1 of interruptions by line and system."""
    from matplotlib import pyplot as plt

    lines = [name for name in results if name != AGREEABLE]
    systems = list(next(iter(results.values())))
    figure, axes = plt.subplots(figsize=(11, 4.5), layout="constrained")
    for number, system in enumerate(systems):
        places = np.arange(len(lines)) + (number - (len(systems) - 1) / 2) * 0.8 / len(systems)
        axes.bar(places, [results[line][system]["f1"] for line in lines], 0.8 / len(systems), label=system)
    axes.set_xticks(range(len(lines)), lines, rotation=30, ha="right")
    axes.set(ylabel="F1 of interruptions", ylim=(0, 1))
    axes.legend(ncols=3, fontsize="small", loc="lower left")
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _document(args: argparse.Namespace, results: dict[str, dict[str, dict[str, float]]]) -> dict[str, object]:
    return {
        "bench": "turns",
        "minutes_per_line": args.minutes,
        "length_s": args.length_s,
        "seed": args.seed,
        "config": {
            name: dataclasses.asdict(getattr(Config(), name)) for name in ("vad", "bleed", "bystanders", "turns")
        },
        "lines": results,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of recordings and timings")
    parser.add_argument("--minutes", type=float, default=30.0, help="minutes of built call on each line (default 30)")
    parser.add_argument("--length-s", type=float, default=300.0, help="seconds of one built call (default 300)")
    lines = (SEMI_REAL, AGREEABLE, *CONDITIONS)
    parser.add_argument("--line", action="append", choices=lines, help="only these lines (default all)")
    parser.add_argument("--vad", action="append", choices=OURS, help="only these detectors (default all)")
    parser.add_argument("--no-peers", action="store_true", help="leave the other systems out")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other calls (default 0)")
    parser.add_argument("--json", type=Path, help="write the table as JSON")
    parser.add_argument("--plot", type=Path, help="draw F1 by line as an image")
    args = parser.parse_args()
    args.line = args.line or list(lines)
    args.system = [*(args.vad or OURS), *(() if args.no_peers else PEERS)]
    return args


if __name__ == "__main__":
    main()
