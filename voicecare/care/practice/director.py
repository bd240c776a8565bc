"""A made-up caller: goes on when the agent's turn is over, cools when acknowledged, heats when interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from voicecare.care.practice.scenario import HEATS, Heat, Part, Scenario
from voicecare.care.practice.script import Act, AgentsTurn, End, Hush, Say
from voicecare.timebase import Samples, samples, seconds

OPENING_S = 6.0
"""A caller who is not greeted for so long asks whether anybody is there."""
SILENT_S = 8.0
"""The same in the middle of a call: a long silence is one of 5 s (`TurnConfig`), and people look things up."""
MOST_ASKED = 2
"""Who gets no answer to this many questions in a row hangs up."""
PARTING_S = 4.0
"""How long the caller waits for a goodbye."""

Why: TypeAlias = Literal["began", "acknowledged", "interrupted", "story"]


@dataclass(frozen=True, slots=True)
class Change:
    """The caller's heat after something happened, and what."""

    at: Samples
    heat: Heat
    why: Why


class Director:
    """Plays a scenario; it is a `Script`.

    words: whether the agent's words are recognised; without them nothing can be acknowledged. course: the heat, from
    the beginning. gave_up: the caller hung up because nobody spoke.
    """

    def __init__(self, scenario: Scenario, *, words: bool = True) -> None:
        self._scenario = scenario
        self._turn = AgentsTurn(words=words)
        self._heat = HEATS.index(scenario.begins)
        self.course: list[Change] = [Change(0, self.heat, "began")]
        self.gave_up = False
        self._next = 0
        self._acknowledged = self._cooled = False
        self._cut: Part | None = None  # what the caller was saying when the agent spoke over them
        self._cut_before: Part | None = None
        self._saying: Part | None = None
        self._speaks = False
        self._asked = 0
        self._parting = False

    @property
    def heat(self) -> Heat:
        """How heated the caller is."""
        return HEATS[self._heat]

    @property
    def hottest(self) -> Heat:
        """The highest heat so far."""
        return max((change.heat for change in self.course), key=HEATS.index)

    @property
    def acknowledged_after_s(self) -> float | None:
        """From the caller's first rise to the first acknowledgement after it; None where there was none."""
        heated = [change.at for change in self.course if change.why in ("story", "interrupted")]
        cooled = [change.at for change in self.course if heated and change.why == "acknowledged"]
        after = [at for at in cooled if at >= heated[0]]
        return seconds(after[0] - heated[0]) if after else None

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, playing: bool) -> list[Act]:
        """Let time pass."""
        if playing:
            self._speaks = True
            return []
        if self._speaks:
            self._speaks = False
            self._turn.begin(now)
            if self._cut is not None:
                self._turn.took(now)
        self._turn.hop(now, length, agent_speaks=agent_speaks)
        if self._turn.over(now):
            return [End()] if self._parting else self._answer(now)
        patience_s = PARTING_S if self._parting else OPENING_S if self._next == 0 else SILENT_S
        if self._turn.silent(now) < samples(patience_s):
            return []
        return [End()] if self._parting else self._ask(now)

    def acknowledged(self, at: Samples) -> None:
        """The agent acknowledged: the caller cools, once a turn."""
        if not self._acknowledged and self._next:
            self._acknowledged = True
            self._cooled = self._warm(at, -1, "acknowledged")

    def interrupted(self, at: Samples) -> list[Act]:
        """The agent spoke over the caller: the caller heats, and stops."""
        self._warm(at, 1, "interrupted")
        if self._saying is None:
            return []
        self._cut = self._saying
        return [Hush()]

    def understood(self, upto: Samples) -> None:
        """What the agent said before `upto` is known."""
        self._turn.understood(upto)

    def _answer(self, now: Samples) -> list[Act]:
        """The agent's turn is over."""
        said: list[Part] = []
        self._asked = 0
        if self._cut is not None:
            said.append(self._scenario.parts["interrupted"])
        elif self._cooled:
            said.append(self._scenario.parts["acknowledged"])
        if self._cut is not None and self._cut is not self._cut_before:
            self._cut_before = self._cut
            said.append(self._cut)  # from its beginning, once
        else:
            said.append(self._step(now))
        self._cut = None
        return self._say(now, said)

    def _step(self, now: Samples) -> Part:
        if self._next == len(self._scenario.steps):
            self._parting = True
            return self._scenario.parts["end"]
        step = self._scenario.steps[self._next]
        self._next += 1
        if step.rises and not self._acknowledged:
            self._warm(now, 1, "story")
        return step

    def _ask(self, now: Samples) -> list[Act]:
        """Nobody has spoken for long."""
        if self._asked == MOST_ASKED:
            self.gave_up = True
            return [End()]
        self._asked += 1
        return self._say(now, [self._scenario.parts["silence"]])

    def _say(self, now: Samples, parts: list[Part]) -> list[Act]:
        self._saying = parts[-1] if parts[-1] is not self._scenario.parts["silence"] else self._saying
        self._acknowledged = self._cooled = False
        self._turn.begin(now)
        lines = tuple(line for line in (part.at(self.heat) for part in parts) if line is not None)
        return [Say(lines)] if lines else []

    def _warm(self, at: Samples, by: int, why: Why) -> bool:
        """Move the heat by one; whether there was room to. What the agent did is noted all the same."""
        heat = min(len(HEATS) - 1, max(0, self._heat + by))
        moved = heat != self._heat
        self._heat = heat
        if moved or why != "story":
            self.course.append(Change(at, self.heat, why))
        return moved
