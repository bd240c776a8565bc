"""The options that several commands share, each defined once, and the names that some of them take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from voicecare.errors import UsageError

if TYPE_CHECKING:
    from voicecare.config import Config

Name = TypeVar("Name", bound=str)

JsonOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the events as JSON; - is standard output.")
]
HtmlOption = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write the call as one self-contained page.")
]
ExcelOption = Annotated[
    bool, typer.Option("--for-excel", help="Begin the CSV with the mark by which Excel reads names in any language.")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings (TOML) over the defaults.")
]
LanguageOption = Annotated[
    str, typer.Option("--cue-language", metavar="CODE", help="Language of cues and page: en, zh-Hant.")
]
ReaderOption = Annotated[
    str, typer.Option("--for", metavar="READER", help="Who reads page and terminal: qa, or the agent as “you”.")
]
SessionOption = Annotated[Path | None, typer.Option("--session", metavar="FILE", help="Keep the session (JSON Lines).")]
NoWordsOption = Annotated[bool, typer.Option("--no-words", help="Do not run the recogniser.")]
UnmutedOption = Annotated[
    bool, typer.Option("--unmuted-audio", help="Keep sound of which nothing is silenced, for no words are recognised.")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", metavar="NAME|DIR", help="Whisper model; auto: the best that keeps up here.")
]
CallLanguageOption = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Language of the call; else detected.")
]
SensitivityOption = Annotated[str, typer.Option("--sensitivity", metavar="LEVEL", help="low, normal or high.")]
AgentFile = Annotated[
    Path | None, typer.Option("--agent", metavar="FILE", help="The agent's own mono file, with --caller.")
]
CallerFile = Annotated[
    Path | None, typer.Option("--caller", metavar="FILE", help="The caller's own mono file, with --agent.")
]
OffsetOption = Annotated[
    float, typer.Option("--offset", metavar="S", help="The caller's file begins so many seconds after the agent's.")
]
RawOption = Annotated[
    str | None,
    typer.Option(
        "--raw", metavar="CODING:RATE:CHANNELS", help="The files have no header; e.g. ulaw:8000:2 or s16le:16000:1."
    ),
]
AgentDevice = Annotated[
    str | None, typer.Option("--agent", metavar="DEVICE", help="The agent's microphone; else the default.")
]
CallerDevice = Annotated[
    str | None, typer.Option("--caller", metavar="DEVICE", help="What plays the caller; else the default.")
]
StereoDevice = Annotated[str | None, typer.Option("--stereo", metavar="DEVICE", help="One device with both legs.")]
AppOption = Annotated[
    list[str] | None,
    typer.Option("--app", metavar="NAME", help="The program you telephone with (again for another)."),
]
CallsOption = Annotated[
    str | None,
    typer.Option(
        "--calls",
        metavar="HOW",
        help="How a call is known: softphone (by its program), sound, or asked (you say so); else the best there is.",
    ),
]
ListenSeconds = Annotated[float, typer.Option("--seconds", metavar="N", help="How long to listen; 0 is not at all.")]
FolderOption = Annotated[
    Path | None,
    typer.Option("--folder", metavar="FOLDER", help="Where live calls are kept; else the user's own data folder."),
]
DiaryOption = Annotated[
    Path | None, typer.Option("--diary", metavar="FILE", help="Another diary; else your own, in your data folder.")
]
CareLanguage = Annotated[str, typer.Option("--language", metavar="CODE", help="en or zh-Hant.")]

StoreOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="A file, or postgresql://USER@HOST/DATABASE; else qa.db in the user's own data folder."
    ),
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


def settings_of(file: Path | None, sensitivity: str) -> Config:
    """Read the settings of --config, or the defaults, at a level of --sensitivity.

    Raises:
        UsageError: the file cannot be used, or there is no such level.
    """
    from voicecare.config import Config, with_sensitivity
    from voicecare.config.settings import load

    return with_sensitivity(Config() if file is None else load(file), sensitivity)
