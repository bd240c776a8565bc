"""Calls to save: one in every format that other tools read, or a list as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from voicecare.errors import InputError, UsageError
from voicecare.qa.exports.amazon import call_analytics
from voicecare.qa.exports.captions import srt, webvtt
from voicecare.qa.exports.rttm import rttm
from voicecare.qa.exports.tables import Told, csv_text, parquet, row
from voicecare.qa.exports.vcon import BASES, About, Basis, vcon
from voicecare.qa.store.records import Call
from voicecare.qa.store.store import Opened
from voicecare.qa.web.desk import Case, Desk
from voicecare.qa.web.filters import query_of
from voicecare.qa.web.queues import everything
from voicecare.qa.web.rendering import json_text, saved
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
    _tables(router, desk)
    _documents(router, desk)
    return router


def _tables(router: APIRouter, desk: Desk) -> None:
    @router.get("/export/calls.csv")
    def calls_csv(request: Request) -> Response:
        with desk.store.read() as to:
            rows = [_row(to, listed.call) for listed in everything(to, query_of(request.query_params))]
        return saved(csv_text(rows), "text/csv; charset=utf-8", "calls.csv")

    @router.get("/export/calls.parquet")
    def calls_parquet(request: Request) -> Response:
        with desk.store.read() as to:
            rows = [_row(to, listed.call) for listed in everything(to, query_of(request.query_params))]
        return saved(parquet(rows), "application/vnd.apache.parquet", "calls.parquet")

    @router.get("/calls/{number}/export/call.csv")
    def call_csv(number: int) -> Response:
        with desk.store.read() as to:
            one = _row(to, desk.call(to, number))
        return saved(csv_text([one]), "text/csv; charset=utf-8", f"call-{number}.csv")


def _documents(router: APIRouter, desk: Desk) -> None:
    names: Mapping[Party, str] = {who: desk.catalogue.say("party", who) for who in PARTIES}

    @router.get("/calls/{number}/export/call.vcon.json")
    def call_vcon(number: int, basis: str = "") -> Response:
        chosen: Basis | None = next((known for known in BASES if known == basis), None)
        if basis and chosen is None:
            raise UsageError(f"basis {basis!r:.40}: not known; choose {', '.join(BASES)}")
        with desk.store.read() as to:
            case = desk.case(to, number)
        call = case.call
        about = About(call.call_id, call.content_hash, call.started_at, call.added_at, call.agent, chosen)
        return saved(json_text(vcon(read_as(case), about, names)), "application/vcon+json", f"call-{number}.vcon.json")

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

    formats = _formats(desk, names)

    @router.get("/calls/{number}/export/call.{form:path}")
    def call_as(number: int, form: str) -> Response:
        if form not in formats:
            raise HTTPException(404, desk.say("no_page"))
        with desk.store.read() as to:
            case = desk.case(to, number)
        kind, write = formats[form]
        return saved(write(case), kind, f"call-{number}.{form}")


def _formats(desk: Desk, names: Mapping[Party, str]) -> Mapping[str, Format]:
    """How one call is written, by the end of its file's name. What is read is as corrected, the record as it was."""

    def levels(case: Case) -> Mapping[Party, tuple[float, ...]] | None:
        try:
            return desk.sounds.of(case.call, case.session).levels
        except InputError:
            return None  # without its recording a call has no loudness

    def amazon(case: Case) -> str:
        return json_text(call_analytics(read_as(case), case.call.call_id, levels(case)))

    return {
        "json": ("application/json", lambda case: json_text(case.document)),
        "html": ("text/html; charset=utf-8", lambda case: render(case.document, None, None, desk.catalogue)),
        "jsonl": ("application/jsonl; charset=utf-8", lambda case: session_text(case.session)),
        "vtt": ("text/vtt; charset=utf-8", lambda case: webvtt(read_as(case), names)),
        "srt": ("application/x-subrip; charset=utf-8", lambda case: srt(read_as(case), names)),
        "rttm": ("text/plain; charset=utf-8", lambda case: rttm(read_as(case), case.call.call_id)),
        "TextGrid": ("text/plain; charset=utf-8", lambda case: textgrid(read_as(case))),
        "eaf": ("application/xml", lambda case: eaf(read_as(case))),
        "aws.json": ("application/json", amazon),
    }


def read_as(case: Case) -> Session:
    """A call as it is read: as corrected, where anything was."""
    return case.corrected or case.session


def _row(to: Opened, call: Call) -> Mapping[str, object]:
    if call.current is None:
        return row(Told(call, {}, None))
    return row(Told(call, to.results.figures(call.current) or {}, to.results.summary(call.current)))
