"""The calls whose cues are judged, each heard once: recorded, ordinary, and built in the manner of data/heated."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from scripts.bench.calls import heated
from scripts.bench.calls.call import Call
from scripts.bench.calls.spoken import Part, Script, Scripted
from scripts.bench.corpora import arousal as arousal_corpora
from scripts.bench.systems.cues import Hearing, hear
from voicecare.assembly import Choices, build_edges
from voicecare.audio.files.recording import open_recording
from voicecare.config import SENSITIVITY_HIGH, Config
from voicecare.lanes import NoLane, ReplayLane
from voicecare.ports import Lane, Recogniser
from voicecare.timebase import HOP, samples
from voicecare.types import AudioBlock, Floats, Heard, Party, Request

LEVELS = tuple(
    sorted(
        {*(round(level, 2) for level in np.arange(0.4, 0.961, 0.04)), *SENSITIVITY_HIGH.values(), Config().cues.high}
    )
)
LENGTHS_S = (150.0, 150.0, 150.0, 600.0)
"""One built calm call in four is long."""
OTHER_KIND = 10_000
"""How far apart the seeds of callers of different feelings lie."""
SARCASTIC = 3
"""One in so many angry callers says kind words."""
ORDINARY = ("calls/auto-repairs/*.L-caller.R-agent.*.wav", "calls/semi-real/*.L-caller.R-agent.*.wav")
FEELINGS: dict[str, heated.Feeling] = {"heated": "anger", "fearful": "fear", "elated": "happiness"}
SIDES: tuple[tuple[Literal["left", "right"], Party], ...] = (("right", "caller"), ("left", "agent"))
"""Where the agent is taken to be, and who is judged as the caller then."""
Clips: TypeAlias = list[arousal_corpora.Clip]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls to build: hours of calm ones, how many whose callers rise (FEELINGS) or are joyful; how chosen."""

    hours: float
    risen: dict[str, int]
    joyful: int
    seed: int
    part: Part


@dataclass(frozen=True, slots=True)
class Judged:
    """One call, heard once, as it is judged without words and with.

    group: "recorded", "ordinary", or of built ones "heated", "sarcastic", "fearful", "elated", "calm" or "joyful".
    """

    name: str
    corpus: str
    group: str
    truth: dict[str, Any]
    hearings: tuple[Hearing, Hearing]


class VoiceOnly:
    """The recogniser's encoder view without its words: they are clips' sentences and mean nothing in a built call."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self.name = f"{recogniser.name}, voice only"

    def hear(self, request: Request) -> Heard:
        """Hear the caller's voice; the agent's requests are not heard at all."""
        if request.channel == "caller":
            return self._recogniser.hear(dataclasses.replace(request, want_words=False))
        return Heard(request.channel, request.span, "", (), "en", 0.0, None, request.final, request.at)


def recorded(folder: Path, config: Config, recogniser: Recogniser | None) -> Iterator[Judged]:
    """The calls of a folder that lie beside their truth, as the product hears them."""
    for file in sorted(folder.glob("*.truth.json")):
        truth = json.loads(file.read_text(encoding="utf-8"))
        edges = build_edges(config, Choices(words=recogniser is not None))
        blocks = open_recording(folder / truth["file"])
        hearings = hear(blocks, config, edges, _lane(config, recogniser), LEVELS)
        yield Judged(truth["file"], "recorded", "recorded", truth, hearings)


def ordinary(data: Path, config: Config, recogniser: Recogniser | None) -> Iterator[Judged]:
    """Real calls with no distress in them: each party is the caller once."""
    for file in (found for pattern in ORDINARY for found in sorted(data.glob(pattern))):
        for side, judged in SIDES:
            edges = build_edges(config, Choices(words=recogniser is not None))
            recording = open_recording(file, agent_channel=side)
            hearings = hear(recording, config, edges, _lane(config, recogniser), LEVELS)
            length_s = recording.length_s or 0.0
            truth = {"aroused": [], "segments": [{"channel": "caller", "start": 0.0, "end": length_s}]}
            yield Judged(f"{file.name}, its {judged}", "ordinary", "ordinary", truth, hearings)


def built(data: Path, wanted: Wanted, config: Config, recogniser: Recogniser | None) -> Iterator[Judged]:
    """Built calls of every labelled corpus in turn, with words that fit (`calls/spoken.py`)."""
    corpora = [arousal_corpora.read(path.parent) for path in sorted(data.glob("emotion/*/labels.csv"))]
    if not (wanted.hours or wanted.joyful or any(wanted.risen.values())):
        return
    script = Script(data, wanted.part)
    voice = None if recogniser is None else VoiceOnly(recogniser)
    for number, (call, clips, seed) in enumerate(_calls(corpora, wanted)):
        kind = str(call.story["kind"])
        # Not in step with the corpora, so that each has its sarcastic callers.
        sarcastic = kind == "heated" and number // len(corpora) % SARCASTIC == SARCASTIC - 1
        lines = script.lines(call.story, seed, sarcastic=sarcastic)
        edges = build_edges(config, Choices(words=True))
        lane = _lane(config, Scripted(lines, voice))
        hearings = hear(_blocks(call.legs), config, edges, lane, LEVELS)
        group = "sarcastic" if sarcastic else kind
        yield Judged(f"{group} {clips[0].corpus} {seed}", clips[0].corpus, group, call.story, hearings)


def _calls(corpora: list[Clips], wanted: Wanted) -> Iterator[tuple[Call, Clips, int]]:
    """The calls to hear: those whose callers rise, joyful ones, then calm ones until there are hours enough."""
    for kind, (name, feeling) in enumerate(FEELINGS.items()):
        for number in range(wanted.risen.get(name, 0)):
            clips, seed = corpora[number % len(corpora)], wanted.seed + kind * OTHER_KIND + number
            yield heated.build(clips, seed, heated=True, feeling=feeling), clips, seed
    for number in range(wanted.joyful):
        clips, seed = corpora[number % len(corpora)], wanted.seed + len(FEELINGS) * OTHER_KIND + number
        yield heated.build(clips, seed, heated=False, joyful=True), clips, seed
    calm_s = 0.0
    for number in count(wanted.risen.get("heated", 0)):
        if calm_s >= wanted.hours * 3_600:
            return
        clips, seed = corpora[number % len(corpora)], wanted.seed + number
        # Not in step with the corpora, so that each has its long calls.
        length_s = LENGTHS_S[number // len(corpora) % len(LENGTHS_S)]
        call = heated.build(clips, seed, heated=False, length_s=length_s)
        calm_s += length_s if call.story["kind"] == "calm" else 0.0
        yield call, clips, seed


def _lane(config: Config, recogniser: Recogniser | None) -> Lane:
    return NoLane() if recogniser is None else ReplayLane(recogniser, samples(config.words.replay_lag_s))


def _blocks(legs: Floats) -> Iterator[AudioBlock]:
    for start in range(0, legs.shape[1] - HOP + 1, HOP):
        yield AudioBlock(start, legs[:, start : start + HOP])
