"""A window that says why voicecare does not run, for whoever started it without a terminal."""

from __future__ import annotations

import sys

from voicecare.cue.windowing import has_screen


def refuse(why: str) -> None:
    """Show why, in one plain window, until it is closed; where no window can be shown nothing happens.

    why: one line, shown as it is.
    """
    if not has_screen():
        return
    try:
        from PySide6.QtCore import Qt
        from PySide6.QtWidgets import QApplication, QMessageBox
    except ImportError:
        return
    app = QApplication.instance() or QApplication(sys.argv[:1])
    box = QMessageBox(QMessageBox.Icon.Warning, "voicecare", why)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.show()
    box.finished.connect(app.quit)
    app.exec()
