"""Care beside a running day: told of calls from any thread, it shows the one card that stands, none in a call."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal

from voicecare.care.cards import Fact
from voicecare.care.care import Care
from voicecare.care.diary import Diary
from voicecare.care.pacer import PATTERNS, Pacer
from voicecare.care.screen.card import CardWindow
from voicecare.care.screen.look import reduces_motion
from voicecare.care.screen.pacer import PacerWindow
from voicecare.care.seen import CallSeen
from voicecare.care.wording import Texts
from voicecare.catalogue.catalogue import Catalogue
from voicecare.catalogue.terminal import complain
from voicecare.config import Config
from voicecare.cue.palette import PaletteName
from voicecare.errors import VoicecareError

LOOK_MS = 500
"""How often it is looked whether a card is due or goes by itself; a call takes it away at once."""
BREATHE_MINUTES = 5.0
SHIFT_S = 4 * 3_600.0
"""Whoever looks back on the day after so long is at its end."""


class CareDesk(QObject):
    """Owns the card's window and the pacer's; every public method but `start` may be called from any thread.

    usual: the calls' settings without a level of the agent's own. keep_thanks: the words of calls are kept.
    corner: where the card's right upper corner goes. room: whether no other window of ours is open.
    """

    _rang = Signal()
    _stopped = Signal()
    _began = Signal()
    _ended = Signal(object, object)
    _told = Signal(str, str)
    _hard = Signal()

    def __init__(
        self,
        diary: Diary,
        usual: Config,
        *,
        keep_thanks: bool,
        texts: Texts,
        catalogue: Catalogue,
        palette: PaletteName,
        corner: Callable[[], QPoint],
        room: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__()
        self.care = care = Care(diary, usual, keep_thanks=keep_thanks, breathe=self.breathe)
        self._catalogue, self._palette, self._corner, self._room = catalogue, palette, corner, room
        self.window = CardWindow(texts, self._answered, palette)
        self.pacer: PacerWindow | None = None
        queued = Qt.ConnectionType.QueuedConnection
        self._rang.connect(self._take_away, queued)
        self._stopped.connect(care.ringing_stopped, queued)
        self._began.connect(self._begin, queued)
        self._ended.connect(self._end, queued)
        self._told.connect(self._answer_about, queued)
        self._hard.connect(lambda: care.hard_one(time.time()), queued)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """The day begins."""
        self._safely(lambda: self.care.shift_begins(time.time()))
        self._timer.start(LOOK_MS)

    def call_rings(self) -> None:
        """A call comes: whatever stands goes."""
        self._rang.emit()

    def ringing_stopped(self) -> None:
        """Nobody answered it."""
        self._stopped.emit()

    def call_begins(self) -> None:
        """A call begins."""
        self._began.emit()

    def call_ended(self, call: CallSeen, facts: Sequence[Fact]) -> None:
        """A call is over; this is what care may see of it."""
        self._ended.emit(call, tuple(facts))

    def told(self, about: str, answer: str) -> None:
        """The agent said of a cue whether it helped."""
        self._told.emit(about, answer)

    def hard_one(self) -> None:
        """The agent says that the last call was a hard one."""
        self._hard.emit()

    def breathe(self) -> None:
        """Open the pacer; in Qt's thread."""
        self.pacer = PacerWindow(
            Pacer(PATTERNS["4-6"], BREATHE_MINUTES), self._catalogue, self._palette, reduced_motion=reduces_motion()
        )
        self.pacer.begin()

    def day_looked_at(self) -> None:
        """The agent looks back on the day; late in it that ends the shift, with what is asked then."""
        began_s = self.care.ledger.shift_began_s()
        if began_s is not None and time.time() - began_s >= SHIFT_S:
            self._safely(lambda: self.care.shift_ends(time.time()))
            self._look()

    def close(self) -> None:
        """The day is over."""
        self._timer.stop()
        self.window.close()
        if self.pacer is not None:
            self.pacer.close()

    def _answer_about(self, about: str, answer: str) -> None:
        self._safely(lambda: self.care.ledger.told(time.time(), about, answer))

    def _safely(self, act: Callable[[], object]) -> None:
        """Care writes the diary now and then; a disk that is full must not end the day."""
        try:
            act()
        except VoicecareError as error:
            complain(f"{error}; care goes on without it")

    def _take_away(self) -> None:
        self._safely(lambda: self.care.call_rings(time.time()))
        self._look()
        if self.pacer is not None:
            self.pacer.call_comes()
            self.pacer = None

    def _begin(self) -> None:
        self._take_away()
        self._safely(lambda: self.care.call_begins(time.time()))

    def _end(self, call: CallSeen, facts: Sequence[Fact]) -> None:
        self._safely(lambda: self.care.call_ended(time.time(), call, facts))
        self._look()

    def _look(self) -> None:
        self._safely(self._show)

    def _show(self) -> None:
        card = self.care.card(time.time()) if self._room() else None
        if card is not None:
            self.window.place(self._corner())
        self.window.show_card(card)

    def _answered(self, card_id: int, choice: str, text: str) -> None:
        self._safely(lambda: self.care.answer(card_id, choice, text, time.time()))
        self._look()
