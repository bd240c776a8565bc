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
from typing import Any

import numpy as np

from scripts.bench.calls import heated
from scripts.bench.calls.spoken import Script, Scripted
from scripts.bench.corpora import arousal as corpora
from voicecare.assembly import Choices, build_edges
from voicecare.care.level import MOST_STEPS, with_level
from voicecare.config import Config
from voicecare.engine import Engine
from voicecare.lanes import ReplayLane
from voicecare.ports import Noticed
from voicecare.speech.cues.cues import Cues
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import HOP, RATE_HZ, Samples, samples
from voicecare.types import Arousal, AudioBlock, Cue, Floats, Health

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

    strain: (seconds, 0..1) of every estimate. cues_s: at each step of an agent's own level, when an `acknowledge` cue
    came, words at hand. because: of those without a level, (seconds, codes of their reasons).
    """

    kind: str
    length_s: float
    aroused: tuple[tuple[float, float], ...]
    strain: tuple[tuple[float, float], ...]
    cues_s: tuple[tuple[float, ...], ...]
    because: tuple[tuple[float, tuple[str, ...]], ...]


class AtSteps:
    """Stands where a pipeline's cue stage stands, and lets one stage a step of the agent's level hear everything."""

    def __init__(self, config: Config) -> None:
        self._stages = [Cues(with_level(config, {"strain": step}).cues) for step in range(MOST_STEPS + 1)]
        self.raised: list[list[Cue]] = [[] for _ in self._stages]

    def push(self, event: Noticed, now: Samples) -> list[Cue]:
        """Take one event of the call; nothing is shown."""
        for stage, raised in zip(self._stages, self.raised, strict=True):
            raised.extend(_new(stage.push(event, now)))
        return []

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, caller_speaks: bool) -> list[Cue]:
        """Let time pass; nothing is shown."""
        for stage, raised in zip(self._stages, self.raised, strict=True):
            raised.extend(_new(stage.hop(now, length, agent_speaks=agent_speaks, caller_speaks=caller_speaks)))
        return []

    def kept_away(self) -> list[Health]:
        """What a limit keeps away is not looked at."""
        return []

    def finish(self, end: Samples) -> list[Cue]:
        """The call is over; nothing is shown."""
        for stage in self._stages:
            stage.finish(end)
        return []


def _new(cues: list[Cue]) -> list[Cue]:
    return [cue for cue in cues if cue.cleared_at is None and "acknowledge" in cue.kind]


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
            cues = AtSteps(config)
            engine = Engine(Pipeline(config, build_edges(config, Choices(words=True)), cues), lane)
            estimates = [e for e in engine.run(_blocks(call.legs)) if isinstance(e, Arousal)]
            yield HeardCall(
                kind,
                call.legs.shape[1] / RATE_HZ,
                tuple((float(a), float(b)) for a, b in call.story["aroused"]),
                tuple((round(e.at / RATE_HZ, 2), round(e.value, 3)) for e in estimates if e.value is not None),
                tuple(tuple(round(cue.at / RATE_HZ, 2) for cue in raised) for raised in cues.raised),
                tuple((round(cue.at / RATE_HZ, 2), tuple(r.code for r in cue.because)) for cue in cues.raised[0]),
            )


def _blocks(legs: Floats) -> Iterator[AudioBlock]:
    for start in range(0, legs.shape[1] - HOP + 1, HOP):
        yield AudioBlock(start, legs[:, start : start + HOP])


def _read(row: dict[str, Any]) -> HeardCall:
    return HeardCall(
        kind=row["kind"],
        length_s=row["length_s"],
        aroused=tuple((a, b) for a, b in row["aroused"]),
        strain=tuple((at_s, value) for at_s, value in row["strain"]),
        cues_s=tuple(tuple(at_s) for at_s in row["cues_s"]),
        because=tuple((at_s, tuple(codes)) for at_s, codes in row["because"]),
    )
