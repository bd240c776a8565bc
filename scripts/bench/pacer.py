"""Measures the breathing pacer in a real window: how late each phase is on screen, what it costs, how soon it ends.

Needs Xvfb and openbox (scripts/apt-packages.txt).

    python scripts/bench/pacer.py [--minutes 5] [--scale 2] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import threading
import time
from pathlib import Path

from voicecare.care.pacer import PATTERNS, Pacer
from voicecare.catalogue.catalogue import Catalogue

STAGE = Path(__file__).resolve().parents[2] / "tests"
"""Where the private screen is, which the tests use, too."""
CALLS = 20
"""So many calls come while it paces."""


def paced(name: str, minutes: float, *, scale: float, still: bool) -> dict[str, float | str | int]:
    """Pace to the end once."""
    from PySide6.QtWidgets import QApplication

    from voicecare.care.screen.pacer import PacerWindow

    application = QApplication.instance() or QApplication(["bench"])
    pacer = Pacer(PATTERNS[name], minutes)
    painted: list[tuple[int, float]] = []
    window = PacerWindow(
        pacer, Catalogue.load(), scale=scale, reduced_motion=still, painted=lambda n, at_s: painted.append((n, at_s))
    )
    window.over.connect(application.quit)
    begun_s, used_s = time.perf_counter(), time.process_time()
    window.begin()
    first_s = window.begun_s or begun_s
    application.exec()
    lasted_s, used_s = time.perf_counter() - begun_s, time.process_time() - used_s
    breath_s = sum(phase.length_s for phase in pacer.pattern)
    due_s = []
    for number, _ in painted:
        breaths, place = divmod(number, len(pacer.pattern))
        due_s.append(first_s + breaths * breath_s + sum(phase.length_s for phase in pacer.pattern[:place]))
    late_ms = [1000 * (at_s - due) for (_, at_s), due in zip(painted, due_s, strict=True)][
        1:
    ]  # it opens with the first
    return {
        "pattern": name,
        "still": int(still),
        "phases": len(painted),
        "late_ms_median": round(statistics.median(late_ms), 1),
        "late_ms_most": round(max(late_ms), 1),
        "core_percent": round(100 * used_s / lasted_s, 2),
        "length_error_ms": round(1000 * abs(lasted_s - pacer.length_s), 0),
    }


def ended() -> dict[str, float | str | int]:
    """How long after a call comes, in another thread, the window is gone."""
    from PySide6.QtWidgets import QApplication

    from voicecare.care.screen.pacer import PacerWindow

    application = QApplication.instance() or QApplication(["bench"])
    took_ms: list[float] = []
    for number in range(CALLS):
        window = PacerWindow(Pacer(PATTERNS["4-6"], 1), Catalogue.load())
        window.over.connect(application.quit)
        came: list[float] = []

        def call(window: PacerWindow = window, came: list[float] = came) -> None:
            came.append(time.perf_counter())
            window.call_comes()

        timer = threading.Timer(0.5 + number / CALLS, call)
        timer.start()
        window.begin()
        application.exec()
        took_ms.append(1000 * (time.perf_counter() - came[0]))
    return {
        "calls": CALLS,
        "gone_ms_median": round(statistics.median(took_ms), 1),
        "gone_ms_most": round(max(took_ms), 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0, metavar="N", help="of each pattern; default: %(default)s")
    parser.add_argument("--scale", type=float, default=1.0, metavar="N", help="of the window; default: %(default)s")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    options = parser.parse_args()
    sys.path.insert(0, str(STAGE))
    from display import Display

    with Display() as display:
        os.environ.update({key: display.env[key] for key in ("DISPLAY", "QT_QPA_PLATFORM")})
        rows = [
            paced("4-6", options.minutes, scale=options.scale, still=False),
            paced("sigh", options.minutes, scale=options.scale, still=False),
            paced("4-6", options.minutes, scale=options.scale, still=True),
            ended(),
        ]
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    if options.json is not None:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
