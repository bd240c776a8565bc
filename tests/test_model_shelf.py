"""`voicecare models`: plain lines, one-line errors, and no network but for `pull`."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hub import MODEL_FILES, Hub, publish, running

from voicecare import assembly
from voicecare.assembly import Choices, build_recogniser
from voicecare.backends import whisper_parts
from voicecare.backends.whisper import WhisperRecogniser
from voicecare.commands.cli import run
from voicecare.config import Config
from voicecare.errors import InputError, UsageError
from voicecare.timebase import samples


@pytest.fixture(autouse=True)
def model_store(monkeypatch, tmp_path: Path) -> Path:
    """No models but the built-in one, and no memory of a choice."""
    monkeypatch.setattr(whisper_parts, "PACKAGES", ("not_installed_1", "not_installed_2"))
    monkeypatch.setenv("VOICECARE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "models"


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        message = "the network was asked"
        raise AssertionError(message)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("arguments", [["models", "list"], ["models"]])
def test_the_models_here_and_those_to_fetch_are_listed(capsys, arguments):
    assert run(arguments) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.split() == ["tiny.en", "76", "MB", "built", "in", "English"]
    assert last.startswith("to fetch with `voicecare models pull NAME`: tiny, base.en")


@pytest.mark.usefixtures("no_network")
def test_the_folder_of_a_model_is_printed_alone(capsys):
    assert run(["models", "path"]) == 0
    assert (Path(capsys.readouterr().out.strip()) / "model.bin").is_file()


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["path", "small"], "model small is not on this machine; fetch it with `voicecare models pull small`"),
        (["path", "tinny"], "no model is called 'tinny'"),
        (["verify", "tinny"], "no model is called 'tinny'"),
        (["pull", "tinny"], "no model is called 'tinny'"),
        (["throw"], "No such command 'throw'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(capsys, arguments, says):
    assert run(["models", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert says in shown.err
    assert len(shown.err.splitlines()) == 1


def test_a_model_is_fetched_checked_and_then_found(monkeypatch, capsys, model_store):
    publish(monkeypatch, "base.en", MODEL_FILES)
    with running(Hub(MODEL_FILES)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        assert run(["models", "pull", "base.en"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "base.en is here and whole (0 MB); use it with --model base.en\n"
    assert "fetching model.bin" in shown.err
    assert run(["models", "verify"]) == 0
    assert capsys.readouterr().out.splitlines() == ["base.en: whole", "tiny.en: whole"]
    (model_store / "base.en" / "model.bin").write_bytes(b"changed")
    assert run(["models", "verify"]) == 2
    assert "model.bin is damaged" in capsys.readouterr().out


def test_a_hub_out_of_reach_is_one_line(monkeypatch, capsys):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert run(["models", "pull", "base"]) == 2
    assert "model base could not be fetched" in capsys.readouterr().err


@pytest.mark.usefixtures("no_network")
def test_the_best_model_here_is_chosen_by_trying_it_and_said(capsys):
    recogniser = build_recogniser(Config(), Choices(model="auto"), 1)
    assert recogniser.name == "tiny.en"
    assert capsys.readouterr().err.startswith("voicecare: model tiny.en: it hears 6 s of speech in ")


def test_no_model_for_a_language_is_said_with_the_next_step():
    with pytest.raises(UsageError, match=r"--language de: tiny\.en hears English only; .* pull base"):
        build_recogniser(Config(), Choices(language="de"), 1)
    with pytest.raises(InputError, match=r"no model here hears de; .* pull base"):
        build_recogniser(Config(), Choices(model="auto", language="de"), 1)


def test_what_was_learned_of_a_callers_language_ends_with_the_call():
    recogniser = build_recogniser(Config(), Choices(), 1)
    assert isinstance(recogniser, WhisperRecogniser)
    recogniser._given = None
    first = assembly.for_call(recogniser)
    assert isinstance(first, WhisperRecogniser)
    assert first._call is not None
    first._call.push(samples(20), {"pl": 1.0})
    assert first._known() == "pl"
    again = assembly.for_call(recogniser)
    assert isinstance(again, WhisperRecogniser)
    assert again._known() == ""


def test_a_sentiment_head_that_is_not_known_is_named():
    with pytest.raises(UsageError, match="sentiment = 'huge': not known; choose light, large"):
        assembly._scorer("huge")
