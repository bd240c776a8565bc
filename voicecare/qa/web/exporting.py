"""Calls to save: one in every format that other tools read, or a list as a table."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from voicecare.errors import InputError, UsageError
from voicecare.qa.exports.formats import formats
from voicecare.qa.exports.tables import csv_text, parquet, row_of
from voicecare.qa.exports.vcon import BASES, Basis
from voicecare.qa.web.desk import Desk
from voicecare.qa.web.filters import query_of
from voicecare.qa.web.queues import everything
from voicecare.qa.web.rendering import saved
from voicecare.report.page import AudioClip, render


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
            rows = [row_of(to, listed.call) for listed in everything(to, query_of(request.query_params))]
        return saved(csv_text(rows), "text/csv; charset=utf-8", "calls.csv")

    @router.get("/export/calls.parquet")
    def calls_parquet(request: Request) -> Response:
        with desk.store.read() as to:
            rows = [row_of(to, listed.call) for listed in everything(to, query_of(request.query_params))]
        return saved(parquet(rows), "application/vnd.apache.parquet", "calls.parquet")

    @router.get("/calls/{number}/export/call.csv")
    def call_csv(number: int) -> Response:
        with desk.store.read() as to:
            one = row_of(to, desk.call(to, number))
        return saved(csv_text([one]), "text/csv; charset=utf-8", f"call-{number}.csv")


def _documents(router: APIRouter, desk: Desk) -> None:
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
    def call_as(number: int, form: str, basis: str = "") -> Response:
        chosen: Basis | None = next((known for known in BASES if known == basis), None)
        if basis and chosen is None:
            raise UsageError(f"basis {basis!r:.40}: not known; choose {', '.join(BASES)}")
        known = formats(desk.catalogue, desk.sounds, chosen)
        if form not in known:
            raise HTTPException(404, desk.say("no_page"))
        with desk.store.read() as to:
            case = desk.case(to, number)
        return saved(known[form].write(case), known[form].kind, f"call-{number}.{form}")
