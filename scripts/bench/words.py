"""Measure the words: word errors on phone lines, inventions where nobody speaks, time, sentiment, redaction, language.

Beside plain faster-whisper at its defaults (beam 5, temperature fallback, 30 s context) with the same weights.

    python scripts/bench/words.py --data ../shared/data --json words.json
    python scripts/bench/words.py --only redaction sentiment
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts.bench.corpora.exchanges import LATER, OWN
from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.bench.scores.language import language
from scripts.bench.scores.recognition import early, errors, inventions, timing
from scripts.bench.scores.redaction import redaction
from scripts.bench.scores.sentiment import sentiment

PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "errors": lambda asked: errors(asked.data, asked.folder, asked.model),
    "inventions": lambda asked: inventions(asked.minutes, asked.model),
    "time": lambda asked: timing(asked.data, asked.model),
    "early": lambda asked: early(asked.data, asked.model),
    "sentiment": lambda asked: sentiment(asked.data, asked.sentences),
    "redaction": lambda asked: redaction(
        asked.data, (asked.planted, asked.spoken), asked.cases, asked.model, show=asked.show
    ),
    "language": lambda asked: language(asked.data, asked.calls, asked.multilingual, asked.model),
}


def main() -> None:
    """Measure what was asked for and print it."""
    options = _options()
    found = {}
    for name in options.only or PARTS:
        found[name] = PARTS[name](options)
        print(f"\n{name}")
        for row, values in found[name].items():
            print(f"  {row:34}", "  ".join(f"{key} {value}" for key, value in values.items()))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder of recordings and texts")
    parser.add_argument("--json", type=Path, help="also write the tables here")
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), help="only these parts")
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
