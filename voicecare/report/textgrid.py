"""Praat's TextGrid: an interval tier a party with their speech, a point tier with the turn events, and the words.

Written in the long text format, read in the long and the short one: Praat itself takes only the free-standing numbers
and quoted texts of such a file and skips the words between them, and so does `parse`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from voicecare.report.annotation import EVENT_TIER, Annotated, Mark, marks
from voicecare.report.rows import spoken, words
from voicecare.session import Session
from voicecare.timebase import Samples, Span, samples, seconds
from voicecare.types import PARTIES

LONGEST_S = 1e6
"""No call is longer; a time beyond this is a broken file."""
_TOKEN = re.compile(r'(?<!\S)![^\n]*+|"((?:[^"]|"")*+)"|(?<!\S)([-+]?\d[\d.]*+(?:[eE][-+]?\d++)?)(?!\S)|\S++')


class NotATextGridError(ValueError):
    """The text is no TextGrid, or has no event tier."""


def textgrid(session: Session) -> str:
    """Write a session as a TextGrid in Praat's long text format; times in seconds."""
    end_s = seconds(session.end)
    legs = spoken(session.events)
    tiers = [_interval_tier(party, [(span, "speech") for span in legs[party]], session.end) for party in PARTIES]
    tiers.append(_point_tier(marks(session), end_s))
    if session.header.recogniser:
        tiers += [_interval_tier(f"{who} words", words(session.events, who), session.end) for who in PARTIES]
    head = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {end_s}"]
    head += ["tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    body = [line for number, tier in enumerate(tiers, 1) for line in (f"    item [{number}]:", *tier)]
    return "\n".join([*head, *body]) + "\n"


def parse(text: str) -> Annotated:
    """Read the event tier and the speech tiers; tiers of one name are one tier, and an empty text marks nothing.

    Raises:
        NotATextGridError: the text is no TextGrid, is cut short, or has no event tier.
    """
    tokens = _tokens(text)
    if next(tokens, None) != "ooTextFile" or next(tokens, None) != "TextGrid":
        raise NotATextGridError("it does not begin as one")
    _number(tokens)  # from
    end = samples(_number(tokens))
    tiers: dict[str, list[tuple[Span, str]]] = {}
    for _ in range(_count(tokens)):
        kind, name = _text(tokens), _text(tokens)
        _number(tokens), _number(tokens)
        found: list[tuple[Span, str]] = []
        for _ in range(_count(tokens)):
            start_s = _number(tokens)
            end_s = _number(tokens) if kind == "IntervalTier" else start_s
            label = _text(tokens)
            if label.strip():
                found.append((Span(samples(start_s), samples(max(start_s, end_s))), label))
        before = tiers.setdefault(name, [])
        twice = set(before)
        before += [one for one in found if one not in twice]
    if EVENT_TIER not in tiers:
        raise NotATextGridError(f'it has no tier "{EVENT_TIER}"')
    events = tuple(Mark(span.start, label) for span, label in tiers[EVENT_TIER])
    return Annotated(events, {party: tuple(span for span, _ in tiers.get(party, ())) for party in PARTIES}, end)


def _tokens(text: str) -> Iterator[str | float]:
    """The quoted texts and free-standing numbers; comments (`!`), `<exists>` and other words are passed over."""
    for found in _TOKEN.finditer(text):
        quoted, number = found.groups()
        if quoted is not None:
            yield quoted.replace('""', '"')
        elif number is not None:
            try:
                yield float(number)
            except ValueError:
                raise NotATextGridError(f"{number[:20]} is no number") from None


def _text(tokens: Iterator[str | float]) -> str:
    token = next(tokens, None)
    if not isinstance(token, str):
        raise NotATextGridError("it is cut short, or a text is missing")
    return token


def _number(tokens: Iterator[str | float]) -> float:
    token = next(tokens, None)
    if not isinstance(token, float) or not math.isfinite(token) or not 0.0 <= token <= LONGEST_S:
        raise NotATextGridError("it is cut short, or a time is missing")
    return token


def _count(tokens: Iterator[str | float]) -> int:
    return int(_number(tokens))


def _interval_tier(name: str, stretches: Sequence[tuple[Span, str]], end: Samples) -> list[str]:
    """Stretches between silences; a TextGrid wants every second of a tier in an interval."""
    pieces: list[tuple[Samples, Samples, str]] = []
    reached = 0
    for span, text in stretches:
        if span.start > reached:
            pieces.append((reached, span.start, ""))
        pieces.append((span.start, span.end, text.replace('"', '""')))
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
