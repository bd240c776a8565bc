"""When a recording began, as the file says of itself: a broadcast WAV, or a tag of M4A, Matroska, MP3, Ogg or FLAC.

Whatever the file says is taken as it is: by the clock of the recorder, which may be wrong, and in its time zone, which
few files name. Some recorders state when the file was finished.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from voicecare.audio.files.decode_av import GARBLED, opened

_DATE = r"(?P<year>\d{4})[-_:./ ](?P<month>\d\d)[-_:./ ](?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d)[-_:. ](?P<minute>\d\d)(?:[-_:. ](?P<second>\d\d)(?:[.,]\d{1,9})?)?"
_ZONE = r"(?P<zone>Z|[+-]\d\d:?\d\d)?"
_MOMENT = re.compile(f"{_DATE}[T ]{_TIME} ?{_ZONE}", re.ASCII)
_DAY = re.compile(_DATE, re.ASCII)
_CLOCK = re.compile(_TIME, re.ASCII)
FIRST_YEAR = 1990
"""Clocks that were never set say 1904, 1970 or 1980; no call recorded as a file is older than this."""


def started(path: Path) -> str | None:
    """When a recording began, such as "2024-03-05T14:03:22" or with its zone as the file has it; None where not said.

    A date alone is not taken: it says nothing of the call that its file does not.
    """
    import av

    try:
        with opened(path) as source:
            tags = dict(source.metadata)
            for stream in source.streams.audio:
                tags |= {key: value for key, value in stream.metadata.items() if key not in tags}
    except (av.FFmpegError, OSError, *GARBLED):
        return None  # whether the sound can be read is not asked here
    said = {key.lower(): value.strip() for key, value in tags.items()}
    return _moment(said.get("date", ""), said.get("creation_time", "")) or _whole(said.get("date", ""))


def _moment(date: str, time: str) -> str | None:
    """A broadcast WAV gives the day and the time apart; others give both as one."""
    if _DAY.fullmatch(date) and _CLOCK.fullmatch(time):
        return _whole(f"{date}T{time}")
    return _whole(time)


def _whole(text: str) -> str | None:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (
        int(found[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - in whatever zone the recorder stood
    except ValueError:
        return None
    return None if moment.year < FIRST_YEAR else moment.isoformat() + (found["zone"] or "")
