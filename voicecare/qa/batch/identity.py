"""What makes one result another: the recording, every setting, and every model by its hash."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from voicecare import __version__
from voicecare.assembly import Choices, model_versions
from voicecare.config import Config
from voicecare.qa.content import file_hash


def models(choices: Choices) -> dict[str, str]:
    """Name everything that hears: voicecare and packages by version, weights by their SHA-256.

    Raises:
        UsageError, InputError: the recogniser's model is not known or not here.
    """
    from voicecare.backends import weights

    shipped = "".join(f"{name} {card['sha256']}\n" for name, card in sorted(weights.listed(weights.folder()).items()))
    named = {"voicecare": __version__, **model_versions(None), "weights": _hash(shipped)}
    if choices.words:
        from voicecare.backends.whisper_models import BUILT_IN, FILES, locate

        model = locate(choices.model or BUILT_IN)
        whole = "".join(f"{name} {file_hash(model.folder / name)}\n" for name in FILES)
        named |= {name: version(name) for name in ("faster-whisper", "ctranslate2")}
        named |= {"recogniser": model.name, "recogniser weights": _hash(whole)}
    return named


def settings(config: Config, choices: Choices) -> dict[str, Any]:
    """Name every setting of a night; the many numbers of `config` by their hash (the session has them in full)."""
    numbers = json.dumps(dataclasses.asdict(config), sort_keys=True)
    return {**dataclasses.asdict(choices), "config": _hash(numbers)}


def result_hash(content_hash: str, settings: Mapping[str, Any], models: Mapping[str, str]) -> str:
    """The identity of a result."""
    return _hash(json.dumps([content_hash, dict(settings), dict(models)], sort_keys=True))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
