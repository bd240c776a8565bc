"""Knows when a card may be on screen at all: never while it rings or a call is on, and not before all is quiet."""

from __future__ import annotations

BOUNDARY_S = 3.0
"""A call has ended and nobody spoke for so long: the boundary, at which people are most willing (arXiv 2407.11612)."""


class Between:
    """Follows the calls of a shift; of what was said it knows only that somebody spoke."""

    def __init__(self) -> None:
        self._busy = False
        self._quiet_since_s: float | None = None
        self._used = True

    def begin_shift(self, now_s: float) -> None:
        """A shift begins between calls."""
        self._busy, self._quiet_since_s, self._used = False, now_s, True

    def busy(self, now_s: float) -> float:
        """It rings, or a call begins; return how long it had been quiet."""
        since_s, self._busy = self._quiet_since_s, True
        return 0.0 if since_s is None else now_s - since_s

    def free(self, now_s: float, *, after_call: bool) -> None:
        """The call is over, or the ringing stopped without one."""
        self._busy = False
        if after_call:
            self._quiet_since_s, self._used = now_s, False

    def spoke(self, now_s: float) -> None:
        """Somebody spoke, a colleague perhaps: wait for quiet again."""
        if self._quiet_since_s is not None and not self._busy:
            self._quiet_since_s = now_s

    @property
    def is_free(self) -> bool:
        """Whether no call is on and none rings."""
        return not self._busy

    def is_boundary(self, now_s: float) -> bool:
        """Whether a card may come now: after a call, in quiet, and none has come since that call."""
        since_s = self._quiet_since_s
        return not self._busy and not self._used and since_s is not None and now_s - since_s >= BOUNDARY_S

    def use(self) -> None:
        """This boundary has had its card."""
        self._used = True
