"""How often voicecare is right, by kind, over the calls reviewed from end to end: precision and recall with intervals.

A call counts once a reviewer said it was heard as a whole; what nobody spoke against in it then counts as right, as a
mark left alone in Praat does. Figures of the random sample are weighted by what each call stands for; figures of all
reviewed calls are not, and stand apart.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from voicecare.qa.agreement import Estimate
from voicecare.qa.opinions import CUES, WHOLE, Opinion, targets
from voicecare.qa.sampling import Drawn, ratio
from voicecare.report.annotation import MARKED, TOLERANCE_S
from voicecare.session import Session
from voicecare.timebase import samples
from voicecare.types import Cue, Heard, TurnEvent

SPEAKER, WORDS = "speaker", "words"
KINDS = (*MARKED, *CUES, SPEAKER, WORDS)


@dataclass(frozen=True, slots=True)
class Tally:
    """One kind in one call: how many voicecare told, how many of those were right, how many it missed."""

    told: int = 0
    right: int = 0
    missed: int = 0

    def plus(self, other: Tally) -> Tally:
        """Add up."""
        return Tally(self.told + other.told, self.right + other.right, self.missed + other.missed)


Add: TypeAlias = Callable[[str, Tally], None]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """One kind over several calls. precision: of what was told; recall: of what there was; 0..1, None without any."""

    kind: str
    tally: Tally
    precision: Estimate
    recall: Estimate


def tally(session: Session, stand: Mapping[str, Opinion]) -> dict[str, Tally] | None:
    """Count a call by kind; None where no reviewer said that it was heard as a whole."""
    if WHOLE not in stand:
        return None
    counts = {kind: Tally() for kind in KINDS}

    def add(kind: str, one: Tally) -> None:
        if kind in counts:
            counts[kind] = counts[kind].plus(one)

    for key, event in targets(session):
        opinion = stand.get(key)
        if isinstance(event, TurnEvent):
            _turn(event, opinion, add)
        elif isinstance(event, Cue):
            add(event.kind, Tally(told=1, right=int(opinion is None or opinion.verdict == "agree")))
        elif isinstance(event, Heard) and event.text:
            _heard(event, opinion, add)
    for opinion in stand.values():
        if opinion.verdict == "add" and opinion.kind is not None:
            add(opinion.kind, Tally(missed=1))
    return counts


def accuracy(calls: Sequence[tuple[Drawn, Mapping[str, Tally]]]) -> list[Accuracy]:
    """Precision and recall of every kind that occurred, weighted by what each call stands for."""
    rows = []
    for kind in KINDS:
        each = [(drawn, counts[kind]) for drawn, counts in calls]
        total = _total(t for _, t in each)
        if total == Tally():
            continue
        precision = ratio([(drawn, float(t.right), float(t.told)) for drawn, t in each])
        recall = ratio([(drawn, float(t.right), float(t.right + t.missed)) for drawn, t in each])
        rows.append(Accuracy(kind, total, precision, recall))
    return rows


def unweighted(call: str) -> Drawn:
    """A call that stands for itself alone."""
    return Drawn(call, "", 1.0)


def _total(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for one in tallies:
        total = total.plus(one)
    return total


def _turn(event: TurnEvent, opinion: Opinion | None, add: Add) -> None:
    if opinion is None or opinion.verdict == "agree":
        add(event.kind, Tally(told=1, right=1))
    elif opinion.verdict == "disagree":
        add(event.kind, Tally(told=1))
    else:
        kind, by = opinion.kind or event.kind, opinion.by or event.by
        near = opinion.start is None or abs(opinion.start - event.span.start) <= samples(TOLERANCE_S)
        same = kind == event.kind and by == event.by and near
        add(event.kind, Tally(told=1, right=int(same)))
        add(kind, Tally(missed=int(not same)))


def _heard(event: Heard, opinion: Opinion | None, add: Add) -> None:
    wrong_party = opinion is not None and opinion.by not in (None, event.channel)
    add(SPEAKER, Tally(told=1, right=int(not wrong_party), missed=int(wrong_party)))
    ours = _words(event.text)
    theirs = ours
    if opinion is not None and opinion.verdict == "disagree":
        theirs = []
    elif opinion is not None and opinion.text is not None:
        theirs = _words(opinion.text)
    same = sum(
        block.size for block in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    )
    add(WORDS, Tally(told=len(ours), right=same, missed=len(theirs) - same))


def _words(text: str) -> list[str]:
    """Words without their marks and case; a text without spaces is compared by character."""
    bare = "".join(c if c.isalnum() or c in "'’" else " " for c in text.casefold())
    return [piece for word in bare.split() for piece in (word if _unspaced(word) else [word])]


def _unspaced(word: str) -> bool:
    return any("\u3040" <= c <= "\u9fff" for c in word)
