"""Measure who is heard: every voice of three corpora on every line, real calls whole, and what is told of other sounds.

Clips: share of each clip's speech heard, alone on a leg; worst clip and worst group (corpus, emotion, sex, line) first.
Calls: both parties of two real calls, whole. Sounds: the share of music, tones, typing, noise ... told as speech.
After: how much of a voice is lost right after music or silence. Truth is level, on recordings that are clean
(`heard/truth.py`); lines, sounds and systems are in `heard/lines.py`, `heard/sounds.py`, `heard/systems.py`.

    python scripts/bench/hearing.py --data ../shared/data --sample 2 --no-peers          # a few minutes
    python scripts/bench/hearing.py --data ../shared/data --json hearing.json --plot hearing.png
    python scripts/bench/hearing.py --only clips --vad silero --line "-10 dBFS" --line amr --corpus ravdess
    python scripts/bench/hearing.py --only sounds --minutes 2
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from scripts.bench.heard.after import Start, non_speech, starts
from scripts.bench.heard.clips import CORPORA, Row, corpus, grouped, measure, sampled, women_less_men
from scripts.bench.heard.sounds import recorded_files
from scripts.bench.heard.truth import Share, of_call, score
from scripts.bench.lines.frames import levels_db
from scripts.bench.lines.heard import LINES, PROMISED
from scripts.bench.systems.speech import System, systems
from voicecare.assembly import VAD_NAMES
from voicecare.timebase import RATE_HZ
from voicecare.types import PARTIES

CALLS = ("Auto_Repairs_40.L-caller.R-agent.ulaw.8k.wav", "Auto_Repairs_49.first150s.L-caller.R-agent.ulaw.8k.wav")
WORST = 8


def main() -> None:
    """Measure what was asked for and print it."""
    args = _arguments()
    heard = systems(args.vad, peers=not args.no_peers, slow=args.slow)
    parts: dict[str, Callable[[argparse.Namespace, dict[str, System]], Any]] = {
        "calls": calls,
        "clips": clips,
        "after": after,
        "sounds": other_sounds,
    }
    found: dict[str, Any] = {"bench": "hearing", "systems": list(heard), "sample": args.sample, "minutes": args.minutes}
    for name in (part for part in parts if part in args.only):
        began = time.monotonic()
        print(f"\n{name}", flush=True)
        found[name] = parts[name](args, heard)
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
        if args.json:
            args.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if args.plot:
        from scripts.bench.heard.plot import plot

        plot(found, args.plot)


def calls(args: argparse.Namespace, heard: dict[str, System]) -> dict[str, Any]:
    """Both parties of the real calls: share heard, of the loudest 40 %, and seconds told where nothing sounds."""
    found: dict[str, Any] = {}
    said: list[tuple[float, str]] = []
    for name in CALLS:
        narrow, rate_hz = soundfile.read(args.data / "calls" / "auto-repairs" / name, dtype="float32")
        agent_first = np.ascontiguousarray(narrow.T[::-1])
        legs = np.stack([soxr.resample(leg, rate_hz, RATE_HZ) for leg in agent_first])
        for system, hear in heard.items():
            told = hear(legs)
            for party, leg in zip(PARTIES, agent_first, strict=True):
                level_db = levels_db(leg, rate_hz)
                share = score(of_call(leg, rate_hz), told.spans[party], level_db)
                found.setdefault(name.split(".")[0], {}).setdefault(system, {})[party] = dataclasses.asdict(share)
                said.append((share.heard, f"  {name.split('.')[0]:<18}{system:<20}{party:<8}{_said(share)}"))
    print("\n".join(line for _, line in sorted(said)), flush=True)
    return found


def _said(share: Share) -> str:
    return (
        f"{share.speech_s:6.1f} s of speech, heard {share.heard:.3f}, loudest 40 % {share.loudest:.3f}, "
        f"told in silence {share.invented_s:.1f} s"
    )


def clips(args: argparse.Namespace, heard: dict[str, System]) -> dict[str, Any]:
    """Every clip on every line."""
    chosen = sampled(corpus(args.data, args.corpus), args.sample)
    print(f"  {len(chosen)} clips on {len(args.line)} lines, {len(heard)} systems", flush=True)
    rows = measure(chosen, args.line, heard, args.jobs)
    for system in heard:
        _tell_clips(system, [row for row in rows if row.system == system])
    return {
        system: {
            "by_line": _groups(rows, system, "line"),
            "by_group": _groups(rows, system, "corpus", "emotion", "sex", "line"),
            "by_sex_and_line": _groups(rows, system, "line", "sex"),
            "women_less_men": {
                line: _finite(women_less_men([r for r in rows if r.system == system and r.line == line]))
                for line in args.line
            },
            "worst_clips": [
                dataclasses.asdict(row)
                for row in sorted((r for r in rows if r.system == system), key=lambda r: r.heard)[:200]
            ],
        }
        for system in heard
    }


def _groups(rows: list[Row], system: str, *by: str) -> list[dict[str, Any]]:
    return [dataclasses.asdict(group) for group in grouped((row for row in rows if row.system == system), *by)]


def _finite(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def _tell_clips(system: str, rows: list[Row]) -> None:
    promised = [row for row in rows if row.line in PROMISED]
    print(f"\n  {system}: worst clips of the lines where everyone must be heard")
    for row in sorted(promised, key=lambda one: one.heard)[:WORST]:
        print(f"    {row.heard:.3f}  {row.line:<11}{row.emotion:<11}{row.sex:<8}{row.clip}")
    print(f"  {system}: worst groups of those lines, by mean")
    for group in grouped(promised, "corpus", "emotion", "sex", "line")[:WORST]:
        print(f"    {group.mean:.3f}  worst {group.worst:.3f}  n {group.n:<4}{' '.join(group.key)}")
    print(
        f"  {system}: lines, worst first\n"
        f"    {'line':<12}{'mean':>7}{'worst':>7}{'< .85':>7}{'n':>6}"
        f"{'worst group':>13}{'women-men':>11}{'in silence':>12}"
    )
    for group in grouped(rows, "line"):
        here = [row for row in rows if row.line == group.key[0]]
        worst = grouped(here, "corpus", "emotion", "sex")[0]
        print(
            f"    {group.key[0]:<12}{group.mean:>7.3f}{group.worst:>7.3f}{group.lost:>7}{group.n:>6}{worst.mean:>13.3f}"
            f"{women_less_men(here):>+11.3f}{group.invented:>12.3f}  {' '.join(worst.key)}"
        )


def after(args: argparse.Namespace, heard: dict[str, System]) -> dict[str, Any]:
    """Starts after music and silence: clips of every corpus, emotion and sex."""
    each = sampled(corpus(args.data, args.corpus), max(1, math.ceil(args.starts / 30)))
    chosen = sorted(each, key=lambda clip: clip.seed)[: args.starts]
    print(f"  {len(chosen)} starts\n  {'after':<28}{'system':<20}{'lost s: median':>15}{'p90':>7}{'worst':>7}"
          f"{'> .5 s':>7}{'first second':>14}{'worst':>7}{'decided s':>11}{'worst':>7}")  # fmt: skip
    found = starts(chosen, heard)
    for before, by_system in found.items():
        for system, begun in by_system.items():
            print(f"  {before:<28}{system:<20}{_spread(begun)}")
    return {
        before: {system: [dataclasses.asdict(one) for one in begun] for system, begun in by_system.items()}
        for before, by_system in found.items()
    }


def _spread(begun: list[Start]) -> str:
    lost = np.array([one.lost_s for one in begun])
    first = np.array([one.first_second for one in begun])
    decided = np.array([one.decided_s for one in begun])
    return (
        f"{np.median(lost):>15.2f}{np.percentile(lost, 90):>7.2f}{lost.max():>7.2f}{(lost > 0.5).sum():>7}"
        f"{np.median(first):>14.3f}{first.min():>7.3f}{np.median(decided):>11.2f}{decided.max():>7.2f}"
    )


def other_sounds(args: argparse.Namespace, heard: dict[str, System]) -> dict[str, Any]:
    """Sounds in which nobody speaks."""
    if not recorded_files():
        print("  (no recorded music here: apt-get install asterisk-moh-opsound-wav)")
    print(
        f"  {args.minutes:g} minutes each, share told as speech\n  {'':<26}"
        + "".join(f"{s.removeprefix('plain '):>14}" for s in heard)
    )
    return non_speech(args.data, args.minutes, heard)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of recordings")
    parser.add_argument("--only", nargs="+", choices=("clips", "calls", "sounds", "after"), help="only these parts")
    parser.add_argument("--sample", type=int, metavar="N", help="clips per corpus, emotion and sex (default all)")
    parser.add_argument("--line", action="append", choices=tuple(LINES), help="only these lines (default all)")
    parser.add_argument("--corpus", action="append", choices=CORPORA, help="only these corpora (default all)")
    parser.add_argument("--vad", action="append", choices=VAD_NAMES, help="only these detectors of ours (default all)")
    parser.add_argument("--no-peers", action="store_true", help="leave the other systems out")
    parser.add_argument("--slow", action="store_true", help="slow peers, too (rnnoise)")
    parser.add_argument("--jobs", type=int, default=1, help="processes that hear the clips (default 1)")
    parser.add_argument("--minutes", type=float, default=10.0, help="of each sound that is no speech (default 10)")
    parser.add_argument("--starts", type=int, default=50, help="voices begun after music and silence (default 50)")
    parser.add_argument("--json", type=Path, help="write everything as JSON")
    parser.add_argument("--plot", type=Path, help="draw lines by groups, and the sounds, as an image")
    args = parser.parse_args()
    args.only = args.only or ["clips", "calls", "sounds", "after"]
    args.line = args.line or list(LINES)
    args.corpus = args.corpus or list(CORPORA)
    args.vad = args.vad or list(VAD_NAMES)
    return args


if __name__ == "__main__":
    main()
