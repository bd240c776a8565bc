"""One picture of the screen, as words: what is drawn by the window, the tray and the console."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Mood: TypeAlias = Literal[
    "listening", "cue", "done", "waiting", "deaf", "snoozed", "paused", "objected", "starting", "rest", "ringing",
    "hold", "ended", "moving",
]  # fmt: skip
Shape: TypeAlias = Literal["dot", "circle", "triangle", "square", "ring", "bar", "moon", "cross", "check"]
"""A shape for each state, so that colour is never alone: dot well, circle praise, triangle and square cues, check a cue
that was followed, ring deaf, bar paused or on hold, moon no cues, cross the caller's wish."""
Tone: TypeAlias = Literal["calm", "watch", "high", "muted"]
Size: TypeAlias = Literal["none", "dot", "label", "words"]
"""How much of the screen is asked for: none (no call), a dot (all is well), one small line (a state to be sure of), all
the words (something to do)."""


@dataclass(frozen=True, slots=True)
class View:
    """What is on screen: a headline, the lines below it (may be none), a shape and a tone.

    more: what is said besides to those who ask (hover, tooltip, screen reader, console).
    cue_id: the cue shown, so that a new one of the same words still draws the eye.
    """

    mood: Mood
    headline: str
    details: tuple[str, ...]
    shape: Shape
    tone: Tone
    size: Size
    more: tuple[str, ...] = ()
    cue_id: int | None = None

    @property
    def quiet(self) -> bool:
        """Whether nothing needs the agent."""
        return self.size != "words"

    @property
    def told(self) -> tuple[str, ...]:
        """What stands below the headline where there is room: a cue's reasons in full, with moments and figures."""
        return self.more if self.cue_id is not None else (*self.details, *self.more)

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything there is to say, the headline first."""
        return (self.headline, *self.details, *self.more)
