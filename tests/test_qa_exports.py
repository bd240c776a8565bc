"""Calls in other tools' formats, read back by the libraries that own those formats."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import warnings
from datetime import UTC, datetime

import pytest
import report_samples as calls
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.qa.exports.amazon import call_analytics
from voicecare.qa.exports.captions import srt, webvtt
from voicecare.qa.exports.rttm import rttm
from voicecare.qa.exports.tables import COLUMNS, Told, csv_text, neutral, parquet, row
from voicecare.qa.exports.vcon import About, vcon
from voicecare.qa.store.figures import figures
from voicecare.qa.store.records import Call
from voicecare.report.document import document
from voicecare.report.elan import eaf
from voicecare.report.rows import spoken, words
from voicecare.report.textgrid import textgrid
from voicecare.timebase import seconds
from voicecare.types import Heard

NAMES = {"agent": "Agent", "caller": "Caller"}
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
EVERY = [calls.heated, calls.calm, calls.hostile, calls.empty, calls.without_recogniser]
FORMULAS = ["=1+1", "+49 30 1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "\u3000=1", "＝1+1", "＋1"]


def call(name="call-1", **changes) -> Call:
    plain = Call(
        1, "ab" * 32, name, "Ada", "Roadside", None, AT, AT, "right", ("a.wav",), 0.0, None, 1, "replay", 4.0, None,
        True, "shown", {}, 75.0, "en", "done", 1, AT,
    )  # fmt: skip
    return dataclasses.replace(plain, **changes)


def told(session, **changes) -> dict:
    summary = document(session)["summary"]
    return row(Told(call(**changes), figures(summary), summary))


def said(session) -> list[Heard]:
    return sorted((h for h in session.events if isinstance(h, Heard) and h.text), key=lambda h: h.span)


def test_a_table_says_which_call_whose_which_queue_when_and_what_was_wrong():
    (one,) = csv.DictReader(io.StringIO(csv_text([told(calls.hostile())])))
    assert (one["call_id"], one["agent"], one["queue"]) == ("call-1", "Ada", "Roadside")
    assert one["started_at"] == "2026-11-24T09:00:00+00:00"
    assert one["troubles"].split() == ["truncated", "leak", "unheard"]
    assert (one["complete"], one["retained"], one["agent_interruptions"], one["strain_peak"]) == ("0", "1", "0", "")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_taken_for_a_formula(text):
    (one,) = csv.DictReader(io.StringIO(csv_text([told(calls.calm(), name=text, agent=text, queue=text)]), newline=""))
    for column in ("call_id", "agent", "queue"):
        assert one[column] == f"'{text}"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_a_text_comes_back_from_csv_as_it_was_but_for_the_apostrophe(text):
    (one,) = csv.DictReader(io.StringIO(csv_text([told(calls.empty(), name=text)]), newline=""))
    assert one["call_id"].removeprefix("'" if neutral(text) != text else "") == text


def test_parquet_has_types_and_gives_every_cell_back():
    from pyarrow import parquet as pq

    rows = [told(session(), name=f"call {n} =1+1") for n, session in enumerate(EVERY)]
    table = pq.read_table(io.BytesIO(parquet(rows)))
    assert table.column_names == [name for name, _ in COLUMNS]
    back = table.to_pylist()
    for one, was in zip(back, rows, strict=True):
        assert one == {name: pytest.approx(value) if isinstance(value, float) else value for name, value in was.items()}
    assert str(table.schema.field("started_at").type) == "timestamp[ms, tz=UTC]"


def test_an_empty_list_is_a_table_without_rows():
    from pyarrow import parquet as pq

    assert csv_text([]).splitlines() == [",".join(name for name, _ in COLUMNS)]
    assert pq.read_table(io.BytesIO(parquet([]))).num_rows == 0


@pytest.mark.parametrize("session", EVERY)
def test_captions_come_back_with_their_voices_times_and_words(session):
    import webvtt as vtt

    read = vtt.from_buffer
    lines = said(session())
    for back, heard in zip(read(io.StringIO(webvtt(session(), NAMES))), lines, strict=True):
        assert back.voice == NAMES[heard.channel]
        assert back.start_in_seconds == int(seconds(heard.span.start))
        assert back.text == " ".join(heard.text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not lines:
        return  # webvtt-py takes an empty SRT for none
    for back, heard in zip(read(io.StringIO(srt(session(), NAMES)), format="srt"), lines, strict=True):
        assert back.text.startswith(f"{NAMES[heard.channel]}: ")


def test_who_spoke_when_comes_back_from_rttm():
    session = calls.heated()
    found = {"agent": [], "caller": []}
    for line in rttm(session, "call 1\nSPEAKER x").splitlines():
        kind, uri, channel, start_s, length_s, _, _, who, _, _ = line.split(" ")
        assert (kind, uri, channel) == ("SPEAKER", "call_1_SPEAKER_x", "1")
        found[who].append((float(start_s), float(length_s)))
    for who, spans in spoken(session.events).items():
        assert found[who] == [(seconds(s.start), seconds(s.length)) for s in spans]


@pytest.mark.parametrize("session", [calls.heated, calls.hostile])
def test_praat_s_tools_find_a_tier_of_words(session, tmp_path):
    from praatio import textgrid as tgio

    path = tmp_path / "call.TextGrid"
    path.write_text(textgrid(session()), encoding="utf-8")
    grid = tgio.openTextgrid(str(path), includeEmptyIntervals=False)
    assert set(grid.tierNames) == {"agent", "caller", "turn events", "agent words", "caller words"}
    for who in ("agent", "caller"):
        entries = grid.getTier(f"{who} words").entries
        assert [(e.start, e.end, e.label) for e in entries] == [
            (seconds(span.start), seconds(span.end), text) for span, text in words(session().events, who)
        ]


@pytest.mark.parametrize("session", [calls.heated, calls.hostile])
def test_elan_s_tools_find_a_tier_of_words(session, tmp_path):
    from pympi import Elan

    path = tmp_path / "call.eaf"
    path.write_text(eaf(session()), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pympi knows EAF 2.8
        back = Elan.Eaf(str(path))
    for who in ("agent", "caller"):
        found = sorted(back.get_annotation_data_for_tier(f"{who} words"))
        assert [text for _, _, text in found] == [text for _, text in words(session().events, who)]


def test_without_a_recogniser_there_is_no_tier_of_words():
    assert "words" not in textgrid(calls.without_recogniser())
    assert "words" not in eaf(calls.without_recogniser())


def test_amazons_document_is_whole_and_of_the_agent_tells_no_feeling():
    made = json.loads(json.dumps(call_analytics(calls.heated(), "job-1")))
    assert made["Categories"]["MatchedCategories"] == [
        "AgentAcknowledged", "AgentApologised", "AgentInterrupted", "CallerThanked", "RiseAcknowledged",
        "RiseRecovered", "StrainRose", "TalkOver",
    ]  # fmt: skip
    traits = made["ConversationCharacteristics"]
    assert traits["Interruptions"]["TotalCount"] == 1
    assert traits["TalkSpeed"]["DetailsByParticipant"]["AGENT"]["AverageWordsPerMinute"] == 189
    assert list(traits["Sentiment"]["OverallSentiment"]) == ["CUSTOMER"]
    assert list(traits["Sentiment"]["SentimentByPeriod"]["QUARTER"]) == ["CUSTOMER"]
    for turn in made["Transcript"]:
        assert ("Sentiment" in turn) == (turn["ParticipantRole"] == "CUSTOMER")
        assert "LoudnessScores" not in turn
        assert [item["Content"] for item in turn["Items"]] == turn["Content"].split()


def test_loudness_is_told_a_second_where_the_recording_is_known():
    levels = {"agent": [-20.0] * 75, "caller": [-math.inf] * 75}
    made = call_analytics(calls.heated(), "job-1", levels)
    by_role = {turn["ParticipantRole"]: turn["LoudnessScores"] for turn in made["Transcript"]}
    assert set(by_role["AGENT"]) == {80.0}
    assert set(by_role["CUSTOMER"]) == {None}
    json.dumps(made, allow_nan=False)


def test_a_vcon_names_the_recording_by_its_hash_and_holds_no_sound():
    about = About("call-1", "ab" * 32, AT, AT, "Ada", "consent")
    made = json.loads(json.dumps(vcon(calls.heated(), about, NAMES)))
    assert made["vcon"] == "0.5.0"
    (dialog,) = made["dialog"]
    assert dialog["content_hash"].startswith("sha256-")
    assert not {"body", "url"} & dialog.keys()
    (basis,) = made["attachments"]
    assert (basis["purpose"], basis["body"]["lawful_basis"]) == ("lawful_basis", "consent")
    assert [a["type"] for a in made["analysis"]] == ["transcript", "report", "events"]
    assert made == vcon(calls.heated(), about, NAMES)  # the same call, the same vCon


def test_a_lawful_basis_is_claimed_only_where_it_was_said():
    assert vcon(calls.heated(), About("a", "ab" * 32, AT, AT), NAMES)["attachments"] == []


@pytest.mark.parametrize("session", EVERY)
def test_every_kind_of_call_is_written(session):
    json.dumps(vcon(session(), About("a", "ab" * 32, None, AT), NAMES), allow_nan=False)
    json.dumps(call_analytics(session(), "a"), allow_nan=False)
    assert rttm(session(), "").startswith("SPEAKER") == bool(any(spoken(session().events).values()))
