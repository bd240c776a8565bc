"""ELAN's EAF 3.0: a tier a party with their speech, one with the turn events as stretches both spoke, and the words.

An EAF comes from people and mail boxes, so it is read without trust: expat fetches nothing by itself, and a document
type, without which no entity can be declared, is refused as soon as it begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from xml.parsers import expat

from voicecare.report.annotation import EVENT_TIER, Annotated, Mark, marked_spans
from voicecare.report.rows import spoken, words
from voicecare.session import Session
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, Party

UNDATED = "1970-01-01T00:00:00+00:00"
"""The format wants a date and a session has none; this one is plainly not a date of work."""
LONGEST_MS = 1_000_000_000
_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"


class NotAnEafError(ValueError):
    """The bytes are no EAF, ask for what is not allowed, or have no event tier."""


def eaf(session: Session) -> str:
    """Write a session as an EAF; times in milliseconds, each stretch at least one of them long."""
    legs = spoken(session.events)
    tiers: list[tuple[str, list[tuple[Span, str]]]] = [
        (party, [(span, "speech") for span in legs[party]]) for party in PARTIES
    ]
    tiers.append((EVENT_TIER, [(span, mark.text) for mark, span in marked_spans(session)]))
    tiers += [(f"{party} words", words(session.events, party)) for party in PARTIES if session.header.recogniser]
    slots: list[int] = []
    bodies: list[str] = []
    for name, stretches in tiers:
        bodies.append(f'  <TIER LINGUISTIC_TYPE_REF="stretch" TIER_ID="{escape(name)}">')
        for span, text in stretches:
            bodies.append(_annotation(len(slots) // 2 + 1, text))
            start_ms = _ms(span.start)
            slots += [start_ms, max(_ms(span.end), start_ms + 1)]
        bodies.append("  </TIER>")
    return "\n".join([*_head(slots), *bodies, *_tail()]) + "\n"


def parse(raw: bytes) -> Annotated:
    """Read the annotations of the event tier, in the order of the file, and the speech of both parties.

    Raises:
        NotAnEafError: the bytes are no EAF, declare entities, or have no event tier.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise NotAnEafError(f"line {error.lineno}: {expat.ErrorString(error.code)}") from error
    except NotAnEafError:
        raise
    except (LookupError, ValueError) as error:  # expat takes no encoding of several bytes but UTF-8 and UTF-16
        raise NotAnEafError("its encoding is not known here; save it as UTF-8") from error
    return reader.annotated()


class _Reader:
    """Collects time slots and the annotations of the tiers that count; slots may stand after them."""

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}
        self._tier: str | None = None
        self._found: dict[str, list[tuple[str, str, str]]] = {EVENT_TIER: [], **{party: [] for party in PARTIES}}
        self._between: tuple[str, str] | None = None
        self._value: list[str] | None = None
        self._has_tier = self._has_root = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._has_root = self._has_root or name == "ANNOTATION_DOCUMENT"
        if name == "TIME_SLOT" and "TIME_VALUE" in attributes:
            self._slots[attributes.get("TIME_SLOT_ID", "")] = _milliseconds(attributes["TIME_VALUE"])
        elif name == "TIER":
            self._tier = attributes.get("TIER_ID")
            self._has_tier = self._has_tier or self._tier == EVENT_TIER
        elif name == "ALIGNABLE_ANNOTATION" and self._tier in self._found:
            self._between = (attributes.get("TIME_SLOT_REF1", ""), attributes.get("TIME_SLOT_REF2", ""))
        elif name == "ANNOTATION_VALUE" and self._between is not None:
            self._value = []

    def text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def end(self, name: str) -> None:
        if name == "ANNOTATION_VALUE" and self._between is not None and self._value is not None:
            self._found[self._tier or EVENT_TIER].append((*self._between, "".join(self._value)))
            self._between = self._value = None
        elif name == "TIER":
            self._tier = None

    def annotated(self) -> Annotated:
        if not self._has_root:
            raise NotAnEafError("it is not an ANNOTATION_DOCUMENT")
        if not self._has_tier:
            raise NotAnEafError(f'it has no tier "{EVENT_TIER}"')
        marks = [Mark(self._at(start), text) for start, _, text in self._found[EVENT_TIER] if text.strip()]
        speech: dict[Party, tuple[Span, ...]] = {
            party: tuple(
                Span(self._at(start), max(self._at(start), self._at(end)))
                for start, end, text in self._found[party]
                if text.strip()
            )
            for party in PARTIES
        }
        return Annotated(tuple(marks), speech)

    def _at(self, slot: str) -> Samples:
        if slot not in self._slots:
            raise NotAnEafError(f"an annotation has no time (slot {slot[:20]!r})")
        return samples(self._slots[slot] / 1000)


def _refuse(*_: object) -> None:
    raise NotAnEafError("it declares a document type or entities, which an EAF never does")


def _milliseconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LONGEST_MS):
        raise NotAnEafError(f"{text[:20]!r} is no time in milliseconds")
    return int(text)


def _annotation(number: int, text: str) -> str:
    slots = f'TIME_SLOT_REF1="ts{2 * number - 1}" TIME_SLOT_REF2="ts{2 * number}"'
    return (
        f'    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" {slots}>'
        f"<ANNOTATION_VALUE>{escape(text)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
    )


def _head(slots: Iterable[int]) -> list[str]:
    return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        (
            f'<ANNOTATION_DOCUMENT AUTHOR="voicecare" DATE="{UNDATED}" FORMAT="3.0" VERSION="3.0" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{_SCHEMA}">'
        ),
        '  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>',
        "  <TIME_ORDER>",
        *(f'    <TIME_SLOT TIME_SLOT_ID="ts{n}" TIME_VALUE="{ms}"/>' for n, ms in enumerate(slots, 1)),
        "  </TIME_ORDER>",
    ]


def _tail() -> list[str]:
    kind = '  <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="stretch" TIME_ALIGNABLE="true"/>'
    return [kind, "</ANNOTATION_DOCUMENT>"]


def _ms(at: Samples) -> int:
    return round(at / 16)
