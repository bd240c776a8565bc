"""The JSON of a call keeps to its published schema, and to the documents kept in tests/gold."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import report_samples as calls
from accepted import expect

from voicecare.report.document import document
from voicecare.types import HealthKind, PhraseKind, TurnKind

SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "voicecare.schema.json").read_text(encoding="utf-8"))
SESSIONS = [calls.heated, calls.calm, calls.hostile, calls.without_recogniser, calls.empty]


def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    return jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("session", SESSIONS)
def test_every_document_keeps_to_the_published_schema(session):
    validator().validate(document(session()))


def test_the_schema_refuses_what_a_document_must_not_hold():
    good = document(calls.heated())
    heard = next(row for row in good["events"] if row["type"] == "heard")
    heard["voice"] = [0.1, 0.2]
    assert not validator().is_valid(good)


@pytest.mark.parametrize("kinds", [("turn", TurnKind), ("phrase", PhraseKind), ("health", HealthKind)])
def test_the_schema_knows_every_kind_the_types_know(kinds):
    name, alias = kinds
    assert sorted(SCHEMA["$defs"][name]["properties"]["kind"]["enum"]) == sorted(alias.__args__)


@pytest.mark.parametrize("session", SESSIONS)
def test_a_document_is_what_is_read_back_from_its_file(session):
    built = document(session())
    assert json.loads(json.dumps(built, allow_nan=False)) == built


def test_the_encoders_view_of_the_caller_never_reaches_a_document():
    assert "voice" not in {key for row in document(calls.heated())["events"] for key in row}


def test_nothing_in_a_document_tells_a_feeling_of_the_agent():
    for row in document(calls.heated())["events"]:
        if row["type"] in ("arousal", "sentiment"):
            assert "channel" not in row
    assert "strain" not in document(calls.heated())["summary"]["agent"]


def test_a_turn_is_one_row_that_says_when_it_was_first_known():
    rows = [r for r in document(calls.heated())["events"] if r["type"] == "turn" and r["kind"] == "interruption"]
    assert rows == [
        {
            "type": "turn",
            "id": 1,
            "kind": "interruption",
            "by": "agent",
            "start_s": 28.0,
            "end_s": 30.2,
            "decided_s": 29.0,
            "floor": "taken",
        }
    ]


def test_a_cue_carries_its_reasons_with_their_seconds_and_numbers():
    cue = next(r for r in document(calls.heated())["events"] if r["type"] == "cue" and r["kind"] == "acknowledge")
    assert (cue["start_s"], cue["cleared_s"], cue["cleared_by"], cue["shown"]) == (37.4, 46.3, "heeded", True)
    assert cue["because"][0] == {"code": "strain_high", "text": "", "at_s": [34.4], "value": 0.78}


def test_every_strain_row_says_when_it_was_known():
    rows = [r for r in document(calls.heated())["events"] if r["type"] == "arousal"]
    assert rows
    assert all(r["at_s"] == r["decided_s"] >= r["end_s"] >= r["start_s"] for r in rows)


def test_the_document_of_the_heated_call_is_the_one_that_was_accepted():
    expect("heated.json", json.dumps(document(calls.heated()), ensure_ascii=False, indent=1) + "\n")


def test_every_word_of_the_schema_is_explained():
    told = (Path(__file__).parents[1] / "docs" / "events.md").read_text(encoding="utf-8")
    kinds = [k for d in SCHEMA["$defs"].values() for k in d.get("properties", {}).get("kind", {}).get("enum", [])]
    assert kinds
    assert [kind for kind in kinds if f"`{kind}`" not in told] == []
