"""Whether a window can be shown here, and how; asked before Qt is, which ends the process where there is no screen."""

from __future__ import annotations

import os
import sys

_NEEDS_A_SERVER = ("", "xcb", "wayland")


def has_screen() -> bool:
    """Whether there is a screen to show a window on; only Linux is ever without."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").partition(";")[0].partition(":")[0] not in _NEEDS_A_SERVER:
        return True  # drawn without a display server, into memory or a frame buffer
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def prepare_platform() -> None:
    """Choose a windowing way in which a pill may lie on top: under Wayland only X11's own (XWayland) lets it."""
    if sys.platform.startswith("linux") and os.environ.get("WAYLAND_DISPLAY") and os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "xcb")


def keeps_on_top(platform: str) -> bool:
    """Whether a window may lie over others and choose its place, by the name Qt has for the window system.

    Wayland itself has neither; its layer-shell has, but the one library that speaks it for Qt (LayerShellQt) must be
    built with the very Qt it is loaded into, so nothing installed with pip can use it.
    """
    return not platform.startswith("wayland")
