"""Where the agent wants the pill, remembered between runs in one small file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from voicecare.cue.palette import PALETTES

WIDEST_PX = 32_767
"""No screen is wider (X11's own limit)."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The right upper corner of the pill on a screen, its size and its colours.

    right_px, top_px: distance from the right and the top edge of the screen. palette: `auto` follows the desktop.
    card_read: whether the card of the first start was read.
    """

    screen: str = ""
    right_px: int = 24
    top_px: int = 24
    scale: float = 1.0
    palette: Literal["auto", "dark", "light"] = "auto"
    reduced_motion: bool = False
    card_read: bool = False


def default_path() -> Path:
    """The file in the user's own settings folder."""
    from platformdirs import user_config_path

    return user_config_path("voicecare") / "window.json"


def load(path: Path) -> Placement:
    """Read it; what is missing or broken falls back to the default, for a window's place is not worth an error."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Placement()
    if not isinstance(values, dict):
        return Placement()
    default = asdict(Placement())
    known = {k: v for k, v in values.items() if k in default and type(v) is type(default[k])}
    if known.get("palette") not in ("auto", *PALETTES):
        known.pop("palette", None)
    if not 0.5 <= known.get("scale", 1.0) <= 3.0:
        del known["scale"]
    for distance in ("right_px", "top_px"):
        if abs(known.get(distance, 0)) > WIDEST_PX:
            del known[distance]
    return Placement(**known)


def save(path: Path, placement: Placement) -> None:
    """Write it.

    Raises:
        OSError: the folder cannot be written; the caller goes on without.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(placement), indent=1), encoding="utf-8")
