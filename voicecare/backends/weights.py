"""Where the weights that ship are, and whether they are the ones that were tested."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from voicecare.errors import InputError

PACKAGE = Path(__file__).resolve().parents[1]
MANIFEST = "manifest.json"


def folder() -> Path:
    """Return the folder of the weights: inside the installed package, or beside it in a checkout.

    Raises:
        InputError: neither holds a manifest.
    """
    for place in (PACKAGE / "models", PACKAGE.parent / "models"):
        if (place / MANIFEST).is_file():
            return place
    raise InputError(f"the weights of voicecare are missing (no models/{MANIFEST}); reinstall voicecare")


def path(name: str) -> Path:
    """Return the file `name` of the shipped weights, its sha256 checked against the manifest.

    Raises:
        InputError: the file is not in the manifest, is missing, or is not the file that was tested.
    """
    place = folder()
    manifest = listed(place)
    if name not in manifest:
        raise InputError(f"no weights are called {name!r}; models/{MANIFEST} lists {', '.join(sorted(manifest))}")
    file = place / name
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"cannot read the weights {file}: {error.strerror}; reinstall voicecare") from error
    if found != manifest[name]["sha256"]:
        raise InputError(f"the weights {file} have been changed (sha256 {found[:12]}…); reinstall voicecare")
    return file


def listed(place: Path) -> dict[str, dict[str, str]]:
    """Read a manifest: file name to {"sha256": ..., "card": file name}."""
    try:
        manifest: dict[str, dict[str, str]] = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise InputError(f"{place / MANIFEST} cannot be read ({error}); reinstall voicecare") from error
    return manifest
