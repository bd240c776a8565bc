"""The agent's day and week, out of the diary: what was good first, then at most one thing to try tomorrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from voicecare.care.diary import Diary
from voicecare.care.ledger import Ledger
from voicecare.care.level import Movable, Move, steps, with_level
from voicecare.care.wording import Texts
from voicecare.config import Config

Row = Mapping[str, Any]
MOST_GOOD = 3
"""Good things told first, on the page of a day (three good things at a shift's end: amj.2011.0272)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its lines, ready to be read; quoted: the lines are somebody's own words."""

    title: str
    lines: tuple[str, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A page: the three good things, what else was good, then at most one thing to try, then the agent's cues.

    It has no place for a number that rises or falls, nor for anybody else.
    """

    title: str
    when: str
    good: tuple[str, ...]
    parts: tuple[Part, ...]
    try_tomorrow: str
    level: tuple[str, ...]
    empty: str


def day(diary: Diary, of: date, texts: Texts, usual: Config) -> Told:
    """Tell one day."""
    good, parts = _good(diary, of, of, texts)
    return Told(
        title=texts.say("page", "day"),
        when=of.isoformat(),
        good=tuple(good[:MOST_GOOD]),
        parts=parts if len(good) > MOST_GOOD else _notes(diary, of, of, texts),
        try_tomorrow=_try(diary, of, texts),
        level=tuple(levels(Ledger(diary, usual).moves(), texts, usual)),
        empty="" if good or parts else texts.say("page", "empty"),
    )


def week(diary: Diary, of: date, texts: Texts, usual: Config) -> Told:
    """Tell the seven days that end with `of`."""
    first = of - timedelta(days=6)
    good, parts = _good(diary, first, of, texts)
    return Told(
        title=texts.say("page", "week"),
        when=f"{first.isoformat()} – {of.isoformat()}",
        good=(),
        parts=parts,
        try_tomorrow="",
        level=tuple(levels(Ledger(diary, usual).moves(), texts, usual)),
        empty="" if good or parts else texts.say("page", "empty_week"),
    )


def levels(moves: Sequence[Move], texts: Texts, usual: Config) -> Iterator[str]:
    """Where the agent's own level stands, with the answers that moved it and how to take it back."""
    above = steps(moves)
    now = with_level(usual, above).cues
    values: dict[Movable, tuple[float, float]] = {
        "strain": (now.high, usual.cues.high),
        "pace": (now.pace_ratio, usual.cues.pace_ratio),
    }
    for about, (high, before) in values.items():
        if above[about]:
            last = [move for move in moves if move.about == about][-1]
            code = f"level_{about}" if last.answers else f"level_{about}_back"
            counts = {"answers": last.answers, "unneeded": last.unneeded}
            yield texts.say("page", code, high=f"{high:g}", usual=f"{before:g}", **counts)


def _good(diary: Diary, first: date, last: date, texts: Texts) -> tuple[list[str], tuple[Part, ...]]:
    """Everything good of some days, one of each kind in turn; and the same as parts of a page."""
    thanks = [f"“{row['text']}”" for row in diary.rows("thanks", first, last)]
    calm = [
        texts.say("page", "recovery", time=_time(row, with_day=first != last))
        for row in diary.rows("recoveries", first, last)
    ]
    well = [_noted(row, texts) for row in diary.rows("moments", first, last) if row["went"] == "well"]
    kept = [
        texts.say("page", "intention_yes", intention=texts.intention(str(row["text"])))
        for row in diary.rows("intentions", first, last)
        if row["kept"] == "yes"
    ]
    of = {"thanks": thanks, "recoveries": calm, "went_well": well, "intentions": kept}
    parts = tuple(
        Part(texts.say("page", code), tuple(lines), quoted=code == "thanks") for code, lines in of.items() if lines
    )
    # One of each kind before a second of any: three good things are three kinds, where there are three.
    turns = [lines[turn] for turn in range(max(map(len, of.values()))) for lines in of.values() if turn < len(lines)]
    return turns, (*parts, *_notes(diary, first, last, texts))


def _notes(diary: Diary, first: date, last: date, texts: Texts) -> tuple[Part, ...]:
    rows = diary.rows("moments", first, last)
    notes = tuple(f"“{row['note']}”" for row in rows if row["note"] and row["went"] != "well")
    return (Part(texts.say("page", "notes"), notes, quoted=True),) if notes else ()


def _noted(row: Row, texts: Texts) -> str:
    fact = texts.fact({"fact": row["fact"], "at": _time(row), "value_s": row["value_s"]}) if row["fact"] else ""
    return " ".join(part for part in (fact, f"“{row['note']}”" if row["note"] else "") if part)


def _try(diary: Diary, of: date, texts: Texts) -> str:
    """One thing to try tomorrow, as an if-then sentence, out of what the agent said; nothing if all was well."""
    missed = [row for row in diary.rows("intentions", of, of) if row["kept"] == "no"]
    if missed:
        return texts.say("page", "try_intention", intention=texts.intention(str(missed[-1]["text"])))
    other = [row for row in diary.rows("moments", of, of) if row["went"] == "differently"]
    if not other:
        return ""
    noted = [row for row in other if row["note"]]
    if noted:
        return texts.say("page", "try_note", note=noted[-1]["note"])
    return texts.say("page", "try_differently", time=_time(other[-1]))


def _time(row: Row, *, with_day: bool = False) -> str:
    at = datetime.fromtimestamp(float(row["at_s"])).astimezone()
    return at.strftime("%m-%d %H:%M" if with_day else "%H:%M")
