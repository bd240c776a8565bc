"""`voicecare practice`: a caller to practise with, heard by the engine and shown by the cues of a real call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from voicecare.catalogue.terminal import complain, one_line
from voicecare.commands.options import (
    AgentDevice,
    CallLanguageOption,
    ConfigOption,
    LanguageOption,
    ModelOption,
    NoWordsOption,
    SensitivityOption,
    SessionOption,
    settings_of,
)
from voicecare.errors import InputError, UsageError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from rich.console import Console

    from voicecare.assembly import Choices
    from voicecare.care.practice.director import Director
    from voicecare.care.practice.script import Script
    from voicecare.care.practice.tries import Try
    from voicecare.catalogue.catalogue import Catalogue
    from voicecare.commands.practising import Practising
    from voicecare.config import Config
    from voicecare.cue.face import Face
    from voicecare.cue.viewmodel import ViewModel
    from voicecare.session import Session
    from voicecare.types import Event

    Pcm: TypeAlias = npt.NDArray[np.int16]


def practice(
    caller: Annotated[
        str | None, typer.Argument(metavar="SCENARIO|FILE", help="A scenario, one of your own (.toml), or a recording.")
    ] = None,
    straight: Annotated[bool, typer.Option("--straight", help="A recording runs on, whatever you do.")] = False,  # noqa: FBT002
    agent: AgentDevice = None,
    headset: Annotated[
        str | None, typer.Option(metavar="DEVICE", help="Where the caller is heard; else the default output.")
    ] = None,
    console: Annotated[bool, typer.Option("--console", help="Show the call on the terminal.")] = False,  # noqa: FBT002
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Save what was said, as a WAV.")] = None,
    session: SessionOption = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep this try's story, to be shown beside the next.")] = False,  # noqa: FBT002
    forget: Annotated[bool, typer.Option("--forget", help="Remove every try that was kept, and end.")] = False,  # noqa: FBT002
    folder: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where tries are kept; else your own data folder.")
    ] = None,
    scenario_language: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the caller; else that of the cues, or English.")
    ] = None,
    no_words: NoWordsOption = False,  # noqa: FBT002 - a flag
    model: ModelOption = None,
    language: CallLanguageOption = None,
    sensitivity: SensitivityOption = "normal",
    config: ConfigOption = None,
    cue_language: LanguageOption = "en",
) -> None:
    """Practise a call with a made-up caller, or with a recorded one; nothing is kept unless you ask."""
    from voicecare.assembly import Choices
    from voicecare.care.practice import scenario, tries
    from voicecare.catalogue.catalogue import FALLBACK, Catalogue
    from voicecare.commands.practice_told import choices, explain, tell
    from voicecare.commands.showing import console_beside

    catalogue = Catalogue.load(cue_language, "agent")
    out = console_beside(stdout_taken=False)
    kept = folder or tries.default_folder()
    if forget:
        count = tries.forget(kept)
        out.print(catalogue.say("practice", "forgotten", count=count))
        raise typer.Exit
    spoken = scenario_language or (cue_language if scenario.shipped(cue_language) else FALLBACK)
    if caller is None:
        choices(catalogue, out, spoken)
        raise typer.Exit
    options = Options(
        settings_of(config, sensitivity),
        Choices(words=not no_words, model=model, language=language),
        agent,
        headset,
        save,
        session,
        console=console,
        straight=straight,
        scenario_language=spoken,
    )
    call = Practice(caller, options, catalogue, out)
    before = tries.last(kept, call.name)
    heard = call.run()
    one = call.told(heard)
    tell(one, before, catalogue, out)
    explain(heard, call.director, catalogue, out)
    if keep:
        out.print(catalogue.say("practice", "kept", path=str(tries.keep(kept, call.name, one))), soft_wrap=True)
    raise typer.Exit(0 if heard.complete else 1)


@dataclass(frozen=True, slots=True)
class Options:
    """What a practised call needs to know; None is the default device, or not saved."""

    config: Config
    models: Choices
    agent: str | None
    headset: str | None
    save: Path | None
    session: Path | None
    console: bool
    straight: bool
    scenario_language: str


class Practice:
    """One call to practise.

    name: of the scenario or recording. director: who plays the caller; None where a recording does.

    Raises:
        UsageError: there is no such scenario, or a file would be written over. InputError: it cannot be read or voiced.
    """

    def __init__(self, caller: str, options: Options, catalogue: Catalogue, out: Console) -> None:
        from voicecare import saving
        from voicecare.commands.practice_recorded import DEMO, DEMO_CALL, is_recording, recorded

        self._options = options
        self._catalogue = catalogue
        self._out = out
        for path in (options.save, options.session):
            if path is not None:
                saving.check(path, (Path(caller),))
        if options.save is not None and options.save.exists():
            raise UsageError(f"--save {options.save}: is there already; choose another name")
        self.director: Director | None = None
        self._script: Script
        self._lines: Mapping[str, Pcm]
        self.name = Path(caller).stem
        if caller == DEMO:
            with as_file(files("voicecare") / "demo" / DEMO_CALL) as path:
                self._script, self._lines = recorded(path, options.config, straight=options.straight)
        elif is_recording(caller):
            self._script, self._lines = recorded(Path(caller), options.config, straight=options.straight)
        else:
            self._stage(caller)
        out.print(catalogue.say("practice", "begin"), soft_wrap=True)

    def run(self) -> Session:
        """Hold the call; return it as it was heard.

        Raises:
            InputError: a device or a model is missing. OutputError: what was to be kept cannot be written.
        """
        from voicecare.audio.devices.headset import Headset
        from voicecare.backends.silero import SileroDetector
        from voicecare.commands.practising import Practising
        from voicecare.cue.viewmodel import ViewModel, Wishes
        from voicecare.growing import Growing
        from voicecare.recorded import Replay

        options, wishes = self._options, Wishes()
        replayer = Replay(options.config, options.models, ahead=1)
        with ExitStack() as stack:
            talks = stack.enter_context(Headset(options.agent, options.headset))
            detector = SileroDetector(options.config.vad)
            call = Practising(self.name, talks, self._script, self._lines, detector, wishes, options.save)
            stack.callback(call.close)
            model = ViewModel(self._catalogue, wishes)
            face = _face(model, talks.stop, console=options.console)
            place = None if options.session is None else Growing(options.session)
            heard: list[Session] = []

            def work() -> None:
                face.begin()
                heard.append(
                    replayer.run(call, agent_channel="right", place=place, on_event=_both(call, face), on_hop=face.beat)
                )

            try:
                face.run(work)
                if place is not None:
                    place.keep()
            except BaseException:
                if place is not None:
                    place.discard()
                raise
            if talks.losses:
                complain(f"the sound device lost sound {talks.losses} times; close what else uses it")
        if replayer.failure is not None:
            complain(str(replayer.failure))
        return heard[0]

    def told(self, session: Session) -> Try:
        """What there is to say of the try."""
        from voicecare.care.practice.tries import Try
        from voicecare.report.numbers import numbers

        told = numbers(session)
        rises = told.strain.rises or ()
        after_s = max(rises, key=lambda rise: rise.peak).acknowledged_after_s if rises else None
        hottest = ended = ""
        if self.director is not None:
            after_s, hottest, ended = self.director.acknowledged_after_s, self.director.hottest, self.director.heat
        return Try(told.story, told.agent.interruptions or 0, after_s, hottest, ended)

    def _stage(self, caller: str) -> None:
        from voicecare.care.practice import scenario
        from voicecare.care.practice.director import Director
        from voicecare.care.practice.voices import voiced

        own = caller.endswith(".toml")
        chosen = scenario.read(Path(caller)) if own else scenario.load(caller, self._options.scenario_language)
        self._lines = voiced(chosen)
        self.director = self._script = Director(chosen, words=self._options.models.words)
        heard = self._options.models
        if heard.words and heard.model is None and not chosen.language.startswith("en"):
            complain(self._catalogue.say("practice", "needs_model"))
        self._out.print(one_line(chosen.title), style="bold")
        self._out.print(one_line(chosen.brief), soft_wrap=True)


def _both(call: Practising, face: Face) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        call.event(event)
        face.push(event)

    return tell


def _face(model: ViewModel, stop: Callable[[], None], *, console: bool) -> Face:
    if console:
        from rich.console import Console

        from voicecare.cue.console import ConsoleFace

        return ConsoleFace(model, Console(), on_quit=stop)
    from voicecare.cue.windowing import has_screen, prepare_platform

    try:
        from voicecare.cue.desktop import Desktop
        from voicecare.cue.placement import default_path
    except ImportError as error:
        raise InputError(
            f"the cue window needs PySide6 ({error}); pip install 'voicecare[live]', or use --console"
        ) from error
    if not has_screen():
        raise InputError("there is no desktop to show the cue window on; start from a desktop, or use --console")
    prepare_platform()
    return Desktop(model, on_new_call=stop, on_quit=stop, path=default_path())
