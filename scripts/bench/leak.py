"""Measures what the caller's voice in the agent's microphone costs: simulated leak of several strengths and delays.

The calls are the semi-real ones, whose speech is known; the caller's leg is added to the agent's, so much quieter and
so much later, through a room with `--room`. For each: what is told of interruptions with nothing against leak, with
crosstalk alone (which needs no time to learn) and with both, as the product has it.

    python scripts/bench/leak.py --data ../shared/data --json leak.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scripts.bench.lines.conditions import through_a_room
from scripts.bench.scores.turns import Heard, Score
from scripts.bench.turns import SEMI_REAL, cases, heard_of, look
from voicecare.config import Config
from voicecare.speech.activity.bleed import Bleed, LeakProof
from voicecare.speech.activity.crosstalk import Crosstalk
from voicecare.speech.activity.loudness import Loudness
from voicecare.speech.turns.conversation import Conversation
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import Floats

GUARDS = ("nothing", "crosstalk", "both")
GAINS_DB = (-3.0, -10.0, -20.0, -30.0)
LAGS_MS = (3.0, 20.0, 80.0)


def main() -> None:
    asked = _arguments()
    results: dict[str, dict[str, dict[str, float]]] = {}
    names = ("F1", "precision", "recall", "false/h", "overlap e.", "learnt")
    print(f"{'leak':<18}{'against it':<12}" + "".join(f"{name:>11}" for name in names))
    for name, gain_db, lag_ms in _leaks(asked.gain_db, asked.lag_ms):
        results[name] = {}
        for guard, (score, learnt) in measure(asked, gain_db, lag_ms).items():
            row = results[name][guard] = score.row() | {"learnt": learnt}
            figures = [row[key] for key in ("f1", "precision", "recall", "false_per_hour", "overlap_error")]
            print(f"{name:<18}{guard:<12}" + "".join(f"{n:>11.3f}" for n in figures) + f"{learnt:>9}/4", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps({"bench": "leak", "room": asked.room, "leaks": results}, indent=1) + "\n")


def measure(asked: argparse.Namespace, gain_db: float | None, lag_ms: float) -> dict[str, tuple[Score, int]]:
    """Every guard on the same calls; beside its score, in how many calls a leak was learnt."""
    found = {guard: (Score(), 0) for guard in GUARDS}
    for number, case in enumerate(cases(SEMI_REAL, asked)):
        legs = (
            case.legs if gain_db is None else leaky(case.legs, gain_db, samples(lag_ms / 1000), number, room=asked.room)
        )
        probabilities = look(legs).silero
        for guard, (score, learnt) in found.items():
            heard, leak = hear(guard, legs, probabilities)
            score.add(case.truth, heard, legs.shape[1] / RATE_HZ)
            found[guard] = score, learnt + leak
    return found


def leaky(legs: Floats, gain_db: float, lag: int, seed: int, *, room: bool) -> Floats:
    """Both legs, the caller's in the agent's, quieter by the gain and later by the lag."""
    caller = through_a_room(legs[1], np.random.default_rng(seed)) if room else legs[1]
    late = np.concatenate((np.zeros(lag, np.float32), caller[: caller.size - lag]))
    return np.stack((legs[0] + late * 10 ** (gain_db / 20), legs[1])).astype(np.float32)


def hear(guard: str, legs: Floats, probabilities: list[tuple[float, float]]) -> tuple[Heard, bool]:
    """What the stages make of a call, and whether a leak was learnt."""
    config = Config()
    told = iter(probabilities)

    class Said:
        name = "said"

        def over(self, _: Floats) -> list[tuple[float, float]]:
            return [next(told)]

    proof = LeakProof(Said(), Bleed(config.bleed))
    detector = proof if guard == "both" else Said()
    loudness, crosstalk, conversation = Loudness(config.vad), Crosstalk(), Conversation(config.vad, config.turns)
    said = []
    for start in range(0, len(probabilities) * HOP, HOP):
        hop = np.ascontiguousarray(legs[:, start : start + HOP])
        heard = detector.over(hop)[0], loudness.over(hop)[0]
        said += conversation.push(start, *(heard if guard == "nothing" else crosstalk.push(hop, *heard))).events
    said += conversation.finish(len(probabilities) * HOP).events
    return heard_of(said), guard == "both" and proof.leak is not None


def _leaks(gains_db: list[float], lags_ms: list[float]) -> Iterator[tuple[str, float | None, float]]:
    yield "none", None, 0.0
    for gain_db in gains_db:
        for lag_ms in lags_ms:
            yield f"{gain_db:.0f} dB, {lag_ms:.0f} ms", gain_db, lag_ms


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of recordings")
    parser.add_argument("--gain-db", type=float, nargs="+", default=GAINS_DB, help="of the caller in the agent's leg")
    parser.add_argument("--lag-ms", type=float, nargs="+", default=LAGS_MS, help="how late it comes")
    parser.add_argument("--room", action="store_true", help="through a loudspeaker and a room")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    return parser.parse_args()


if __name__ == "__main__":
    main()
