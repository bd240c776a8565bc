"""Built calls as care sees them: each heard once by the product, with the truth of whose voice rose, and when.

Angry and afraid callers whose heat ends, callers who are joyful now and then or for half a minute, and calm ones.
What was heard can be kept in a file: hearing an hour of call takes minutes, and all figures of care rest on such calls.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.bench.calls import heated
from scripts.bench.calls.spoken import Script, Scripted
from scripts.bench.corpora import arousal as corpora
from scripts.bench.systems.cues import hear
from voicecare.assembly import Choices, build_edges
from voicecare.config import Config
from voicecare.lanes import ReplayLane
from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import AudioBlock, Floats

LEVELS = tuple(round(0.56 + 0.02 * step, 2) for step in range(9))
"""From the strain that raises a cue at high sensitivity to that at low."""
LENGTHS_S = (150.0, 240.0)
FEELINGS: tuple[tuple[str, bool, heated.Feeling], ...] = (
    ("heated", True, "anger"),
    ("fearful", True, "fear"),
    ("elated", True, "happiness"),
    ("joyful", False, "anger"),
    ("calm", False, "anger"),
)
"""The kind of call, whether its caller rises for half a minute or more, and with what."""


@dataclass(frozen=True, slots=True)
class HeardCall:
    """One call: its kind, its length, where distress truly was, and what was heard.

    strain: (seconds, 0..1, lean of the voice or None) of every estimate. cues_s: at each level, when an `acknowledge`
    cue came, words at hand. because: of those at the product's own level, (seconds, codes of their reasons).
    """

    kind: str
    length_s: float
    aroused: tuple[tuple[float, float], ...]
    strain: tuple[tuple[float, float, float | None], ...]
    cues_s: dict[float, tuple[float, ...]]
    because: tuple[tuple[float, tuple[str, ...]], ...]


def heard_calls(data: Path, each: int, seed: int, file: Path | None) -> list[HeardCall]:
    """`each` calls of every kind; read from `file` where it is there, and written to it where it is not."""
    if file is not None and file.is_file():
        return [_read(row) for row in json.loads(file.read_text(encoding="utf-8"))]
    calls = list(_hear(data, each, seed))
    if file is not None:
        file.write_text(json.dumps([dataclasses.asdict(call) for call in calls]) + "\n", encoding="utf-8")
    return calls


def _hear(data: Path, each: int, seed: int) -> Iterator[HeardCall]:
    config = Config()
    shelves = [corpora.read(path.parent) for path in sorted(data.glob("emotion/*/labels.csv"))]
    script = Script(data, "held")
    lag = samples(config.words.replay_lag_s)
    for place, (kind, rises, feeling) in enumerate(FEELINGS):
        for number in range(each):
            at = seed + 10_000 * place + number
            length_s = float(np.random.default_rng(at).uniform(*LENGTHS_S))
            joyful = None if rises else kind == "joyful"
            clips = shelves[number % len(shelves)]
            call = heated.build(clips, at, heated=rises, length_s=length_s, feeling=feeling, joyful=joyful)
            lane = ReplayLane(Scripted(script.lines(call.story, at), None), lag)
            _, hearing = hear(_blocks(call.legs), config, build_edges(config, Choices(words=True)), lane, LEVELS)
            strain = tuple(
                (round(e.at / RATE_HZ, 2), round(e.value, 3), None if e.tone is None else round(e.tone, 2))
                for e in hearing.arousal
                if e.value is not None
            )
            because = tuple(
                (round(cue.at / RATE_HZ, 2), tuple(reason.code for reason in cue.because))
                for cue in hearing.raised
                if "acknowledge" in cue.kind
            )
            aroused = tuple((float(a), float(b)) for a, b in call.story["aroused"])
            yield HeardCall(kind, call.legs.shape[1] / RATE_HZ, aroused, strain, hearing.at_s, because)


def _blocks(legs: Floats) -> Iterator[AudioBlock]:
    for start in range(0, legs.shape[1] - HOP + 1, HOP):
        yield AudioBlock(start, legs[:, start : start + HOP])


def _read(row: dict[str, object]) -> HeardCall:
    call = HeardCall(**row)  # type: ignore[arg-type]
    return dataclasses.replace(
        call,
        aroused=tuple((a, b) for a, b in call.aroused),
        strain=tuple((at_s, value, tone) for at_s, value, tone in call.strain),
        because=tuple((at_s, tuple(codes)) for at_s, codes in call.because),
        cues_s={float(level): tuple(at_s) for level, at_s in call.cues_s.items()},
    )
