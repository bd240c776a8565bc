"""Whisper models on this machine: found, checked, fetched, and chosen by trying them."""

from __future__ import annotations

import http.client
import platform
import re
import shutil
import time
from pathlib import Path

import pytest
from hub import MODEL_FILES, Hub, publish, running

from voicecare.backends import whisper_choice, whisper_models
from voicecare.backends.whisper_choice import choose, choose_once
from voicecare.backends.whisper_published import PUBLISHED
from voicecare.backends.whisper_pull import pull
from voicecare.errors import InputError, UsageError
from voicecare.types import Heard, Request


def test_the_built_in_model_is_found_and_whole():
    model = whisper_models.locate("tiny.en")
    assert model.origin == "built in"
    assert model.english_only
    assert whisper_models.verify(model)


def test_an_unknown_model_names_the_known_ones():
    with pytest.raises(UsageError, match=r"no model is called 'tinny'.*base\.en"):
        whisper_models.locate("tinny")


def test_a_known_but_absent_model_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICECARE_MODELS", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(InputError, match=r"voicecare models pull small\.en"):
        whisper_models.locate("small.en")


def test_a_pulled_model_with_a_changed_file_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICECARE_MODELS", str(tmp_path))
    folder = tmp_path / "base"
    folder.mkdir()
    for file in whisper_models.FILES:
        (folder / file).write_bytes(b"{}")
    (folder / whisper_models.RECEIPT).write_text('{"sha256": {"model.bin": "00ff"}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"model\.bin is damaged"):
        whisper_models.locate("base")


def test_a_folder_of_ones_own_is_used_as_it_is(tmp_path):
    source = whisper_models.locate("tiny.en").folder
    for file in whisper_models.FILES:
        shutil.copy(source / file, tmp_path)
    model = whisper_models.locate(str(tmp_path))
    assert (model.origin, model.folder) == ("folder", tmp_path)
    assert not whisper_models.verify(model)


@pytest.fixture
def model_store(monkeypatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VOICECARE_MODELS", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    publish(monkeypatch, "base.en", MODEL_FILES)
    return tmp_path


def test_a_pulled_model_is_whole_and_found_again(model_store):
    shown = []
    with running(Hub(MODEL_FILES)) as hub:
        model = pull("base.en", lambda *seen: shown.append(seen), endpoint=hub.address)
    assert whisper_models.verify(model)
    assert whisper_models.locate("base.en") == model
    assert ("model.bin", 700, 700) in shown
    assert (model_store / "base.en" / "vocabulary.txt").read_bytes() == b"a"


def test_a_pull_resumes_where_it_stopped_and_does_not_fetch_twice(model_store):
    (model_store / "base.en").mkdir()
    (model_store / "base.en" / "model.bin.part").write_bytes(MODEL_FILES["model.bin"][:300])
    with running(Hub(MODEL_FILES)) as hub:
        pull("base.en", lambda *_: None, endpoint=hub.address)
        assert hub.ranges[0] == "bytes=300-"
        asked = len(hub.ranges)
        pull("base.en", lambda *_: None, endpoint=hub.address)
        assert len(hub.ranges) == asked
    assert (model_store / "base.en" / "model.bin").read_bytes() == MODEL_FILES["model.bin"]


def test_a_connection_that_closes_in_the_middle_is_said_and_what_came_is_kept_for_the_next_try(model_store):
    with running(Hub(MODEL_FILES)) as hub:
        hub.breaks_off_at = 250
        with pytest.raises(InputError, match=r"model\.bin broke off at 250 of 700 bytes.*it resumes"):
            pull("base.en", lambda *_: None, endpoint=hub.address)
        assert (model_store / "base.en" / "model.bin.part").stat().st_size == 250
        hub.breaks_off_at = None
        pull("base.en", lambda *_: None, endpoint=hub.address)
        assert hub.ranges[:2] == [None, "bytes=250-"]
    assert (model_store / "base.en" / "model.bin").read_bytes() == MODEL_FILES["model.bin"]


@pytest.mark.parametrize(
    "lost", [ConnectionResetError("reset by peer"), http.client.IncompleteRead(b""), TimeoutError()]
)
def test_a_connection_that_is_lost_is_no_fault_of_the_disk(model_store, monkeypatch, lost):  # noqa: ARG001 - where it goes
    def lose(*_):
        raise lost

    with running(Hub(MODEL_FILES)) as hub:
        monkeypatch.setattr(http.client.HTTPResponse, "read", lose)
        with pytest.raises(InputError, match=r"could not be fetched .*it resumes"):
            pull("base.en", lambda *_: None, endpoint=hub.address)


@pytest.mark.parametrize("arrives", [b"Weights" * 100, b"weights" * 101, b"weights" * 5_000_000])
def test_a_file_that_is_not_the_published_one_is_removed_and_named(model_store, arrives):
    with (
        running(Hub(MODEL_FILES | {"model.bin": arrives})) as hub,
        pytest.raises(InputError, match=r"model\.bin .* is not the published file"),
    ):
        pull("base.en", lambda *_: None, endpoint=hub.address)
    assert list((model_store / "base.en").iterdir()) == []


def test_no_more_is_taken_than_the_file_has(model_store, monkeypatch):
    seen = []
    monkeypatch.setattr("voicecare.backends.whisper_pull.CHUNK_BYTES", 100)
    with running(Hub(MODEL_FILES | {"model.bin": b"w" * 9_000_000})) as hub, pytest.raises(InputError):
        pull("base.en", lambda _name, here, _total: seen.append(here), endpoint=hub.address)
    assert max(seen) == 701
    assert list((model_store / "base.en").iterdir()) == []


def test_a_part_longer_than_the_file_is_begun_again(model_store):
    (model_store / "base.en").mkdir()
    (model_store / "base.en" / "model.bin.part").write_bytes(b"x" * 800)
    with running(Hub(MODEL_FILES)) as hub:
        pull("base.en", lambda *_: None, endpoint=hub.address)
        assert hub.ranges[0] is None


@pytest.mark.parametrize("address", ["http://models.example", "ftp://models.example", "file:///etc", "models.example"])
def test_models_come_over_https_only(model_store, monkeypatch, address):
    monkeypatch.setenv("HF_ENDPOINT", address)
    with pytest.raises(UsageError, match="over https only"):
        pull("base.en", lambda *_: None)
    assert list(model_store.iterdir()) == []


def test_a_hub_that_sends_elsewhere_without_https_is_not_followed(model_store):
    with running(Hub(MODEL_FILES)) as hub:
        hub.sends_to = "http://models.example/model.bin"
        with pytest.raises(InputError, match=r"could not be fetched .*not https"):
            pull("base.en", lambda *_: None, endpoint=hub.address)
    assert not whisper_models.complete(model_store / "base.en")


def test_every_model_that_can_be_fetched_is_pinned_whole():
    for name, published in PUBLISHED.items():
        assert published.repository.endswith(f"-{name}")
        assert re.fullmatch("[0-9a-f]{40}", published.revision)
        assert set(whisper_models.FILES) <= set(published.files)
        for file in published.files.values():
            assert re.fullmatch("[0-9a-f]{64}", file.sha256)
            assert 0 < file.size_bytes < 4_000_000_000


def test_the_built_in_model_is_the_published_one_file_by_file():
    folder = whisper_models.locate("tiny.en").folder
    for file, known in PUBLISHED["tiny.en"].files.items():
        assert (whisper_models.digest(folder / file), (folder / file).stat().st_size) == (
            known.sha256,
            known.size_bytes,
        )


def test_a_hub_out_of_reach_is_one_line(model_store):
    with pytest.raises(InputError, match=r"model base\.en could not be fetched .*it resumes"):
        pull("base.en", lambda *_: None, endpoint="http://127.0.0.1:9")
    assert not whisper_models.complete(model_store / "base.en")


def test_a_name_that_cannot_be_pulled_is_named(model_store):
    with pytest.raises(UsageError, match="no model is called 'huge'"):
        pull("huge", lambda *_: None)
    assert list(model_store.iterdir()) == []


def local(name: str, size_bytes: int) -> whisper_models.LocalModel:
    return whisper_models.LocalModel(name, Path(name), "pulled", size_bytes)


class Slow:
    """A recogniser that takes its time."""

    def __init__(self, takes_s: float) -> None:
        self.name = "slow"
        self._takes_s = takes_s

    def hear(self, request: Request) -> Heard:
        """Take that long."""
        time.sleep(self._takes_s)
        return Heard(request.channel, request.span, "", (), "en", 0.0, None, final=True, arrived=request.at)


MODELS = [
    local("small", 480_000_000),
    local("tiny.en", 75_000_000),
    local("base.en", 145_000_000),
    local("base", 145_100_000),
]


def test_the_largest_model_that_keeps_up_is_chosen(monkeypatch):
    monkeypatch.setattr(whisper_choice, "LIMIT_S", 0.05)
    took_s = {"tiny.en": 0.0, "base": 0.0, "base.en": 0.0, "small": 0.1}
    model, trials = choose(MODELS, lambda model: Slow(took_s[model.name]), english=True)
    assert model.name == "base.en"
    assert [trial.model.name for trial in trials] == ["tiny.en", "base", "base.en", "small"]
    assert [trial.keeps_up for trial in trials] == [True, True, True, False]


def test_english_only_models_step_aside_for_other_languages():
    model, trials = choose(MODELS[1:], lambda _: Slow(0.0), english=False)
    assert model.name == "base"
    assert [trial.model.name for trial in trials] == ["base"]


def test_where_none_keeps_up_the_smallest_is_taken_and_said_to_be_slow(monkeypatch):
    monkeypatch.setattr(whisper_choice, "LIMIT_S", 0.001)
    model, trials = choose(MODELS, lambda _: Slow(0.01), english=True)
    assert model.name == "tiny.en"
    assert [trial.keeps_up for trial in trials] == [False]


def test_a_choice_is_remembered_until_the_models_change_and_names_nobody(tmp_path):
    memory, tried = tmp_path / "cache" / "choice.json", []

    def build(model):
        tried.append(model.name)
        return Slow(0.0)

    model, why = choose_once(MODELS[1:3], build, english=True, memory=memory)
    assert (model.name, tried) == ("base.en", ["tiny.en", "base.en"])
    assert why.startswith("model base.en: it hears 6 s of speech in 0.0")
    again, why = choose_once(MODELS[1:3], build, english=True, memory=memory)
    assert (again, len(tried)) == (model, 2)
    assert why.endswith("(tried earlier)")
    choose_once(MODELS[1:], build, english=True, memory=memory)
    assert len(tried) > 2
    assert platform.node() not in memory.read_text(encoding="utf-8")


def test_a_broken_memory_of_a_choice_is_no_error(tmp_path):
    (tmp_path / "choice.json").write_text("{torn", encoding="utf-8")
    model, _ = choose_once(MODELS[1:2], lambda _: Slow(0.0), english=True, memory=tmp_path / "choice.json")
    assert model.name == "tiny.en"


def test_a_model_too_slow_for_a_call_is_said_to_be(monkeypatch, tmp_path):
    monkeypatch.setattr(whisper_choice, "LIMIT_S", 0.001)
    _, why = choose_once(MODELS, lambda _: Slow(0.01), english=True, memory=tmp_path / "choice.json")
    assert "too slow for a live call" in why
