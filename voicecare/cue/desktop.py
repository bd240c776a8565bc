"""The agent's desktop face: pill and tray drawn from one view-model, events handed over from the engine's thread."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication

from voicecare.cue import placement
from voicecare.cue.overlay import Overlay
from voicecare.cue.palette import PaletteName
from voicecare.cue.tray import Actions, Tray
from voicecare.cue.viewmodel import ViewModel
from voicecare.timebase import Samples
from voicecare.types import Event

REFRESH_MS = 250
"""How often what depends on time alone is looked at: a snooze that ends, an engine that stopped."""


class _Bridge(QObject):
    """Carries events from the engine's thread into Qt's."""

    arrived = Signal(object)
    begun = Signal()
    beaten = Signal(float)
    ended = Signal()


class Desktop:
    """Shows a live call to the agent.

    on_new_call, on_quit: asked by the tray. painted: told when a cue is on screen, for measuring. path: where the
    pill's place is remembered.
    """

    def __init__(
        self,
        model: ViewModel,
        *,
        on_new_call: Callable[[], None],
        on_quit: Callable[[], None],
        path: Path,
        painted: Callable[[int], None] | None = None,
    ) -> None:
        self._model = model
        self._path = path
        self._on_new_call, self._on_quit = on_new_call, on_quit
        self._heard = False
        self._application = QApplication.instance() or QApplication(["voicecare"])
        if isinstance(self._application, QApplication):
            self._application.setQuitOnLastWindowClosed(False)
        self._placement = placement.load(path)
        self.overlay = Overlay(
            self._palette(),
            scale=self._placement.scale,
            reduced_motion=self._placement.reduced_motion or _system_reduces_motion(),
            painted=painted,
            moved=self._moved,
        )
        self.tray = Tray(model.catalogue, self._actions())
        self._bridge = _Bridge()
        self._bridge.arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._bridge.begun.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        self._bridge.beaten.connect(self._beaten, Qt.ConnectionType.QueuedConnection)
        self._bridge.ended.connect(self._application.quit, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer()
        self._timer.timeout.connect(self.refresh)
        screen = self._screen()
        corner = screen.availableGeometry().topRight()
        self.overlay.place(corner + QPoint(-self._placement.right_px, self._placement.top_px))

    def begin(self) -> None:
        """A call begins; called in the engine's thread."""
        self._bridge.begun.emit()

    def push(self, event: Event) -> None:
        """Take an event; called in the engine's thread."""
        self._bridge.arrived.emit(event)

    def beat(self, at: Samples) -> None:  # noqa: ARG002 - a pill has no clock
        """A hop was heard; called in the engine's thread."""
        self._heard = True
        self._bridge.beaten.emit(time.perf_counter())

    def run(self, work: Callable[[], None]) -> None:
        """Do `work` in a thread of its own and draw until it is done; what it raises is raised here.

        Where it fails in the middle of a call the window stays, saying that nobody listens, until the agent quits.
        """

        def ended(work: Future[None]) -> None:
            if work.exception() is None or not self._heard:
                self._bridge.ended.emit()

        self._timer.start(REFRESH_MS)  # also lets Python see a Ctrl-C while Qt runs
        before = signal.signal(signal.SIGINT, lambda _number, _frame: self._application.quit())
        self.refresh()
        with ThreadPoolExecutor(1, "engine") as engine:
            working = engine.submit(work)
            working.add_done_callback(ended)
            self._application.exec()
            signal.signal(signal.SIGINT, before)
            self._on_quit()
        self._timer.stop()
        self.overlay.close()
        working.result()

    def refresh(self) -> None:
        """Draw what is to be seen now."""
        view = self._model.view(time.perf_counter())
        self.overlay.show_view(view)
        self.tray.show_view(view)

    def _begin(self) -> None:
        self._model.new_call()
        self.refresh()

    def _beaten(self, now_s: float) -> None:
        self._model.beat(now_s)

    def _take(self, event: Event) -> None:
        self._model.push(event)
        self.refresh()

    def _actions(self) -> Actions:
        wishes = self._model.wishes

        def snooze(minutes: int) -> None:
            wishes.snoozed_until_s = time.perf_counter() + 60 * minutes
            self.refresh()

        def pause(paused: bool) -> None:  # noqa: FBT001 - a check box
            wishes.paused = paused
            self.refresh()

        def objects() -> None:
            wishes.objected = True
            self.refresh()

        def new_call() -> None:
            self._on_new_call()
            wishes.objected = False
            self.refresh()

        def palette(name: PaletteName) -> None:
            self.overlay.set_palette(name)
            self._remember(dataclasses.replace(self._placement, palette=name))

        return Actions(
            snooze=snooze,
            pause=pause,
            objects=objects,
            new_call=new_call,
            move=lambda: self.overlay.let_be_moved(movable=True),
            palette=palette,
            quit=self._application.quit,
        )

    def _palette(self) -> PaletteName:
        if self._placement.palette != "auto":
            return self._placement.palette
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return "light" if light else "dark"

    def _screen(self) -> QScreen:
        for screen in QGuiApplication.screens():
            if screen.name() == self._placement.screen:
                return screen
        return QGuiApplication.primaryScreen()

    def _moved(self, right_top: QPoint) -> None:
        screen = QGuiApplication.screenAt(right_top - QPoint(1, -1)) or QGuiApplication.primaryScreen()
        corner = screen.availableGeometry().topRight()
        self._remember(
            dataclasses.replace(
                self._placement,
                screen=screen.name(),
                right_px=corner.x() - right_top.x(),
                top_px=right_top.y() - corner.y(),
            )
        )

    def _remember(self, new: placement.Placement) -> None:
        self._placement = new
        with contextlib.suppress(OSError):  # a read-only home folder: the place is forgotten, the call goes on
            placement.save(self._path, new)


def _system_reduces_motion() -> bool:
    """Whether the desktop asks for less motion; only newer Qt can tell."""
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    preference = getattr(accessibility() if accessibility else None, "motionPreference", None)
    return preference is not None and "Reduce" in str(preference())
