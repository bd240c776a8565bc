"""What care shows, and when: every figure it must meet, over simulated shifts and over calls the product has heard.

    python scripts/bench/care.py --data ../shared/data [--shifts 1000] [--each 9] [--seed N] [--heard FILE]
        [--window] [--json FILE]

Calls are built (calls/heated.py) and heard once by the product: angry and afraid callers whose heat ends, merry ones
and calm ones, --each of every kind. --heard keeps what was heard in a file, or reads it from there. Shifts run by a
clock that is counted. --window shows a card on the screen there is and measures how soon it is gone.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.bench.scores import care_feedback, care_pages, care_shifts, care_told, care_window
from scripts.bench.scores.care_calls import HeardCall, heard_calls
from scripts.bench.scores.care_figures import Figure

SEED = 700_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be measured, and on what."""

    data: Path
    shifts: int
    seed: int
    calls: list[HeardCall]


def main() -> None:
    """Measure and print every figure with what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder that holds emotion/, calls/ and text/")
    parser.add_argument("--shifts", type=int, default=1_000, help="shifts to simulate")
    parser.add_argument("--each", type=int, default=9, help="calls of every kind to build and hear")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed builds other calls and shifts")
    parser.add_argument("--heard", type=Path, help="keep what was heard here, or read it from here")
    parser.add_argument("--window", action="store_true", help="measure a real window, on the screen there is")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    calls = heard_calls(options.data, options.each, options.seed, options.heard)
    asked = Asked(options.data, options.shifts, options.seed, calls)
    figures = []
    for figure in _figures(asked, window=options.window):
        figures.append(figure)
        print(figure, flush=True)
    if options.json:
        rows = [dataclasses.asdict(figure) for figure in figures]
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _figures(asked: Asked, *, window: bool) -> Iterator[Figure]:
    pool = care_shifts.prototypes(asked.calls)
    tally = care_shifts.simulate(pool, care_shifts.lengths_s(asked.data), asked.shifts, asked.seed)
    yield from care_shifts.figures(tally, pool)
    yield from care_pages.figures(asked.seed)
    yield from care_told.thanks(asked.data, asked.calls, asked.seed)
    yield from care_told.recoveries(asked.calls)
    yield from care_feedback.figures(asked.calls, asked.seed)
    yield from care_pages.switched()
    yield from care_pages.teams(asked.seed)
    yield from care_pages.compared(asked.seed)
    if window:
        yield from care_window.figures()


if __name__ == "__main__":
    main()
