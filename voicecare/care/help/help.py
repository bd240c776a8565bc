"""The practices behind the cues, read from a file a language; and the line for help that a site sets.

A site puts its line into `help-line.txt`, or `help-line.zh-Hant.txt` for one language, in the folder of settings for
everybody on the computer (Linux: /etc/xdg/voicecare) or in the agent's own. `voicecare why` names both.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from voicecare.catalogue.terminal import one_line
from voicecare.errors import UsageError

FALLBACK = "en"
BOTH = ("slow-down", "acknowledge")
"""What one cue may ask together."""
LONGEST = 300
"""Characters of a site's line."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One practice.

    name: its anchor. title: a question or a request. why: why it helps. say: sentences to try, may be empty. known:
    what is known of it, with the source, or "" where it is common sense.
    """

    name: str
    title: str
    why: str
    say: tuple[str, ...]
    known: str


@dataclass(frozen=True, slots=True)
class Help:
    """The page in one language; `words` are those around the topics."""

    language: str
    topics: tuple[Topic, ...]
    words: dict[str, str]

    def about(self, name: str) -> tuple[Topic, ...]:
        """Find a topic by its name, or by that of a cue, which may ask for two things at once.

        Raises:
            UsageError: there is none.
        """
        asked = name.strip().lower().replace("_", "-").replace(" ", "-")
        both = BOTH if asked == "-".join(BOTH) else (asked,)
        found = tuple(topic for topic in self.topics if topic.name in both)
        if found:
            return found
        raise UsageError(f"why {name}: not known; choose {', '.join(topic.name for topic in self.topics)}")


def load(language: str = FALLBACK) -> Help:
    """Read the page's words in a language; where there are none, in English."""
    folder = resources.files(__package__ or "voicecare.care.help")
    file = folder / f"{language}.toml"
    if not file.is_file():
        language, file = FALLBACK, folder / f"{FALLBACK}.toml"
    values: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    topics = tuple(
        Topic(one["name"], one["title"], one["why"], tuple(one.get("say", ())), one.get("known", ""))
        for one in values.pop("topic")
    )
    return Help(language, topics, values)


def folders() -> tuple[Path, Path]:
    """Where a site's line is looked for: everybody's settings, then the agent's own."""
    from platformdirs import site_config_path, user_config_path

    return site_config_path("voicecare"), user_config_path("voicecare")


def site_line(language: str, places: tuple[Path, ...] | None = None) -> str | None:
    """The site's line for help, or None; one that cannot be read is as good as none."""
    for folder in folders() if places is None else places:
        for name in (f"help-line.{language}.txt", "help-line.txt"):
            try:
                with (folder / name).open(encoding="utf-8") as file:
                    line = one_line(file.read(LONGEST + 1))
            except (OSError, UnicodeDecodeError):
                continue
            if line:
                return line[:LONGEST]
    return None
