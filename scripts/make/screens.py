"""Draws every state of the cue window on a real X server, to be looked at before a release.

python -m scripts.make.screens --out FOLDER        (needs Xvfb; in a .venv with live)

One sheet for each language and screen: the right upper corner of the screen in each state, dark and light, and as it is
while the mouse rests there. At 800×480 and scale 2 a tile is the whole width of the screen.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from voicecare.catalogue.catalogue import Catalogue, languages
from voicecare.cue.view import View
from voicecare.cue.viewmodel import ViewModel
from voicecare.timebase import samples
from voicecare.types import CallPhase, Cue, CueKind, Health, Phase, Reason

SCREENS = {"1": (800, 480), "2": (800, 480), "2-large": (2560, 1440)}
"""Scale (QT_SCALE_FACTOR) and pixels of each screen; 800×480 at 2 is the smallest there is."""
LATER_S = 100.0
TILE_PX, GAP_PX, ACROSS = (400, 200), 4, 4
_CUES: dict[CueKind, tuple[Reason, ...]] = {
    "slow_down": (Reason("spoke_over_caller", (samples(72), samples(91)), 2.0),),
    "acknowledge": (Reason("strain_high", (samples(31),), 0.72), Reason("pitch_up", (), 3.2)),
    "slow_down_acknowledge": (Reason("spoke_over_caller", (samples(72),), 1.0), Reason("voice_brighter", (), 1.9)),
    "well_held": (Reason("strain_eased", (samples(150),), 0.2),),
}


def states(language: str) -> dict[str, View]:
    """Every state by its name, as the agent reads it."""
    shown: dict[str, View] = {k: _shown(language, lambda model, k=k: _cue(model, k)) for k in _CUES}  # type: ignore[misc]
    shown["followed"] = _shown(language, _followed, settle=False)
    shown["begins"] = _shown(language, lambda _: None, at_s=0.0)
    shown["listening"] = _shown(language, lambda _: None)
    shown["snoozed"] = _shown(language, lambda model: setattr(model.wishes, "snoozed_until_s", LATER_S + 720))
    shown["paused"] = _shown(language, lambda model: setattr(model.wishes, "paused", True))
    shown["objected"] = _shown(language, lambda model: setattr(model.wishes, "objected", True))
    shown["paused-first"] = _fresh(language, "paused")
    shown["objected-first"] = _fresh(language, "objected")
    for phase in ("rest", "ringing", "hold", "ended"):
        shown[phase] = _shown(language, lambda model, p=phase: _phase(model, p), settle=False)  # type: ignore[misc]
    shown["elsewhere"] = _shown(language, lambda model: _deaf(model, "caller_elsewhere"))
    shown["gone"] = _shown(language, lambda model: _deaf(model, "agent_device_gone"))
    shown["moving"] = ViewModel(Catalogue.load(language, "agent")).moving()
    return shown


def _shown(
    language: str, happens: Callable[[ViewModel], object], at_s: float = LATER_S, *, settle: bool = True
) -> View:
    model = ViewModel(Catalogue.load(language, "agent"))
    model.beat(0.0)
    happens(model)
    if settle:
        model.view(0.0)
    model.beat(at_s)
    return model.view(at_s)


def _fresh(language: str, wish: str) -> View:
    model = ViewModel(Catalogue.load(language, "agent"))
    setattr(model.wishes, wish, True)
    return model.view(LATER_S)


def _cue(model: ViewModel, kind: CueKind) -> None:
    model.push(Cue(1, kind, 0, _CUES[kind], samples(20)))


def _followed(model: ViewModel) -> None:
    _cue(model, "slow_down")
    model.beat(LATER_S - 1)
    model.view(LATER_S - 1)
    model.push(Cue(1, "slow_down", 0, _CUES["slow_down"], samples(20), samples(1), "heeded"))


def _phase(model: ViewModel, phase: Phase) -> None:
    model.push(CallPhase(0, phase, "softphone"))


def _deaf(model: ViewModel, note: str) -> None:
    model.push(Health(0, "not_listening", 0, note, {"device": "Jabra Evolve2 65"}))


def main() -> None:
    """Draw all sheets, each in a process of its own: a scale holds for a whole process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the folder the sheets go to")
    parser.add_argument("--sheet", nargs=2, metavar=("LANGUAGE", "SCREEN"), help="draw this one here and now")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.sheet:
        draw_sheet(options.out, *options.sheet)
        return
    for name, (width, height) in SCREENS.items():
        read, write = os.pipe()
        screen = f"{width}x{height}x24"
        server = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"]
        with subprocess.Popen(server, pass_fds=(write,), stderr=subprocess.DEVNULL) as xvfb:
            os.close(write)
            with os.fdopen(read) as pipe:
                display = f":{pipe.readline().strip()}"
            environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": name[0]}
            for language in languages():
                command = [
                    sys.executable,
                    "-m",
                    "scripts.make.screens",
                    "--out",
                    str(options.out),
                    "--sheet",
                    language,
                    name,
                ]
                subprocess.run(command, env=environment, check=True)
            xvfb.terminate()


def draw_sheet(out: Path, language: str, name: str) -> None:
    """Draw all states on this screen, one picture of the whole screen each, joined to a sheet."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtWidgets import QApplication

    from voicecare.cue.overlay import Overlay
    from voicecare.cue.palette import PALETTES

    application = QApplication([])
    screen = application.primaryScreen()
    room = screen.availableGeometry()
    pictures = []
    for view in states(language).values():
        for palette in PALETTES:
            for hover in (False, True) if view.cue_id or view.size in ("dot", "label") else (False,):
                overlay = Overlay(palette, reduced_motion=True)
                overlay.place(room.topRight() + QPoint(-24, 24))
                overlay.show_view(view, handle=True)
                if hover:
                    overlay.look(overlay.geometry().center())
                for _ in range(10):
                    application.processEvents()
                pictures.append(screen.grabWindow(0).toImage())
                overlay.close()
    sheet = QImage(
        ACROSS * (TILE_PX[0] + GAP_PX), -(-len(pictures) // ACROSS) * (TILE_PX[1] + GAP_PX), QImage.Format.Format_RGB32
    )
    sheet.fill(0xFF707070)
    scale = int(name[0])
    with QPainter(sheet) as painter:
        for place, picture in enumerate(pictures):
            picture.setDevicePixelRatio(1)
            width, height = TILE_PX[0] * scale, TILE_PX[1] * scale
            part = picture.copy(picture.width() - width, 0, width, height).scaled(*TILE_PX)
            corner = (place % ACROSS) * (TILE_PX[0] + GAP_PX), (place // ACROSS) * (TILE_PX[1] + GAP_PX)
            painter.drawImage(QPoint(*corner), part)
    sheet.save(str(out / f"{language}-{name}.png"))


if __name__ == "__main__":
    main()
