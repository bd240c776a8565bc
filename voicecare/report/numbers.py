"""All numbers of a call, computed once from its session; every face of the report reads these and counts nothing.

This is where samples become seconds. A median or a share of nothing is None, never 0.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecare.report.rows import common, of_type, settled, spoken, total, union
from voicecare.report.story import story
from voicecare.report.strain import StrainNumbers, strain_numbers
from voicecare.session import Session, recorded_config
from voicecare.timebase import RATE_HZ, Samples, Span, seconds
from voicecare.types import Cue, Event, Health, Heard, Party, Reason, TurnEvent, TurnKind

MOMENTARY = ("slept", "caller_objects", "no_words")
"""Notes of health events that say by themselves what happened, and have no end to wait for."""
TROUBLES = (
    "overflow",
    "recogniser_behind",
    "stage_failed",
    "silent_leg",
    "quiet_leg",
    "noisy_leg",
    "not_understood",
    *MOMENTARY,
)


UNREAD = ("no_sentiment", "no_phrases", "no_redaction_rules")
"""What may step aside in a language."""


@dataclass(frozen=True, slots=True)
class PartyNumbers:
    """What one party did. Shares are 0..1 of both parties' speech; `response_gap_s` is the median before answering.

    pace_wpm: words a minute over the party's own speech that was heard; None without a recogniser.
    """

    speech_s: float
    talk_share: float | None
    interruptions: int
    talk_overs: int
    early_replies: int
    dual_starts: int
    backchannels: int
    response_gap_s: float | None
    monologues: int
    longest_monologue_s: float | None
    pace_wpm: int | None


@dataclass(frozen=True, slots=True)
class Interruption:
    """One party starting to speak where the other held the floor."""

    by: Party | None
    start_s: float
    end_s: float
    decided_s: float
    floor: Literal["taken", "kept"] | None


@dataclass(frozen=True, slots=True)
class Silences:
    """Stretches of at least five seconds in which nobody spoke."""

    count: int
    total_s: float
    longest_s: float | None


@dataclass(frozen=True, slots=True)
class CueNumbers:
    """What became of the cues. `logged` were kept off the screen (shadow mode or snoozed) and count nowhere else."""

    shown: int
    heeded: int
    eased: int
    expired: int
    replaced: int
    standing: int
    logged: int


@dataclass(frozen=True, slots=True)
class Listening:
    """How well voicecare itself heard the call.

    lost_s: audio that never arrived, in `gaps` pieces. unheard: stretches voicecare did not listen to, in seconds,
    gaps included. troubles: how often each of TROUBLES happened; a leg that found its voice again is none.
    language: the call's, chosen or noticed; None where it was not, as with an English-only model. unread: what is not
    read in it, of `UNREAD`.
    """

    gaps: int
    lost_s: float
    unheard: tuple[tuple[float, float], ...]
    truncated: bool
    leak: bool
    troubles: dict[str, int]
    language: str | None = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of a call.

    overlap_share: 0..1 of the time anyone spoke. interruption_latency_s: median from onset to decision.
    story: the call in one to three sentences, as catalogue codes.
    """

    duration_s: float
    agent: PartyNumbers
    caller: PartyNumbers
    overlap_s: float
    overlap_share: float | None
    talk_over_s: float
    interruptions: tuple[Interruption, ...]
    interruption_latency_s: float | None
    silences: Silences
    strain: StrainNumbers
    cues: CueNumbers
    listening: Listening
    story: tuple[Reason, ...]


def numbers(session: Session) -> Numbers:
    """Compute every number the report faces show."""
    events = settled(session.events)
    turns = of_type(events, TurnEvent)
    speech = spoken(events)
    overlaps = _spans(turns, "overlap")
    anyone = total(union([*speech["agent"], *speech["caller"], *overlaps]))
    interruptions = tuple(
        Interruption(t.by, seconds(t.span.start), seconds(t.span.end), seconds(t.decided_at), t.floor)
        for t in sorted(turns, key=lambda t: t.span)
        if t.kind == "interruption"
    )
    silent = [s.length for s in _spans(turns, "long_silence")]
    config = recorded_config(session.header.config)
    strain = strain_numbers(events, config)
    cues = _cues(of_type(events, Cue))
    return Numbers(
        duration_s=seconds(session.end),
        agent=_party("agent", events, turns),
        caller=_party("caller", events, turns),
        overlap_s=seconds(total(overlaps)),
        overlap_share=round(total(overlaps) / anyone, 3) if anyone else None,
        talk_over_s=seconds(total(_spans(turns, "talk_over"))),
        interruptions=interruptions,
        interruption_latency_s=_median([i.decided_s - i.start_s for i in interruptions]),
        silences=Silences(len(silent), seconds(sum(silent)), seconds(max(silent)) if silent else None),
        strain=strain,
        cues=cues,
        listening=_listening(of_type(events, Health), session),
        story=story(
            strain,
            interruptions,
            cues,
            high=config.cues.high,
            anyone_spoke=bool(anyone),
            complete=session.complete,
        ),
    )


def _spans(turns: Sequence[TurnEvent], kind: TurnKind, by: Party | None = None) -> list[Span]:
    return [t.span for t in turns if t.kind == kind and (by is None or t.by == by)]


def _party(who: Party, events: Sequence[Event], turns: Sequence[TurnEvent]) -> PartyNumbers:
    speech = spoken(events)
    both = total(speech["agent"]) + total(speech["caller"])
    counts = Counter(t.kind for t in turns if t.by == who)
    monologues = [s.length for s in _spans(turns, "monologue", who)]
    return PartyNumbers(
        speech_s=seconds(total(speech[who])),
        talk_share=round(total(speech[who]) / both, 3) if both else None,
        interruptions=counts["interruption"],
        talk_overs=counts["talk_over"],
        early_replies=counts["early_reply"],
        dual_starts=counts["dual_start"],
        backchannels=counts["backchannel"],
        response_gap_s=_median([seconds(s.length) for s in _spans(turns, "response_gap", who)]),
        monologues=len(monologues),
        longest_monologue_s=seconds(max(monologues)) if monologues else None,
        pace_wpm=_pace_wpm([h for h in of_type(events, Heard) if h.channel == who and h.final], speech[who]),
    )


def _pace_wpm(heard: Sequence[Heard], speech: Sequence[Span]) -> int | None:
    worded = [h for h in heard if h.words]
    spoken_for: Samples = total(common(union(h.span for h in worded), speech))
    return round(sum(len(h.words) for h in worded) * 60 * RATE_HZ / spoken_for) if spoken_for else None


def _cues(cues: Sequence[Cue]) -> CueNumbers:
    shown = [cue for cue in cues if cue.shown]
    fate = Counter(cue.cleared_by for cue in shown)
    return CueNumbers(
        shown=len(shown),
        heeded=fate["heeded"],
        eased=fate["eased"],
        expired=fate["expired"],
        replaced=fate["replaced"],
        standing=fate[None],
        logged=len(cues) - len(shown),
    )


def _listening(health: Sequence[Health], session: Session) -> Listening:
    gaps = [Span(h.at, h.at + max(0, h.amount)) for h in health if h.kind == "gap"]
    deaf: list[Span] = []
    since: dict[str, Health] = {}  # several things may keep voicecare from listening at once, each under its own note
    for event in health:
        if event.kind == "listening":
            began = since.pop(event.note, None)
            if began is not None and began.kind == "not_listening":
                deaf.append(Span(began.at, max(began.at, event.at)))
        elif event.kind in ("not_listening", "silent_leg") and event.note not in MOMENTARY:
            since.setdefault(event.note, event)
    deaf += [Span(h.at, max(h.at, session.end)) for h in since.values() if h.kind == "not_listening"]
    counts = Counter(h.note if h.note in MOMENTARY else h.kind for h in health if h.kind != "listening")
    counts["silent_leg"] = sum(h.kind == "silent_leg" for h in since.values())
    return Listening(
        gaps=len(gaps),
        lost_s=seconds(total(gaps)),
        unheard=tuple((seconds(s.start), seconds(s.end)) for s in union([*gaps, *deaf])),
        truncated=counts["truncated"] > 0,
        leak=counts["leak"] > 0,
        troubles={code: counts[code] for code in TROUBLES if counts[code]},
        language=next((h.note for h in health if h.kind == "language"), None),
        unread=tuple(h.kind for h in health if h.kind in UNREAD),
    )


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 3) if values else None
