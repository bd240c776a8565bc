"""Build two-party calls with exact truth from human timing and real voices, on the lines and in the noise you choose.

Each call is a stereo WAV, the caller left and the agent right, beside a `.truth.json` with every stretch of speech. The
calls are for measuring; they contain recordings under the licences of the data they are built from, so keep them.

    python scripts/make/calls.py --data ../shared/data --out calls --hours 2 --condition g711 --condition pink-15dB
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
from pathlib import Path

import soundfile

from scripts.bench.calls.call import through
from scripts.bench.calls.happened import overlap_s, reference
from scripts.bench.calls.timed import Made, calls
from scripts.bench.corpora.folder import USUAL, data_folder
from scripts.bench.lines.conditions import CONDITIONS


def main() -> None:
    """Make what was asked for."""
    args = _arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    count = math.ceil(args.hours * 3600 / args.length_s)
    made = calls(args.data, length_s=args.length_s, seed=args.seed, agreeable=args.agreeable)
    for number, one in enumerate(itertools.islice(made, count)):
        condition = args.condition[number % len(args.condition)]
        print(f"{number + 1}/{count} {write(one, condition, args.out)}")


def write(made: Made, condition: str, folder: Path) -> Path:
    """Send a call through a condition and write sound and truth; return the sound's path."""
    line = CONDITIONS[condition]
    call = through(made.call, line, made.talkers, made.rng)
    wav = folder / f"{made.name}.{condition}.L-caller.R-agent.wav"
    subtype = {"mulaw": "ULAW", "alaw": "ALAW"}.get(line.coding, "PCM_16")
    soundfile.write(wav, call.legs[::-1].T, line.rate_hz, subtype=subtype)
    truth = {
        "file": wav.name,
        "condition": condition,
        "agent_voice": made.agent.name,
        "caller_voice": made.caller.name,
        "overlap_s": round(overlap_s(call.seconds()), 3),
        "segments": call.segments(),
        "events": [{"kind": e.kind, "by": e.by, "start": round(e.start_s, 4)} for e in reference(call.seconds())],
    }
    wav.with_suffix(".truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    return wav


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=data_folder, default=USUAL, help="folder of recordings and timings")
    parser.add_argument("--out", type=Path, required=True, help="folder the calls are written into")
    parser.add_argument("--hours", type=float, default=0.5, help="hours of call in all (default 0.5)")
    parser.add_argument("--length-s", type=float, default=300.0, help="seconds of one call (default 300)")
    parser.add_argument(
        "--condition", action="append", choices=CONDITIONS, help="line and noise; several take turns (default g711)"
    )
    parser.add_argument("--agreeable", action="store_true", help="leave interruptions out")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other calls (default 0)")
    args = parser.parse_args()
    args.condition = args.condition or ["g711"]
    return args


if __name__ == "__main__":
    main()
