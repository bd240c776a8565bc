"""The report as one self-contained page: no network, no library, readable without its script.

The page is rendered from the document alone (and, where given, pictures and the recording), so it can say nothing the
JSON does not. Its policy lets in exactly one style and one script, by their hashes; text reaches it only through
autoescaping and an inert block of JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from voicecare.catalogue.catalogue import Catalogue
from voicecare.report.facts import Facts
from voicecare.report.moments import cues, moments
from voicecare.report.pictures import PITCH_HZ, Pictures
from voicecare.report.wording import page as words
from voicecare.report.wording import told
from voicecare.session import recorded_config
from voicecare.timebase import clock, samples
from voicecare.types import ANSWERS, PARTIES, Reason

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AudioClip:
    """A recording to carry inside the page: its media type, e.g. "audio/flac", and the bytes of the file."""

    media_type: str
    data: bytes


def render(document: Row, pictures: Pictures | None, audio: AudioClip | None, catalogue: Catalogue) -> str:
    """Render the page of one call as HTML."""
    import jinja2
    import markupsafe

    style, script = _asset("page.css"), _asset("lanes.js") + _asset("page.js")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    facts = Facts(document["summary"], catalogue)
    name = " + ".join(document["call"]["sources"])
    return environment.from_string(_asset("template.html")).render(
        call=document["call"],
        version=document["voicecare"],
        name=name,
        language=catalogue.language,
        policy=_policy(style, script),
        style=markupsafe.Markup(style),  # noqa: S704 - our own file
        script=markupsafe.Markup(script),  # noqa: S704 - our own file
        data=markupsafe.Markup(embedded(view(document, pictures, catalogue))),  # noqa: S704 - escaped there
        audio=None if audio is None else f"data:{audio.media_type};base64,{base64.b64encode(audio.data).decode()}",
        pictures=pictures is not None,
        story=told(document["summary"]["story"], catalogue),
        notices=list(notices(document, audio, catalogue)),
        cues=cues(document["events"], catalogue),
        moments=moments(document, catalogue),
        of_parties=facts.of_parties(),
        of_call=facts.of_call(),
        party={who: catalogue.say("party", who) for who in PARTIES},
        say=lambda code, **fields: catalogue.say("page", code, **fields),
        clock=lambda at_s: clock(samples(at_s)),
    )


def embedded(values: Any) -> str:  # noqa: ANN401 - any JSON
    """Write JSON that nothing inside can end: safe between script tags whatever text it holds."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def view(document: Row, pictures: Pictures | None, catalogue: Catalogue) -> dict[str, Any]:
    """Boil a document down to what the script draws: flat lists of seconds, short enough for hours of call."""
    events, summary = document["events"], document["summary"]
    by_type: dict[str, list[Row]] = {}
    for event in events:
        by_type.setdefault(event["type"], []).append(event)
    arousal, turns = by_type.get("arousal", []), by_type.get("turn", [])
    limits = recorded_config(document["call"]["config"]).cues
    return {
        "duration": document["call"]["duration_s"],
        "speech": {who: _flat(e for e in by_type.get("segment", []) if e["channel"] == who) for who in PARTIES},
        "overlaps": _flat(t for t in turns if t["kind"] == "overlap"),
        "acknowledged": [
            p["start_s"] for p in by_type.get("phrase", []) if p["channel"] == "agent" and p["kind"] in ANSWERS
        ],
        "interruptions": [[t["start_s"], t["end_s"], t["by"]] for t in turns if t["kind"] == "interruption"],
        "strain": {
            "at": [e["at_s"] for e in arousal],
            "value": [e["value"] for e in arousal],
            "confidence": [e["confidence"] for e in arousal],
            "high": limits.high,
            "low": limits.low,
        },
        "unheard": [second for stretch in summary["listening"]["unheard"] for second in stretch],
        "cues": [
            {"start": c["start_s"], "end": c["cleared_s"], "name": catalogue.cue(c["kind"]), "shown": c["shown"]}
            for c in by_type.get("cue", [])
        ],
        "pictures": None if pictures is None else _picture_data(pictures),
        "words": dict(catalogue.messages["script"]) | {code: words(catalogue, code) for code in ("play", "pause")},
    }


def _picture_data(pictures: Pictures) -> dict[str, Any]:
    return {
        "column": pictures.column_s,
        "bands": pictures.mel["caller"].shape[1],
        "mel": {who: _base64(pixels) for who, pixels in pictures.mel.items()},
        "pitch": _base64(pictures.pitch),
        "hz": list(PITCH_HZ),
    }


def _base64(pixels: Any) -> str:  # noqa: ANN401 - an array of uint8
    return base64.b64encode(pixels.tobytes()).decode()


def _flat(rows: Iterable[Row]) -> list[float]:
    return [second for row in sorted(rows, key=lambda r: r["start_s"]) for second in (row["start_s"], row["end_s"])]


def notices(document: Row, audio: AudioClip | None, catalogue: Catalogue) -> Iterable[str]:
    """What limits what this call tells, a sentence each."""
    call, listening = document["call"], document["summary"]["listening"]

    def notice(code: str, at_s: Iterable[float] = (), value: float | None = None) -> str:
        return catalogue.say("notice", code, **catalogue.fields(Reason(code, tuple(samples(s) for s in at_s), value)))

    if call["synthetic"]:
        yield notice("synthetic")
    if listening["truncated"] or not (call["complete"] or "no_words" in listening["troubles"]):
        yield notice("cut_short", (call["duration_s"],))
    if listening["unheard"]:
        missing_s = sum(end_s - start_s for start_s, end_s in listening["unheard"])
        yield notice("unheard", (start_s for start_s, _ in listening["unheard"]), missing_s)
    if listening["leak"]:
        mixed = listening["mixed_leg"]
        yield notice("leak" if mixed is None else f"mixed_leg_{mixed}")
    yield from _language(listening, catalogue)
    for leg, start_s, end_s in listening["silent_stretches"]:
        yield notice(f"{leg}_silent", (start_s,), end_s - start_s)
    yield from (notice(code) for code in _troubles(listening))
    cues = document["summary"]["cues"]
    if cues["withheld"]:
        yield notice("cue_limit", (cues["withheld_s"],), cues["withheld"])
    made = {"no_recogniser": call["recogniser"] is None, "with_audio": audio is not None}
    yield from (notice(code) for code, holds in made.items() if holds)
    yield from call["notes"]


def _troubles(listening: Row) -> Iterable[str]:
    """What went wrong, each with the leg it is about; a leg that spoke at times is told with its silent stretch."""
    for trouble in listening["troubles"]:
        legs = listening.get(trouble)
        if isinstance(legs, str):
            yield f"{trouble}_{legs}"
        elif trouble != "silent_leg" or not listening["silent_stretches"]:
            yield trouble


def _language(listening: Row, catalogue: Catalogue) -> Iterable[str]:
    """Which language the call is in, and what is not read in it."""
    if listening["language"] is None:
        return []
    named = catalogue.language_name(listening["language"])
    return [catalogue.say("notice", code, language=named) for code in ("language", *listening["unread"])]


def _policy(style: str, script: str) -> str:
    def allowed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {allowed(script)}; style-src {allowed(style)}; "
        "img-src data:; media-src data:; base-uri 'none'; form-action 'none'"
    )


def _asset(name: str) -> str:
    return resources.files("voicecare.report").joinpath(name).read_text(encoding="utf-8")
