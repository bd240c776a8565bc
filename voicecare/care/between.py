"""Knows when a card may be on screen at all: never while it rings or a call is on, and not before all is quiet."""

from __future__ import annotations

BOUNDARY_S = 3.0
"""A call has ended and nobody spoke for so long: the boundary, at which people are most willing (arXiv 2407.11612)."""


class Between:
    """Follows the calls of a shift; of what was said it knows only that somebody spoke.

    It may ring while a call is on, and stop ringing: the call goes on.
    """

    def __init__(self) -> None:
        self._rings = self._calls = False
        self._quiet_since_s: float | None = None
        self._used = True

    def begin_shift(self, now_s: float) -> None:
        """A shift begins between calls."""
        self._rings = self._calls = False
        self._quiet_since_s, self._used = now_s, True

    def rings(self, now_s: float) -> float:
        """It rings; return how long there had been no call."""
        idle_s = self._idle_s(now_s)
        self._rings = True
        return idle_s

    def begins(self, now_s: float) -> float:
        """A call begins, rung or placed; return how long there had been none, 0 where it rang before."""
        idle_s = self._idle_s(now_s)
        self._rings, self._calls = False, True
        return idle_s

    def stops_ringing(self) -> None:
        """It rang, and no call came of it."""
        self._rings = False

    def ends(self, now_s: float) -> None:
        """The call is over."""
        self._calls = False
        self._quiet_since_s, self._used = now_s, False

    def spoke(self, now_s: float) -> None:
        """Somebody spoke, a colleague perhaps: wait for quiet again."""
        if self._quiet_since_s is not None and self.is_free:
            self._quiet_since_s = max(now_s, self._quiet_since_s)

    @property
    def is_free(self) -> bool:
        """Whether no call is on and none rings."""
        return not (self._rings or self._calls)

    def is_boundary(self, now_s: float) -> bool:
        """Whether a card may come now: after a call, in quiet, and none has come since that call."""
        since_s = self._quiet_since_s
        return self.is_free and not self._used and since_s is not None and now_s - since_s >= BOUNDARY_S

    def use(self) -> None:
        """This boundary has had its card."""
        self._used = True

    def _idle_s(self, now_s: float) -> float:
        since_s = self._quiet_since_s
        return 0.0 if since_s is None or not self.is_free else now_s - since_s
