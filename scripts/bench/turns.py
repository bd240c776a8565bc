"""Measure turn-taking on calls whose speech is known: built ones on many lines, agreeable ones, and the semi-real ones.

For every line and detector: voice activity, overlap, interruptions (found within 0.35 s, by the right party), false
interruptions an hour, and the delay of the decision, beside call-ai-metrics, plain webrtcvad (mode 2) and plain Silero
(.5/.35) under the same rules.

    python scripts/bench/turns.py --data ../shared/data --minutes 120 --json turns.json --plot turns.png
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from scripts.bench.calls.cases import AGREEABLE, SEMI_REAL, Case, Source, cases
from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.bench.lines.conditions import CONDITIONS
from scripts.bench.scores.turns import Score
from scripts.bench.systems.turns import OURS, PEERS, hear, look
from voicecare.config import Config
from voicecare.timebase import RATE_HZ

SECTIONS = ("vad", "bleed", "bystanders", "turns")


def main() -> None:
    """Measure what was asked for and print it."""
    args = _arguments()
    source = Source(args.data, args.minutes, args.length_s, args.seed)
    results: dict[str, dict[str, dict[str, float]]] = {}
    print(f"{'line':<14}{'system':<22}" + "".join(f"{name:>10}" for name in COLUMNS))
    for name in args.line:
        started = time.monotonic()
        results[name] = measure(cases(name, source), args.system)
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


def measure(calls: Iterable[Case], systems: list[str]) -> dict[str, dict[str, float]]:
    """Every system on the same calls."""
    scores = {system: Score() for system in systems}
    cpu_s = dict.fromkeys(systems, 0.0)
    for case in calls:
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
        "config": {name: dataclasses.asdict(getattr(Config(), name)) for name in SECTIONS},
        "lines": results,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder of recordings and timings")
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
