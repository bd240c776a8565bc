"""The pacer at hand in a running day: opened when the agent asks, gone when a call comes."""

from __future__ import annotations

from voicecare.care.pacer import PATTERNS, Pacer
from voicecare.care.screen.look import palette_of, reduces_motion
from voicecare.care.screen.pacer import PacerWindow
from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.placement import Placement

USUAL, MINUTES = "4-6", 5


class Pacing:
    """Opens at most one pacer, as the cue window looks; to be made and asked in Qt's thread."""

    def __init__(self, catalogue: Catalogue, place: Placement) -> None:
        self._catalogue = catalogue
        self._place = place
        self.window: PacerWindow | None = None
        """The one that is open."""

    def breathe(self) -> None:
        """Open the pacer, unless one is open."""
        if self.window is not None:
            self.window.raise_()
            return
        self.window = PacerWindow(
            Pacer(PATTERNS[USUAL], MINUTES),
            self._catalogue,
            palette_of(self._place),
            scale=self._place.scale,
            reduced_motion=self._place.reduced_motion or reduces_motion(),
        )
        self.window.over.connect(self._over)
        self.window.begin()

    def call_comes(self) -> None:
        """End it at once, if it is open; may be called from any thread."""
        window = self.window
        if window is not None:
            window.call_comes()

    def _over(self) -> None:
        self.window = None
