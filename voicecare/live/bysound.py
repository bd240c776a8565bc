"""Calls known by sound alone: what a source hears all day, parted into calls and rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from voicecare.config import LifeConfig
from voicecare.source import Item
from voicecare.speech.life.bysound import CallBySound
from voicecare.timebase import HOP, samples
from voicecare.types import AudioBlock, CallPhase

BEFORE_S = 2.0
"""A call is sure when somebody has spoken for a moment; this much before it belongs to it."""


def calls_by_sound(
    items: Iterable[Item], config: LifeConfig, speaking: Callable[[], tuple[bool, bool]]
) -> Iterator[Item]:
    """Say when calls begin and end, and let only their hops pass; what else a source says passes as it comes.

    speaking: whether agent and caller spoke in the hop that was heard last, asked during a call.
    """
    known = CallBySound(config)
    before: deque[AudioBlock] = deque(maxlen=samples(BEFORE_S) // HOP)
    talking = False
    yield CallPhase(0, "rest", "sound")
    for item in items:
        if not isinstance(item, AudioBlock):
            yield item
            continue
        agent, caller = speaking() if talking else (False, False)
        phases = known.push(item, agent_speaks=agent, caller_speaks=caller)
        if talking:
            yield item
        else:
            before.append(item)
        for phase in phases:
            talking = phase.phase == "talk"
            yield phase
            if phase.phase == "ended":
                yield CallPhase(0, "rest", "sound")
            if talking:
                yield from before
                before.clear()
