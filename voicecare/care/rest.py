"""The break offer: after a hard call, and seldom otherwise, one card says that it was hard and offers a break."""

from __future__ import annotations

from dataclasses import dataclass, field

MINUTES = (2, 5, 10)
"""Micro-breaks up to ten minutes give vigour back (d .36) and take fatigue (d .35); longer is better (pone.0272460)."""


@dataclass(frozen=True, slots=True)
class RestRules:
    """The limits of the offer; numbers of the specification of care, against alert fatigue."""

    every_s: float = 1_800.0
    """At most one offer in so long ..."""
    most: int = 4
    """... and so many a shift."""
    fresh_s: float = 900.0
    """A hard call is spoken of for so long; a break offered later is about nothing."""
    refusals: int = 2
    """After so many "not now" in a row ..."""
    silent_s: float = 7_200.0
    """... nothing is offered for so long."""
    pause_s: float = 300.0
    """Who stayed off the phone for so long has taken a break."""


@dataclass(slots=True)
class _Shift:
    """What is remembered of one shift, in memory alone; most: offers this shift."""

    most: int
    offers: list[float] = field(default_factory=list)
    refused: int = 0
    silent_until_s: float = float("-inf")
    hard_s: float | None = None


class Rest:
    """Decides when to offer a break; what was offered and declined leaves no record anywhere."""

    def __init__(self, rules: RestRules | None = None) -> None:
        self._rules = rules or RestRules()
        self._shift = _Shift(self._rules.most)

    def begin_shift(self, now_s: float, *, again: bool) -> None:
        """A shift begins; `again`: it was begun before and voicecare started anew, which forgot what it had offered.

        Then one offer is left, and none at once: the limits must hold whatever was forgotten.
        """
        silent_until_s = now_s + self._rules.every_s if again else float("-inf")
        self._shift = _Shift(1 if again else self._rules.most, silent_until_s=silent_until_s)

    def hard_call(self, now_s: float) -> None:
        """A hard call has ended, or the agent pressed "hard one"."""
        self._shift.hard_s = now_s

    def is_due(self, now_s: float) -> bool:
        """Whether a break may be offered now, at a boundary between calls."""
        rules, shift = self._rules, self._shift
        if shift.hard_s is None or now_s - shift.hard_s > rules.fresh_s or now_s < shift.silent_until_s:
            return False
        last_s = shift.offers[-1] if shift.offers else float("-inf")
        return len(shift.offers) < shift.most and now_s - last_s >= rules.every_s

    @property
    def first(self) -> bool:
        """Whether nothing was offered this shift yet."""
        return not self._shift.offers

    def offered(self, now_s: float) -> None:
        """The card is shown; the call it is about is not spoken of again."""
        self._shift.offers.append(now_s)
        self._shift.hard_s = None

    def declined(self, now_s: float) -> None:
        """The agent said "not now"."""
        self._shift.refused += 1
        if self._shift.refused >= self._rules.refusals:
            self._shift.refused = 0
            self._shift.silent_until_s = now_s + self._rules.silent_s

    def taken(self) -> None:
        """A break was taken: offered and accepted, or by the agent's own doing."""
        self._shift.refused = 0
        self._shift.hard_s = None

    def call_begins(self, idle_s: float) -> None:
        """A call begins after so long without one."""
        if idle_s >= self._rules.pause_s:
            self.taken()
