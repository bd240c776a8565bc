"""`voicecare replay`: recorded calls through the engine, shown, and written as what was asked for."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicecare import saving
from voicecare.assembly import VAD_NAMES, Choices
from voicecare.audio.files.call import CallFiles
from voicecare.audio.files.layout import refuse_copies
from voicecare.audio.files.raw import RawFormat
from voicecare.audio.files.recording import SIDES
from voicecare.catalogue.catalogue import READERS, Catalogue
from voicecare.catalogue.terminal import complain, one_line
from voicecare.commands.options import (
    AgentFile,
    CallerFile,
    CallLanguageOption,
    ConfigOption,
    ExcelOption,
    HtmlOption,
    JsonOption,
    LanguageOption,
    ModelOption,
    NoWordsOption,
    OffsetOption,
    RawOption,
    ReaderOption,
    SensitivityOption,
    SessionOption,
    one_of,
    settings_of,
)
from voicecare.commands.outputs import EXCEL_MARK, STDOUT, Faces, one_stream, placed, result_names
from voicecare.commands.showing import console_beside, tell, watch, write_faces
from voicecare.commands.standard_input import spooled
from voicecare.errors import StoppedError, UsageError, VoicecareError
from voicecare.growing import Growing
from voicecare.recorded import Replay


@dataclass(frozen=True, slots=True)
class _Plan:
    """One call to replay, and where its results go."""

    call: CallFiles
    faces: Faces
    session: Path | None

    @property
    def results(self) -> list[Path]:
        return [*self.faces.files, *([] if self.session is None else [self.session])]


def replay(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="Two-channel recordings; - is standard input.")
    ] = None,
    agent_channel: Annotated[str, typer.Option(metavar="left|right", help="Which channel is the agent.")] = "right",
    agent_left: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="These recordings have the agent on the left; may be given again."),
    ] = None,
    agent: AgentFile = None,
    caller: CallerFile = None,
    offset: OffsetOption = 0.0,
    raw: RawOption = None,
    json: JsonOption = None,
    html: HtmlOption = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one row of numbers.")] = None,
    session: SessionOption = None,
    no_words: NoWordsOption = False,  # noqa: FBT002 - a flag
    vad: Annotated[str, typer.Option(metavar="NAME", help="Voice detector: both, silero or webrtc.")] = "both",
    model: ModelOption = None,
    language: CallLanguageOption = None,
    sensitivity: SensitivityOption = "normal",
    with_audio: Annotated[bool, typer.Option("--with-audio", help="Embed the sound in the page.")] = False,  # noqa: FBT002
    unmuted_audio: Annotated[  # noqa: FBT002 - a flag
        bool,
        typer.Option("--unmuted-audio", help="As --with-audio, also where --no-words leaves every number audible."),
    ] = False,
    config: ConfigOption = None,
    cue_language: LanguageOption = "en",
    reader: ReaderOption = "qa",
    for_excel: ExcelOption = False,  # noqa: FBT002 - a flag
) -> None:
    """Replay recorded calls: their events, the cues an agent would have seen, and a page."""
    with ExitStack() as stack:
        side = one_of(SIDES, agent_channel, "--agent-channel")
        coding = None if raw is None else RawFormat.parse(raw)
        given = _given(files or [], agent, caller)
        lefts = _on_the_left(given, agent_left or [])
        calls = [
            CallFiles(stack.enter_context(spooled(paths)), "left" if left else side, offset, coding)
            for paths, left in zip(given, lefts, strict=True)
        ]
        _sound_may_be_kept(html, no_words=no_words, with_audio=with_audio, unmuted_audio=unmuted_audio)
        if session == STDOUT:
            raise UsageError("--session - must be a file: it grows while the call is heard; --json - is a stream")
        console = console_beside(stdout_taken=one_stream((json, html, csv)))
        plans = _plans(calls, Faces(json, html, csv, EXCEL_MARK if for_excel else ""), session)
        catalogue = Catalogue.load(cue_language, one_of(READERS, reader, "--for"))
        saving.check_all(
            (path for plan in plans for path in plan.results), (path for call in calls for path in call.files)
        )
        choices = Choices(one_of(VAD_NAMES, vad, "--vad"), not no_words, model, language)
        run = _Run(
            Replay(settings_of(config, sensitivity), choices),
            catalogue,
            console,
            with_audio=with_audio or unmuted_audio,
        )
        raise typer.Exit(run.all(plans))


class _Run:
    """Replays calls one after the other; a call that cannot be is said, and the others go on."""

    def __init__(self, replayer: Replay, catalogue: Catalogue, console: Console, *, with_audio: bool) -> None:
        self._replayer = replayer
        self._catalogue = catalogue
        self._console = console
        self._with_audio = with_audio

    def all(self, plans: Sequence[_Plan]) -> int:
        """Return 0, or 1 where some of several calls failed or a recording was cut short.

        Raises:
            InputError, OutputError: the only call cannot be read or its results not be written.
            StoppedError: the user stopped.
        """
        code = 0
        for plan in plans:
            try:
                code = max(code, self._one(plan))
            except VoicecareError as error:
                if len(plans) == 1 or isinstance(error, StoppedError):
                    raise
                complain(str(error))
                code = 1
        return code

    def _one(self, plan: _Plan) -> int:
        """Replay one call; its results are put in place together, once all of them are whole."""
        recording = plan.call.open()
        refuse_copies(recording)
        self._console.print(one_line(plan.call.title), style="bold")
        place = None if plan.session is None else Growing(plan.session)
        try:
            with saving.Together() as results:
                session = watch(self._replayer, recording, plan.call.side, self._catalogue, self._console, place=place)
                tell(session, self._catalogue, self._console)
                write_faces(plan.faces, results, session, recording, self._catalogue, with_audio=self._with_audio)
                results.keep()
                if place is not None:
                    place.keep()
        except KeyboardInterrupt:
            if place is None:
                raise StoppedError("stopped; nothing was written of this call") from None
            place.close()
            raise StoppedError(f"stopped; what was heard until then is in {place.part}") from None
        except BaseException:
            if place is not None:
                place.discard()
            raise
        return 0 if session.complete else 1


def _given(files: Sequence[Path], agent: Path | None, caller: Path | None) -> list[tuple[Path, ...]]:
    """Each call's files as they were named."""
    if agent is not None and caller is not None:
        if files:
            raise UsageError(f"give either a two-channel recording ({files[0]}) or --agent and --caller, not both")
        return [(agent, caller)]
    if agent is not None or caller is not None:
        raise UsageError("--agent FILE and --caller FILE go together: one mono file for each party")
    if not files:
        raise UsageError("no recording given; try: voicecare replay CALL.wav --html call.html, or voicecare demo")
    if list(files).count(STDOUT) > 1:
        raise UsageError("standard input (-) is one recording; give it once")
    return [(path,) for path in files]


def _on_the_left(given: Sequence[tuple[Path, ...]], patterns: Sequence[str]) -> list[bool]:
    """Whose agent is on the left: the recordings a pattern names, by file name or by path."""
    found = [{pattern for pattern in patterns if len(paths) == 1 and _named(paths[0], pattern)} for paths in given]
    for pattern in patterns:
        if not any(pattern in matching for matching in found):
            raise UsageError(f"--agent-left {pattern}: none of the recordings given has that name")
    return [bool(matching) for matching in found]


def _named(path: Path, pattern: str) -> bool:
    return fnmatch.fnmatchcase(path.name, pattern) or fnmatch.fnmatchcase(str(path), pattern)


def _sound_may_be_kept(html: Path | None, *, no_words: bool, with_audio: bool, unmuted_audio: bool) -> None:
    if (with_audio or unmuted_audio) and html is None:
        raise UsageError("--with-audio puts the sound into the page: it needs --html FILE")
    if with_audio and no_words and not unmuted_audio:
        raise UsageError(
            "--with-audio with --no-words: without words no card number can be found and silenced in the sound; leave "
            "out --no-words, or say --unmuted-audio to embed it all the same"
        )


def _plans(calls: Sequence[CallFiles], faces: Faces, session: Path | None) -> list[_Plan]:
    if len(calls) == 1:
        return [_Plan(calls[0], faces, session)]
    names = result_names([call.files[0] for call in calls])
    return [
        _Plan(call, faces.of_call(name), placed(session, name, ".jsonl", several=True))
        for call, name in zip(calls, names, strict=True)
    ]
