"""The faces a replay or a recorded session is written to: JSON, the HTML page, a CSV row."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
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


def placed(given: str, path: Path, suffix: str, *, several: bool) -> Path | None:
    """Where the result of the call at `path` goes: with several calls the option names a folder.

    Raises:
        UsageError: with several calls, it is no folder.
    """
    if not given:
        return None
    if not several:
        return Path(given)
    folder = Path(given)
    if not folder.is_dir():
        raise UsageError(f"with several calls {given} must be a folder that exists; one file a call is written into it")
    return folder / f"{path.name}{suffix}"


def write_json(path: Path, content: Any) -> None:  # noqa: ANN401 - plain JSON values
    """Write plain values as JSON to a file, or to standard output where `path` is STDOUT.

    Raises:
        OutputError: the file cannot be written.
    """
    if path == STDOUT:
        unicode = (sys.stdout.encoding or "").lower() in ("utf-8", "utf8")
        sys.stdout.write(json.dumps(content, ensure_ascii=not unicode, indent=1) + "\n")
    else:
        saving.write_whole(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


@dataclass(frozen=True, slots=True)
class Faces:
    """Where results go; `json` may be "-" for standard output."""

    json: Path | None = None
    html: Path | None = None
    csv: Path | None = None

    @property
    def files(self) -> list[Path]:
        """The files that are written; standard output is none."""
        return [path for path in (self.json, self.html, self.csv) if path not in (None, STDOUT)]

    def write(
        self,
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
            write_json(self.json, content)
        if self.html is not None:
            from voicecare.report.page import render

            saving.write_whole(self.html, render(content, pictures(), audio(), catalogue))
        if self.csv is not None:
            from voicecare.report.table import csv_text

            saving.write_whole(self.csv, csv_text([content]))
