"""Joins the parts of care behind the working day: told of calls as they ring, begin and end, it says which card stands.

No thread, no clock and no window: whoever owns the day calls it with the time. Every answer is the agent's own click.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voicecare.care import drafts
from voicecare.care.between import Between
from voicecare.care.budget import CardBudget
from voicecare.care.cards import SKIP, Card, CardKind, Fact
from voicecare.care.diary import Diary
from voicecare.care.drafts import INTENTIONS, Draft
from voicecare.care.helps import is_due
from voicecare.care.ledger import Ledger
from voicecare.care.moment import Moments, Outcome
from voicecare.care.recovery import LASTED_S, Recovery, is_hard, recovery, strained_s
from voicecare.care.rest import MINUTES, Rest
from voicecare.care.seen import CallSeen
from voicecare.care.switches import FEATURES, Switches
from voicecare.care.wording import PICKED
from voicecare.config import Config

SAME_SHIFT_S = 4 * 3_600.0
"""Who starts voicecare again within so long goes on with the same shift."""
MOST_CUES = 3
MOST_WAITING = 3
"""Thanks that found no room wait for a later boundary of the shift, at most so many."""
WELCOMED = ("moments", "thanks", "recoveries", "intentions", "feedback", "weekly")


@dataclass(slots=True)
class Waiting:
    """What waits for room, by kind; only thanks outlive their boundary."""

    at_once: list[Draft]
    thanks: list[Draft]
    recovery: Draft | None = None
    cues: list[Draft] | None = None
    moment: Draft | None = None


class Care:
    """Looks after one agent. Times are seconds since the epoch and never go back.

    usual: the settings without a level of the agent's own. keep_thanks: the words of calls are kept (`--keep text`), so
    thanks are, too, without asking. breathe: opens the pacer, where there is one.
    """

    def __init__(
        self, diary: Diary, usual: Config, *, keep_thanks: bool = False, breathe: Callable[[], None] | None = None
    ) -> None:
        self.switches = Switches(diary)
        self.ledger = Ledger(diary, usual)
        self._keep_thanks = keep_thanks
        self._breathe = breathe
        self._between, self._budget = Between(), CardBudget()
        self._rest, self._moments = Rest(), Moments()
        self._waiting = Waiting([], [])
        self._standing: tuple[Card, Draft] | None = None
        self._cards = 0
        self._intention_told = False

    def shift_begins(self, now_s: float) -> None:
        """The agent starts the day, or starts voicecare again within it."""
        last_s = self.ledger.shift_began_s()
        again = last_s is not None and 0 <= now_s - last_s < SAME_SHIFT_S
        self._between.begin_shift(now_s)
        self._rest.begin_shift(now_s, again=again)
        self._budget.begin_shift()
        self._waiting, self._standing = Waiting([], []), None
        if again:
            return
        self.switches.shift_over(now_s)
        self.ledger.shift_begins(now_s)
        self._intention_told = False
        if self.switches.may_ask(now_s):
            self._waiting.at_once.append(drafts.welcome())
        elif self.switches.is_on("intentions", now_s):
            self._waiting.at_once.append(drafts.check_in())

    def shift_ends(self, now_s: float) -> None:
        """The agent ends the day: what became of the intention, and the week's question where it is due."""
        self._standing, self._waiting = None, Waiting([], [])
        if self.switches.is_on("intentions", now_s):
            for row in self.ledger.open_intentions(now_s)[-1:]:
                self._waiting.at_once.append(drafts.intention_kept(str(row["text"]), int(row["id"])))
        if self.switches.is_on("weekly", now_s) and is_due(self.ledger.last_weekly_s(), now_s):
            self._waiting.at_once += drafts.weekly()

    def call_rings(self, now_s: float) -> None:
        """A call comes: whatever stands is gone at once, and nothing comes until the call is over."""
        self._standing = None
        self._rest.call_begins(self._between.rings(now_s))

    def call_begins(self, now_s: float) -> None:
        """A call begins, rung or placed."""
        self._standing = None
        self._rest.call_begins(self._between.begins(now_s))

    def ringing_stopped(self) -> None:
        """It rang and no call came of it; what stood before stays gone."""
        self._between.stops_ringing()

    def spoke(self, now_s: float) -> None:
        """Somebody speaks between calls."""
        self._between.spoke(now_s)

    def call_ended(self, now_s: float, call: CallSeen, facts: Sequence[Fact] = ()) -> None:
        """A call is over; facts are lines that `explain` backs."""
        self._between.ends(now_s)
        found = recovery(call)
        if is_hard(call) and self.switches.is_on("breaks", now_s):
            self._rest.hard_call(now_s)
        waiting = self._waiting
        waiting.at_once, waiting.recovery, waiting.cues, waiting.moment = [], None, None, None
        if self.switches.is_on("recoveries", now_s) and found is not None:
            self.ledger.recovered(now_s, found)
            waiting.recovery = drafts.recovered(found)
        if self.switches.is_on("thanks", now_s):
            for said in call.thanks:
                row = self.ledger.keep_thanks(now_s, said) if self._keep_thanks else 0
                waiting.thanks = [*waiting.thanks, drafts.thanks(said, row)][-MOST_WAITING:]
        if self.switches.is_on("feedback", now_s):
            waiting.cues = [drafts.about_cue(cue) for cue in call.cues if cue.shown and cue.about != "praise"][
                -MOST_CUES:
            ]
        if self._moments.push(_outcome(call, found)) and facts and self.switches.is_on("moments", now_s):
            waiting.moment = drafts.moment(facts[0])

    def hard_one(self, now_s: float) -> None:
        """The agent says that the last call was a hard one."""
        if self.switches.is_on("breaks", now_s):
            self._rest.hard_call(now_s)

    def card(self, now_s: float) -> Card | None:
        """The card that stands now, or None; the same one until it is answered, goes by itself or a call comes."""
        if not self._between.is_free:
            return None
        if self._standing is not None:
            card, draft = self._standing
            if now_s < card.until_s:
                return card
            self._standing = None
            self._gone_by_itself(draft, now_s)
        if self._standing is None:
            self._fill(now_s)
        return None if self._standing is None else self._standing[0]

    def answer(self, card_id: int, choice: str, text: str, now_s: float) -> None:
        """The agent's answer to the card that stands; one to a card that is gone changes nothing."""
        if self._standing is None or self._standing[0].id != card_id or choice not in self._standing[0].choices:
            return
        card, draft = self._standing
        self._standing = None
        text = " ".join(text.split())[: card.text_of]
        self._answered(card.kind, draft, choice, text, now_s)

    def config(self, config: Config) -> Config:
        """The settings of the next call, with the agent's own level in them."""
        return self.ledger.config(config)

    def _answered(self, kind: CardKind, draft: Draft, choice: str, text: str, now_s: float) -> None:
        """Do what an answer asks for; "fine", "back" and "skip" ask for nothing."""
        if kind == "welcome":
            self._welcomed(choice, now_s)
        elif kind == "offer":
            self._rested(choice, now_s)
        elif kind == "cues":
            self._told(draft, choice, now_s)
        elif kind == "weekly":
            self._asked(draft, choice, now_s)
        elif kind == "thanks":
            self.ledger.answer_thanks(now_s, draft, choice)
        elif choice != SKIP:
            self._noted(kind, draft, choice, text, now_s)

    def _noted(self, kind: CardKind, draft: Draft, choice: str, text: str, now_s: float) -> None:
        if kind == "check_in" and (choice in INTENTIONS or (choice == "own" and text)):
            self.ledger.intend(now_s, text if choice == "own" else f"{PICKED}{choice}")
        elif kind == "moment":
            self.ledger.moment(now_s, draft, choice, text)
        elif kind == "intention_kept":
            self.ledger.intention_kept(draft.row, choice)

    def _fill(self, now_s: float) -> None:
        """Choose the next card, if there is room for one."""
        if self._waiting.at_once:
            self._show(self._waiting.at_once.pop(0), now_s)
            return
        if not self._between.is_boundary(now_s):
            return
        if self._rest.is_due(now_s) and self.switches.is_on("breaks", now_s):
            first = self._rest.first and not self._intention_told
            intention = self.ledger.intention(now_s) if first and self.switches.is_on("intentions", now_s) else ""
            self._intention_told = True
            self._rest.offered(now_s)
            can_breathe = self._breathe is not None and self.switches.is_on("breathing", now_s)
            self._show(drafts.offer(intention, can_breathe=can_breathe), now_s)
        elif self._budget.allows(now_s):
            draft = self._next(now_s)
            if draft is None:
                return
            self._show(draft, now_s)
        else:
            return
        self._budget.shown(now_s)
        self._between.use()

    def _next(self, now_s: float) -> Draft | None:
        """What is kindest first: thanks, a recovery, then what is asked of the agent."""
        waiting = self._waiting
        if waiting.thanks and self.switches.is_on("thanks", now_s):
            return waiting.thanks.pop(0)
        draft, waiting.recovery = waiting.recovery, None
        if draft is None and waiting.cues:
            draft = waiting.cues.pop(0)
        if draft is None:
            draft, waiting.moment = waiting.moment, None
            if draft is not None:
                self._moments.asked()
        return draft

    def _show(self, draft: Draft, now_s: float) -> None:
        self._cards += 1
        until_s = now_s + draft.lasts_s
        card = Card(self._cards, draft.kind, now_s, until_s, draft.names, draft.choices, draft.text_of)
        self._standing = (card, draft)

    def _gone_by_itself(self, draft: Draft, now_s: float) -> None:
        if draft.kind == "break":
            self._show(drafts.ready(), now_s)
        elif draft.kind == "welcome":
            self.switches.asked(now_s, answered=False)
        elif draft.kind == "weekly":
            self._waiting.at_once = []

    def _welcomed(self, choice: str, now_s: float) -> None:
        self.switches.asked(now_s, answered=True)
        if choice == "none":
            self.switches.off("all", "good", now_s)
        for feature in FEATURES:
            if choice == "all" and feature in WELCOMED:
                self.switches.on(feature, now_s)

    def _rested(self, choice: str, now_s: float) -> None:
        if choice == "not_now":
            self._rest.declined(now_s)
            return
        self._rest.taken()
        if choice == "breathe" and self._breathe is not None:
            self._breathe()
        elif choice in map(str, MINUTES):
            self._show(drafts.on_break(int(choice)), now_s)

    def _told(self, draft: Draft, choice: str, now_s: float) -> None:
        if choice == SKIP:
            self._waiting.cues = None
            return
        self.ledger.told(now_s, str(draft.names["about"]), choice)
        if self._waiting.cues and self._budget.has_room:  # the same answer goes on, at once; but it is a card
            self._show(self._waiting.cues.pop(0), now_s)
            self._budget.shown(now_s)

    def _asked(self, draft: Draft, choice: str, now_s: float) -> None:
        if choice == SKIP:
            self._waiting.at_once = []
        else:
            self.ledger.weekly(now_s, str(draft.names["item"]), int(choice.removeprefix("w")))


def _outcome(call: CallSeen, found: Recovery | None) -> Outcome:
    if call.thanks:
        return "thanked"
    if found is not None:
        return "recovered"
    return "strained" if strained_s(call) >= LASTED_S else "calm"
