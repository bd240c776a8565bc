"""Which programs are seen to telephone now, and which others play and record and may be a telephone, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voicecare.audio.devices.softphones import Softphones
from voicecare.audio.devices.telephone import Sound

WHOLE_OUTPUT = (
    "calls: this system does not tell what programs do with sound; the caller is all that the output plays, other "
    "programs too, and a call begins and ends when you say so (`voicecare call`)"
)


def telephone_lines(sounds: Sequence[Sound] | None, named: Iterable[str] = ()) -> list[str]:
    """Say what is seen of telephones, a line each. sounds: None where the system does not tell."""
    if sounds is None:
        return [WHOLE_OUTPUT]
    softphones = Softphones.load(tuple(named))
    lines: list[str] = []
    for group in dict.fromkeys(sound.group for sound in sounds):
        mine = [sound for sound in sounds if sound.group == group and not sound.corked]
        if not mine:
            continue
        plays, records = (any(s.records is wanted for s in mine) for wanted in (False, True))
        phone = softphones.phone(mine[0].program, mine[0].client)
        name = phone.name if phone is not None else (mine[0].client or mine[0].program)
        does = " and ".join(word for word, true in (("plays", plays), ("records", records)) if true)
        if phone is not None:
            lines.append(f"telephone: {name} {does}" + (": a call" if plays and records else ""))
        elif plays and records:
            lines.append(f"perhaps a telephone: {name} plays and records; if it is yours, add --app {name!r}")
    return lines or ["telephone: none plays or records now; a call is noticed when one does both"]
