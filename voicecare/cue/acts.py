"""What the agent can ask for, the same from everywhere: menu, panel, a letter in the terminal, another program."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from voicecare.cue.viewmodel import Wishes

Answer: TypeAlias = Literal["helped", "not_helped"]

SNOOZE_MINUTES = 15
"""How long cues are off where no length is asked for."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call of today, as its list shows it: when it began ("14:05"), how long it was, how many cues it had."""

    began: str
    length_s: float
    cues: int


@dataclass(frozen=True, slots=True)
class Offers:
    """What the app can do for the agent besides; what is None is not offered.

    on_feedback: told whether a cue helped, by the cue's id in the call that runs or ran last. on_erase: removes what is
    kept of a call whose caller objected; False where it could not. calls_today: asked each time the list is opened.
    settings: the settings file to write and open. keep, days: what stays of a call, for the card of the first start.
    """

    on_feedback: Callable[[int, Answer], None] | None = None
    on_erase: Callable[[], bool | None] | None = None
    calls_today: Callable[[], Sequence[CallLine]] | None = None
    settings: Path | None = None
    keep: str = "counts"
    days: float = 30.0


LETTERS = {
    "pause": "p",
    "snooze": "s",
    "cues_on": "c",
    "caller_objects_action": "o",
    "erase": "e",
    "new_call": "n",
    "helped": "y",
    "not_helped": "x",
    "move": "m",
    "quit": "q",
}
"""The key of each wish: typed in the terminal, or pressed while the menu is open; the same in every language."""


class Acts:
    """Does what the agent asks, whoever carries the wish; every method may be called from any thread.

    on_new_call, on_quit: of the run. last_cue: the id of the cue an answer is about, or None. now_s: the clock.
    """

    def __init__(
        self,
        wishes: Wishes,
        *,
        on_new_call: Callable[[], None],
        on_quit: Callable[[], None],
        last_cue: Callable[[], int | None] = lambda: None,
        offers: Offers | None = None,
        now_s: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._wishes = wishes
        self._on_new_call = on_new_call
        self._last_cue = last_cue
        self._offers = offers or Offers()
        self._now_s = now_s
        self._answered: int | None = None
        self.quit = on_quit

    @property
    def offered(self) -> frozenset[str]:
        """The wishes somebody can carry out, by the names of `LETTERS`."""
        lacking = {"erase"} if self._offers.on_erase is None else set()
        if self._offers.on_feedback is None:
            lacking |= {"helped", "not_helped"}
        return frozenset(LETTERS) - lacking

    @property
    def can_erase(self) -> bool:
        """Whether there may be something of this call to erase."""
        return self._wishes.objected and not self._wishes.erased and self._offers.on_erase is not None

    @property
    def can_answer(self) -> bool:
        """Whether there is a cue that was not answered yet, and somebody to tell."""
        last = self._last_cue()
        return self._offers.on_feedback is not None and last is not None and last != self._answered

    @property
    def is_snoozed(self) -> bool:
        """Whether cues are off for a while."""
        return self._now_s() < self._wishes.snoozed_until_s

    def snooze(self, minutes: float = SNOOZE_MINUTES) -> None:
        """No cues for so long from now on."""
        self._wishes.snoozed_until_s = self._now_s() + 60 * minutes

    def cues_on(self) -> None:
        """End a snooze early."""
        self._wishes.snoozed_until_s = 0.0

    def pause(self) -> None:
        """Stop listening, or listen again."""
        self._wishes.paused = not self._wishes.paused

    def objects(self) -> None:
        """The caller objects: stop for this call."""
        self._wishes.erased = False
        self._wishes.objected = True

    def erase(self) -> None:
        """Remove what is kept of the call whose caller objected."""
        if self.can_erase and self._offers.on_erase is not None:
            self._wishes.erased = self._offers.on_erase() is not False

    def new_call(self) -> None:
        """Another caller is on the line."""
        self._on_new_call()
        self._answered = None
        self._wishes.new_call()

    def answer(self, answer: Answer) -> None:
        """Say of the last cue whether it helped; the first answer stands."""
        last = self._last_cue()
        if self.can_answer and last is not None and self._offers.on_feedback is not None:
            self._answered = last
            self._offers.on_feedback(last, answer)

    def forget_answers(self) -> None:
        """A call begins, whose cues are counted anew."""
        self._answered = None
