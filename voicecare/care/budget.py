"""One budget for every card but the break offer, which has its own: few, far apart, never one upon another."""

from __future__ import annotations

GAP_S = 480.0
"""At least so long between two cards: every further reminder costs a third of the attention (s12911-017-0430-8)."""
MOST = 10
"""So many a shift at most."""


class CardBudget:
    """Counts this shift's cards."""

    def __init__(self) -> None:
        self._last_s = float("-inf")
        self._shown = 0

    def allows(self, now_s: float) -> bool:
        """Whether one more card may be shown now."""
        return self.has_room and now_s - self._last_s >= GAP_S

    @property
    def has_room(self) -> bool:
        """Whether this shift may have one more card at all."""
        return self._shown < MOST

    def shown(self, now_s: float) -> None:
        """A card was shown, of whatever kind."""
        self._last_s = now_s
        self._shown += 1

    def begin_shift(self) -> None:
        """A new shift begins."""
        self._shown = 0
