"""How the agent's desktop wants windows to look: light or dark, with or without motion."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from voicecare.cue.palette import PaletteName
from voicecare.cue.placement import Placement


def palette_of(place: Placement) -> PaletteName:
    """The colours the agent chose for the cue window, else those of the desktop; dark where it does not say."""
    if place.palette != "auto":
        return place.palette
    return "light" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else "dark"


def reduces_motion() -> bool:
    """Whether the desktop asks for less motion; only newer Qt can tell."""
    accessibility = getattr(QGuiApplication.styleHints(), "accessibility", None)
    preference = getattr(accessibility() if accessibility else None, "motionPreference", None)
    return preference is not None and "Reduce" in str(preference())
