"""Calls to save: one in every format that other tools read, or a list as a table; and corrected files taken in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from voicecare.errors import InputError, UsageError
from voicecare.qa.exports.amazon import call_analytics
from voicecare.qa.exports.captions import srt, webvtt
from voicecare.qa.exports.rttm import rttm
from voicecare.qa.exports.tables import Told, csv_text, parquet, row
from voicecare.qa.exports.vcon import BASES, About, Basis, vcon
from voicecare.qa.opinions import from_marks
from voicecare.qa.store.store import Opened
from voicecare.qa.web.access import person_of
from voicecare.qa.web.desk import Case, Desk, keep_corrected, review_of
from voicecare.qa.web.filters import query_of
from voicecare.qa.web.forms import Upload
from voicecare.qa.web.queues import everything
from voicecare.qa.web.rendering import json_text, page, saved
from voicecare.report.annotation import marks
from voicecare.report.corrections import read_corrected
from voicecare.report.elan import eaf
from voicecare.report.page import AudioClip, render
from voicecare.report.textgrid import textgrid
from voicecare.session import Session
from voicecare.session import text as session_text
from voicecare.types import PARTIES, Party

Format = tuple[str, Callable[[Case], str]]


def routes(desk: Desk) -> APIRouter:
    """The addresses under which calls are saved."""
    router = APIRouter()
    names: Mapping[Party, str] = {who: desk.catalogue.say("party", who) for who in PARTIES}

    def told(to: Opened, number: int) -> Mapping[str, object]:
        call = desk.call(to, number)
        figures = (call.current and to.results.figures(call.current)) or {}
        return row(Told(call, figures, None if call.current is None else to.results.summary(call.current)))

    def levels(case: Case) -> Mapping[Party, tuple[float, ...]] | None:
        try:
            return desk.sounds.of(case.call, case.session).levels
        except InputError:
            return None  # without its recording a call has no loudness

    formats: Mapping[str, Format] = {
        "json": ("application/json", lambda case: json_text(case.document)),
        "html": ("text/html; charset=utf-8", lambda case: render(case.document, None, None, desk.catalogue)),
        "vtt": ("text/vtt; charset=utf-8", lambda case: webvtt(_read(case), names)),
        "srt": ("application/x-subrip; charset=utf-8", lambda case: srt(_read(case), names)),
        "rttm": ("text/plain; charset=utf-8", lambda case: rttm(_read(case), case.call.call_id)),
        "TextGrid": ("text/plain; charset=utf-8", lambda case: textgrid(_read(case))),
        "eaf": ("application/xml", lambda case: eaf(_read(case))),
        "aws.json": (
            "application/json",
            lambda case: json_text(call_analytics(_read(case), case.call.call_id, levels(case))),
        ),
        "jsonl": ("application/jsonl; charset=utf-8", lambda case: session_text(case.session)),
    }

    @router.get("/export/calls.csv")
    def calls_csv(request: Request) -> Response:
        with desk.store.read() as to:
            rows = [told(to, listed.call.id) for listed in everything(to, query_of(request.query_params))]
        return saved(csv_text(rows), "text/csv; charset=utf-8", "calls.csv")

    @router.get("/export/calls.parquet")
    def calls_parquet(request: Request) -> Response:
        with desk.store.read() as to:
            rows = [told(to, listed.call.id) for listed in everything(to, query_of(request.query_params))]
        return saved(parquet(rows), "application/vnd.apache.parquet", "calls.parquet")

    @router.get("/calls/{number}/export/call.csv")
    def call_csv(number: int) -> Response:
        with desk.store.read() as to:
            one = told(to, number)
        return saved(csv_text([one]), "text/csv; charset=utf-8", f"call-{number}.csv")

    @router.get("/calls/{number}/export/call.vcon.json")
    def call_vcon(number: int, basis: str = "") -> Response:
        chosen: Basis | None = next((known for known in BASES if known == basis), None)
        if basis and chosen is None:
            raise UsageError(f"basis {basis!r:.40}: not known; choose {', '.join(BASES)}")
        with desk.store.read() as to:
            case = desk.case(to, number)
        call = case.call
        about = About(call.call_id, call.content_hash, call.started_at, call.added_at, call.agent, chosen)
        return saved(json_text(vcon(_read(case), about, names)), "application/vcon+json", f"call-{number}.vcon.json")

    @router.get("/calls/{number}/export/with-sound.html")
    def call_with_sound(number: int) -> Response:
        with desk.store.read() as to:
            case = desk.case(to, number)
        try:
            sound = desk.sounds.of(case.call, case.session)
        except InputError as error:
            raise HTTPException(404, desk.say("no_sound")) from error
        text = render(case.document, None, AudioClip(sound.media_type, sound.data), desk.catalogue)
        return saved(text, "text/html; charset=utf-8", f"call-{number}.html")

    @router.get("/calls/{number}/export/call.{form:path}")
    def call_as(number: int, form: str) -> Response:
        if form not in formats:
            raise HTTPException(404, desk.say("no_page"))
        with desk.store.read() as to:
            case = desk.case(to, number)
        kind, write = formats[form]
        return saved(write(case), kind, f"call-{number}.{form}")

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


def _read(case: Case) -> Session:
    """A call as it is read: as corrected, where anything was."""
    return case.corrected or case.session
