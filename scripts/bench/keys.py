"""Measure keys pressed in a call: how much of them is told as speech, and what of speech is taken for a key.

Keys: the sixteen of the keypad one after another beside a caller's words, by length, line and how far the telephone is
off the grid. Speech: every recording at hand, each hop of it.

    python scripts/bench/keys.py --data ../shared/data        # two minutes
"""

from __future__ import annotations

import argparse
import itertools
import json
from pathlib import Path

import numpy as np
import soundfile
import soxr

from scripts.bench.lines.codecs import Codec, code
from scripts.bench.lines.levels import Waveform, at_dbfs
from scripts.bench.lines.tones import tone
from voicecare.assembly import Choices, build_edges
from voicecare.config import Config
from voicecare.speech.life.keys import COLUMNS_HZ, ROWS_HZ, Keys
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import HOP, RATE_HZ, seconds
from voicecare.types import AudioBlock, Floats, Segment

LINES: tuple[Codec, ...] = ("mulaw", "amr", "opus")
PAUSE_S = 0.1
BEFORE_S = 2.0
AHEAD = 32


def main() -> None:
    """Measure both and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the recordings")
    parser.add_argument("--json", type=Path, help="write what was found as JSON")
    args = parser.parse_args()
    found = {"keys": keys(), "speech": speech(args.data)}
    if args.json:
        args.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def keys() -> list[dict[str, str | float]]:
    """How long the sixteen keys are told as speech, of how much sound they are."""
    rows: list[dict[str, str | float]] = []
    for codec, length_s, off in itertools.product(LINES, (0.05, 0.1, 0.3), (0.0, 0.005, 0.01)):
        told_s = round(_told_s(_coded(_pressed(length_s, off), codec)), 2)
        rows.append(
            {"line": codec, "length_s": length_s, "off": off, "sound_s": round(16 * length_s, 2), "told_s": told_s}
        )
        print("  " + "  ".join(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    return rows


def speech(data: Path) -> dict[str, float]:
    """How many hops of recorded speech are taken for keys, with what follows them."""
    hops = taken = 0
    for path in sorted([*data.glob("emotion/**/*.wav"), *data.glob("emotion/**/*.flac"), *data.glob("calls/**/*.wav")]):
        sound, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        for leg in sound.T:
            whole = soxr.resample(leg, rate_hz, RATE_HZ) if rate_hz != RATE_HZ else leg
            flags = _taken(np.ascontiguousarray(whole[: whole.size // HOP * HOP]))
            hops, taken = hops + len(flags), taken + sum(flags)
    found = {"hours": round(hops * HOP / RATE_HZ / 3600, 2), "hops_taken": taken}
    print(f"  {found}")
    return found


def _pressed(length_s: float, off: float) -> Waveform:
    """The sixteen keys, rows too low and columns too high by this share."""
    each = round((length_s + PAUSE_S) * RATE_HZ)
    pairs = [(row * (1 - off), column * (1 + off)) for row in ROWS_HZ for column in COLUMNS_HZ]
    return np.concatenate([tone(each, pair, (length_s, PAUSE_S), -16.0) for pair in pairs])


def _coded(sound: Waveform, codec: Codec) -> Floats:
    """As it comes through a line that is coded twice, with its own noise."""
    narrow = soxr.resample(np.asarray(sound, np.float64), RATE_HZ, 8_000)
    narrow = narrow + at_dbfs(np.random.default_rng(5).standard_normal(narrow.size), -60.0)
    return np.asarray(soxr.resample(code(code(narrow, codec), codec), 8_000, RATE_HZ), np.float32)


def _told_s(pressed: Floats) -> float:
    config = Config()
    pipeline = Pipeline(config, build_edges(config, Choices(words=False)))
    leg = np.concatenate([np.zeros(round(BEFORE_S * RATE_HZ), np.float32), pressed])
    leg = np.pad(leg, (0, RATE_HZ + -leg.size % HOP))
    leg = leg[: leg.size // HOP * HOP]
    legs = np.stack([np.zeros_like(leg), leg])
    blocks = [AudioBlock(at, legs[:, at : at + HOP]) for at in range(0, leg.size, HOP)]
    events = []
    for first in range(0, len(blocks), AHEAD):
        for listened in pipeline.listen(blocks[first : first + AHEAD]):
            events += pipeline.push_audio(listened)
    events += pipeline.finish()
    return sum(seconds(e.span.end) - seconds(e.span.start) for e in events if isinstance(e, Segment))


def _taken(leg: Floats) -> list[bool]:
    powers = np.square(leg.reshape(-1, HOP)).mean(axis=1).tolist()
    return Keys().over(leg, powers)


if __name__ == "__main__":
    main()
