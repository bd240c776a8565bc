"""The `acknowledge` cues of a call at many levels of strain, from one hearing.

What the caller's strain is does not depend on the level that raises a cue, so each call is heard once and every level
has a cue stage of its own, which is given exactly what the product's is given. A second row of stages is given the same
but nothing that was read from words.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from voicecare.config import Config, CueConfig
from voicecare.engine import Engine
from voicecare.ports import Lane, Noticed
from voicecare.speech.cues.cues import Cues
from voicecare.speech.pipeline import Edges, Pipeline
from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import Arousal, AudioBlock, Cue, Event, Health, Pace, Phrase, Sentiment


@dataclass(frozen=True, slots=True)
class Hearing:
    """One call: when `acknowledge` cues came at each level (seconds of call), and the strain as it was told.

    raised: the cues of the product's own level, praise among them.
    """

    at_s: dict[float, tuple[float, ...]]
    arousal: tuple[Arousal, ...]
    raised: tuple[Cue, ...] = ()


class CuesAtLevels:
    """Stands where a pipeline's cue stage stands and lets one stage a level hear everything it hears."""

    def __init__(self, config: CueConfig, levels: Iterable[float]) -> None:
        self._stages = {
            level: Cues(dataclasses.replace(config, high=level, low=min(config.low, level - 0.05))) for level in levels
        }
        self._shown: dict[float, list[Cue]] = {level: [] for level in self._stages}

    def push(self, event: Noticed, now: Samples) -> list[Cue]:
        """Take one event of the call; nothing is shown."""
        for level, stage in self._stages.items():
            self._shown[level] += stage.push(event, now)
        return []

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, caller_speaks: bool) -> list[Cue]:
        """Let time pass; nothing is shown."""
        for level, stage in self._stages.items():
            self._shown[level] += stage.hop(now, length, agent_speaks=agent_speaks, caller_speaks=caller_speaks)
        return []

    def kept_away(self) -> list[Health]:
        """What a limit keeps away is not looked at."""
        return []

    def finish(self, end: Samples) -> list[Cue]:
        """The call is over; nothing is shown."""
        for level, stage in self._stages.items():
            self._shown[level] += stage.finish(end)
        return []

    def raised(self, level: float) -> tuple[Cue, ...]:
        """The cues of one level, as they were raised."""
        return tuple(cue for cue in self._shown.get(level, ()) if cue.cleared_at is None)

    def acknowledge_s(self) -> dict[float, tuple[float, ...]]:
        """When cues that ask for an acknowledgement were raised, in seconds of call."""
        return {
            level: tuple(cue.at / RATE_HZ for cue in self.raised(level) if "acknowledge" in cue.kind)
            for level in self._stages
        }


class WithAndWithoutWords:
    """Two rows of cue stages: one is given everything, the other nothing that was read from words."""

    def __init__(self, config: CueConfig, levels: Iterable[float]) -> None:
        levels = tuple(levels)
        self.with_words, self.without = CuesAtLevels(config, levels), CuesAtLevels(config, levels)

    def push(self, event: Noticed, now: Samples) -> list[Cue]:
        """Take one event of the call; nothing is shown."""
        if not isinstance(event, Sentiment | Phrase | Pace):
            self.without.push(event, now)
        return self.with_words.push(event, now)

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, caller_speaks: bool) -> list[Cue]:
        """Let time pass; nothing is shown."""
        self.without.hop(now, length, agent_speaks=agent_speaks, caller_speaks=caller_speaks)
        return self.with_words.hop(now, length, agent_speaks=agent_speaks, caller_speaks=caller_speaks)

    def kept_away(self) -> list[Health]:
        """What a limit keeps away is not looked at."""
        return []

    def finish(self, end: Samples) -> list[Cue]:
        """The call is over; nothing is shown."""
        self.without.finish(end)
        return self.with_words.finish(end)


def hear(
    blocks: Iterable[AudioBlock], config: Config, edges: Edges, lane: Lane, levels: Iterable[float]
) -> tuple[Hearing, Hearing]:
    """Hear one call through the product's own pipeline and engine; return it without words, and with."""
    cues = WithAndWithoutWords(config.cues, levels)  # the only stage that a level changes
    events: list[Event] = list(Engine(Pipeline(config, edges, cues), lane).run(blocks))
    arousal, own = tuple(e for e in events if isinstance(e, Arousal)), config.cues.high
    without, with_words = (
        Hearing(row.acknowledge_s(), arousal, row.raised(own)) for row in (cues.without, cues.with_words)
    )
    return without, with_words
