"""The agent's window of a running day: the cue, the menu, and care beside them, joined."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, QUrl
from PySide6.QtGui import QDesktopServices

from voicecare.care.diary import Diary
from voicecare.care.diary import default_path as diary_path
from voicecare.care.screen.desk import CareDesk
from voicecare.care.screen.menu import CareActions, CareMenu
from voicecare.care.wording import Texts
from voicecare.catalogue.terminal import complain
from voicecare.commands.cared_for import CaredFor
from voicecare.commands.day import write
from voicecare.commands.why import write as write_why
from voicecare.cue.acts import Acts, Answer, CallLine, Offers
from voicecare.cue.desktop import Desktop
from voicecare.cue.face import Face
from voicecare.cue.placement import default_path
from voicecare.cue.settingsfile import default_path as settings_path
from voicecare.cue.viewmodel import ViewModel
from voicecare.errors import VoicecareError
from voicecare.live.run import LiveRun
from voicecare.timebase import Samples
from voicecare.types import Event

GAP_PX = 12
"""Between the cue and the card below it."""
FINISH_S = 5.0


class Window:
    """Desktop and care as one face."""

    def __init__(self, desktop: Desktop, face: Face, desk: CareDesk | None, finish: Callable[[float], None]) -> None:
        self._desktop, self._face, self._desk, self._finish = desktop, face, desk, finish
        self.acts: Acts = desktop.acts
        self.show_menu = desktop.show_menu
        self.wished = desktop.wished

    def begin(self) -> None:
        """A call begins."""
        self._face.begin()

    def push(self, event: Event) -> None:
        """Take an event."""
        self._face.push(event)

    def beat(self, at: Samples) -> None:
        """The call has been heard to `at`."""
        self._face.beat(at)

    def run(self, work: Callable[[], None]) -> None:
        """Show what happens until `work` is done."""
        if self._desk is not None:
            self._desk.start()
        try:
            self._face.run(work)
        finally:
            if self._desk is not None:
                self._finish(FINISH_S)
                self._desk.close()


def window(model: ViewModel, run: LiveRun, diary: Diary | None, language: str) -> Window:
    """Build the window of a day. diary: None where care is away."""
    cared: list[CaredFor] = []

    def on_feedback(cue_id: int, answer: Answer) -> None:
        for one in cared:
            one.answered(cue_id, answer)

    def on_erase() -> bool:
        run.erase_call()
        return True

    options = run.options
    offers = Offers(
        on_feedback=on_feedback if diary is not None else None,
        on_erase=on_erase,
        calls_today=lambda: calls_today(run),
        settings=settings_path(),
        keep=options.keep,
        days=options.days,
    )
    desktop = Desktop(model, on_new_call=run.next_call, on_quit=run.stop, path=default_path(), offers=offers)
    if diary is None:
        return Window(desktop, desktop, None, lambda _: None)
    texts = Texts.load(language)
    desk = CareDesk(
        diary,
        options.config,
        keep_thanks=options.keep in ("text", "audio"),
        texts=texts,
        catalogue=model.catalogue,
        palette=desktop.palette,
        corner=lambda: below(desktop),
        room=lambda: desktop.panel is None or not desktop.panel.isVisible(),
    )
    face = CaredFor(desktop, desk, options.config)
    desktop.menu.add(CareMenu(texts, actions(desk, diary, texts, face.asked_last)))
    cared.append(face)
    return Window(desktop, face, desk, face.wait)


def below(desktop: Desktop) -> QPoint:
    """The right upper corner of what stands below the cue."""
    cue = desktop.overlay.geometry()
    return QPoint(cue.x() + cue.width(), cue.y() + cue.height() + GAP_PX)


def actions(desk: CareDesk, diary: Diary, texts: Texts, asked_last: Callable[[], str]) -> CareActions:
    """What care's part of the menu does. asked_last: what the last cue asked for."""

    def page(*, week: bool) -> None:
        place = diary_path().with_name("week.html" if week else "day.html")
        try:
            write(diary, place, datetime.now().astimezone().date(), texts, week=week)
        except VoicecareError as error:
            complain(str(error))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))

    def why() -> None:
        place = diary_path().with_name("why.html")
        try:
            write_why(place, texts.language)
        except VoicecareError as error:
            complain(str(error))
            return
        url = QUrl.fromLocalFile(str(place))
        url.setFragment(asked_last())
        QDesktopServices.openUrl(url)

    def day() -> None:
        page(week=False)
        desk.day_looked_at()

    return CareActions(
        hard_one=desk.hard_one,
        day=day,
        week=lambda: page(week=True),
        why=why,
        off=lambda how_long: desk.care.switches.off("all", how_long, time.time()),
        on=lambda: desk.care.switches.on("all", time.time()),
    )


def calls_today(run: LiveRun) -> Sequence[CallLine]:
    """The calls of this run that began today."""
    today = datetime.now().astimezone().date()
    return [
        CallLine(call.began.strftime("%H:%M"), call.length_s, call.cues)
        for call in run.calls
        if call.began.date() == today
    ]
