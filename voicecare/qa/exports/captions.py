"""What was said as captions: WebVTT with its voices, SRT with the speaker's name before the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from voicecare.report.rows import of_type
from voicecare.session import Session
from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import Heard, Party

LEAST_MS = 1


def webvtt(session: Session, names: Mapping[Party, str]) -> str:
    """Write captions as WebVTT; names: how each party is called."""
    blocks = [
        f"{_time(start, '.')} --> {_time(end, '.')}\n<v {_safe(names[who])}>{_safe(text)}</v>"
        for who, start, end, text in _lines(session)
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def srt(session: Session, names: Mapping[Party, str]) -> str:
    """Write captions as SubRip; names: how each party is called."""
    blocks = [
        f"{number}\n{_time(start, ',')} --> {_time(end, ',')}\n{names[who]}: {text.replace('-->', '->')}"
        for number, (who, start, end, text) in enumerate(_lines(session), 1)
    ]
    return "\n\n".join(blocks) + "\n"


def _lines(session: Session) -> Iterator[tuple[Party, int, int, str]]:
    """Each stretch of words in order of time: whose, from and to in milliseconds, one line of text."""
    for heard in sorted(of_type(session.events, Heard), key=lambda h: h.span):
        text = " ".join(heard.text.split())
        if heard.final and text:
            start = _ms(heard.span.start)
            yield heard.channel, start, max(_ms(heard.span.end), start + LEAST_MS), text


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(ms: int, point: str) -> str:
    whole, rest = divmod(ms, 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{rest:03}"


def _ms(at: Samples) -> int:
    return round(1000 * at / RATE_HZ)
