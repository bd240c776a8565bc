"""What must not be kept is nowhere: not in the session, the JSON, the table, the page, nor in the page's sound."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import re
import socket
from pathlib import Path

import av
import numpy as np
import pytest
from edges import blocks, edges, sound
from hypothesis import given, settings
from hypothesis import strategies as st
from talk import talk

from voicecare import recorded
from voicecare.assembly import build_intake
from voicecare.commands import cli
from voicecare.config import Config, WordsConfig
from voicecare.engine import Engine
from voicecare.errors import UsageError
from voicecare.lanes import LoggedLane, ReplayLane
from voicecare.session import read
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Phrase, Request, Word

CALL = Path(__file__).parents[1] / "voicecare" / "demo" / "call.flac"
CARD = ("my card number is 4716 8093", "5126 7744 thank you for waiting", "the security code is 739")
SPOKEN_CARD = ("sure it is four seven one six oh nine", "five one two six double seven four four two two")
EMAIL = ("my email is quentin dot hargreaves", "at gmail dot com", "it is a mess")
PHONE = ("call me on 415 555 2671", "I understand how frustrating that is")
STORIES = (CARD, SPOKEN_CARD, EMAIL, PHONE)
SECRETS = PHONE + CARD + EMAIL + SPOKEN_CARD
TRACES = re.compile(r"4716|8093|5126|7744|(?<![.\d])739(?!\d)|quentin|hargreaves|415 555|four seven|double seven")


class Tells:
    """A recogniser that is told what each party says, whatever it hears; each word at its place in the request."""

    name = "tells"

    def __init__(self, said=SECRETS):
        self._said = said
        self._count = {"agent": 0, "caller": 0}

    def hear(self, request):
        count = self._count[request.channel]
        text = self._said[count] if count < len(self._said) else "okay then"
        self._count[request.channel] += request.final
        step = request.span.length // (len(text.split()) + 1)
        words = tuple(
            Word(word, Span(request.span.start + i * step, request.span.start + (i + 1) * step), 0.9)
            for i, word in enumerate(text.split())
        )
        voice = (0.5,) if request.want_voice else None
        return Heard(request.channel, request.span, text, words, "en", 0.9, voice, request.final, request.at)


@pytest.mark.slow
def test_no_trace_of_a_secret_is_kept_of_a_replayed_call(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(recorded, "build_recogniser", lambda *_: Tells())
    files = {name: tmp_path / f"call.{name}" for name in ("json", "html", "csv", "session")}
    asked = [text for name, path in files.items() for text in (f"--{name}", str(path))]
    assert cli.run(["replay", str(CALL), *asked, "--with-audio"]) == 0
    shown = capsys.readouterr()
    for text in (shown.out, shown.err, *(path.read_text(encoding="utf-8") for path in files.values())):
        assert not TRACES.findall(re.sub(r"base64,[A-Za-z0-9+/=]+", "", text).lower())
    kinds = set(re.findall(r"\[(\w+)\]", files["json"].read_text(encoding="utf-8")))
    assert {"card", "cvv", "email", "phone"} <= kinds


@pytest.mark.slow
def test_the_sound_in_the_page_is_silent_where_a_secret_was_said_and_only_there(monkeypatch, tmp_path):
    monkeypatch.setattr(
        recorded, "build_recogniser", lambda *_: Tells(("hello there", "4111 1111 1111 1111 thanks") * 20)
    )
    page, session = tmp_path / "call.html", tmp_path / "call.jsonl"
    assert cli.run(["replay", str(CALL), "--html", str(page), "--session", str(session), "--with-audio"]) == 0
    packed = re.search(r"audio/webm;base64,([A-Za-z0-9+/=]+)", page.read_text(encoding="utf-8"))
    assert packed is not None
    with av.open(io.BytesIO(base64.b64decode(packed[1]))) as file:
        audio = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)[:, ::3]  # 48 to 16 kHz
    loud = {"caller": np.abs(audio[0]), "agent": np.abs(audio[1])}
    edge = samples(0.02)  # what lies beside a silenced word may ring on for a frame of the codec
    hidden = plain = 0
    for event in read(session).events:
        for word in event.words if isinstance(event, Heard) else ():
            level = loud[event.channel][word.span.start + edge : word.span.end - edge].max(initial=0.0)
            if word.text == "[card]":
                hidden += 1
                assert level < 1e-3
            plain += word.text == "there" and level > 0.01
    assert hidden > 3
    assert plain > 3


@settings(max_examples=8, deadline=None)
@given(st.permutations([*STORIES, ("hello",), ("okay", "it was 5120")]))
def test_a_logged_replay_of_a_redacted_call_gives_the_identical_events(stories):
    said = (*stories[0], *stories[1])
    audio = sound(talk(agent="0-3 5-9 12-14 19-22 30-37", caller="2.2-5 8-12.4 13-18 21-26 35-38"), end=samples(50.0))
    # Six utterances a party, so that every story is told to its end.
    events = run(audio, ReplayLane(Tells(said), samples(1.5)))
    heard = [event for event in events if isinstance(event, Heard)]
    assert run(audio, LoggedLane(heard)) == events
    kept = " ".join(e.text for e in events if isinstance(e, Heard | Phrase)).lower()
    assert not TRACES.findall(kept)


@pytest.mark.slow
def test_a_replay_with_words_works_with_the_network_cut(monkeypatch, tmp_path):
    def refuse(*_, **__):
        message = "a replay asked for the network"
        raise AssertionError(message)

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    found = tmp_path / "call.json"
    assert cli.run(["replay", str(CALL), "--json", str(found)]) == 0
    events = json.loads(found.read_text(encoding="utf-8"))["events"]
    assert any(event["type"] == "heard" and event["text"] for event in events)


@pytest.mark.slow
def test_redaction_is_on_unless_the_settings_switch_it_off(monkeypatch, tmp_path):
    monkeypatch.setattr(recorded, "build_recogniser", lambda *_: Tells(CARD))
    plain, table = tmp_path / "plain.toml", tmp_path / "call.json"
    plain.write_text("[words]\nredact = false\n", encoding="utf-8")
    assert cli.run(["replay", str(CALL), "--json", str(table), "--config", str(plain)]) == 0
    document = json.loads(table.read_text(encoding="utf-8"))
    assert "4716 8093" in " ".join(event["text"] for event in document["events"] if event["type"] == "heard")
    assert document["call"]["config"]["words"]["redact"] is False


def test_names_are_hidden_where_the_settings_ask_for_it():
    hiding = dataclasses.replace(Config(), words=WordsConfig(redact_names=True))
    heard = Tells(("my name is Jack Low",)).hear(Request("caller", Span(0, 900), np.zeros(900, np.float32), 900))
    assert build_intake(hiding).take([heard], 900)[0].text == "my name is [name] [name]"
    assert build_intake(Config()).take([heard], 900)[0].text == "my name is Jack Low"


def test_a_phone_region_that_does_not_exist_is_named():
    with pytest.raises(UsageError, match="'UK'"):
        build_intake(dataclasses.replace(Config(), words=WordsConfig(phone_regions="US, UK")))


def run(audio, lane):
    return list(Engine(Pipeline(Config(), edges()), lane).run(blocks(audio)))
