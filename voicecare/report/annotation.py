"""Turn events as marks that people correct, and how far voicecare agrees with the corrected ones.

Each event is a mark "kind by party" ("interruption by agent") where its second speaker starts. People move, delete,
rename or add marks in Praat (`textgrid`) or ELAN (`elan`); `corrections` reads them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecare.report.rows import of_type, settled
from voicecare.session import Session
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, Party, TurnEvent

EVENT_TIER = "turn events"
MARKED = ("interruption", "backchannel", "early_reply", "dual_start")
LABELS = tuple(f"{kind} by {party}" for kind in MARKED for party in PARTIES)
TOLERANCE_S = 0.35
"""A mark this close to a corrected one is the same event (the project's scoring tolerance)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A turn event as a point: when its second speaker starts, and one of LABELS."""

    at: Samples
    text: str

    @property
    def kind(self) -> str:
        """What happened."""
        return self.text.partition(" by ")[0]


@dataclass(frozen=True, slots=True)
class Annotated:
    """What an annotation file holds, unjudged.

    marks: those of the event tier, in the order of the file. speech: each party's annotated stretches of speech, empty
    where the file has no such tier. end: how long the call is by the file; None where it does not say.
    """

    marks: tuple[Mark, ...]
    speech: dict[Party, tuple[Span, ...]]
    end: Samples | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One kind of event against its corrections; None where there is nothing to divide by."""

    text: str
    told: int
    corrected: int
    common: int

    @property
    def precision(self) -> float | None:
        """The share of what voicecare told that the corrections keep."""
        return self.common / self.told if self.told else None

    @property
    def recall(self) -> float | None:
        """The share of the corrected events that voicecare told."""
        return self.common / self.corrected if self.corrected else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where the event occurs on neither side."""
        both = self.told + self.corrected
        return 2 * self.common / both if both else None


@dataclass(frozen=True, slots=True)
class Difference:
    """One event on which the two do not agree: told but not corrected so, or the other way round.

    code: `wrong_party` and `wrong_kind` where the event itself was there, `extra` told only, `missed` corrected only.
    """

    code: Literal["wrong_party", "wrong_kind", "extra", "missed"]
    told: Mark | None
    corrected: Mark | None

    @property
    def at(self) -> Samples:
        """When it was."""
        mark = self.told or self.corrected
        return 0 if mark is None else mark.at


def marked_spans(session: Session) -> list[tuple[Mark, Span]]:
    """The turn events of a session that have one who starts, in order of time, with the stretch both spoke."""
    events = [e for e in of_type(settled(session.events), TurnEvent) if e.kind in MARKED and e.by is not None]
    found = [(Mark(e.span.start, f"{e.kind} by {e.by}"), e.span) for e in events]
    return sorted(found, key=lambda pair: pair[1])


def marks(session: Session) -> list[Mark]:
    """The marks of a session, in order of time."""
    return [mark for mark, _ in marked_spans(session)]


def compare(told: Sequence[Mark], corrected: Sequence[Mark]) -> list[Agreement]:
    """Match marks of the same text in order of time, each once; one row a text that occurs in either."""
    rows = []
    for text in sorted({mark.text for mark in (*told, *corrected)}):
        ours, theirs = ([mark for mark in side if mark.text == text] for side in (told, corrected))
        rows.append(Agreement(text, len(ours), len(theirs), len(_pairs(ours, theirs))))
    return rows


def differences(told: Sequence[Mark], corrected: Sequence[Mark]) -> list[Difference]:
    """Every event the two do not agree on, in order of time: first those that were there under another name."""
    ours, theirs = list(told), list(corrected)
    for text in {mark.text for mark in told}:
        _take(_pairs([m for m in ours if m.text == text], [m for m in theirs if m.text == text]), ours, theirs)
    found: list[Difference] = []
    for kind in MARKED:
        same = _pairs([m for m in ours if m.kind == kind], [m for m in theirs if m.kind == kind])
        found += [Difference("wrong_party", ours_, theirs_) for ours_, theirs_ in same]
        _take(same, ours, theirs)
    renamed = _pairs(ours, theirs)
    found += [Difference("wrong_kind", ours_, theirs_) for ours_, theirs_ in renamed]
    _take(renamed, ours, theirs)
    found += [Difference("extra", mark, None) for mark in ours]
    found += [Difference("missed", None, mark) for mark in theirs]
    return sorted(found, key=lambda difference: difference.at)


def _pairs(ours: Sequence[Mark], theirs: Sequence[Mark]) -> list[tuple[Mark, Mark]]:
    """Join what lies within the tolerance, in order of time, each once."""
    ours, theirs = (sorted(side, key=lambda mark: mark.at) for side in (ours, theirs))
    found: list[tuple[Mark, Mark]] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if abs(ours[i].at - theirs[j].at) <= samples(TOLERANCE_S):
            found.append((ours[i], theirs[j]))
            i, j = i + 1, j + 1
        elif ours[i].at < theirs[j].at:
            i += 1
        else:
            j += 1
    return found


def _take(pairs: Sequence[tuple[Mark, Mark]], ours: list[Mark], theirs: list[Mark]) -> None:
    for our, their in pairs:
        ours.remove(our)
        theirs.remove(their)
