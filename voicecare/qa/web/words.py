"""The words of these pages, a file per language; whatever a language lacks is said in English."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from voicecare.catalogue.catalogue import FALLBACK, Catalogue

SECTION = "qa"


def with_words(catalogue: Catalogue) -> Catalogue:
    """A catalogue that also has the words of these pages, in its section `qa`."""
    said: dict[str, Any] = {}
    for tag in (FALLBACK, catalogue.language):
        file = resources.files("voicecare.qa.web").joinpath("words", f"{tag}.toml")
        if file.is_file():
            said |= tomllib.loads(file.read_text(encoding="utf-8"))
    return Catalogue(catalogue.language, {**catalogue.messages, SECTION: said})
