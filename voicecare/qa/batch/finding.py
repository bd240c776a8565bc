"""Finds the recorded calls of folders: recursively, two files of one call together, with what their names tell."""

from __future__ import annotations

import glob
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecare.errors import InputError
from voicecare.qa.batch.found import Found, Known, Remark
from voicecare.qa.batch.naming import Pair, Pattern, agent_side, legs, moment, unsure_legs, without_leg

_USUAL = (
    "3gp aac aif aifc aiff amr au awb caf flac gsm m4a mka mkv mov mp3 mp4 oga ogg opus rf64 snd sph voc vox w64 wav "
    "wave webm wma wv"
)
ENDINGS = frozenset(f".{name}" for name in _USUAL.split())
"""What a recording's name ends with. What ends otherwise is left alone, and counted."""
RAW_ENDINGS = frozenset({".raw", ".pcm", ".ul", ".ulaw", ".al", ".alaw", ".sln", ".sln16", ".g711"})
"""Also these, where `--raw` says how they are coded."""


@dataclass(frozen=True, slots=True)
class Search:
    """How to look. patterns: of names, tried in turn; pairs: how two files of one call are named, beside the usual.

    raw: whether files without a header are recordings, too.
    """

    patterns: tuple[Pattern, ...] = ()
    pairs: tuple[Pair, ...] = ()
    raw: bool = False


def find(places: Iterable[str], search: Search) -> tuple[list[Found], list[Remark]]:
    """Find the calls of folders, files and globs; each file is of one call.

    Raises:
        InputError: a place holds no recording at all.
    """
    remarks: list[Remark] = []
    files: dict[Path, Path] = {}
    for place in places:
        own = others = 0
        for file, top in _files(place):
            if file.suffix.casefold() in ENDINGS or (search.raw and file.suffix.casefold() in RAW_ENDINGS):
                files.setdefault(file, top)
                own += 1
            else:
                others += 1
        if others:
            remarks.append(Remark("others", {"count": others, "place": place}))
        if not own:
            raise InputError(
                f"there is no recording in {place}; give a folder, a pattern such as 'calls/*.wav', or a CSV"
            )
    found, unsure = _paired(files, search)
    return found, remarks + unsure


def told(file: Path, top: Path, search: Search) -> Known:
    """What a file's name, and those of its folders, tell."""
    stem = file.relative_to(top).with_suffix("").as_posix() if file.is_relative_to(top) else file.stem
    by_pattern = next((said for pattern in search.patterns if (said := pattern.read(stem)) is not None), {})
    start = moment(by_pattern["start"]) if by_pattern.get("start") else moment(file.stem)
    return Known(
        call=by_pattern.get("call"),
        agent=by_pattern.get("agent"),
        queue=by_pattern.get("queue"),
        caller=by_pattern.get("caller"),
        start=start,
        agent_channel=agent_side(file.stem),
    )


def _files(place: str) -> Iterator[tuple[Path, Path]]:
    """Each file of a place and the folder it was looked for in, in order of name; hidden ones are left out."""
    path = Path(place)
    if path.is_dir():
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith("."):
                    yield Path(folder, name).absolute(), path.absolute()
    elif path.is_file():
        yield path.absolute(), path.absolute().parent
    else:
        for name in sorted(glob.glob(place, recursive=True)):  # noqa: PTH207 - the pattern may be absolute
            if Path(name).is_file():
                yield Path(name).absolute(), Path(name).absolute().parent


def _paired(files: dict[Path, Path], search: Search) -> tuple[list[Found], list[Remark]]:
    partners = _partners(files, search.pairs)
    found: list[Found] = []
    for file, top in files.items():
        if file not in partners:
            known = told(file, top, search)
            found.append(Found((file,), known if known.call else Known(call=file.stem).over(known)))
        elif partners[file][0] == file:
            _, caller, call = partners[file]
            known = told(file, top, search).over(told(caller, top, search))
            found.append(Found((file, caller), Known(call=call).over(known) if not known.call else known))
    return found, _unsure([one.files[0] for one in found if len(one.files) == 1])


def _partners(files: Iterable[Path], pairs: Sequence[Pair]) -> dict[Path, tuple[Path, Path, str]]:
    """Each leg with (agent's file, caller's file, name of the call). What fits two ways is left apart."""
    by_rest: dict[tuple[Path, str, str], dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        asked = [(leg[0], leg[1]) for pair in pairs if (leg := pair.leg(file.stem)) is not None]
        for rest, party in asked or legs(file.stem):
            by_rest[file.parent, file.suffix.casefold(), rest][party].append(file)
    found: dict[Path, tuple[Path, Path, str]] = {}
    for (_, _, rest), parties in by_rest.items():
        agents, callers = parties.get("agent", []), parties.get("caller", [])
        if len(agents) == len(callers) == 1 and not {agents[0], callers[0]} & found.keys():
            found[agents[0]] = found[callers[0]] = (agents[0], callers[0], without_leg(rest))
    return found


def _unsure(alone: Sequence[Path]) -> list[Remark]:
    """Say of files that look like the two legs of a call that nobody knows which is the agent's."""
    there = {(file.parent, file.stem.casefold(), file.suffix.casefold()) for file in alone}
    seen: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for file in alone:
        for rest, own, others in unsure_legs(file.stem):
            if (file.parent, f"{rest}{others}".casefold(), file.suffix.casefold()) in there and own < others:
                seen[own, others].append(file)
    return [
        Remark(
            "unsure_pair",
            {
                "count": len(of),
                "file": of[0].name,
                "pair": f"{{call}}{_joint(of[0].stem, own)}{own},{{call}}{_joint(of[0].stem, own)}{others}",
            },
        )
        for (own, others), of in seen.items()
    ]


def _joint(stem: str, own: str) -> str:
    return stem[-len(own) - 1 : -len(own)]
