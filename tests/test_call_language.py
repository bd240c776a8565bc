"""A call in another language: it is said, English-only heads step aside, digits are hidden, and a replay is exact."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from conftest import absent
from edges import Scribe, blocks, edges, sound
from talk import talk

from voicecare.assembly import Choices, build_recogniser, for_call
from voicecare.backends import whisper_parts
from voicecare.catalogue.catalogue import Catalogue, languages
from voicecare.config import Config
from voicecare.cue.viewmodel import ViewModel
from voicecare.engine import Engine
from voicecare.lanes import LoggedLane, ReplayLane
from voicecare.report.document import document
from voicecare.report.page import _language
from voicecare.session import Header, Session
from voicecare.speech.pipeline import Pipeline
from voicecare.speech.redaction.redaction import without_digits
from voicecare.speech.words.noticing import Understood
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Arousal, Health, Heard, Phrase, Request, Sentiment

UNREAD = ["language", "no_sentiment", "no_phrases", "no_redaction_rules"]


class German(Scribe):
    """A recogniser that is sure of German with the caller's second utterance; its words look English all the same."""

    def __init__(self) -> None:
        super().__init__()
        self._finals = 0

    def hear(self, request: Request) -> Heard:
        """Hear as a scribe does."""
        heard = super().hear(request)
        self._finals += request.channel == "caller" and request.final
        language = "de" if self._finals > 1 else ""
        return dataclasses.replace(heard, language=language, settles=self._finals == 2)


@pytest.fixture(scope="module")
def session() -> Session:
    audio = sound(talk(agent="0.5-3 9-12 19-22", caller="3.2-8 12.4-18 22.5-30"))
    events = tuple(Engine(Pipeline(Config(), edges()), ReplayLane(German(), 0)).run(blocks(audio)))
    return Session(Header("0", "replay", (), 16_000, "right", "loud", "scribe"), events, audio.shape[1], True)


def test_the_language_is_said_once_with_what_is_not_read_in_it(session):
    said = [event for event in session.events if isinstance(event, Health)]
    assert [(event.kind, event.note) for event in said] == [(kind, "de") for kind in UNREAD]
    listening = document(session)["summary"]["listening"]
    assert (listening["language"], listening["unread"]) == ("de", UNREAD[1:])


def test_nothing_is_read_in_another_language_nor_while_it_is_not_known_and_strain_goes_on(session):
    assert any(isinstance(event, Heard) and event.text for event in session.events)
    assert not [event for event in session.events if isinstance(event, Sentiment | Phrase)]
    assert [event for event in session.events if isinstance(event, Arousal)]


def test_a_logged_call_in_another_language_replays_to_the_identical_events(session):
    audio = sound(talk(agent="0.5-3 9-12 19-22", caller="3.2-8 12.4-18 22.5-30"))
    heard = [event for event in session.events if isinstance(event, Heard)]
    again = Engine(Pipeline(Config(), edges()), LoggedLane(heard)).run(blocks(audio, (480,)))
    assert tuple(again) == session.events


@pytest.mark.parametrize("language", languages())
def test_screen_and_page_name_the_language_in_every_catalogue(language):
    catalogue = Catalogue.load(language)
    model = ViewModel(catalogue)
    model.beat(0.0)
    for kind in UNREAD:
        model.push(Health(0, kind, note="de"))  # type: ignore[arg-type]
    name = catalogue.language_name("de")
    assert name != "de"
    model.beat(10.0)
    view = model.view(10.0)
    assert view.mood == "listening"
    assert name in view.details[0]
    assert len(view.details) == len(UNREAD)
    notices = list(_language({"language": "de", "unread": UNREAD[1:]}, catalogue))
    assert len(notices) == len(UNREAD)
    assert all(name in notice for notice in notices)


def test_a_language_without_a_name_is_called_by_its_code():
    assert Catalogue.load("en").language_name("haw") == "haw"


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("de", "Meine Nummer ist 0171 234 56 ja", "Meine Nummer ist [number] ja"),
        ("pl", "to 3 razy i 44-12", "to [number] razy i [number]"),
        ("", "it is 12", "it is [number]"),
        ("de", "[card] und nichts", "[card] und nichts"),
        ("en", "it took 3 days", "it took 3 days"),
    ],
)
def test_where_no_rules_fit_the_language_every_digit_is_hidden(language, text, told):
    heard = Heard("caller", Span(0, 10), text, (), language, 0.9, None, final=True, arrived=20)
    assert without_digits(heard).text == told


def test_of_an_utterance_that_goes_on_in_another_language_nothing_is_told_from_a_digit_on():
    heard = Heard("caller", Span(0, 10), "ich habe 2 davon", (), "de", 0.9, None, final=False, arrived=20)
    assert without_digits(heard).text == "ich habe"


@pytest.mark.data
@pytest.mark.parametrize(("corpus", "language"), [("emodb", "de"), ("nemo", "pl"), ("ravdess", "en")])
def test_the_real_model_notices_each_language_once_from_the_callers_first_speech(
    data_dir, corpus, language, tmp_path, monkeypatch
):
    if not whisper_parts.parts():
        absent("the extra `multilingual` is not installed")
    monkeypatch.setenv("VOICECARE_MODELS", str(tmp_path))
    folder: Path = data_dir / "emotion" / corpus
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:8]
    recogniser = for_call(build_recogniser(Config(), Choices(model="base"), 1))
    found: list[Heard] = []
    at = 0
    for row in rows:
        clip, rate_hz = soundfile.read(folder / row["path"], dtype="float32")
        audio = np.asarray(soxr.resample(clip, rate_hz, RATE_HZ), dtype=np.float32)
        found.append(recogniser.hear(Request("caller", Span(at, at + len(audio)), audio, at + len(audio))))
        at += len(audio)
    settled = [number for number, heard in enumerate(found) if heard.settles]
    assert len(settled) == 1
    assert {heard.language for heard in found[: settled[0]]} <= {""}
    assert {heard.language for heard in found[settled[0] :]} == {language}
    assert found[settled[0]].span.end >= samples(Config().words.language_s)


@pytest.mark.data
@pytest.mark.parametrize(("corpus", "worded"), [("emodb", 0), ("nemo", 0), ("ravdess", 12)])
def test_what_an_english_model_makes_of_another_language_stays_away(data_dir, corpus, worded):
    folder: Path = data_dir / "emotion" / corpus
    with (folder / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:200:16]
    recogniser, understood = (
        for_call(build_recogniser(Config(), Choices(model="tiny.en"), 1)),
        Understood(Config().words),
    )
    at = 0
    told: list[Heard] = []
    news: list[Health] = []
    for row in rows:
        clip, rate_hz = soundfile.read(folder / row["path"], dtype="float32")
        audio = np.asarray(soxr.resample(clip, rate_hz, RATE_HZ), dtype=np.float32)
        heard = understood.believed(
            recogniser.hear(Request("caller", Span(at, at + len(audio)), audio, at + len(audio)))
        )
        told.append(heard)
        news += understood.push(heard)
        at += len(audio)
    assert len([heard for heard in told if heard.text]) >= worded
    assert [event.kind for event in news] == ([] if worded else ["not_understood"])
    if not worded:
        assert not [heard for heard in told if heard.text]
