"""Reads a manifest: a CSV with a row a call, whose columns say more than names can."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from voicecare.errors import InputError
from voicecare.qa.batch.found import Found, Known, Remark
from voicecare.qa.batch.naming import moment

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file": ("file", "filename", "path", "recording", "audio", "url"),
    "agent_file": ("agent_file", "agent_path", "agent_recording"),
    "caller_file": ("caller_file", "caller_path", "customer_file", "caller_recording"),
    "call": ("call", "call_id", "callid", "id", "contact_id", "contactid", "interaction_id", "ucid"),
    "agent": ("agent", "agent_id", "agent_name", "advisor", "user"),
    "queue": ("queue", "queue_name", "skill", "team", "campaign", "line"),
    "caller": ("caller", "caller_ref", "caller_reference", "customer", "customer_id", "customer_ref"),
    "start": ("start", "started_at", "start_time", "date", "datetime", "time", "begin", "timestamp"),
    "agent_channel": ("agent_channel", "agent_side", "channel"),
    "offset_s": ("offset_s", "offset"),
    "raw": ("raw", "coding"),
    "csat": ("csat", "satisfaction"),
    "nps": ("nps",),
    "retained": ("retained", "retention"),
    "arm": ("arm", "group", "trial"),
}
"""What a column may be called, case and spaces aside; a column that is called otherwise is kept as it is."""
MOST_BYTES = 500_000_000
MOST_COLUMNS = 200
_SIDES = {"left": "left", "l": "left", "0": "left", "right": "right", "r": "right", "1": "right"}
_YES = {"1": True, "yes": True, "true": True, "y": True, "0": False, "no": False, "false": False, "n": False}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest holds.

    calls: those of rows that name a file. facts: of rows that name a call alone, joined with calls that are found.
    """

    calls: tuple[Found, ...]
    facts: Mapping[str, Known]
    remarks: tuple[Remark, ...]


def read(path: Path) -> Manifest:
    """Read a manifest; files are looked for from its folder. What a cell says that is not understood is remarked on.

    Raises:
        InputError: it cannot be read, or no column names a file or a call.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"{path} is larger than {MOST_BYTES // 1_000_000} MB; split it")
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.read(64_000)
            file.seek(0)
            rows = csv.reader(file, delimiter=_delimiter(sample))
            head = next(rows, [])
            if len(head) > MOST_COLUMNS:
                raise InputError(f"{path}: more than {MOST_COLUMNS} columns; it is no manifest")
            columns = _columns(head)
            if not {"file", "agent_file", "call"} & set(columns):
                raise InputError(
                    f"{path}: no column names a recording; call one `file` (or two `agent_file` and `caller_file`), or "
                    "`call_id` for calls that are found elsewhere"
                )
            return _read(path, columns, rows)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is no CSV in UTF-8 ({error}); save it as one") from error
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot read {path}: {said}; check the path") from error


def _read(path: Path, columns: list[str], rows: Iterable[list[str]]) -> Manifest:
    calls: list[Found] = []
    facts: dict[str, Known] = {}
    remarks = [Remark("extra_column", {"name": name[1:]}) for name in columns if name.startswith("+")]
    for number, row in enumerate(rows, 2):
        cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False) if cell.strip()}
        if not cells:
            continue
        known, unclear = _known(cells)
        remarks += [
            Remark("unclear_cell", {"row": number, "column": name, "value": cells[name][:60]}) for name in unclear
        ]
        files = [cells[name] for name in ("file", "agent_file", "caller_file") if name in cells]
        if not files and known.call:
            facts[known.call] = known
        elif (len(files) == 1 + ("agent_file" in cells) and "caller_file" not in cells) or len(files) == 2:
            places = tuple(Path(os.path.normpath(path.parent.absolute() / file)) for file in files)
            calls.append(Found(places, known if known.call else Known(call=places[0].stem).over(known)))
        else:
            remarks.append(Remark("unclear_row", {"row": number}))
    return Manifest(tuple(calls), facts, tuple(remarks))


def _known(cells: Mapping[str, str]) -> tuple[Known, list[str]]:
    unclear: list[str] = []

    def number(name: str) -> float | None:
        try:
            value = float(cells[name].replace(",", ".")) if name in cells else None
        except ValueError:
            value = math.nan
        if value is not None and not math.isfinite(value):
            unclear.append(name)
            return None
        return value

    start = moment(cells["start"]) if "start" in cells else None
    side = _SIDES.get(cells.get("agent_channel", "").casefold())
    retained = _YES.get(cells.get("retained", "").casefold())
    for name, value in (("start", start), ("agent_channel", side), ("retained", retained)):
        if name in cells and value is None:
            unclear.append(name)
    known = Known(
        call=cells.get("call"),
        agent=cells.get("agent"),
        queue=cells.get("queue"),
        caller=cells.get("caller"),
        start=start,
        agent_channel=side,
        offset_s=number("offset_s"),
        raw=cells.get("raw"),
        csat=number("csat"),
        nps=number("nps"),
        retained=retained,
        arm=cells.get("arm"),
        extra={name[1:]: cell for name, cell in cells.items() if name.startswith("+")},
    )
    return known, unclear


def _columns(head: list[str]) -> list[str]:
    known = {called: name for name, names in COLUMNS.items() for called in names}
    plain = [cell.strip().casefold().replace(" ", "_").replace("-", "_") for cell in head]
    found = [known.get(name, f"+{cell.strip()}") for name, cell in zip(plain, head, strict=True)]
    return [name if name not in found[:place] else f"+{head[place].strip()}" for place, name in enumerate(found)]


def _delimiter(sample: str) -> str:
    first = sample.partition("\n")[0]
    return max(",;\t|", key=first.count)
