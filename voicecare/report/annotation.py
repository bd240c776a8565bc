"""Turn events as a Praat TextGrid that people correct, and how far voicecare agrees with the corrected one.

ELAN and Praat both open TextGrids. Speech is one interval tier a party; turn events are points on one tier, each marked
"kind by party" ("interruption by agent"). Move, delete, rename or add points, save in the long text format, compare.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecare.errors import InputError
from voicecare.report.rows import of_type, settled, spoken
from voicecare.session import Session
from voicecare.timebase import Samples, Span, samples, seconds
from voicecare.types import PARTIES, TurnEvent

EVENT_TIER = "turn events"
MARKED = ("interruption", "backchannel", "early_reply", "dual_start")
TOLERANCE_S = 0.35
"""A point this close to a corrected one of the same mark is the same event (the project's scoring tolerance)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A turn event as a point: when its second speaker starts, and "kind by party"."""

    at: Samples
    text: str


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


def marks(session: Session) -> list[Mark]:
    """The turn events of a session that have one who starts, in order of time."""
    events = [e for e in of_type(settled(session.events), TurnEvent) if e.kind in MARKED and e.by is not None]
    return sorted((Mark(e.span.start, f"{e.kind} by {e.by}") for e in events), key=lambda mark: mark.at)


def textgrid(session: Session) -> str:
    """Write a session as a TextGrid in Praat's long text format; times in seconds."""
    end_s = seconds(session.end)
    legs = spoken(session.events)
    tiers = [_interval_tier(party, legs[party], session.end) for party in PARTIES]
    tiers.append(_point_tier(marks(session), end_s))
    head = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {end_s}"]
    head += ["tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    body = [line for number, tier in enumerate(tiers, 1) for line in (f"    item [{number}]:", *tier)]
    return "\n".join([*head, *body]) + "\n"


def read_marks(path: Path) -> list[Mark]:
    """Read the points of the event tier of a TextGrid, in order of time.

    Raises:
        InputError: the file cannot be read, or has no event tier in the long text format.
    """
    try:
        raw = path.read_bytes()
        # Praat saves UTF-16 as soon as a label is not ASCII.
        text = raw.decode("utf-16" if raw[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}; check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not a TextGrid: it is not text; save it from Praat as text") from error
    tier = re.search(rf'name = "{EVENT_TIER}"(.*?)(?=\n\s*item \[\d+\]:|\Z)', text, re.DOTALL)
    if tier is None:
        raise InputError(f'{path.name} has no tier "{EVENT_TIER}" in the long text format; save it from Praat as text')
    points = re.findall(r'(?:number|time) = ([\d.eE+-]+)\s+mark = "((?:[^"]|"")*)"', tier[1])
    return sorted((Mark(samples(float(at)), mark.strip()) for at, mark in points), key=lambda mark: mark.at)


def compare(told: Sequence[Mark], corrected: Sequence[Mark]) -> list[Agreement]:
    """Match events of the same mark in order of time, each once; one row a mark that occurs in either."""
    rows = []
    for text in sorted({mark.text for mark in (*told, *corrected)}):
        ours, theirs = ([mark.at for mark in side if mark.text == text] for side in (told, corrected))
        rows.append(Agreement(text, len(ours), len(theirs), _matched(ours, theirs)))
    return rows


def _matched(ours: Sequence[Samples], theirs: Sequence[Samples]) -> int:
    found = i = j = 0
    while i < len(ours) and j < len(theirs):
        if abs(ours[i] - theirs[j]) <= samples(TOLERANCE_S):
            found, i, j = found + 1, i + 1, j + 1
        elif ours[i] < theirs[j]:
            i += 1
        else:
            j += 1
    return found


def _interval_tier(name: str, spans: Sequence[Span], end: Samples) -> list[str]:
    """Speech between silences; a TextGrid wants every second of a tier in an interval."""
    pieces: list[tuple[Samples, Samples, str]] = []
    reached = 0
    for span in spans:
        if span.start > reached:
            pieces.append((reached, span.start, ""))
        pieces.append((span.start, span.end, "speech"))
        reached = span.end
    if end > reached or not pieces:
        pieces.append((reached, end, ""))
    lines = [*_tier_head("IntervalTier", name, seconds(end)), f"        intervals: size = {len(pieces)}"]
    for number, (start, stop, text) in enumerate(pieces, 1):
        lines += [f"        intervals [{number}]:", f"            xmin = {seconds(start)}"]
        lines += [f"            xmax = {seconds(stop)}", f'            text = "{text}"']
    return lines


def _point_tier(points: Sequence[Mark], end_s: float) -> list[str]:
    lines = [*_tier_head("TextTier", EVENT_TIER, end_s), f"        points: size = {len(points)}"]
    for number, mark in enumerate(points, 1):
        lines += [f"        points [{number}]:", f"            number = {seconds(mark.at)}"]
        lines.append(f'            mark = "{mark.text}"')
    return lines


def _tier_head(kind: str, name: str, end_s: float) -> list[str]:
    return [f'        class = "{kind}"', f'        name = "{name}"', "        xmin = 0", f"        xmax = {end_s}"]
