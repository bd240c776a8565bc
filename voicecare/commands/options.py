"""The options that several commands share, each defined once, and the names that some of them take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

import typer

from voicecare.errors import UsageError

Name = TypeVar("Name", bound=str)

JsonOption = Annotated[
    str, typer.Option("--json", metavar="FILE", help="Write the events as JSON; - is standard output.")
]
HtmlOption = Annotated[str, typer.Option("--html", metavar="FILE", help="Write the call as one self-contained page.")]
ConfigOption = Annotated[str, typer.Option("--config", metavar="FILE", help="Settings (TOML) over the defaults.")]
LanguageOption = Annotated[
    str, typer.Option("--cue-language", metavar="CODE", help="Language of cues and page: en, zh-Hant.")
]
SessionOption = Annotated[str, typer.Option("--session", metavar="FILE", help="Keep the session (JSON Lines).")]
NoWordsOption = Annotated[bool, typer.Option("--no-words", help="Do not run the recogniser.")]
UnmutedOption = Annotated[
    bool, typer.Option("--unmuted", help="Keep sound of which nothing is silenced, for no words are recognised.")
]
ModelOption = Annotated[
    str, typer.Option("--model", metavar="NAME|DIR", help="Whisper model; auto: the best that keeps up here.")
]
CallLanguageOption = Annotated[
    str, typer.Option("--language", metavar="CODE", help="Language of the call; else detected.")
]
SensitivityOption = Annotated[str, typer.Option("--sensitivity", metavar="LEVEL", help="low, normal or high.")]
AgentFile = Annotated[str, typer.Option("--agent", metavar="FILE", help="The agent's own mono file, with --caller.")]
CallerFile = Annotated[str, typer.Option("--caller", metavar="FILE", help="The caller's own mono file, with --agent.")]
AgentDevice = Annotated[
    str, typer.Option("--agent", metavar="DEVICE", help="The agent's microphone; else the default.")
]
CallerDevice = Annotated[
    str, typer.Option("--caller", metavar="DEVICE", help="What plays the caller; else the default.")
]
StereoDevice = Annotated[str, typer.Option("--stereo", metavar="DEVICE", help="One device with both legs.")]
ListenSeconds = Annotated[float, typer.Option("--seconds", metavar="N", help="How long to listen; 0 is not at all.")]
FolderOption = Annotated[
    str, typer.Option("--folder", metavar="FOLDER", help="Where live calls are kept; else the user's own data folder.")
]


def one_of(known: Sequence[Name], typed: str, option: str) -> Name:
    """Find what was typed for an option among the names it takes.

    Raises:
        UsageError: it is none of them.
    """
    for name in known:
        if typed == name:
            return name
    raise UsageError(f"{option} {typed}: not known; choose {', '.join(known)}")
