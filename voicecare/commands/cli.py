"""The command line: joins, and turns every user's mistake into one line and exit code 2."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from voicecare import __version__
from voicecare.commands.options import (
    AgentDevice,
    AgentFile,
    CallerDevice,
    CallerFile,
    CallLanguageOption,
    ConfigOption,
    FolderOption,
    HtmlOption,
    JsonOption,
    LanguageOption,
    ListenSeconds,
    ModelOption,
    NoWordsOption,
    SensitivityOption,
    SessionOption,
    StereoDevice,
)
from voicecare.errors import VoicecareError
from voicecare.terminal import complain, legible

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)
models = typer.Typer(rich_markup_mode=None)
app.add_typer(models, name="models")
# ClickException, which typer keeps under a private name.
_CommandError: type[Exception] = typer.BadParameter.__mro__[2]


def main() -> None:
    """Run the command line; the process ends with 0 done, 1 some calls failed, 2 usage or input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no "▁" shows "?" and the command goes on
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing a user can cause prints a traceback."""
    try:
        code = app(arguments, standalone_mode=False)
    except VoicecareError as error:
        return _say(str(error), error.exit_code)
    except _CommandError as error:
        # A missing option has no message of its own; only its own `format_message` names it.
        said = _CommandError.format_message(error) or error.format_message()  # type: ignore[attr-defined]
        return _say(said, 2)
    except typer.Abort:
        return _say("stopped", 1)
    except KeyboardInterrupt:
        return _say("stopped; a session written so far can be read", 1)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return code if isinstance(code, int) else 0


def _say(text: str, code: int) -> int:
    complain(text)
    return code


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """A kind colleague on the line: notices talk-over and the caller's strain, on this machine only."""
    if version:
        typer.echo(f"voicecare {__version__}")
        raise typer.Exit


@app.command()
def demo(
    html: HtmlOption = "demo-call.html",
    json: JsonOption = "",
    cue_language: LanguageOption = "en",
) -> None:
    """Replay the call that ships (synthetic) and write its page."""
    from voicecare.commands.replay import CallOptions, replay_demo

    raise typer.Exit(replay_demo(CallOptions(json=json, html=html, cue_language=cue_language)))


@app.command()
def replay(
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE...", help="Two-channel recordings.")] = None,
    agent_channel: Annotated[str, typer.Option(metavar="left|right", help="Which channel is the agent.")] = "right",
    agent: AgentFile = "",
    caller: CallerFile = "",
    json: JsonOption = "",
    html: HtmlOption = "",
    csv: Annotated[str, typer.Option(metavar="FILE", help="Write one row of numbers.")] = "",
    session: SessionOption = "",
    no_words: NoWordsOption = False,  # noqa: FBT002 - a flag
    vad: Annotated[str, typer.Option(metavar="NAME", help="Voice detector: both, silero or webrtc.")] = "both",
    model: ModelOption = "",
    language: CallLanguageOption = "",
    sensitivity: SensitivityOption = "normal",
    with_audio: Annotated[bool, typer.Option("--with-audio", help="Embed the sound in the page.")] = False,  # noqa: FBT002
    config: ConfigOption = "",
    cue_language: LanguageOption = "en",
) -> None:
    """Replay recorded calls: their events, the cues an agent would have seen, and a page."""
    from voicecare.commands.replay import CallOptions, replay_calls

    options = CallOptions(
        agent_channel=agent_channel,
        agent=agent,
        caller=caller,
        json=json,
        html=html,
        csv=csv,
        session=session,
        words=not no_words,
        vad=vad,
        model=model,
        language=language,
        sensitivity=sensitivity,
        with_audio=with_audio,
        config=config,
        cue_language=cue_language,
    )
    raise typer.Exit(replay_calls(files or [], options))


@app.command()
def live(
    agent: AgentDevice = "",
    caller: CallerDevice = "",
    stereo: StereoDevice = "",
    console: Annotated[bool, typer.Option("--console", help="Show the call on the terminal.")] = False,  # noqa: FBT002
    session: SessionOption = "",
    keep: Annotated[
        str, typer.Option(metavar="LEVEL", help="What stays of a call: counts, events, text, audio.")
    ] = "counts",
    days: Annotated[float, typer.Option(metavar="N", help="How long that stays.")] = 30.0,
    folder: FolderOption = "",
    seconds: Annotated[float | None, typer.Option(metavar="N", help="End by itself after so much call.")] = None,
    no_words: NoWordsOption = False,  # noqa: FBT002 - a flag
    model: ModelOption = "",
    language: CallLanguageOption = "",
    sensitivity: SensitivityOption = "normal",
    notice: Annotated[bool, typer.Option("--notice", help="Print what the caller should be told, and end.")] = False,  # noqa: FBT002
    config: ConfigOption = "",
    cue_language: LanguageOption = "en",
) -> None:
    """Hear a call as it happens and show the cue (needs the extra `live`)."""
    if notice:
        from voicecare.catalogue.catalogue import Catalogue

        typer.echo(Catalogue.load(cue_language).say("live", "notice"))
        raise typer.Exit
    from voicecare.assembly import Choices
    from voicecare.audio.devices.choice import Choice
    from voicecare.commands.options import one_of
    from voicecare.config import Config, with_sensitivity
    from voicecare.config.settings import load
    from voicecare.live.keeping import KEEPS, default_folder
    from voicecare.live.run import LiveOptions, hear_live

    options = LiveOptions(
        devices=Choice(agent or None, caller or None, stereo or None),
        models=Choices(words=not no_words, model=model or None, language=language or None),
        config=with_sensitivity(load(Path(config)) if config else Config(), sensitivity),
        console=console,
        session=Path(session) if session else None,
        keep=one_of(KEEPS, keep, "--keep"),
        folder=Path(folder) if folder else default_folder(),
        days=days,
        seconds=seconds,
        cue_language=cue_language,
    )
    raise typer.Exit(hear_live(options))


@app.command()
def devices(
    agent: AgentDevice = "",
    caller: CallerDevice = "",
    stereo: StereoDevice = "",
    seconds: ListenSeconds = 3.0,
) -> None:
    """List what can be heard, say which two devices a live call would use and why, and how loud both are."""
    from rich.console import Console

    from voicecare.commands.doctor import checked_choice, checked_seconds, show_devices

    console = Console(highlight=False, emoji=False, markup=False)
    raise typer.Exit(show_devices(checked_choice(agent, caller, stereo), console, meter_s=checked_seconds(seconds)))


@app.command()
def doctor(
    agent: AgentDevice = "",
    caller: CallerDevice = "",
    stereo: StereoDevice = "",
    seconds: ListenSeconds = 3.0,
    no_play: Annotated[bool, typer.Option("--no-play", help="Play no test sound.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Look at everything a live call needs, a line each, with what to do about it."""
    from rich.console import Console

    from voicecare.commands.doctor import checked_choice, checked_seconds, examine

    console = Console(highlight=False, emoji=False, markup=False)
    choice, listen_s = checked_choice(agent, caller, stereo), checked_seconds(seconds)
    raise typer.Exit(examine(console, choice=choice, play=not no_play, listen_s=listen_s))


@app.command()
def erase(
    call: Annotated[str, typer.Argument(metavar="CALL", help="The call's name: when it began.")],
    folder: FolderOption = "",
) -> None:
    """Erase everything that was kept of a live call."""
    from voicecare.live.keeping import default_folder
    from voicecare.live.keeping import erase as erase_call

    for gone in erase_call(Path(folder) if folder else default_folder(), call):
        typer.echo(legible(f"erased {gone}"))


@app.command()
def report(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Sessions written by --session.")],
    json: JsonOption = "",
    html: HtmlOption = "",
    csv: Annotated[str, typer.Option(metavar="FILE", help="Write a table, one row of numbers a session.")] = "",
    vendor: Annotated[
        str, typer.Option(metavar="NAME", help="--json and --csv in the terms of aws, verint, voci, kore or genesys.")
    ] = "",
    textgrid: Annotated[str, typer.Option(metavar="FILE", help="Write the events for Praat, to be corrected.")] = "",
    elan: Annotated[str, typer.Option(metavar="FILE", help="Write the events for ELAN, to be corrected.")] = "",
    corrected: Annotated[
        str, typer.Option(metavar="FILE", help="Compare with a corrected TextGrid or EAF: precision, recall, F1.")
    ] = "",
    cue_language: LanguageOption = "en",
) -> None:
    """Write the faces of recorded sessions, live or replayed; compare them with corrections."""
    from voicecare.commands.report import ReportOptions, report_sessions

    options = ReportOptions(
        json=json,
        html=html,
        csv=csv,
        vendor=vendor,
        textgrid=textgrid,
        elan=elan,
        corrected=corrected,
        cue_language=cue_language,
    )
    raise typer.Exit(report_sessions(sessions, options))


@app.command()
def explain(
    session: Annotated[str, typer.Argument(metavar="SESSION", help="A session written by --session.")],
    at: Annotated[str, typer.Option(metavar="TIME", help="The moment: 1:12, or 72.5 seconds.")],
    audio: Annotated[str, typer.Option(metavar="FILE", help="Its recording, to show levels and P(speech).")] = "",
    agent: AgentFile = "",
    caller: CallerFile = "",
    json: Annotated[str, typer.Option("--json", metavar="FILE", help="Write it as JSON; - is standard output.")] = "",
    cue_language: LanguageOption = "en",
) -> None:
    """Say why something was or was not raised around one moment of a session."""
    from voicecare.commands.explain import ExplainOptions, explain_session

    options = ExplainOptions(at=at, json=json, audio=audio, agent=agent, caller=caller, cue_language=cue_language)
    raise typer.Exit(explain_session(session, options))


@app.command()
def config(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="A settings file to check.")] = "",
) -> None:
    """Print every setting with its value, as a settings file; or check one."""
    from voicecare.config import Config
    from voicecare.config.settings import load, to_toml

    typer.echo(to_toml(load(Path(file)) if file else Config()), nl=False)


@models.callback(invoke_without_command=True)
def _models(context: typer.Context) -> None:
    """Show the recogniser's models on this machine; fetch, check and find them."""
    if context.invoked_subcommand is None:
        _list()


@models.command("list")
def _list() -> None:
    """List the models that are here, and those that can be fetched."""
    from voicecare.commands.models import list_models

    raise typer.Exit(list_models(typer.echo))


@models.command("pull")
def _pull(name: Annotated[str, typer.Argument(metavar="NAME", help="As `voicecare models list` names it.")]) -> None:
    """Fetch a model; the only command that uses the network. An interrupted one resumes."""
    from rich.console import Console

    from voicecare.commands.models import pull_model

    raise typer.Exit(pull_model(name, typer.echo, Console(stderr=True, highlight=False)))


@models.command("verify")
def _verify(
    name: Annotated[str, typer.Argument(metavar="[NAME|DIR]", help="One model; else every model here.")] = "",
) -> None:
    """Check models against their published hashes."""
    from voicecare.commands.models import verify_models

    raise typer.Exit(verify_models(name, typer.echo))


@models.command("path")
def _path(
    name: Annotated[str, typer.Argument(metavar="[NAME|DIR]", help="The model; else the one that came along.")] = "",
) -> None:
    """Print the folder of a model."""
    from voicecare.backends.whisper_models import BUILT_IN
    from voicecare.commands.models import model_path

    raise typer.Exit(model_path(name or BUILT_IN, typer.echo))


@app.command()
def privacy() -> None:
    """Say what is computed, what is kept, and what is never done."""
    from voicecare.commands.privacy import STATEMENT

    typer.echo(STATEMENT, nl=False)
