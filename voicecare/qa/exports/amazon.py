"""A call as Amazon Transcribe Call Analytics writes one: transcript, sentiment, talk speed, loudness, categories.

The agent's sentiment is left out wherever Amazon has it: voicecare estimates none. Redacted words stand as they were
heard. Loudness needs the recording; without it that part is left out.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from voicecare.qa.categories import categories
from voicecare.report.document import document
from voicecare.report.presets import ROLES, vendor_view
from voicecare.report.rows import of_type
from voicecare.session import Session
from voicecare.timebase import RATE_HZ, Samples, Span
from voicecare.types import PARTIES, Heard, Party, Sentiment

ROLE: Mapping[Party, str] = dict(zip(PARTIES, ROLES, strict=True))
QUARTERS = 4
_NAMES = {"negative": "NEGATIVE", "neutral": "NEUTRAL", "positive": "POSITIVE"}
_IDS = uuid.UUID("a8d2a4c5-3f0e-4c62-9d0b-5b0f7c7a1c11")
Levels = Mapping[Party, Sequence[float]]
"""Each leg's loudness a second, in dBFS, -inf where there is no sound."""


def call_analytics(session: Session, name: str, levels: Levels | None = None) -> dict[str, Any]:
    """Build the document of one call; name: the job's. levels: a number a second of each leg, where it is known."""
    said = sorted((h for h in of_type(session.events, Heard) if h.final and h.text), key=lambda h: h.span)
    moods = of_type(session.events, Sentiment)
    language = next((h.language for h in said if h.language), None)
    found = categories(document(session))
    return {
        "JobName": name,
        "JobStatus": "COMPLETED",
        "LanguageCode": language or "und",
        "Channel": "VOICE",
        "Participants": [{"ParticipantRole": role} for role in ROLES],
        "ContentMetadata": {"Output": "Redacted"},
        "Categories": {
            "MatchedCategories": sorted(found),
            "MatchedDetails": {
                name_: {
                    "PointsOfInterest": [
                        {"BeginOffsetMillis": round(1000 * a), "EndOffsetMillis": round(1000 * b)} for a, b in spans
                    ]
                }
                for name_, spans in sorted(found.items())
            },
        },
        "ConversationCharacteristics": {
            **vendor_view(session, "aws")["ConversationCharacteristics"],
            "Sentiment": _sentiment(moods, session.end),
            "TalkSpeed": {"DetailsByParticipant": _speed(session)},
        },
        "Transcript": [_turn(heard, moods, levels, name) for heard in said],
    }


def _turn(heard: Heard, moods: Sequence[Sentiment], levels: Levels | None, name: str) -> dict[str, Any]:
    begin, end = _ms(heard.span.start), _ms(heard.span.end)
    turn: dict[str, Any] = {
        "Id": str(uuid.uuid5(_IDS, f"{name}/{heard.channel}/{heard.span.start}")),
        "ParticipantRole": ROLE[heard.channel],
        "Content": heard.text,
        "BeginOffsetMillis": begin,
        "EndOffsetMillis": end,
        "Items": [
            {
                "Type": "pronunciation",
                "Content": word.text,
                "Confidence": f"{word.confidence:.3f}",
                "BeginOffsetMillis": _ms(word.span.start),
                "EndOffsetMillis": _ms(word.span.end),
            }
            for word in heard.words
        ],
    }
    if heard.channel == "caller":
        own = [mood for mood in moods if mood.span.overlap(heard.span)]
        turn["Sentiment"] = _NAMES[own[-1].label] if own else "NEUTRAL"
    if levels is not None:
        first, last = heard.span.start // RATE_HZ, -(-heard.span.end // RATE_HZ)
        turn["LoudnessScores"] = [_loudness(db) for db in levels[heard.channel][first:last]]
    return turn


def _loudness(level_dbfs: float) -> float | None:
    """Amazon's scale runs to about 100, louder is higher; here 0 dBFS is 100, and no sound is null."""
    return None if math.isinf(level_dbfs) else round(min(100.0, max(0.0, 100.0 + level_dbfs)), 2)


def _sentiment(moods: Sequence[Sentiment], end: Samples) -> dict[str, Any]:
    """The caller's alone, -5 to 5; Amazon's AGENT is left out."""
    quarters = []
    for number in range(QUARTERS):
        part = Span(end * number // QUARTERS, end * (number + 1) // QUARTERS)
        own = [mood.value for mood in moods if part.start <= mood.span.start < part.end]
        if own:
            score = round(5 * sum(own) / len(own), 1)
            quarters.append({"Score": score, "BeginOffsetMillis": _ms(part.start), "EndOffsetMillis": _ms(part.end)})
    overall = {"CUSTOMER": round(5 * sum(m.value for m in moods) / len(moods), 1)} if moods else {}
    return {"OverallSentiment": overall, "SentimentByPeriod": {"QUARTER": {"CUSTOMER": quarters}}}


def _speed(session: Session) -> dict[str, Any]:
    summary = document(session)["summary"]
    paces = {ROLE[party]: summary[party]["pace_wpm"] for party in PARTIES}
    return {role: {"AverageWordsPerMinute": pace} for role, pace in paces.items() if pace is not None}


def _ms(at: Samples) -> int:
    return round(1000 * at / RATE_HZ)
