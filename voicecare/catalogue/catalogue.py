"""The words people read: codes in, sentences out, in any language that has a catalogue file.

A catalogue is a TOML file in `catalogue/`, named by its BCP 47 tag. A message is a template, or a list of templates
from the most to the least telling: the first whose fields are all known is used, so a reason without a number still
reads well. A template may have a plural: a table with `one` and `other`, chosen by `count`. Adding a language is adding
a file; whatever it lacks is said in English.

Messages speak of "the agent". Those that speak to the agent, as "you", stand in sections whose names begin with "you.",
and take the place of the others where the agent is the reader.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, TypeAlias

from voicecare.errors import UsageError
from voicecare.timebase import Samples, clock
from voicecare.types import CueKind, Health, Reason

FALLBACK = "en"
Reader: TypeAlias = Literal["qa", "agent"]
"""Who reads: quality assurance reads of "the agent", the agent of "you"."""
READERS: tuple[Reader, ...] = ("qa", "agent")
MOST_TIMES = 4
"""More moments than this in one sentence are counted, not read."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language for one reader.

    language: its BCP 47 tag. messages: section, then code, then template(s), English filled in where it has none.
    """

    language: str
    messages: Mapping[str, Mapping[str, Any]]

    @classmethod
    def load(cls, language: str = FALLBACK, reader: Reader = "qa") -> Catalogue:
        """Read the catalogue of a language, as worded for its reader.

        Raises:
            UsageError: there is no catalogue of that name.
        """
        known = languages()
        if language not in known:
            raise UsageError(f"no words for language {language!r}; choose one of: {', '.join(known)}")
        messages: dict[str, dict[str, Any]] = {}
        for tag in (FALLBACK, language):
            said = _read(tag)
            to_agent = said.pop("you")
            for section, entries in said.items():
                messages[section] = messages.get(section, {}) | entries
            if reader == "agent":
                for section, entries in to_agent.items():
                    messages[section] |= entries
        return cls(language, messages)

    def cue(self, kind: CueKind) -> str:
        """Word a cue, as the agent reads it."""
        return self.say("cue", kind)

    def reason(self, reason: Reason) -> str:
        """Word one reason as a short sentence without a full stop; an unknown code is read out with spaces."""
        return self.say("reason", reason.code, **self.fields(reason))

    def story(self, beat: Reason) -> str:
        """Word one sentence of a call's story."""
        return self.say("story", beat.code, **self.fields(beat))

    def health(self, event: Health) -> str:
        """Word news of voicecare itself: by its kind and note, or by its kind alone where the note has no words."""
        said = self.messages["health"]
        code = f"{event.kind}_{event.note}"
        known = {"count": event.amount, "language": self.language_name(event.note), **event.details}
        return self.say("health", code if code in said else event.kind, **known)

    def fields(self, reason: Reason) -> dict[str, Any]:
        """What a template may name.

        `at` all moments joined, `first` and `last` of them, `value` and its forms `percent` (of 1), `faster` (percent
        above 1) and `count`, `text`. A field that is not known is left out.
        """
        known: dict[str, Any] = {}
        if reason.at:
            known |= {"at": self.times(reason.at), "first": clock(reason.at[0]), "last": clock(reason.at[-1])}
        if reason.value is not None:
            value = reason.value
            known |= {"value": value, "percent": round(value * 100), "faster": round(value * 100) - 100}
            known["count"] = round(value)
        if reason.text:
            known["text"] = reason.text
        return known

    def language_name(self, code: str) -> str:
        """Name a spoken language; one without a name by its code."""
        return str(self.messages.get("language", {}).get(code, code))

    def times(self, at: Iterable[Samples]) -> str:
        """Join moments as people say them: "1:12 and 1:31"."""
        said = [clock(moment) for moment in at]
        if len(said) > MOST_TIMES:
            more = self.say("join", "more", count=len(said) - MOST_TIMES + 1)
            said = [*said[: MOST_TIMES - 1], more]
        if len(said) < 2:
            return "".join(said)
        return self.say("join", "and").join((self.say("join", "comma").join(said[:-1]), said[-1]))

    def say(self, section: str, code: str, **fields: Any) -> str:  # noqa: ANN401 - whatever the template formats
        """Word any message; where there is none, or too little is known for it, its code with spaces."""
        message = self.messages.get(section, {}).get(code)
        for template in message if isinstance(message, list) else [message]:
            chosen = _plural(template, fields)
            if isinstance(chosen, str) and _names(chosen) <= fields.keys():
                return chosen.format_map(fields)
        return code.replace("_", " ")


def languages() -> list[str]:
    """List the languages that have a catalogue, as BCP 47 tags."""
    files = resources.files("voicecare.catalogue").iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


def _read(language: str) -> dict[str, dict[str, Any]]:
    file = resources.files("voicecare.catalogue").joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _plural(template: Any, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a plain TOML value
    if isinstance(template, dict):
        return template["one" if fields.get("count") == 1 and "one" in template else "other"]
    return template


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
