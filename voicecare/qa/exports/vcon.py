"""A call as a vCon (IETF draft vcon-core, syntax 0.5.0): who, when, what was said and found; never the recording.

The recording is named by its hash alone. Why the call may be worked on stands in an attachment "lawful_basis"
(draft-howe-vcon-lawful-basis), only as far as the user says it.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias, get_args

from voicecare.report.document import document
from voicecare.session import Session
from voicecare.timebase import seconds
from voicecare.types import PARTIES, Party

SYNTAX = "0.5.0"
Basis: TypeAlias = Literal[
    "consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"
]
BASES: tuple[Basis, ...] = get_args(Basis)
_IDS = uuid.UUID("1c1f3f0a-7f2e-4f0c-8a52-8a3d1a1c9d10")


@dataclass(frozen=True, slots=True)
class About:
    """What a vCon tells beside the session: the call's name, its content hash (SHA-256, hex), when it began.

    basis: why it may be worked on; None: not said, and no attachment claims it.
    """

    call_id: str
    content_hash: str
    started_at: datetime | None
    made_at: datetime
    agent: str | None = None
    basis: Basis | None = None


def vcon(session: Session, about: About, names: Mapping[Party, str]) -> dict[str, Any]:
    """Build the vCon of a call as plain JSON values; names: how each party is called where nothing else is known."""
    whole = document(session)
    lines = [e for e in whole["events"] if e["type"] == "heard" and e["text"]]
    made = _iso(about.made_at)
    start = _iso(about.started_at or about.made_at)
    analysis = [
        _analysis("report", "summary", whole["summary"], session.header.voicecare),
        _analysis("events", "events", _findings(whole), session.header.voicecare),
    ]
    if lines:
        turns = [{"party": PARTIES.index(e["channel"]), **_line(e)} for e in lines]
        analysis.insert(0, _analysis("transcript", "transcript", turns, session.header.voicecare))
    parties: list[dict[str, Any]] = [{"role": "agent", "name": about.agent or names["agent"]}, {"role": "customer"}]
    made_of: dict[str, Any] = {
        "vcon": SYNTAX,
        "uuid": str(uuid.uuid5(_IDS, about.content_hash)),
        "created_at": made,
        "subject": about.call_id,
        "parties": parties,
        "dialog": [
            {
                "type": "recording",
                "start": start,
                "duration": seconds(session.end),
                "parties": [0, 1],
                "originator": 1,
                "mediatype": "audio/x-wav",
                "content_hash": f"sha256-{_base64url(about.content_hash)}",
            }
        ],
        "analysis": analysis,
        "attachments": [],
    }
    if about.basis is not None:
        made_of["extensions"] = ["lawful_basis"]
        made_of["attachments"].append(_basis(about.basis, made))
    return made_of


def _base64url(hex_hash: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(hex_hash)).decode().rstrip("=")


def _analysis(kind: str, schema: str, body: Any, version: str) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    return {
        "type": kind,
        "dialog": 0,
        "vendor": "voicecare",
        "product": f"voicecare {version}",
        "schema": f"voicecare.schema.json#{schema}",
        "mediatype": "application/json",
        "encoding": "json",
        "body": body,
    }


def _basis(basis: Basis, made: str) -> dict[str, Any]:
    return {
        "purpose": "lawful_basis",
        "start": made,
        "party": 1,
        "dialog": 0,
        "encoding": "json",
        "body": {
            "lawful_basis": basis,
            "expiration": None,
            "purpose_grants": [{"purpose": "quality_assurance", "granted": True, "granted_at": made}],
        },
    }


def _findings(whole: Mapping[str, Any]) -> list[Any]:
    """What was decided of the call, without the estimates it was decided from."""
    return [event for event in whole["events"] if event["type"] in ("turn", "phrase", "cue", "health")]


def _line(event: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": event["start_s"], "end": event["end_s"], "text": event["text"]}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
