"""All numbers of a call, computed once from its session; every face of the report reads these and counts nothing.

This is where samples become seconds. A median or a share of nothing is None, never 0.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecare.report.listening import Listening, listening
from voicecare.report.rows import common, of_type, settled, spoken, total, union
from voicecare.report.story import story
from voicecare.report.strain import StrainNumbers, strain_numbers
from voicecare.session import Session, recorded_config
from voicecare.timebase import RATE_HZ, Samples, Span, seconds
from voicecare.types import PARTIES, Cue, Event, Health, Heard, Party, Reason, TurnEvent, TurnKind


@dataclass(frozen=True, slots=True)
class PartyNumbers:
    """What one party did. Shares are 0..1 of both parties' speech; `response_gap_s` is the median before answering.

    speech_s: None where this party's leg was silent all along. What takes two, from `talk_share` to `monologues`, is
    None where either leg was: nobody knows what it would have been.
    pace_wpm: words a minute over the party's own speech that was heard; None without a recogniser.
    """

    speech_s: float | None
    talk_share: float | None
    interruptions: int | None
    talk_overs: int | None
    early_replies: int | None
    dual_starts: int | None
    backchannels: int | None
    response_gap_s: float | None
    monologues: int | None
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
    """Stretches of at least five seconds in which nobody spoke; None where a leg was silent all along."""

    count: int | None
    total_s: float | None
    longest_s: float | None


@dataclass(frozen=True, slots=True)
class CueNumbers:
    """What became of the cues. `logged` were kept off the screen (shadow mode or snoozed) and count nowhere else.

    shown: all that were on screen: `praise`, which asks for nothing, and those of the five fates after it.
    withheld: what more would have been shown but for the limit of cues; withheld_s: the first time.
    """

    shown: int
    praise: int
    heeded: int
    eased: int
    expired: int
    replaced: int
    standing: int
    logged: int
    withheld: int
    withheld_s: float | None

    @property
    def all_followed(self) -> bool:
        """Whether every cue that asked for something was done, and none was kept away."""
        return 0 < self.heeded == self.shown - self.praise and not self.withheld


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of a call; what cannot be known, because a leg was silent all along, is None.

    overlap_share: 0..1 of the time anyone spoke. interruption_latency_s: median from onset to decision.
    story: the call in one to three sentences, as catalogue codes.
    """

    duration_s: float
    agent: PartyNumbers
    caller: PartyNumbers
    overlap_s: float | None
    overlap_share: float | None
    talk_over_s: float | None
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
    told = listening(session)
    both = told.silent_leg is None
    anyone = total(union([*speech["agent"], *speech["caller"], *overlaps]))
    interruptions = tuple(
        Interruption(t.by, seconds(t.span.start), seconds(t.span.end), seconds(t.decided_at), t.floor)
        for t in sorted(turns, key=lambda t: t.span)
        if t.kind == "interruption"
    )
    silent = [s.length for s in _spans(turns, "long_silence")]
    config = recorded_config(session.header.config)
    strain = strain_numbers(events, config)
    cues = _cues(events)
    return Numbers(
        duration_s=seconds(session.end),
        agent=_party("agent", events, turns, told),
        caller=_party("caller", events, turns, told),
        overlap_s=seconds(total(overlaps)) if both else None,
        overlap_share=round(total(overlaps) / anyone, 3) if anyone and both else None,
        talk_over_s=seconds(total(_spans(turns, "talk_over"))) if both else None,
        interruptions=interruptions,
        interruption_latency_s=_median([i.decided_s - i.start_s for i in interruptions]),
        silences=Silences(len(silent), seconds(sum(silent)), seconds(max(silent)) if silent else None)
        if both
        else Silences(None, None, None),
        strain=strain,
        cues=cues,
        listening=told,
        story=story(
            strain,
            interruptions,
            cues,
            told,
            high=config.cues.high,
            speech_s={who: seconds(total(speech[who])) for who in PARTIES},
            complete=session.complete,
            end_s=seconds(session.end),
        ),
    )


def _spans(turns: Sequence[TurnEvent], kind: TurnKind, by: Party | None = None) -> list[Span]:
    return [t.span for t in turns if t.kind == kind and (by is None or t.by == by)]


def _party(who: Party, events: Sequence[Event], turns: Sequence[TurnEvent], told: Listening) -> PartyNumbers:
    speech = spoken(events)
    both = total(speech["agent"]) + total(speech["caller"])
    known = told.silent_leg is None
    counts = Counter(t.kind for t in turns if t.by == who)
    monologues = [s.length for s in _spans(turns, "monologue", who)]

    def count(kind: TurnKind) -> int | None:
        return counts[kind] if known else None

    return PartyNumbers(
        speech_s=seconds(total(speech[who])) if told.hears(who) else None,
        talk_share=round(total(speech[who]) / both, 3) if both and known else None,
        interruptions=count("interruption"),
        talk_overs=count("talk_over"),
        early_replies=count("early_reply"),
        dual_starts=count("dual_start"),
        backchannels=count("backchannel"),
        response_gap_s=_median([seconds(s.length) for s in _spans(turns, "response_gap", who)]) if known else None,
        monologues=len(monologues) if known else None,
        longest_monologue_s=seconds(max(monologues)) if monologues and known else None,
        pace_wpm=_pace_wpm([h for h in of_type(events, Heard) if h.channel == who and h.final], speech[who]),
    )


def _pace_wpm(heard: Sequence[Heard], speech: Sequence[Span]) -> int | None:
    worded = [h for h in heard if h.words]
    spoken_for: Samples = total(common(union(h.span for h in worded), speech))
    return round(sum(len(h.words) for h in worded) * 60 * RATE_HZ / spoken_for) if spoken_for else None


def _cues(events: Sequence[Event]) -> CueNumbers:
    cues = of_type(events, Cue)
    shown = [cue for cue in cues if cue.shown]
    asking = [cue for cue in shown if cue.kind != "well_held"]
    fate = Counter(cue.cleared_by for cue in asking)
    withheld = [h.at for h in of_type(events, Health) if h.kind == "cue_limit"]
    return CueNumbers(
        shown=len(shown),
        praise=len(shown) - len(asking),
        heeded=fate["heeded"],
        eased=fate["eased"],
        expired=fate["expired"],
        replaced=fate["replaced"],
        standing=fate[None],
        logged=len(cues) - len(shown),
        withheld=len(withheld),
        withheld_s=seconds(min(withheld)) if withheld else None,
    )


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 3) if values else None
