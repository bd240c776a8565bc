"""The colours of the cue window; every pair of text and ground has a contrast of at least 4.5 (WCAG 2.2, AA)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from voicecare.cue.view import Tone

PaletteName: TypeAlias = Literal["dark", "light"]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #RRGGBB; tones are Okabe and Ito's, which the colour-blind can tell apart, darkened on white."""

    ground: str
    edge: str
    text: str
    detail: str
    tones: dict[Tone, str]


PALETTES: dict[PaletteName, Palette] = {
    "dark": Palette(
        ground="#1F2430",
        edge="#3A4254",
        text="#F4F6FA",
        detail="#B9C2D0",
        tones={"calm": "#56B4E9", "watch": "#E69F00", "high": "#E8713A", "muted": "#9AA5B8"},
    ),
    "light": Palette(
        ground="#FFFFFF",
        edge="#CBD2DE",
        text="#1A1F2B",
        detail="#4A5568",
        tones={"calm": "#0072B2", "watch": "#9A6700", "high": "#B24400", "muted": "#5B6679"},
    ),
}


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1..21.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    lights = sorted((_luminance(one), _luminance(other)))
    return round((lights[1] + 0.05) / (lights[0] + 0.05), 2)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
