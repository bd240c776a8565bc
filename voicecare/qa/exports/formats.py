"""One call in every format: what people read is as corrected, voicecare's own record stays as heard."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voicecare.catalogue.catalogue import Catalogue
from voicecare.errors import InputError
from voicecare.qa.cases import Case
from voicecare.qa.exports.amazon import call_analytics
from voicecare.qa.exports.captions import srt, webvtt
from voicecare.qa.exports.rttm import rttm
from voicecare.qa.exports.vcon import About, Basis, vcon
from voicecare.qa.sound import Sounds
from voicecare.report.elan import eaf
from voicecare.report.page import render
from voicecare.report.textgrid import textgrid
from voicecare.session import text as session_text
from voicecare.types import PARTIES, Party

FORMATS = ("json", "html", "jsonl", "vtt", "srt", "rttm", "TextGrid", "eaf", "aws.json", "vcon.json")
"""The ends of names, one a format."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, and how a call is written in it."""

    kind: str
    write: Callable[[Case], str]


def formats(catalogue: Catalogue, sounds: Sounds, basis: Basis | None = None) -> Mapping[str, Format]:
    """Every format of `FORMATS`. basis: the lawful basis a vCon states; None: it states none."""
    names: Mapping[Party, str] = {who: catalogue.say("party", who) for who in PARTIES}

    def levels(case: Case) -> Mapping[Party, tuple[float, ...]] | None:
        try:
            return sounds.of(case.call, case.session).levels
        except InputError:
            return None  # without its recording a call has no loudness

    def contained(case: Case) -> str:
        call = case.call
        about = About(call.call_id, call.content_hash, call.started_at, call.added_at, call.agent, basis)
        return json_text(vcon(case.read, about, names))

    def amazon(case: Case) -> str:
        return json_text(call_analytics(case.read, case.call.call_id, levels(case)))

    return {
        "json": Format("application/json", lambda case: json_text(case.document)),
        "html": Format("text/html; charset=utf-8", lambda case: render(case.document, None, None, catalogue)),
        "jsonl": Format("application/jsonl; charset=utf-8", lambda case: session_text(case.session)),
        "vtt": Format("text/vtt; charset=utf-8", lambda case: webvtt(case.read, names)),
        "srt": Format("application/x-subrip; charset=utf-8", lambda case: srt(case.read, names)),
        "rttm": Format("text/plain; charset=utf-8", lambda case: rttm(case.read, case.call.call_id)),
        "TextGrid": Format("text/plain; charset=utf-8", lambda case: textgrid(case.read)),
        "eaf": Format("application/xml", lambda case: eaf(case.read)),
        "aws.json": Format("application/json", amazon),
        "vcon.json": Format("application/vcon+json", contained),
    }


def json_text(values: object) -> str:
    """Plain values as JSON to save."""
    return json.dumps(values, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
