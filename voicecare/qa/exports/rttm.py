"""Who spoke when, as NIST's Rich Transcription Time Marked: what diarisation tools read and score."""

from __future__ import annotations

import re

from voicecare.report.rows import spoken
from voicecare.session import Session
from voicecare.timebase import seconds
from voicecare.types import PARTIES


def rttm(session: Session, name: str) -> str:
    """Write a line a stretch of speech, in order of time; a name's spaces become underscores."""
    legs = spoken(session.events)
    uri = re.sub(r"\s+", "_", name.strip()) or "call"
    rows = sorted((span, who) for who in PARTIES for span in legs[who])
    return "".join(
        f"SPEAKER {uri} 1 {seconds(span.start):.3f} {seconds(span.length):.3f} <NA> <NA> {who} <NA> <NA>\n"
        for span, who in rows
    )
