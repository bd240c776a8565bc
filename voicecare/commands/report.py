"""What `report` does with recorded sessions: their faces, other vendors' terms, annotation files and corrections."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicecare import saving
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.options import one_of
from voicecare.commands.outputs import STDOUT, Faces, placed, write_json
from voicecare.errors import UsageError, VoicecareError
from voicecare.report.annotation import Agreement, Difference, Mark, compare, differences, marks
from voicecare.report.corrections import Corrected, read_corrected
from voicecare.report.document import document
from voicecare.report.elan import eaf
from voicecare.report.presets import PRESETS, PresetName, vendor_row, vendor_view
from voicecare.report.table import csv_row, rows_text
from voicecare.report.textgrid import textgrid
from voicecare.session import Session, read
from voicecare.terminal import complain
from voicecare.timebase import clock

MOST_DIFFERENCES = 40
MOST_SKIPPED = 10
_WORDS = {
    "wrong_party": "another party",
    "wrong_kind": "another kind",
    "extra": "not in the corrections",
    "missed": "only in the corrections",
}


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The options of `report` as they were typed; empty means not given.

    vendor: `json` and `csv` speak this vendor's terms. textgrid, elan: where events go to be corrected. corrected: a
    corrected one to compare with.
    """

    json: str = ""
    html: str = ""
    csv: str = ""
    vendor: str = ""
    textgrid: str = ""
    elan: str = ""
    corrected: str = ""
    cue_language: str = "en"


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is written of one session, and where."""

    path: Path
    faces: Faces
    vendor_json: Path | None
    textgrid: Path | None
    elan: Path | None

    @property
    def files(self) -> list[Path]:
        given = (self.vendor_json, self.textgrid, self.elan)
        return [*self.faces.files, *(path for path in given if path is not None and path != STDOUT)]

    def write(self, session: Session, catalogue: Catalogue, vendor: PresetName | None) -> None:
        self.faces.write(session, catalogue)
        if self.vendor_json is not None and vendor is not None:
            write_json(self.vendor_json, vendor_view(session, vendor))
        if self.textgrid is not None:
            saving.write_whole(self.textgrid, textgrid(session))
        if self.elan is not None:
            saving.write_whole(self.elan, eaf(session))


def report_sessions(names: Sequence[str], options: ReportOptions) -> int:
    """Write what was asked for of recorded sessions; return 0, or 1 where some of several could not be read.

    Raises:
        UsageError: nothing was asked for, or options do not go together.
        InputError, OutputError: the only session or the corrected file cannot be read, or a result not be written.
    """
    catalogue = Catalogue.load(options.cue_language)
    vendor = one_of(PRESETS, options.vendor, "--vendor") if options.vendor else None
    if not (options.json or options.html or options.csv or options.textgrid or options.elan or options.corrected):
        raise UsageError(
            "say what to write: --json FILE, --html FILE, --csv FILE, --textgrid FILE or --elan FILE; "
            "or --corrected FILE to compare"
        )
    if options.corrected and len(names) > 1:
        raise UsageError(f"--corrected {options.corrected}: goes with one session, not {len(names)}")
    paths = [Path(name) for name in names]
    plans = [_plan(path, options, several=len(paths) > 1) for path in paths]
    table = Path(options.csv) if options.csv else None
    saving.check_all([*(path for plan in plans for path in plan.files), *([] if table is None else [table])], paths)
    rows: list[Mapping[str, Any]] = []
    code = 0
    for plan in plans:
        try:
            session = read(plan.path)
            corrected = read_corrected(Path(options.corrected), session) if options.corrected else None
            plan.write(session, catalogue, vendor)
        except VoicecareError as error:
            if len(plans) == 1:
                raise
            complain(str(error))
            code = 1
            continue
        if table is not None:
            rows.append(_row(session, vendor))
        if corrected is not None:
            _say_skipped(corrected)
            sys.stdout.write("\n".join(agreement_lines(session, corrected.marks)) + "\n")
    if table is not None:
        saving.write_whole(table, rows_text(rows))
    return code


def _say_skipped(corrected: Corrected) -> None:
    told = corrected.skipped[:MOST_SKIPPED]
    more = len(corrected.skipped) - len(told)
    for line in (*told, *([f"{more} more marks were skipped"] if more else [])):
        complain(line)


def agreement_lines(session: Session, corrected: Sequence[Mark]) -> list[str]:
    """A table of precision, recall and F1 a kind and party, then every event the two do not agree on."""
    told = marks(session)
    rows = compare(told, corrected)
    lines = [f"{'event':<26}{'told':>6}{'corrected':>11}{'agree':>7}{'precision':>11}{'recall':>8}{'F1':>7}"]
    for row in (*rows, _all(rows)):
        shares = f"{_share(row.precision):>11}{_share(row.recall):>8}{_share(row.f1):>7}"
        lines.append(f"{row.text:<26}{row.told:>6}{row.corrected:>11}{row.common:>7}{shares}")
    found = differences(told, corrected)
    wrong_party = sum(difference.code == "wrong_party" for difference in found)
    lines += ["", f"attribution errors: {wrong_party}"]
    lines += [_difference(difference) for difference in found[:MOST_DIFFERENCES]]
    if len(found) > MOST_DIFFERENCES:
        lines.append(f"and {len(found) - MOST_DIFFERENCES} more")
    return lines


def _plan(path: Path, options: ReportOptions, *, several: bool) -> _Plan:
    json = placed(options.json, path, ".json", several=several)
    html = placed(options.html, path, ".html", several=several)
    return _Plan(
        path,
        Faces(json=None if options.vendor else json, html=html),
        vendor_json=json if options.vendor else None,
        textgrid=placed(options.textgrid, path, ".TextGrid", several=several),
        elan=placed(options.elan, path, ".eaf", several=several),
    )


def _row(session: Session, vendor: PresetName | None) -> Mapping[str, Any]:
    row = csv_row(document(session))
    return row if vendor is None else {"call": row["call"], **vendor_row(vendor_view(session, vendor))}


def _all(rows: Sequence[Agreement]) -> Agreement:
    return Agreement("all", sum(r.told for r in rows), sum(r.corrected for r in rows), sum(r.common for r in rows))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _difference(difference: Difference) -> str:
    told, corrected = difference.told, difference.corrected
    if told is not None and corrected is not None:
        return f"  {clock(difference.at)}  {told.text}, corrected to {corrected.text} ({_WORDS[difference.code]})"
    mark = told or corrected
    return f"  {clock(difference.at)}  {'' if mark is None else mark.text} ({_WORDS[difference.code]})"
