"""Corrections from Praat or ELAN taken in as opinions: what is not known is said and left out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from voicecare.errors import InputError, UsageError
from voicecare.qa.cases import review_of
from voicecare.qa.opinions import from_marks
from voicecare.qa.web.access import person_of
from voicecare.qa.web.desk import Desk, keep_corrected
from voicecare.qa.web.forms import Upload
from voicecare.qa.web.rendering import page
from voicecare.report.annotation import marks
from voicecare.report.corrections import read_corrected


def routes(desk: Desk) -> APIRouter:
    """The address that takes a corrected file in."""
    router = APIRouter()

    @router.post("/calls/{number}/corrected", response_class=HTMLResponse)
    def take_corrected(request: Request, number: int, upload: Upload) -> HTMLResponse:
        if upload is None:
            raise UsageError("choose the corrected file: a TextGrid from Praat, or an EAF from ELAN")
        with desk.store.read() as to:
            case = desk.case(to, number)
        name, raw = upload
        with tempfile.TemporaryDirectory(prefix="voicecare-") as folder:
            path = Path(folder) / "corrected"
            path.write_bytes(raw)
            try:
                right = read_corrected(path, case.session)
            except InputError as error:
                raise InputError(str(error).replace(str(path), name).replace(path.name, name)) from error
        origin = "elan" if raw.lstrip()[:1] == b"<" else "textgrid"
        found = from_marks(case.session, marks(case.session), right.marks)
        with desk.store.write() as to:
            for opinion in found:
                to.reviews.add(review_of(case, opinion, person_of(request).name, origin=origin))
        keep_corrected(desk, number)
        skipped = [line.replace(path.name, name, 1) for line in right.skipped]
        return page(desk, request, "taken.html", call=case.call, name=name, count=len(found) - 1, skipped=skipped)

    return router

    return router
