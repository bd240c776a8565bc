"""Random calls through the cue stage itself, for those who look back at what it did."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator

from voicecare.config import CueConfig
from voicecare.speech.cues.cues import Cues
from voicecare.timebase import HOP, Samples, Span, samples
from voicecare.types import Arousal, Cue, Phrase, Sentiment, TurnEvent

CONFIG = CueConfig(min_gap_s=7.0, max_per_call=2, refill_s=15.0, expire_s=6.0, remember_s=20.0)


@dataclasses.dataclass
class Told:
    """A random call as the cue stage saw it, and what the stage held after every hop."""

    events: list[object]
    cues: list[Cue]
    caller: list[Span]
    interruptions: list[TurnEvent]
    revised: set[int]
    end: Samples
    hops: list[tuple[Samples, bool, int, Samples | None, Cue | None]]

    def settled(self) -> list[Cue]:
        """One a cue, as it was told last."""
        return list({cue.id: cue for cue in self.cues}.values())


def random_call(seed: int, config: CueConfig = CONFIG, hops: int = 1500) -> Told:
    """Some 48 s of talk with estimates, words and interruptions at random, through the stage itself."""
    draw = random.Random(seed)
    call, cues = Told([], [], [], [], set(), 0, []), Cues(config)
    agent = caller = False
    level = 0.4
    for number in range(hops):
        now = (number + 1) * HOP
        agent ^= draw.random() < 0.03
        caller ^= draw.random() < 0.03
        for event in random_events(draw, now, level, call):
            call.events.append(event)
            call.cues += cues.push(event, now)
        level = min(0.95, max(0.2, level + draw.gauss(0, 0.03)))
        call.cues += cues.hop(now, HOP, agent_speaks=agent, caller_speaks=caller)
        if caller:
            call.caller.append(Span(now - HOP, now))
        due = cues._strain.due() is not None
        call.hops.append((now, due, cues._budget.left(now), cues._last_at, cues._standing))
    call.end = hops * HOP
    call.cues += cues.finish(call.end)
    return call


def random_events(draw: random.Random, now: Samples, level: float, call: Told) -> Iterator[object]:
    chance = draw.random()
    span = Span(max(0, now - samples(1.1)), now)
    if chance < 0.05:
        value = None if draw.random() < 0.1 else round(level, 3)
        yield Arousal(now, Span(max(0, now - samples(1.5)), now), value, 0.8, draw.uniform(-0.6, 0.6))
    elif chance < 0.056:
        turn = TurnEvent(number := len(call.interruptions) + 1, "interruption", "agent", span, now, closed=False)
        call.interruptions.append(turn)
        yield turn
        if draw.random() < 0.3:
            call.revised.add(number)
            yield dataclasses.replace(turn, kind="backchannel")
    elif chance < 0.058:
        yield Phrase("agent", draw.choice(["acknowledgement", "apology", "thanks"]), now, span, "I see")
    elif chance < 0.065:
        yield Sentiment(now, span, -0.5, draw.choice(["negative", "neutral"]), 0.8)
