"""The faces of a replayed or recorded session: JSON, the HTML page, a CSV row; and how their files are named."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicecare import saving
from voicecare.catalogue.catalogue import Catalogue
from voicecare.errors import UsageError
from voicecare.report.document import document
from voicecare.session import Session

if TYPE_CHECKING:
    from voicecare.report.page import AudioClip
    from voicecare.report.pictures import Pictures

STDOUT = Path("-")
EXCEL_MARK = "\ufeff"
"""A byte-order mark: without it Excel reads a CSV in the code page of the machine, and names fall apart."""


def result_names(paths: Sequence[Path]) -> list[str]:
    """Name the results of several calls apart: each by its file, and by its folders where files share a name."""
    parts = [path.absolute().parts for path in paths]
    names = [path.name for path in paths]
    for depth in range(2, max(map(len, parts), default=0)):
        shared = Counter(name.casefold() for name in names)
        names = [
            "-".join(part[-depth:]) if shared[name.casefold()] > 1 and len(part) > depth else name
            for part, name in zip(parts, names, strict=True)
        ]
    taken: set[str] = set()
    for place, name in enumerate(names):
        number = 2
        while names[place].casefold() in taken:  # one file given twice
            names[place], number = f"{name}-{number}", number + 1
        taken.add(names[place].casefold())
    return names


def placed(given: Path | None, name: str, suffix: str, *, several: bool) -> Path | None:
    """Where the result of the call called `name` goes: with several calls the option names a folder.

    A name too long for a file is cut and told apart by a digest.

    Raises:
        UsageError: with several calls, it is no folder.
    """
    if given is None or not several:
        return given
    if not given.is_dir():
        raise UsageError(f"with several calls {given} must be a folder that exists; one file a call is written into it")
    room = saving.longest_name(given) - len(suffix)
    coded = os.fsencode(name)
    if len(coded) > room:
        digest = hashlib.sha256(coded).hexdigest()[:8]
        name = f"{coded[: room - 9].decode(errors='ignore')}~{digest}"
    return given / f"{name}{suffix}"


def one_stream(outputs: Iterable[Path | None]) -> bool:
    """Say whether a result goes to standard output.

    Raises:
        UsageError: two do.
    """
    streams = sum(path == STDOUT for path in outputs)
    if streams > 1:
        raise UsageError("only one result can go to standard output (-); give the others a file")
    return streams == 1


@dataclass(frozen=True, slots=True)
class Faces:
    """Where results go; None is not asked for, and one of them may be "-", standard output.

    csv_mark: what the CSV begins with: nothing, or the mark by which Excel knows it as UTF-8 (`EXCEL_MARK`).
    """

    json: Path | None = None
    html: Path | None = None
    csv: Path | None = None
    csv_mark: str = ""

    @property
    def files(self) -> list[Path]:
        """The files that are written; standard output is none."""
        return [path for path in (self.json, self.html, self.csv) if path is not None and path != STDOUT]

    def of_call(self, name: str) -> Faces:
        """Where the results of one of several calls go, when these are folders."""
        return Faces(
            json=placed(self.json, name, ".json", several=True),
            html=placed(self.html, name, ".html", several=True),
            csv=placed(self.csv, name, ".csv", several=True),
            csv_mark=self.csv_mark,
        )

    def write(
        self,
        results: saving.Together,
        session: Session,
        catalogue: Catalogue,
        pictures: Callable[[], Pictures | None] = lambda: None,
        audio: Callable[[], AudioClip | None] = lambda: None,
    ) -> None:
        """Write the faces that were asked for; pictures and audio are made only for a page.

        Raises:
            OutputError: a file cannot be written.
        """
        content = document(session)
        if self.json is not None:
            write_json(results, self.json, content)
        if self.html is not None:
            from voicecare.report.page import render

            write_text(results, self.html, render(content, pictures(), audio(), catalogue))
        if self.csv is not None:
            from voicecare.report.table import csv_text

            write_text(results, self.csv, self.csv_mark + csv_text([content]))


def write_json(results: saving.Together, path: Path, content: Any) -> None:  # noqa: ANN401 - plain JSON values
    """Write plain values as JSON to a file, or to standard output where `path` is STDOUT.

    Raises:
        OutputError: the file cannot be written.
    """
    plain = path == STDOUT and (sys.stdout.encoding or "").lower() not in ("utf-8", "utf8")
    write_text(results, path, json.dumps(content, ensure_ascii=plain, indent=1) + "\n")


def write_text(results: saving.Together, path: Path, text: str) -> None:
    """Write text to a file, or to standard output where `path` is STDOUT.

    Raises:
        OutputError: the file cannot be written.
    """
    if path == STDOUT:
        sys.stdout.write(text)
    else:
        results.write(path, text)
