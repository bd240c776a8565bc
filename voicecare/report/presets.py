"""The numbers of a call in other vendors' terms, from the same events: for QA teams whose forms speak those words.

Vendors count different things under the same names, so every view names the definition it used. The thresholds are the
published ones; where none is published the text says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from voicecare.report.listening import listening
from voicecare.report.rows import common, of_type, settled, spoken, total, union
from voicecare.session import Session
from voicecare.timebase import RATE_HZ, Samples, Span, samples, seconds
from voicecare.types import PARTIES, Party, TurnEvent

PresetName: TypeAlias = Literal["aws", "verint", "voci", "kore", "genesys"]
PRESETS: tuple[PresetName, ...] = get_args(PresetName)
ROLES = ("AGENT", "CUSTOMER")
"""The parties as AWS names them, the agent first."""


@dataclass(frozen=True, slots=True)
class Preset:
    """How a vendor counts. talk_over_s, silence_s: the least length that counts; limit_percent: the most allowed."""

    title: str
    definition: str
    talk_over_s: float
    silence_s: float
    limit_percent: float | None = None


_PRESETS: dict[PresetName, Preset] = {
    "aws": Preset(
        "AWS Call Analytics",
        "Interruptions are voicecare's, by interrupter; the interval is the overlap, where AWS gives the interrupter's "
        "whole stretch. AWS publishes no least length of NonTalkTime: stretches of 3 s and more without speech.",
        talk_over_s=0.0,
        silence_s=3.0,
    ),
    "verint": Preset(
        "Verint / Cisco WFO",
        "Talk-over: both talk for more than 3 s (the documented example). Silence: both silent for 10 s and more.",
        talk_over_s=3.0,
        silence_s=10.0,
    ),
    "voci": Preset(
        "Medallia / Voci",
        "Agent overtalk: agent turns that interrupt a client's turn, of all agent turns. Silence: all non-speech.",
        talk_over_s=0.0,
        silence_s=0.0,
    ),
    "kore": Preset(
        "Kore.ai",
        "Overlap and dead air are set per form; here overlaps of 1 s and more, and dead air of 5 s and more.",
        talk_over_s=1.0,
        silence_s=5.0,
    ),
    "genesys": Preset(
        "Genesys",
        "Overlap as a share of the call, flagged above 10 %.",
        talk_over_s=0.0,
        silence_s=0.0,
        limit_percent=10.0,
    ),
}


def vendor_view(session: Session, name: PresetName) -> dict[str, Any]:
    """One call in a vendor's terms, ready for JSON; `aws` in the shape of its ConversationCharacteristics.

    Where a leg was silent all along, what cannot be known is None and never 0.
    """
    preset = _PRESETS[name]
    head = {"preset": name, "title": preset.title, "definition": preset.definition}
    view = _aws(session, preset) if name == "aws" else _plain(session, preset)
    heard = listening(session)
    known = [role for party, role in zip(PARTIES, ROLES, strict=True) if heard.hears(party)]
    return {**head, **(view if heard.silent_leg is None else _unknown(view, known))}


def vendor_row(view: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten a vendor's view to one row: "Interruptions.TotalCount"; a list becomes its length, None stays None.

    The row names the same columns for every call, so rows of one preset make one table.
    """
    row: dict[str, Any] = {}
    for name, value in view.items():
        if isinstance(value, dict):
            inner = {role: value.get(role, []) for role in ROLES} if name == "InterruptionsByInterrupter" else value
            row |= {f"{name}.{key}": cell for key, cell in vendor_row(inner).items()}
        else:
            row[name] = len(value) if isinstance(value, list) else value
    return row


def _unknown(view: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Blank all of a view but what the leg that was heard tells alone: the agent's turns, each role's own speech."""
    blank: dict[str, Any] = {}
    for name, value in view.items():
        if name == "DetailsByParticipant":
            blank[name] = {role: value[role] if role in known else None for role in ROLES}
        elif name == "InterruptionsByInterrupter":
            blank[name] = dict.fromkeys(ROLES)
        elif isinstance(value, Mapping):
            blank[name] = _unknown(value, known)
        else:
            blank[name] = value if name == "agent_turns" and "AGENT" in known else None
    return blank


def _plain(session: Session, preset: Preset) -> dict[str, Any]:
    legs = spoken(session.events)
    overlaps = _at_least(common(legs["agent"], legs["caller"]), preset.talk_over_s)
    silences = _at_least(_silences(legs, session.end), preset.silence_s)
    percent = 100 * total(overlaps) / session.end if session.end else 0.0
    turns = _turns(session, "agent")
    interrupting = [e for e in _interruptions(session) if e.by == "agent"]
    return {
        "talk_over": _counted(overlaps),
        "talk_over_percent_of_call": round(percent, 1),
        "over_limit": None if preset.limit_percent is None else percent > preset.limit_percent,
        "silence": _counted(silences),
        "agent_turns": len(turns),
        "agent_interruptions": len(interrupting),
        "agent_overtalk_percent": round(100 * len(interrupting) / len(turns), 1) if turns else None,
    }


def _aws(session: Session, preset: Preset) -> dict[str, Any]:
    legs = spoken(session.events)
    interruptions = _interruptions(session)
    last = max((span.end for spans in legs.values() for span in spans), default=0)
    silences = _at_least(_silences(legs, last), preset.silence_s)
    by_interrupter = {
        role: [_millis(e.span) for e in interruptions if e.by == party]
        for party, role in zip(PARTIES, ROLES, strict=True)
    }
    talk = {"AGENT": _ms(total(legs["agent"])), "CUSTOMER": _ms(total(legs["caller"]))}
    return {
        "ConversationCharacteristics": {
            "TotalConversationDurationMillis": _ms(last),
            "Interruptions": {
                "TotalCount": len(interruptions),
                "TotalTimeMillis": sum(_ms(e.span.length) for e in interruptions),
                "InterruptionsByInterrupter": {role: found for role, found in by_interrupter.items() if found},
            },
            "NonTalkTime": {
                "Instances": [_millis(span) for span in silences],
                "TotalTimeMillis": sum(_ms(span.length) for span in silences),
            },
            "TalkTime": {
                "DetailsByParticipant": {role: {"TotalTimeMillis": ms} for role, ms in talk.items()},
                "TotalTimeMillis": sum(talk.values()),
            },
        }
    }


def _interruptions(session: Session) -> list[TurnEvent]:
    return [e for e in of_type(settled(session.events), TurnEvent) if e.kind == "interruption"]


def _turns(session: Session, party: Party) -> list[Span]:
    """A party's utterances: speech with inner silences under half a second."""
    joined: list[Span] = []
    for span in spoken(session.events)[party]:
        if joined and span.start - joined[-1].end < samples(0.5):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _silences(legs: dict[str, list[Span]], end: Samples) -> list[Span]:
    """The stretches in which neither speaks."""
    talked = union(span for party in PARTIES for span in legs[party])
    starts = [0, *(span.end for span in talked)]
    ends = [*(span.start for span in talked), end]
    return [Span(a, b) for a, b in zip(starts, ends, strict=True) if b > a]


def _at_least(spans: Sequence[Span], least_s: float) -> list[Span]:
    return [span for span in spans if span.length >= samples(least_s)]


def _counted(spans: Sequence[Span]) -> dict[str, Any]:
    instances = [{"start_s": seconds(s.start), "end_s": seconds(s.end)} for s in spans]
    return {"count": len(spans), "total_s": seconds(total(spans)), "instances": instances}


def _millis(span: Span) -> dict[str, int]:
    begin, end = _ms(span.start), _ms(span.end)
    return {"BeginOffsetMillis": begin, "DurationMillis": end - begin, "EndOffsetMillis": end}


def _ms(length: Samples) -> int:
    return round(1000 * length / RATE_HZ)
