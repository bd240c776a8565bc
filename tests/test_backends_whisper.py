"""The recogniser: what it hears, where it abstains, and what it never gives."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from voicecare.backends import whisper_models
from voicecare.backends.whisper import Decoded, WhisperRecogniser, believable, compression
from voicecare.config import WordsConfig
from voicecare.errors import InputError
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import Floats, Party, Request

START = samples(100)


@pytest.fixture(scope="module")
def recogniser() -> WhisperRecogniser:
    model = whisper_models.locate("tiny.en")
    return WhisperRecogniser(
        model.folder, threads=1, config=WordsConfig(), name=model.name, voice_view=lambda frames: frames.shape
    )


def request(audio: Floats, channel: Party = "caller", **wanted: bool) -> Request:
    span = Span(START, START + len(audio))
    return Request(channel, span, audio.astype(np.float32), at=span.end + 800, **wanted)


def noise(length_s: float, level: float = 0.05) -> Floats:
    return (level * np.random.default_rng(4).standard_normal(samples(length_s))).astype(np.float32)


def tone(length_s: float, *pitches_hz: float) -> Floats:
    times_s = np.arange(samples(length_s)) / RATE_HZ
    return np.sum([0.1 * np.sin(2 * np.pi * pitch * times_s) for pitch in pitches_hz], axis=0).astype(np.float32)


@pytest.fixture(scope="module")
def sentence(data_dir: Path) -> Floats:
    """The caller of a real call at 8 kHz, 12 to 20 s: "about two weeks ago I got a car from the dealership"."""
    path = data_dir / "calls" / "auto-repairs" / "Auto_Repairs_40_UTC_caller.wav"
    audio, rate_hz = soundfile.read(path, dtype="float32", start=8_000 * 12, stop=8_000 * 20)
    return np.asarray(soxr.resample(audio, rate_hz, RATE_HZ), dtype=np.float32)


@pytest.mark.data
def test_words_are_heard_on_the_calls_clock_within_the_request(recogniser, sentence):
    heard = recogniser.hear(request(sentence))
    assert "two weeks ago" in heard.text.lower()
    assert "car" in heard.text
    assert heard.language == "en"
    assert heard.arrived == START + len(sentence) + 800
    starts = [word.span.start for word in heard.words]
    assert starts == sorted(starts)
    assert heard.words[0].span.start >= START
    assert heard.words[-1].span.end <= START + len(sentence)
    assert all(0 < word.confidence <= 1 for word in heard.words)
    assert " ".join(word.text for word in heard.words).split() == heard.text.split()


@pytest.mark.data
def test_level_does_not_change_the_words(recogniser, sentence):
    assert recogniser.hear(request(sentence * 0.02)).text == recogniser.hear(request(sentence)).text


@pytest.mark.data
def test_the_same_request_is_heard_the_same_twice(recogniser, sentence):
    assert recogniser.hear(request(sentence)) == recogniser.hear(request(sentence))


@pytest.mark.data
def test_the_agent_never_gets_a_voice_even_if_it_is_asked_for(recogniser, sentence):
    heard = recogniser.hear(request(sentence, channel="agent", want_voice=True))
    assert heard.text
    assert heard.voice is None


@pytest.mark.data
def test_the_caller_gets_a_voice_only_when_it_is_asked_for(recogniser, sentence):
    assert recogniser.hear(request(sentence)).voice is None
    assert recogniser.hear(request(sentence, want_voice=True)).voice == (len(sentence) // 320, 384)


@pytest.mark.data
def test_without_words_only_the_voice_is_computed(recogniser, sentence):
    heard = recogniser.hear(request(sentence, want_words=False, want_voice=True))
    assert (heard.text, heard.words, heard.confidence) == ("", (), 0.0)
    assert heard.voice is not None


@pytest.mark.data
def test_nothing_is_fetched_and_nothing_is_printed(recogniser, sentence, monkeypatch, capfd):
    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    folder = whisper_models.locate("tiny.en").folder
    again = WhisperRecogniser(folder, config=WordsConfig())
    assert again.hear(request(sentence)).text == recogniser.hear(request(sentence)).text
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "audio",
    [
        np.zeros(samples(3), np.float32),
        noise(3),
        noise(3, level=1e-4),
        tone(4, 440, 480),
        tone(1, 697, 1336),
        tone(6, 220, 277.18, 329.63),
        tone(3, 50, 100, 150),
        noise(0.5) * np.hanning(samples(0.5)).astype(np.float32),
    ],
    ids=["silence", "noise", "faint noise", "ring-back", "key tone", "chord", "hum", "breath"],
)
def test_no_word_is_invented_where_nobody_speaks(recogniser, audio):
    heard = recogniser.hear(request(audio))
    assert (heard.text, heard.words, heard.confidence) == ("", (), 0.0)


def test_a_request_longer_than_the_model_hears_is_a_mistake_of_the_caller(recogniser):
    with pytest.raises(ValueError, match=r"30\.0 s is too long"):
        recogniser.hear(request(np.zeros(samples(30), np.float32)))


@pytest.mark.parametrize(
    ("decoded", "believed"),
    [
        (Decoded((1,), "Hello there.", -0.3, 0.1), True),
        (Decoded((1,), "Hello there.", -0.81, 0.1), False),
        (Decoded((1,), "Hello there.", -0.3, 0.5), False),
        (Decoded((1,), ". . . .", -0.1, 0.1), False),
        (Decoded((), "", -0.1, 0.1), False),
        (Decoded((1,), "I'm going to go " * 12, -0.3, 0.1), False),
    ],
    ids=["said", "unlikely", "no speech", "only points", "empty", "a loop"],
)
def test_the_gate_asks_for_every_condition(decoded, believed):
    assert believable(decoded, WordsConfig()) is believed


def test_compression_grows_with_repetition():
    assert compression("thank you for calling") < 1.2
    assert compression("thank you " * 20) > 2.0


def test_a_folder_without_a_tokenizer_is_refused_before_anything_is_fetched(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(InputError, match=r"config.json, tokenizer.json missing"):
        WhisperRecogniser(tmp_path, config=WordsConfig())


def test_a_broken_model_is_one_line(tmp_path):
    for file in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / file).write_bytes(b"{}")
    with pytest.raises(InputError, match="cannot be loaded as a Whisper model") as caught:
        WhisperRecogniser(tmp_path, config=WordsConfig())
    assert "\n" not in str(caught.value)
