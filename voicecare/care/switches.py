"""What of care is on: off means off, for fifteen minutes, for this shift or for good, and a restart remembers it."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

from voicecare.care.diary import Diary
from voicecare.errors import UsageError

Feature: TypeAlias = Literal[
    "breaks", "breathing", "moments", "thanks", "recoveries", "intentions", "feedback", "weekly", "team"
]
FEATURES: tuple[Feature, ...] = get_args(Feature)
ON_AT_FIRST: frozenset[Feature] = frozenset({"breaks", "breathing"})
"""All else waits for the agent's own yes."""
HowLong: TypeAlias = Literal["15min", "shift", "good"]
HOW_LONG: tuple[HowLong, ...] = get_args(HowLong)
ALL = "all"
WELCOME = "welcome"
PAUSE_S = 900.0
AGAIN_S = 30 * 86_400.0
"""Whoever closed the first question without an answer is not asked again for so long."""


class Switches:
    """Reads and sets what is on; kept in the diary, one row a feature."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary

    def is_on(self, feature: Feature, now_s: float) -> bool:
        """Whether a feature may show anything now."""
        states = self._states()
        return self._allows(states.get(ALL), now_s, usual=True) and self._allows(
            states.get(feature), now_s, usual=feature in ON_AT_FIRST
        )

    def off(self, feature: Feature | Literal["all"], how_long: HowLong, now_s: float) -> None:
        """Switch a feature, or all, off."""
        before = self._states().get(feature)
        until_s = {"15min": now_s + PAUSE_S, "shift": None, "good": None}[how_long]
        back = "on" if feature == ALL or self._allows(before, now_s, usual=feature in ON_AT_FIRST) else "off"
        state = "off" if how_long == "good" else f"{how_long}:{back}"
        self._set(feature, state, until_s, now_s)

    def on(self, feature: Feature | Literal["all"], now_s: float) -> None:
        """Switch a feature on, or take back that all is off; each feature then is as it was."""
        self._set(feature, "on", None, now_s)

    def shift_over(self, now_s: float) -> None:
        """What was off for the shift is as it was before."""
        for feature, row in self._states().items():
            state, _, back = str(row["state"]).partition(":")
            if state == "shift":
                self._set(feature, back, None, now_s)

    def may_ask(self, now_s: float) -> bool:
        """Whether the first question may be put: once, and after a month where it was closed without an answer."""
        row = self._states().get(WELCOME)
        if row is None:
            return self._allows(self._states().get(ALL), now_s, usual=True)
        return row["state"] == "closed" and now_s >= float(row["at_s"]) + AGAIN_S and self.is_on("breaks", now_s)

    def asked(self, now_s: float, *, answered: bool) -> None:
        """The first question was put."""
        self._set(WELCOME, "answered" if answered else "closed", None, now_s)

    def _states(self) -> dict[str, dict[str, Any]]:
        return {str(row["feature"]): dict(row) for row in self._diary.rows("switches")}

    def _set(self, feature: str, state: str, until_s: float | None, now_s: float) -> None:
        for row in self._diary.rows("switches"):
            if row["feature"] == feature:
                self._diary.remove("switches", int(row["id"]))
        self._diary.add("switches", now_s, feature=feature, state=state, until_s=until_s)

    @staticmethod
    def _allows(row: dict[str, Any] | None, now_s: float, *, usual: bool) -> bool:
        if row is None:
            return usual
        state, _, back = str(row["state"]).partition(":")
        if state == "15min":
            until_s = row["until_s"]
            return back == "on" and isinstance(until_s, float) and now_s >= until_s
        return state == "on"


def feature_of(typed: str) -> Feature | Literal["all"]:
    """Find what was typed among the features.

    Raises:
        UsageError: it is none of them.
    """
    for feature in FEATURES:
        if typed == feature:
            return feature
    if typed == ALL:
        return "all"
    raise UsageError(f"{typed!r:.40} is no part of care; choose all, {', '.join(FEATURES)}")
