"""Writes the README's pictures as things look now: the page of the demo call and the cue window.

python scripts/make/pictures.py --chromium /usr/bin/chromium        (in a .venv with live and test)
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.cli import run
from voicecare.cue.view import View
from voicecare.cue.viewmodel import ViewModel
from voicecare.timebase import samples
from voicecare.types import Cue, CueKind, Health, Reason

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE_PX = (1200, 1500)
GAP_PX = 16
CUES: dict[CueKind, tuple[Reason, ...]] = {
    "slow_down": (Reason("spoke_over_caller", (samples(72), samples(91)), 2.0),),
    "acknowledge": (Reason("strain_high", (samples(31),), 0.72), Reason("pitch_up", (), 3.2)),
    "well_held": (Reason("strain_eased", (samples(150),), 0.2),),
}


def main() -> None:
    """Draw the pictures anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--chromium", type=Path, default=Path("/usr/bin/chromium"), help="the browser that draws the page"
    )
    options = parser.parse_args()
    draw_page(options.chromium)
    draw_cues()


def draw_page(chromium: Path) -> None:
    """Draw the page of the demo call to docs/report.png."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        html = Path(folder) / "demo-call.html"
        if run(["demo", "--html", str(html)]) != 0:
            raise SystemExit("the demo call could not be replayed")
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": PAGE_PX[0], "height": PAGE_PX[1]})
        page.goto(html.as_uri())
        page.wait_for_function("document.querySelector('#readout').textContent !== ''")
        page.screenshot(path=DOCS / "report.png")
        browser.close()


def draw_cues() -> None:
    """Draw the cue window, dark and light, to docs/cues.png."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtWidgets import QApplication

    from voicecare.cue.overlay import Overlay

    application = QApplication([])
    columns = []
    for palette in ("dark", "light"):
        column = []
        for view in views():
            overlay = Overlay(palette, reduced_motion=True)
            overlay.place(QPoint(560, 100))
            overlay.show_view(view)
            application.processEvents()
            image = QImage(overlay.size(), QImage.Format.Format_ARGB32)
            image.fill(0xFFFFFFFF)
            overlay.render(image)
            column.append(image)
            overlay.hide()
        columns.append(column)
    widths = [max(image.width() for image in column) for column in columns]
    rows = [max(pair[0].height(), pair[1].height()) for pair in zip(*columns, strict=True)]
    picture = QImage(sum(widths) + 3 * GAP_PX, sum(rows) + (len(rows) + 1) * GAP_PX, QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    for place, column in enumerate(columns):
        x, y = GAP_PX + place * (widths[0] + GAP_PX), GAP_PX
        for image, height in zip(column, rows, strict=True):
            painter.drawImage(x, y, image)
            y += height + GAP_PX
    painter.end()
    picture.save(str(DOCS / "cues.png"))


def views() -> list[View]:
    """What the window shows for each cue, and when it cannot hear."""
    shown = []
    for kind, because in CUES.items():
        model = _model()
        model.push(Cue(1, kind, 0, because, samples(20)))
        shown.append(model.view(0.0))
    deaf = _model()
    deaf.push(Health(0, "not_listening", 0, "caller_device_gone"))
    return [*shown, deaf.view(0.0)]


def _model() -> ViewModel:
    model = ViewModel(Catalogue.load("en", "agent"))
    model.beat(0.0)
    return model


if __name__ == "__main__":
    main()
