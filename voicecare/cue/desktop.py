"""The agent's desktop face: pill, tray and menu from one view-model, events handed over from the engine's thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCursor, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from voicecare.catalogue.terminal import complain
from voicecare.cue import panels, settingsfile
from voicecare.cue.acts import Acts, Offers
from voicecare.cue.ending import ended_by_signals
from voicecare.cue.menu import Menu, Windows
from voicecare.cue.overlay import Overlay
from voicecare.cue.palette import PaletteName
from voicecare.cue.place import Place
from voicecare.cue.tray import Tray, can_notify
from voicecare.cue.view import View
from voicecare.cue.viewmodel import ViewModel
from voicecare.cue.windowing import keeps_on_top
from voicecare.errors import OutputError
from voicecare.timebase import Samples
from voicecare.types import Event

REFRESH_MS = 250
"""How often what depends on time alone is looked at: a snooze that ends, an engine that stopped, a mouse that rests."""
TRAY_MS = 5_000
"""How long a desktop that just began may take to have a tray."""


class _Bridge(QObject):
    """Carries what other threads say into Qt's."""

    arrived = Signal(object)
    begun = Signal()
    beaten = Signal(float)
    wished = Signal()
    menu_wished = Signal()
    ended = Signal()


class Desktop:
    """Shows live calls to the agent.

    on_new_call, on_quit: of the run. painted: told when a cue is on screen, for measuring. path: where the pill's place
    is remembered. offers: what else the app can do.

    Between calls the pill is gone where a tray says that all is well: a mark that stands all day says nothing and
    covers something. Without a tray a dot stays, and takes a click for the menu; during a call it takes none.
    """

    def __init__(
        self,
        model: ViewModel,
        *,
        on_new_call: Callable[[], None],
        on_quit: Callable[[], None],
        path: Path,
        painted: Callable[[int], None] | None = None,
        offers: Offers | None = None,
    ) -> None:
        self._model = model
        self._on_quit = on_quit
        self._offers = offers or Offers()
        self._heard = self._running = self._to_quit = False
        self._application = QApplication.instance() or QApplication(["voicecare"])
        if isinstance(self._application, QApplication):
            self._application.setQuitOnLastWindowClosed(False)
        self._place = Place(path)
        self._on_top = keeps_on_top(QGuiApplication.platformName())
        self.acts = Acts(
            model.wishes,
            on_new_call=on_new_call,
            on_quit=self.quit,
            last_cue=lambda: model.last_cue,
            offers=self._offers,
        )
        self.overlay = Overlay(
            self._place.palette,
            scale=self._place.chosen.scale,
            reduced_motion=self._place.reduced_motion,
            painted=painted,
            moved=self._moved,
            clicked=self._open_menu,
        )
        self.menu = Menu(model.catalogue, self.acts, model.wishes, self._windows(), self._offers, self.refresh)
        self.tray = Tray(self.menu.menu)
        self.panel: panels.Panel | None = None
        """The ordinary window that is open, if any."""
        self._notified: tuple[object, ...] | None = None
        self._bridge = _Bridge()
        self._bridge.arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._bridge.begun.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        self._bridge.beaten.connect(self._beaten, Qt.ConnectionType.QueuedConnection)
        self._bridge.wished.connect(self.refresh, Qt.ConnectionType.QueuedConnection)
        self._bridge.menu_wished.connect(self._open_menu, Qt.ConnectionType.QueuedConnection)
        self._bridge.ended.connect(self._work_ended, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer()
        self._timer.timeout.connect(self.refresh)
        self._place.keep(self.overlay.place)

    @property
    def palette(self) -> PaletteName:
        """The colours in use."""
        return self._place.palette

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

    def show_menu(self) -> None:
        """Open the menu as a window of its own, whatever the desktop lacks; may be called from any thread."""
        self._bridge.menu_wished.emit()

    show = show_menu  # the word of `voicecare call`

    def wished(self) -> None:
        """A wish was carried from elsewhere; the screen follows at once. May be called from any thread."""
        self._bridge.wished.emit()

    def run(self, work: Callable[[], None]) -> None:
        """Do `work` in a thread of its own and draw until it is done; what it raises is raised here.

        Where it fails in the middle of a call the window stays, saying that nobody listens, until the agent quits.
        """

        def ended(work: Future[None]) -> None:
            if work.exception() is None or not self._heard:
                self._bridge.ended.emit()

        self._timer.start(REFRESH_MS)  # also lets Python see a Ctrl-C while Qt runs
        self.refresh()
        self._say_what_is_lacking()
        if not self._place.chosen.card_read:
            self._show_card()
        with ThreadPoolExecutor(1, "engine") as engine, ended_by_signals(self.quit):
            working = engine.submit(work)
            working.add_done_callback(ended)
            self._running = True
            self._application.exec()
            self._running = False
            self._on_quit()
        self._timer.stop()
        self._open(None)
        self.overlay.close()
        working.result()

    def quit(self) -> None:
        """End the run; may be called from any thread, also before anything is drawn."""
        self._to_quit = True
        self._bridge.wished.emit()

    def refresh(self) -> None:
        """Draw what is to be seen now."""
        if self._to_quit and self._running:
            self._application.quit()
        view = self._model.view(time.perf_counter())
        self.menu.show_view(view)
        self.tray.show_view(view)
        if self.overlay.moving:
            self.overlay.show_view(self._model.moving())
        elif self._on_top or not can_notify():
            self.overlay.show_view(view, handle=not self.tray.is_there)
            self.overlay.look(QCursor.pos())
        else:
            self._notify(view)

    def _begin(self) -> None:
        self._model.new_call()
        self.acts.forget_answers()
        self.refresh()

    def _work_ended(self) -> None:
        if self._running:  # not where the agent quit first
            self._application.quit()

    def _beaten(self, now_s: float) -> None:
        self._model.beat(now_s)

    def _take(self, event: Event) -> None:
        self._model.push(event)
        self.refresh()

    def _notify(self, view: View) -> None:
        """Where no pill may lie on top: say once what needs the agent."""
        needs = (view.mood, view.cue_id, view.details) if view.size == "words" and view.mood != "done" else None
        if needs is not None and needs != self._notified:
            self.tray.notify(view)
        self._notified = needs

    def _windows(self) -> Windows:
        def palette(name: PaletteName) -> None:
            self.overlay.set_palette(name)
            self._place.remember(palette=name)

        return Windows(
            move=self._move,
            palette=palette,
            calls_today=self._show_calls,
            settings=self._open_settings,
            card=self._show_card,
            quit=self.quit,
        )

    def _move(self) -> None:
        self.overlay.show_view(self._model.moving())
        self.overlay.move_by_hand()

    def _open(self, panel: panels.Panel | None) -> None:
        if self.panel is not None:
            old, self.panel = self.panel, None
            old.hide()
            old.deleteLater()
        self.panel = panel
        if panel is not None:
            panel.open_in_front()

    def _open_menu(self) -> None:
        view = self._model.view(time.perf_counter())
        self._open(panels.menu_panel(self._model.catalogue, view, self.menu.entries()))

    def _show_calls(self) -> None:
        calls = self._offers.calls_today() if self._offers.calls_today is not None else ()
        self._open(panels.calls_panel(self._model.catalogue, calls))

    def _show_card(self) -> None:
        offers = self._offers
        read = lambda: self._place.remember(card_read=True)  # noqa: E731 - a name for what a button does
        self._open(panels.first_card(self._model.catalogue, offers.keep, offers.days, read))

    def _open_settings(self) -> None:
        path = self._offers.settings
        if path is None:
            return
        try:
            settingsfile.ensure(path, self._model.catalogue)
        except (OSError, OutputError) as error:
            complain(str(error))
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):  # the desktop knows no editor for it
            panel = panels.Panel(self._model.catalogue.say("live", "settings"))
            panel.add_words(self._model.catalogue.say("live", "settings_at", path=path))
            panel.add_button(self._model.catalogue.say("live", "close"), lambda: None)
            self._open(panel)

    def _say_what_is_lacking(self) -> None:
        """Once, where the program was started: what this desktop cannot do, and what is done instead."""
        say = self._model.catalogue.say
        if not self._on_top:
            complain(say("live", "wayland" if can_notify() else "wayland_window"))
            return

        def look_for_tray() -> None:
            if not self.tray.is_there:
                complain(say("live", "no_tray"))

        QTimer.singleShot(TRAY_MS, self._timer, look_for_tray)

    def _moved(self, right_top: QPoint) -> None:
        self._place.moved(right_top)
        self.refresh()
