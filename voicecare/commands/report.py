"""`voicecare report`: recorded sessions to their faces, other vendors' terms, annotation files and corrections."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from voicecare import saving
from voicecare.catalogue.catalogue import READERS, Catalogue
from voicecare.catalogue.terminal import complain
from voicecare.commands.options import ExcelOption, HtmlOption, JsonOption, LanguageOption, ReaderOption, one_of
from voicecare.commands.outputs import (
    EXCEL_MARK,
    STDOUT,
    Faces,
    one_stream,
    placed,
    result_names,
    write_json,
    write_text,
)
from voicecare.errors import UsageError, VoicecareError
from voicecare.report.annotation import Agreement, Difference, Mark, compare, differences, marks
from voicecare.report.corrections import Corrected, read_corrected
from voicecare.report.document import document
from voicecare.report.elan import eaf
from voicecare.report.presets import PRESETS, PresetName, vendor_row, vendor_view
from voicecare.report.table import csv_row, rows_text
from voicecare.report.textgrid import textgrid as praat
from voicecare.session import Session, read
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
class ReportFiles:
    """Where the faces of sessions go; None is not asked for. With several sessions all but `faces.csv` are folders.

    vendor: JSON and CSV speak this vendor's terms. textgrid, elan: where events go to be corrected.
    """

    faces: Faces = field(default_factory=Faces)
    vendor: PresetName | None = None
    textgrid: Path | None = None
    elan: Path | None = None

    @property
    def all(self) -> tuple[Path | None, ...]:
        """Every output that was or was not asked for."""
        return (self.faces.json, self.faces.html, self.faces.csv, self.textgrid, self.elan)


def report(
    sessions: Annotated[list[Path], typer.Argument(metavar="SESSION...", help="Sessions written by --session.")],
    json: JsonOption = None,
    html: HtmlOption = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a table, one row of numbers a session.")
    ] = None,
    vendor: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="--json and --csv in another vendor's terms; any wrong NAME lists them."),
    ] = None,
    textgrid: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the events for Praat, to be corrected.")
    ] = None,
    elan: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the events for ELAN, to be corrected.")
    ] = None,
    corrected: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compare with a corrected TextGrid or EAF: precision, recall, F1."),
    ] = None,
    cue_language: LanguageOption = "en",
    reader: ReaderOption = "qa",
    for_excel: ExcelOption = False,  # noqa: FBT002 - a flag
) -> None:
    """Write the faces of recorded sessions, live or replayed; compare them with corrections."""
    catalogue = Catalogue.load(cue_language, one_of(READERS, reader, "--for"))
    terms = None if vendor is None else one_of(PRESETS, vendor, "--vendor")
    files = ReportFiles(Faces(json, html, csv, EXCEL_MARK if for_excel else ""), terms, textgrid, elan)
    raise typer.Exit(report_sessions(sessions, files, corrected, catalogue))


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
        with saving.Together() as results:
            self.faces.write(results, session, catalogue)
            if self.vendor_json is not None and vendor is not None:
                write_json(results, self.vendor_json, vendor_view(session, vendor))
            if self.textgrid is not None:
                write_text(results, self.textgrid, praat(session))
            if self.elan is not None:
                write_text(results, self.elan, eaf(session))
            results.keep()


def report_sessions(paths: Sequence[Path], files: ReportFiles, corrected: Path | None, catalogue: Catalogue) -> int:
    """Write what was asked for of recorded sessions; return 0, or 1 where some of several could not be read.

    Raises:
        UsageError: nothing was asked for, or options do not go together.
        InputError, OutputError: the only session or the corrected file cannot be read, or a result not be written.
    """
    if corrected is None and not any(files.all):
        raise UsageError(
            "say what to write: --json FILE, --html FILE, --csv FILE, --textgrid FILE or --elan FILE; "
            "or --corrected FILE to compare"
        )
    if corrected is not None and len(paths) > 1:
        raise UsageError(f"--corrected {corrected}: goes with one session, not {len(paths)}")
    one_stream(files.all)
    names = result_names(paths)
    plans = [_plan(path, name, files, several=len(paths) > 1) for path, name in zip(paths, names, strict=True)]
    table = Faces(csv=files.faces.csv, csv_mark=files.faces.csv_mark)
    saving.check_all([*(path for plan in plans for path in plan.files), *table.files], paths)
    rows: list[Mapping[str, Any]] = []
    code = 0
    for plan in plans:
        try:
            session = read(plan.path)
            right = None if corrected is None else read_corrected(corrected, session)
            plan.write(session, catalogue, files.vendor)
        except VoicecareError as error:
            if len(plans) == 1:
                raise
            complain(str(error))
            code = 1
            continue
        if table.csv is not None:
            rows.append(_row(session, files.vendor))
        if right is not None:
            _say_skipped(right)
            sys.stdout.write("\n".join(agreement_lines(session, right.marks)) + "\n")
    if table.csv is not None:
        with saving.Together() as results:
            write_text(results, table.csv, table.csv_mark + rows_text(rows))
            results.keep()
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


def _plan(path: Path, name: str, files: ReportFiles, *, several: bool) -> _Plan:
    json = placed(files.faces.json, name, ".json", several=several)
    html = placed(files.faces.html, name, ".html", several=several)
    return _Plan(
        path,
        Faces(json=None if files.vendor else json, html=html),
        vendor_json=json if files.vendor else None,
        textgrid=placed(files.textgrid, name, ".TextGrid", several=several),
        elan=placed(files.elan, name, ".eaf", several=several),
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
