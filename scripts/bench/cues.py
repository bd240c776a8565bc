"""How soon an `acknowledge` cue comes when a caller heats up, and how often when nobody does, joy among it.

    python scripts/bench/cues.py --data ../shared/data [--ordinary] [--hours 5] [--heated 90] [--fearful 45]
        [--elated 30] [--joyful 30] [--no-words] [--seed N] [--part held] [--json FILE] [--plot FILE.png]

Every call of DATA/heated is heard as the product hears it; with --ordinary, the real calls of DATA/calls too, each
party judged as the caller in turn: no cue is right there. Then calls are built from every DATA/emotion/*/labels.csv in
their manner (calls/heated.py). --hours counts calls of calm callers only; a quarter as many callers who are
joyful now and then come on top and are told apart, and --joyful builds more of them. --heated callers are angry,
--fearful ones afraid; one in three of the angry speaks sarcastically. --elated ones are joyful for as long, and are not
to be noticed.

Every call is judged twice from one hearing: without words, and with words that fit (scripts/bench/calls/spoken.py; in
recorded calls the recogniser's own). --no-words leaves the recogniser out: prosody alone, with scripted words beside
it. One hearing gives the whole curve of caught share against false cues an hour; the levels of strain in
voicecare/config/cues.py are points of it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.bench.scores.cue_calls import LEVELS, Judged, Wanted, built, ordinary, recorded
from scripts.bench.scores.cues import Outcome, Point, judge, point
from voicecare.assembly import Choices, build_recogniser
from voicecare.config import SENSITIVITY_HIGH, Config
from voicecare.timebase import RATE_HZ

SEED = 90_000
MODES = ("without words", "with words")


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=data_folder, default=USUAL, help="folder that holds heated/, calls/, emotion/ and text/"
    )
    parser.add_argument("--ordinary", action="store_true", help="hear the ordinary real calls, too")
    parser.add_argument("--built-only", action="store_true", help="leave the calls of heated/ out")
    parser.add_argument("--hours", type=float, default=0.0, help="hours of calm calls to build")
    for name in ("heated", "fearful", "elated", "joyful"):
        parser.add_argument(f"--{name}", type=int, default=0, help=f"{name} calls to build")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed builds other calls")
    parser.add_argument("--part", choices=("chosen", "held"), default="held", help="which half of the lines is spoken")
    parser.add_argument("--no-words", action="store_true", help="prosody alone: no recogniser, no encoder")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--plot", type=Path, help="write the curve as a picture")
    options = parser.parse_args()
    config = Config()
    recogniser = None if options.no_words else build_recogniser(config, Choices(), 1)
    calls = [] if options.built_only else [*recorded(options.data / "heated", config, recogniser)]
    if options.ordinary:
        calls += ordinary(options.data, config, recogniser)
    wanted = Wanted(
        options.hours,
        {name: getattr(options, name) for name in ("heated", "fearful", "elated")},
        options.joyful,
        options.seed,
        options.part,
    )
    calls += built(options.data, wanted, config, recogniser)
    curves = {
        f"{title}, {mode}": _curve(chosen, row)
        for title, chosen in _grouped(calls).items()
        for row, mode in enumerate(MODES)
        if mode == "without words" or recogniser is not None or title.startswith("built")
    }
    for title, curve in curves.items():
        _say(title, curve)
    told = _told(calls, config.cues.high)
    for line in told:
        print(line["call"], line["mode"], f"cue at {line['at_s']} s,", ", ".join(line["because"]))
    if options.json:
        outcomes = [o for o in _outcomes(calls, config.cues.high, 1) if o.name.endswith(".wav")]
        result = {
            "settings": {**vars(options), "levels": SENSITIVITY_HIGH | {"shipped": config.cues.high}},
            "recorded": [dataclasses.asdict(outcome) for outcome in outcomes],
            "cues": told,
            "praised": _praised(calls),
            "curves": {title: [dataclasses.asdict(p) for p in curve] for title, curve in curves.items()},
        }
        options.json.write_text(json.dumps(result, indent=1, default=str) + "\n", encoding="utf-8")
    if options.plot and options.heated:
        _plot(curves, options.plot)


def _grouped(calls: list[Judged]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for call in calls:
        if call.group in ("recorded", "ordinary"):
            groups.setdefault(call.group, []).append(call)
            continue
        groups.setdefault(f"built, {call.group} callers", []).append(call)
        if call.group in ("heated", "sarcastic", "calm"):
            groups.setdefault("built", []).append(call)
            groups.setdefault(f"built, {call.corpus}", []).append(call)
    return groups


def _outcomes(calls: list[Judged], level: float, row: int) -> list[Outcome]:
    return [judge(call.name, call.truth, call.hearings[row], level) for call in calls]


def _curve(calls: list[Judged], row: int) -> list[Point]:
    return [point(level, _outcomes(calls, level, row)) for level in LEVELS]


def _told(calls: list[Judged], level: float) -> list[dict[str, Any]]:
    """Every cue that was false at the product's level, with what it rests on."""
    told = []
    for call in calls:
        for row, mode in enumerate(MODES):
            false = judge(call.name, call.truth, call.hearings[row], level).false_at_s
            for cue in call.hearings[row].raised:
                at_s = cue.at / RATE_HZ
                if "acknowledge" in cue.kind and at_s in false:
                    because = [reason.code for reason in cue.because]
                    told.append({"call": call.name, "mode": mode, "at_s": round(at_s, 1), "because": because})
    return told


def _praised(calls: list[Judged]) -> dict[str, str]:
    """In how many calls of each group the agent was told that it went well, with words at hand."""
    praised: dict[str, list[bool]] = {}
    for call in calls:
        praised.setdefault(call.group, []).append(any(cue.kind == "well_held" for cue in call.hearings[1].raised))
    return {group: f"{sum(found)} of {len(found)}" for group, found in praised.items()}


def _say(title: str, curve: list[Point]) -> None:
    auc = "" if curve[0].auc is None else f", mean AUC of strain {curve[0].auc:.3f}"
    print(f"{title}: {curve[0].calm_h:.2f} h without distress, {curve[0].heated} heated{auc}")
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
        if not curve[0].heated or not curve[0].false + curve[0].calm_h or "without" not in title or "callers" in title:
            continue
        if title.startswith("recorded"):
            continue
        bold = title == "built, without words"
        rates, shares = [p.per_hour for p in curve], [p.caught / p.heated for p in curve]
        axes.plot(rates, shares, "o-", label=title, lw=2 if bold else 1, ms=4, alpha=1 if bold else 0.4)
    names = {high: name for name, high in SENSITIVITY_HIGH.items()}
    for p in curves["built, without words"]:
        if p.high in names:
            spread = [[p.per_hour - p.per_hour_interval[0]], [p.per_hour_interval[1] - p.per_hour]]
            axes.errorbar(p.per_hour, p.caught / p.heated, xerr=spread, fmt="ks", capsize=3)
            axes.annotate(f" {names[p.high]} ({p.high:.2f})", (p.per_hour, p.caught / p.heated), va="top")
    hours = curves["built, without words"][0].calm_h
    axes.set(xlabel=f"false cues an hour ({hours:.1f} h of calm built calls)", ylabel="share of heated callers noticed")
    axes.set(ylim=(0, 1.02), xlim=(-0.1, 8))
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    main()
