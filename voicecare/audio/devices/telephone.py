"""Whether a call runs, told from what programs do with sound: who plays and records at once holds a call.

Measured with a softphone over SIP on loopback: the call is known 5 ms after its microphone opens and 8 ms after that
closes; while it rings the softphone plays and does not record; answering, holding and resuming renew the stream that
plays and leave the one that records. So the program is followed, not a stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voicecare.audio.devices.softphones import Phone, Softphones
from voicecare.audio.joining.wire import PhonePhase

GONE_S = 0.5
"""A call whose streams are both gone for this long is over; a headset that is changed reopens both sooner."""
MUTED_S = 5.0
"""A softphone that goes on playing but records no more may only have muted itself; after this the call is over."""
SILENT_S = 1.0
"""A softphone that goes on recording and plays nothing for this long holds the call; a browser's call is over."""
BELIEVED_S = 0.5
"""A page that tries the microphone for a moment holds no call."""
UNANSWERED_S = 600.0
"""A hold without any sound ends after this long: a softphone that keeps the microphone open holds no call."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A stream that a program plays or records.

    index: the sound system's own number of it. group: what belongs to one program. program: the name of its file;
    client: the name it gives itself. corked: opened, but standing still. device: what it plays on or records from.
    """

    index: int
    group: str
    program: str
    client: str
    records: bool
    corked: bool = False
    role: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What the telephone does.

    stream: what the caller is heard by; device: where that plays; microphone: what the telephone records from.
    """

    phase: PhonePhase = "rest"
    app: str = ""
    stream: int | None = None
    device: str = ""
    microphone: str = ""


@dataclass(slots=True)
class _Held:
    """The call that runs, and since when something of it is missing."""

    group: str
    phone: Phone
    gone_s: float | None = None
    muted_s: float | None = None
    silent_s: float | None = None


class Telephone:
    """Follows one call at a time; another program's call is noticed when this one is over.

    `look` is told all streams whenever something about them changed, and now and then. Pure: `now_s` is any clock.
    """

    def __init__(self, softphones: Softphones) -> None:
        self._softphones = softphones
        self._held: _Held | None = None
        self._since_s: dict[str, float] = {}
        self.line = Line()

    @property
    def unsettled(self) -> bool:
        """Whether time alone may change something: look again soon."""
        held = self._held
        waits = held is not None and (held.gone_s, held.muted_s, held.silent_s) != (None, None, None)
        return waits or (held is None and bool(self._since_s)) or self.line.phase == "ended"

    def look(self, sounds: Iterable[Sound], now_s: float) -> Line:
        """Say what the telephone does now; "ended" is said once."""
        groups: dict[str, list[Sound]] = {}
        for sound in sounds:
            groups.setdefault(sound.group, []).append(sound)
        if self._held is not None:
            self.line = self._in_call(self._held, groups.get(self._held.group, []), now_s)
        else:
            self.line = self._at_rest(groups, now_s)
        return self.line

    def _at_rest(self, groups: dict[str, list[Sound]], now_s: float) -> Line:
        ringing: Line | None = None
        talking: set[str] = set()
        for group, sounds in groups.items():
            phone = self._softphones.phone(sounds[0].program, sounds[0].client)
            if phone is None:
                continue
            plays, records = _running(sounds)
            if plays and records:
                talking.add(group)
                since_s = self._since_s.setdefault(group, now_s)
                if phone.kind == "softphone" or now_s - since_s >= BELIEVED_S:
                    self._held = _Held(group, phone)
                    self._since_s.clear()
                    return _line("talk", phone, plays, records)
            elif plays and phone.kind == "softphone":
                ringing = Line("ringing", phone.name)
        for group in set(self._since_s) - talking:
            del self._since_s[group]
        return ringing or Line()

    def _in_call(self, held: _Held, sounds: Sequence[Sound], now_s: float) -> Line:
        plays, records = _running(sounds)
        if not records and (not plays or held.gone_s is not None):
            held.gone_s = now_s if held.gone_s is None else held.gone_s
        if records:
            held.gone_s = held.muted_s = None
        elif held.muted_s is None:
            held.muted_s = now_s
        if plays:
            held.silent_s = None
        elif held.silent_s is None:
            held.silent_s = now_s
        silent_for_s = 0.0 if held.silent_s is None else now_s - held.silent_s
        over = (
            (held.gone_s is not None and now_s - held.gone_s >= GONE_S)
            or (held.muted_s is not None and now_s - held.muted_s >= MUTED_S)
            or silent_for_s >= (UNANSWERED_S if held.phone.kind == "softphone" else SILENT_S)
        )
        if over:
            self._held = None
            return Line("ended", held.phone.name)
        if silent_for_s >= SILENT_S:
            return Line("hold", held.phone.name, None, "", self.line.microphone)
        phase: PhonePhase = self.line.phase if silent_for_s else "talk"
        found = _line(phase, held.phone, plays, records)
        return Line(
            found.phase,
            found.app,
            found.stream,
            found.device or self.line.device,
            found.microphone or self.line.microphone,
        )


def _running(sounds: Sequence[Sound]) -> tuple[list[Sound], list[Sound]]:
    """The streams that play and those that record; a chime of a telephone is not its caller."""
    running = sorted((s for s in sounds if not s.corked), key=lambda sound: sound.index)
    return [s for s in running if not s.records and s.role != "event"], [s for s in running if s.records]


def _line(phase: PhonePhase, phone: Phone, plays: Sequence[Sound], records: Sequence[Sound]) -> Line:
    """The newest stream that plays is the caller: a ring tone began before it."""
    return Line(
        phase,
        phone.name,
        plays[-1].index if plays else None,
        plays[-1].device if plays else "",
        records[-1].device if records else "",
    )
