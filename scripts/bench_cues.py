"""How soon an `acknowledge` cue comes when a caller heats up, and how often when nobody does.

    python scripts/bench_cues.py --data ../shared/data [--hours 5] [--heated 60] [--no-words] [--seed N]
                                 [--json FILE] [--plot FILE.png]

Every call of DATA/heated is heard as the product hears it. Then calls are built from every DATA/emotion/*/labels.csv
in their manner (scripts/heated_calls.py) and heard with the same two views of the voice, but no words: a built call's
sentences mean nothing. --hours counts calls of calm callers only; a quarter as many callers who are joyful now and
then come on top and are told apart. --no-words leaves the encoder's view out, too, and runs some 100 times faster than
the calls last. One hearing gives the whole curve of caught share against false cues an hour; the levels of strain in
voicecare/config.py are points of it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import arousal_corpora
import heated_calls
import numpy as np
from arousal_cues import Hearing, Outcome, Point, hear, judge, point

from voicecare.assembly import Choices, build_edges, build_recogniser
from voicecare.audio.recording import open_recording
from voicecare.config import SENSITIVITY_HIGH, Config
from voicecare.lanes import NoLane, ReplayLane
from voicecare.timebase import HOP, samples
from voicecare.types import AudioBlock, Heard, Lane, Recogniser, Request

LEVELS = tuple(
    sorted(
        {*(round(level, 2) for level in np.arange(0.4, 0.961, 0.04)), *SENSITIVITY_HIGH.values(), Config().cues.high}
    )
)
LENGTHS_S = (150.0, 150.0, 150.0, 600.0)
"""One built calm call in four is long."""
SEED = 90_000


@dataclass(frozen=True, slots=True)
class Judged:
    """One call, heard once. group: "recorded", or of built ones "heated", "calm" or "joyful"."""

    name: str
    corpus: str
    group: str
    truth: dict[str, Any]
    hearing: Hearing


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
    parser.add_argument("--seed", type=int, default=SEED, help="another seed builds other calls")
    parser.add_argument("--no-words", action="store_true", help="prosody alone: no recogniser, no encoder")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--plot", type=Path, help="write the curve as a picture")
    options = parser.parse_args()
    config = Config()
    recogniser = None if options.no_words else build_recogniser(config, Choices(), 1)
    recorded = list(_recorded(options.data / "heated", config, recogniser))
    groups = {"recorded": recorded}
    if options.hours or options.heated:
        built = list(_built(options.data, config, recogniser, options.hours, options.heated, options.seed))
        groups |= _grouped(built)
    curves = {title: _curve(calls) for title, calls in groups.items() if calls}
    for title, curve in curves.items():
        _say(title, curve, len(groups[title]))
    shipped = _outcomes(recorded, config.cues.high)
    for outcome in shipped:
        if outcome.false_at_s or (outcome.heated and outcome.caught_after_s is None):
            print(f"{outcome.name}: caught {outcome.caught_after_s}, false at {outcome.false_at_s}")
    if options.json:
        result = {
            "settings": {**vars(options), "levels": SENSITIVITY_HIGH | {"shipped": config.cues.high}},
            "recorded": [dataclasses.asdict(outcome) for outcome in shipped],
            "curves": {title: [dataclasses.asdict(p) for p in curve] for title, curve in curves.items()},
        }
        options.json.write_text(json.dumps(result, indent=1, default=str) + "\n", encoding="utf-8")
    if options.plot and "built" in curves:
        _plot(curves, options.plot)


def _recorded(folder: Path, config: Config, recogniser: Recogniser | None) -> Iterator[Judged]:
    for file in sorted(folder.glob("*.truth.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        edges = build_edges(config, Choices(words=recogniser is not None))
        blocks = open_recording(folder / truth["file"])
        hearing = hear(blocks, config, edges, _lane(config, recogniser), LEVELS)
        yield Judged(truth["file"], "recorded", "recorded", truth, hearing)


def _built(
    data: Path, config: Config, recogniser: Recogniser | None, hours: float, heated: int, seed: int
) -> Iterator[Judged]:
    corpora = [arousal_corpora.read(path.parent) for path in sorted(data.glob("emotion/*/labels.csv"))]
    voice = None if recogniser is None else VoiceOnly(recogniser)
    calm_s = 0.0
    for number in count():
        is_heated = number < heated
        if not is_heated and calm_s >= hours * 3_600:
            return
        clips = corpora[number % len(corpora)]
        # Not in step with the corpora, so that each has its long calls.
        length_s = LENGTHS_S[0] if is_heated else LENGTHS_S[number // len(corpora) % len(LENGTHS_S)]
        call = heated_calls.build(clips, seed + number, heated=is_heated, length_s=length_s)
        group = str(call.truth["kind"])
        calm_s += length_s if group == "calm" else 0.0
        edges = build_edges(config, Choices(words=False))
        hearing = hear(_blocks(call.samples), config, edges, _lane(config, voice), LEVELS)
        yield Judged(f"{clips[0].corpus} {seed + number}", clips[0].corpus, group, call.truth, hearing)


def _lane(config: Config, recogniser: Recogniser | None) -> Lane:
    return NoLane() if recogniser is None else ReplayLane(recogniser, samples(config.words.replay_lag_s))


def _blocks(legs: heated_calls.Floats) -> Iterator[AudioBlock]:
    for start in range(0, legs.shape[1] - HOP + 1, HOP):
        yield AudioBlock(start, legs[:, start : start + HOP])


def _grouped(built: list[Judged]) -> dict[str, list[Judged]]:
    plain = [call for call in built if call.group != "joyful"]
    groups = {"built": plain, "built, joyful callers": [call for call in built if call.group == "joyful"]}
    for corpus in sorted({call.corpus for call in plain}):
        groups[f"built, {corpus}"] = [call for call in plain if call.corpus == corpus]
    return groups


def _outcomes(calls: list[Judged], level: float) -> list[Outcome]:
    return [judge(call.name, call.truth, call.hearing, level) for call in calls]


def _curve(calls: list[Judged]) -> list[Point]:
    return [point(level, _outcomes(calls, level)) for level in LEVELS]


def _say(title: str, curve: list[Point], calls: int) -> None:
    auc = "" if curve[0].auc is None else f", mean AUC of strain {curve[0].auc:.3f}"
    print(f"{title}: {calls} calls, {curve[0].calm_h:.2f} h calm, {curve[0].heated} heated{auc}")
    names = {high: name for name, high in SENSITIVITY_HIGH.items()}
    for p in curve:
        caught = ""
        if p.heated:
            caught = f"caught {p.caught / p.heated:.2f} ({p.share_interval[0]:.2f} to {p.share_interval[1]:.2f})"
        if p.median_s is not None:
            caught += f" after {p.median_s:.1f} s, at worst {p.worst_s:.1f} s of caller speech; "
        rate = f"{p.per_hour:.2f}/h ({p.per_hour_interval[0]:.2f} to {p.per_hour_interval[1]:.2f})"
        print(f"  {p.high:.2f} {names.get(p.high, ''):6} {caught}false {p.false}: {rate}")


def _plot(curves: dict[str, list[Point]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for title, curve in curves.items():
        if not curve[0].heated or title == "recorded":
            continue
        bold = title == "built"
        rates, shares = [p.per_hour for p in curve], [p.caught / p.heated for p in curve]
        axes.plot(rates, shares, "o-", label=title, lw=2 if bold else 1, ms=4, alpha=1 if bold else 0.4)
    names = {high: name for name, high in SENSITIVITY_HIGH.items()}
    for p in curves["built"]:
        if p.high in names:
            spread = [[p.per_hour - p.per_hour_interval[0]], [p.per_hour_interval[1] - p.per_hour]]
            axes.errorbar(p.per_hour, p.caught / p.heated, xerr=spread, fmt="ks", capsize=3)
            axes.annotate(f" {names[p.high]} ({p.high:.2f})", (p.per_hour, p.caught / p.heated), va="top")
    hours = curves["built"][0].calm_h
    axes.set(xlabel=f"false cues an hour ({hours:.1f} h of calm built calls)", ylabel="share of heated callers noticed")
    axes.set(ylim=(0, 1.02), xlim=(-0.1, 8))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    main()
