"""Words care's cards and pages, from its own texts: one file a language, reviewed as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from voicecare.care.cards import Card
from voicecare.errors import UsageError

FALLBACK = "en"
LANGUAGES = ("en", "zh-Hant")
PICKED = "@"
"""An intention that begins with this is the code of one that was picked; the agent reads it in any language."""


@dataclass(frozen=True, slots=True)
class Worded:
    """A card as it is read: headline, lines, and the answers as (code, label). ask: what an empty text field says."""

    title: str
    lines: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    ask: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language; what it lacks is said in English."""

    language: str
    messages: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, language: str = FALLBACK) -> Texts:
        """Read the texts of a language.

        Raises:
            UsageError: there are none.
        """
        if language not in LANGUAGES:
            raise UsageError(f"no words for language {language!r:.40}; choose one of: {', '.join(LANGUAGES)}")
        return cls(language, _read(language))

    def say(self, section: str, code: str, **names: Any) -> str:  # noqa: ANN401 - whatever the template formats
        """Word one message."""
        return self.messages[section][code].format_map(names)

    def intention(self, text: str) -> str:
        """An intention as it is read: one that was picked in this language, the agent's own as it was typed."""
        picked = text.removeprefix(PICKED)
        return self.messages["choice"].get(picked, picked) if text.startswith(PICKED) else text

    def worded(self, card: Card) -> Worded:
        """Word a card."""
        choices = tuple((code, self.messages["choice"][code]) for code in card.choices)
        ask = self.say("ask", "text") if card.text_of else ""
        return Worded(self.messages["card"][card.kind], tuple(self._lines(card)), choices, ask)

    def fact(self, names: Mapping[str, Any]) -> str:
        """Word a line of fact; one of a later version is left out."""
        template = self.messages["fact"].get(str(names["fact"]), "")
        return template.format_map({"at": "", "value_s": "", **names})

    def _lines(self, card: Card) -> list[str]:
        names = dict(card.names)
        if "intention" in names:
            names["intention"] = self.intention(str(names["intention"]))
        if "cue" in names:
            names["cue"] = self.messages["cue"][str(names["cue"])]
        if card.kind == "moment":
            return [self.fact(names)]
        if card.kind == "weekly":
            return [self.messages["line"][f"weekly_{names['item']}"]]
        lines = [self.messages["line"][card.kind].format_map(names)]
        if card.kind == "offer" and "intention" in names:
            lines.insert(0, self.messages["line"]["offer_intention"].format_map(names))
        return lines


def _read(language: str) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = {}
    for tag in (FALLBACK, language):
        file = resources.files("voicecare.care").joinpath("texts", f"{tag}.toml")
        for section, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
            merged[section] = merged.get(section, {}) | entries
    return merged
