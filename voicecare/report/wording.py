"""Sentences about a document's rows, in pieces, so that every moment they name can be clicked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicecare.catalogue.catalogue import Catalogue
from voicecare.timebase import clock, samples
from voicecare.types import Reason

_CLOCK = re.compile(r"(?<![\d:])\d+(?::\d\d)+(?:\.\d+)?(?![\d:])")
"""A moment, as `timebase.clock` writes it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `at_s` where it names a moment of the call."""

    text: str
    at_s: float | None = None


Sentence = tuple[Piece, ...]


def reason_of(row: Mapping[str, Any]) -> Reason:
    """Rebuild a Reason from its row in a document."""
    return Reason(row["code"], tuple(samples(s) for s in row["at_s"]), row["value"], row["text"])


def because(rows: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> list[Sentence]:
    """Word the reasons of a cue."""
    return [linked(catalogue.reason(reason_of(row)), row["at_s"]) for row in rows]


def told(rows: Iterable[Mapping[str, Any]], catalogue: Catalogue) -> list[Sentence]:
    """Word a story."""
    return [linked(catalogue.story(reason_of(row)), row["at_s"]) for row in rows]


def page(catalogue: Catalogue, code: str, at_s: Sequence[float] = (), value: float | None = None) -> str:
    """Word one of the page's own messages."""
    return catalogue.say("page", code, **catalogue.fields(Reason(code, tuple(samples(s) for s in at_s), value)))


def linked(text: str, at_s: Iterable[float]) -> Sentence:
    """Split a sentence at the moments it names.

    >>> linked("up at 0:31, down at 0:52", (31.2, 52.0))[1]
    Piece(text='0:31', at_s=31.2)
    """
    moments = {clock(samples(s)): s for s in at_s}
    if not moments:
        return (Piece(text),)
    pieces: list[Piece] = []
    plain = 0
    for found in _CLOCK.finditer(text):
        if found[0] in moments:
            pieces += [Piece(text[plain : found.start()])] if found.start() > plain else []
            pieces.append(Piece(found[0], moments[found[0]]))
            plain = found.end()
    return (*pieces, Piece(text[plain:])) if plain < len(text) else tuple(pieces)
