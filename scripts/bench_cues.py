"""How soon an `acknowledge` cue comes when a caller heats up, and how often when nobody does.

    python scripts/bench_cues.py --data ../shared/data [--hours 5] [--heated 40] [--json FILE] [--plot FILE.png]

First every call of DATA/heated is replayed through the product. Then calls are built from labelled clips in their
manner (scripts/heated_calls.py) and heard the same way, words left out: --hours of calm calls for the false cues an
hour, with the exact Poisson interval, and --heated calls for the share caught. The curve moves the level of strain
that raises a cue; the setting in voicecare/config.py comes from it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import arousal_corpora
import heated_calls
import numpy as np

from voicecare.assembly import Choices, build_edges, build_recogniser
from voicecare.audio.recording import open_recording
from voicecare.config import Config, CueConfig
from voicecare.engine import Engine
from voicecare.lanes import ReplayLane
from voicecare.replay import Replay
from voicecare.speech.cues import Cues
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import HOP, RATE_HZ, Samples, samples
from voicecare.types import PARTIES, Arousal, AudioBlock, Cue, Event, Heard, Recogniser, Request, Segment

LEVELS = tuple(round(level, 2) for level in np.arange(0.3, 0.91, 0.05))
GRACE_S = 8.0
"""Caller speech after a heated stretch in which a smoothed estimate may still be coming down."""
LENGTHS_S = (150.0, 150.0, 150.0, 600.0)
"""One built calm call in four is long."""
SEED = 11


@dataclass(frozen=True, slots=True)
class Outcome:
    """Cues of one call against its truth; delays in seconds of call and of caller speech, None where not caught."""

    name: str
    heated: bool
    caught_after_s: float | None
    caught_after_speech_s: float | None
    false_at_s: tuple[float, ...]
    calm_s: float


class VoiceOnly:
    """The recogniser's encoder view without its words: they are clips' sentences and mean nothing in a built call."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.name = f"{recogniser.name}, voice only"

    def hear(self, request: Request) -> Heard:
        """Hear the caller's voice; the agent's requests are not heard at all."""
        if request.channel == "caller":
            return self._recogniser.hear(dataclasses.replace(request, want_words=False))
        return Heard(request.channel, request.span, "", (), "en", 0.0, None, request.final, request.at)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds heated/ and emotion/")
    parser.add_argument("--hours", type=float, default=0.0, help="hours of calm calls to build")
    parser.add_argument("--heated", type=int, default=0, help="heated calls to build")
    parser.add_argument("--no-words", action="store_true", help="prosody alone: no recogniser, no encoder")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--plot", type=Path, help="write the curve as a picture")
    options = parser.parse_args()
    config = Config()
    recorded = list(_recorded(options.data / "heated", config, words=not options.no_words))
    _say("data/heated", recorded)
    result: dict[str, Any] = {"recorded": [dataclasses.asdict(outcome) for outcome in recorded]}
    if options.hours or options.heated:
        heard = list(_built(options.data, config, options.hours, options.heated, words=not options.no_words))
        for kind in sorted({str(truth["kind"]) for _, truth, _ in heard}):
            _say(f"built, {kind}", [judge(n, t, cues(e, config.cues, t)) for n, t, e in heard if t["kind"] == kind])
        curve = [_point(level, heard, config.cues) for level in LEVELS]
        result["curve"] = curve
        for point in curve:
            print(
                "  high {high:.2f}: caught {caught:.2f}, median {median_s:.1f} s; false {per_hour:.2f}/h".format(
                    **point
                )
            )
        if options.plot:
            _plot(curve, config.cues.high, options.plot)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def judge(name: str, truth: dict[str, Any], at_s: list[float]) -> Outcome:
    """Score the times of a call's `acknowledge` cues."""
    spans = truth["aroused"]

    def is_calm(t: float) -> bool:
        return all(t < a or (t > b and _spoken_s(truth, b, t) > GRACE_S) for a, b in spans)

    inside = [t for t in at_s for a, b in spans if a <= t <= b]
    start = spans[0][0] if spans else 0.0
    length_s = max(segment["end"] for segment in truth["segments"])
    return Outcome(
        name=name,
        heated=bool(spans),
        caught_after_s=inside[0] - start if inside else None,
        caught_after_speech_s=_spoken_s(truth, start, inside[0]) if inside else None,
        false_at_s=tuple(t for t in at_s if is_calm(t)),
        calm_s=float(sum(is_calm(t) for t in range(int(length_s)))),
    )


def cues(events: list[Event], config: CueConfig, truth: dict[str, Any]) -> list[float]:
    """Let the product's cue stage decide again, with other settings, from the strain and speech it had heard."""
    end = samples(max(segment["end"] for segment in truth["segments"]) + 10)
    speech = {party: [e.span for e in events if isinstance(e, Segment) and e.channel == party] for party in PARTIES}
    estimates = [e for e in events if isinstance(e, Arousal)]
    stage, shown, following = Cues(config), [], 0
    for now in range(HOP, end, HOP):
        while following < len(estimates) and estimates[following].at <= now:
            shown += stage.push(estimates[following], now)
            following += 1
        agent, caller = (_speaks(speech[party], now) for party in PARTIES)
        shown += stage.hop(now, HOP, agent_speaks=agent, caller_speaks=caller)
    return _acknowledge_s(shown)


def _speaks(spans: list[Any], now: Samples) -> bool:
    while spans and spans[0].end <= now - HOP:
        spans.pop(0)
    return bool(spans) and spans[0].start < now


def _acknowledge_s(events: Iterable[Event]) -> list[float]:
    return [e.at / RATE_HZ for e in events if isinstance(e, Cue) and "acknowledge" in e.kind and e.cleared_at is None]


def _recorded(folder: Path, config: Config, *, words: bool) -> Iterator[Outcome]:
    replay = Replay(config, Choices(words=words))
    for file in sorted(folder.glob("*.truth.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        session = replay.run(open_recording(folder / truth["file"]), agent_channel="right")
        yield judge(truth["file"], truth, _acknowledge_s(session.events))


def _built(
    data: Path, config: Config, hours: float, heated: int, *, words: bool
) -> Iterator[tuple[str, dict[str, Any], list[Event]]]:
    corpora = [arousal_corpora.read(path.parent) for path in sorted(data.glob("emotion/*/labels.csv"))]
    recogniser = VoiceOnly(build_recogniser(config, Choices(), 1)) if words else None
    calm_s = 0.0
    for number in count():
        is_heated = number < heated
        if not is_heated and calm_s >= hours * 3_600:
            return
        length_s = LENGTHS_S[number % len(LENGTHS_S)] if not is_heated else LENGTHS_S[0]
        call = heated_calls.build(corpora[number % len(corpora)], SEED + number, heated=is_heated, length_s=length_s)
        calm_s += 0.0 if is_heated else length_s
        pipeline = Pipeline(config, build_edges(config, Choices(words=False)))
        lane = ReplayLane(recogniser, samples(config.words.replay_lag_s)) if recogniser else _no_lane()
        events = list(Engine(pipeline, lane).run(_blocks(call.samples)))
        yield f"built {number}", call.truth, events


def _blocks(legs: heated_calls.Floats) -> Iterator[AudioBlock]:
    for start in range(0, legs.shape[1] - HOP + 1, HOP):
        yield AudioBlock(start, legs[:, start : start + HOP])


def _no_lane() -> Any:
    from voicecare.lanes import NoLane

    return NoLane()


def _spoken_s(truth: dict[str, Any], start_s: float, end_s: float) -> float:
    own = (s for s in truth["segments"] if s["channel"] == "caller")
    return float(sum(max(0.0, min(end_s, s["end"]) - max(start_s, s["start"])) for s in own))


def _point(level: float, heard: list[tuple[str, dict[str, Any], list[Event]]], config: CueConfig) -> dict[str, float]:
    setting = dataclasses.replace(config, high=level, low=min(config.low, level - 0.05))
    outcomes = [judge(name, truth, cues(events, setting, truth)) for name, truth, events in heard]
    heated = [o for o in outcomes if o.heated]
    delays = [o.caught_after_speech_s for o in heated if o.caught_after_speech_s is not None]
    hours = sum(o.calm_s for o in outcomes) / 3_600
    return {
        "high": level,
        "caught": len(delays) / len(heated) if heated else float("nan"),
        "median_s": float(np.median(delays)) if delays else float("nan"),
        "per_hour": sum(len(o.false_at_s) for o in outcomes) / hours,
        "hours": hours,
    }


def _say(title: str, outcomes: list[Outcome]) -> None:
    from scipy.stats import chi2

    heated = [o for o in outcomes if o.heated]
    delays = sorted(o.caught_after_speech_s for o in heated if o.caught_after_speech_s is not None)
    false, hours = sum(len(o.false_at_s) for o in outcomes), sum(o.calm_s for o in outcomes) / 3_600
    low, high = (chi2.ppf(0.025, 2 * false) / 2 if false else 0.0), chi2.ppf(0.975, 2 * false + 2) / 2
    print(f"{title}: {len(outcomes)} calls, {hours:.2f} h calm")
    if heated:
        spread = f"median {np.median(delays):.1f} s, worst {delays[-1]:.1f} s of caller speech" if delays else ""
        print(f"  caught {len(delays)} of {len(heated)}: {spread}")
        print("  missed: " + (", ".join(o.name for o in heated if o.caught_after_s is None) or "none"))
    print(f"  false cues {false}: {false / hours:.2f}/h (95 % {low / hours:.2f} to {high / hours:.2f})")


def _plot(curve: list[dict[str, float]], chosen: float, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4))
    axes.plot([p["per_hour"] for p in curve], [p["caught"] for p in curve], "o-")
    for point in curve:
        bold = "bold" if abs(point["high"] - chosen) < 0.01 else "normal"
        axes.annotate(f"{point['high']:.2f}", (point["per_hour"], point["caught"]), fontweight=bold, fontsize=8)
    axes.set(xlabel="false cues an hour of calm calls", ylabel="share of heated calls caught", ylim=(0, 1.02))
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    main()
