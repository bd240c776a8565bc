"""`voicecare live`: devices, the running day and the agent's screen, joined. Decides nothing about calls."""

from __future__ import annotations

import dataclasses
import math
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, get_args

import typer

from voicecare.commands.login import at_login, own_settings, shown_where_no_terminal_is
from voicecare.commands.options import (
    AgentDevice,
    AppOption,
    CallerDevice,
    CallLanguageOption,
    CallsOption,
    ConfigOption,
    FolderOption,
    LanguageOption,
    ModelOption,
    NoWordsOption,
    SensitivityOption,
    SessionOption,
    StereoDevice,
    UnmutedOption,
    one_of,
    settings_of,
)
from voicecare.errors import InputError, UsageError, VoicecareError

if TYPE_CHECKING:
    from voicecare.audio.devices.choice import Choice
    from voicecare.care.diary import Diary
    from voicecare.config import Config
    from voicecare.cue.face import Face
    from voicecare.cue.viewmodel import ViewModel
    from voicecare.live.keeping import Swept
    from voicecare.live.record import Places
    from voicecare.live.run import LiveOptions, LiveRun

LONGEST_S = 1e6
"""No call is longer, by far: eleven days."""
MOST_NAMED = 3
"""More kept calls than this are counted, not named."""


def live(
    agent: AgentDevice = None,
    caller: CallerDevice = None,
    stereo: StereoDevice = None,
    app: AppOption = None,
    calls: CallsOption = None,
    console: Annotated[bool, typer.Option("--console", help="Show the call on the terminal.")] = False,  # noqa: FBT002
    session: SessionOption = None,
    keep: Annotated[
        str, typer.Option(metavar="LEVEL", help="What stays of a call: counts, events, text, audio.")
    ] = "counts",
    days: Annotated[float, typer.Option(metavar="N", help="How long that stays.")] = 30.0,
    folder: FolderOption = None,
    unmuted: UnmutedOption = False,  # noqa: FBT002 - a flag
    seconds: Annotated[float | None, typer.Option(metavar="N", help="End by itself after so much call.")] = None,
    no_words: NoWordsOption = False,  # noqa: FBT002 - a flag
    model: ModelOption = None,
    language: CallLanguageOption = None,
    sensitivity: SensitivityOption = "normal",
    notice: Annotated[bool, typer.Option("--notice", help="Print what the caller should be told, and end.")] = False,  # noqa: FBT002
    config: ConfigOption = None,
    cue_language: LanguageOption = "en",
    install: Annotated[bool, typer.Option("--install", help="Start with these options at login, and end.")] = False,  # noqa: FBT002
    uninstall: Annotated[bool, typer.Option("--uninstall", help="No longer start at login, and end.")] = False,  # noqa: FBT002
    from_login: Annotated[bool, typer.Option("--at-login", hidden=True)] = False,  # noqa: FBT002
) -> None:
    """Hear a call as it happens and show the cue (needs the extra `live`)."""
    if uninstall:
        raise typer.Exit(at_login(wanted=False))
    if notice:
        from voicecare.catalogue.catalogue import Catalogue

        typer.echo(Catalogue.load(cue_language).say("live", "notice"))
        raise typer.Exit
    from voicecare.assembly import Choices
    from voicecare.audio.devices.choice import Choice, hears_programs
    from voicecare.live.keeping import KEEPS, default_folder
    from voicecare.live.run import LiveOptions

    with shown_where_no_terminal_is(wanted=from_login):
        known_by = calls_known_by(calls, own_line=caller is not None or stereo is not None, apps=bool(app))
        devices = Choice(agent, caller, stereo, softphone=known_by == "softphone", apps=tuple(app or ()))
        options = LiveOptions(
            models=Choices(words=not no_words, model=model, language=language),
            config=settings_of(config or own_settings(), sensitivity),
            session=session,
            keep=one_of(KEEPS, keep, "--keep"),
            folder=folder or default_folder(),
            days=days,
            unmuted=unmuted,
            seconds=seconds,
            by_sound=known_by == "sound",
            whole_output=caller is None and stereo is None and not (devices.softphone and hears_programs()),
        )
        if install:
            _check(options, devices)
            raise typer.Exit(at_login(wanted=True))
        raise typer.Exit(hear_live(options, Screen(console=console, language=cue_language), devices))


CallsKnownBy: TypeAlias = Literal["softphone", "sound", "asked"]
KNOWN_BY: tuple[CallsKnownBy, ...] = get_args(CallsKnownBy)


def calls_known_by(asked: str | None, *, own_line: bool, apps: bool) -> CallsKnownBy:
    """Say how calls are known: as asked, else by the softphone where it was tried, else by sound.

    own_line: the caller's device was named, so nothing of a program need be seen. apps: the telephone was named.

    Raises:
        UsageError: there is no such way, or it does not go with the rest.
    """
    known_by = None if asked is None else one_of(KNOWN_BY, asked, "--calls")
    if known_by == "softphone" and own_line:
        raise UsageError("--calls softphone hears the program's own sound: leave out --caller and --stereo")
    if apps and (own_line or known_by not in (None, "softphone")):
        raise UsageError("--app NAME goes with --calls softphone: leave out --caller, --stereo and other --calls")
    if known_by is not None:
        return known_by
    return "softphone" if apps or (sys.platform == "linux" and not own_line) else "sound"


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a live call is shown: in the window, or on the terminal; and in which language."""

    console: bool = False
    language: str = "en"


def hear_live(options: LiveOptions, screen: Screen, devices: Choice) -> int:
    """Hear calls and show them until the agent ends it; say what failed, and where what was kept went.

    Where voicecare runs already, that one is shown instead.

    Returns 0; 1 where something that was to be kept was not, or a part failed on the way.

    Raises:
        UsageError: options that do not go together. InputError: a device, a package or a model is missing.
        OutputError: the session cannot be written. StageError: too many engines failed.
    """
    _check(options, devices)
    if _runs_already():
        sys.stderr.write("voicecare: it runs already and was brought up; `voicecare call quit` ends it\n")
        return 0
    from voicecare.audio.devices.capture import Capture
    from voicecare.catalogue.catalogue import Catalogue
    from voicecare.cue.viewmodel import ViewModel, Wishes
    from voicecare.live.run import LiveRun

    catalogue = Catalogue.load(screen.language, "agent")
    wishes = Wishes()
    model = ViewModel(catalogue, wishes)
    diary = None if screen.console else _diary()
    if diary is not None:
        options = dataclasses.replace(options, config=with_own_level(diary, options.config))
    run = LiveRun(options, wishes, lambda: Capture(devices, silent=run.silent))
    face = _console(model, run) if screen.console else _desktop(model, run, diary, screen.language)
    run.face = face
    _heed_terminal(model, run, face)
    _heed_signals()
    ended = False
    try:
        with _steered(model, run, face):
            face.run(run.run)
        ended = True
    finally:  # where nothing was kept yet, what is raised says it all
        if ended or run.kept.calls:
            _say_at_the_end(run)
    return 1 if run.kept.failures or run.failures else 0


def _say_at_the_end(run: LiveRun) -> None:
    kept = run.kept
    for line in (*run.failures, *kept.failures, *removed_of(kept.swept), became_of(kept.calls, kept.erased)):
        sys.stderr.write(f"voicecare: {' '.join(line.split())}\n")


def removed_of(swept: Swept) -> list[str]:
    """Say what was removed at the start because it was older than `--days`."""
    if swept.leapt:
        return ["older calls were not removed: the clock is more than a week after the last run, or before it"]
    count = len(swept.removed)
    return [f"removed, as older than --days: {swept.removed[0]} to {swept.removed[-1]}, {count}"] if count else []


def became_of(kept: Sequence[Places], erased: int = 0) -> str:
    """Say in one line what was kept, and where."""
    if not kept:
        return "what was kept was erased" if erased else "no call was heard, so nothing was kept"
    sessions = [str(place.events) for place in kept if place.counts is None and place.events is not None]
    calls = [place.counts for place in kept if place.counts is not None]
    said: list[str] = []
    if calls:
        names = [path.name.partition(".")[0] for path in calls]
        known = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} calls, the last {names[-1]}"
        said.append(f"{known} in {calls[0].parent}")
    if sessions:
        known = ", ".join(sessions) if len(sessions) <= MOST_NAMED else f"{sessions[0]} to {sessions[-1]}"
        said.append(f"{'the sessions' if len(sessions) > 1 else 'the session'} {known}")
    return f"kept: {'; '.join(said)}"


def _check(options: LiveOptions, devices: Choice) -> None:
    from voicecare import saving

    if options.seconds is not None and not 0 < options.seconds <= LONGEST_S:
        raise UsageError(f"--seconds {options.seconds:g}: must be more than 0 and at most {LONGEST_S:g}")
    if not 0 < options.days < math.inf:  # at 0 every call that was ever kept would be removed
        raise UsageError(f"--days {options.days:g}: must be more than 0; to remove one call use voicecare erase CALL")
    if options.session is not None:
        saving.check(options.session)
    if devices.stereo is not None and (devices.agent or devices.caller):
        raise UsageError("--stereo DEVICE carries both legs: leave out --agent and --caller")
    if options.keep == "audio" and not options.models.words and not options.unmuted:
        raise UsageError(
            "--keep audio --no-words: without words nothing private can be silenced in the sound; "
            "leave out --no-words, or add --unmuted-audio to keep all of it as it is"
        )


def _heed_terminal(model: ViewModel, run: LiveRun, face: Face) -> None:
    """Let the agent type wishes where there is a terminal to type in."""
    from voicecare.cue.typed import TypedWishes

    if sys.stdin is None or not sys.stdin.isatty():
        return
    if hasattr(signal, "SIGTTIN"):  # in the background reading fails, and must not stop the process
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    typed = TypedWishes(model, on_new_call=run.next_call, on_quit=run.stop, acts=getattr(face, "acts", None))
    sys.stderr.write(f"{typed.letters}\n")
    typed.listen(sys.stdin.fileno())


def _heed_signals() -> None:
    """A terminal that is closed, or a session that ends, ends the day as a Ctrl-C does."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: signal.raise_signal(signal.SIGINT))


def _runs_already() -> bool:
    """Whether another voicecare of this user hears the calls; then that one shows itself."""
    import socket

    if not hasattr(socket, "AF_UNIX"):
        return False
    from voicecare.live.control import NobodyThereError, ask, default_path

    try:
        ask("show", default_path())
    except NobodyThereError:
        return False
    return True


@contextmanager
def _steered(model: ViewModel, run: LiveRun, face: Face) -> Iterator[None]:
    """Let the user's other programs steer the day: by a socket, and beside a window by the desktop's bus.

    On a system without such sockets they cannot.
    """
    import json
    import socket

    if not hasattr(socket, "AF_UNIX"):
        yield
        return
    from voicecare.commands.steering import acts
    from voicecare.live.control import Control, answer, default_path

    known = acts(model.wishes, run, face)
    with Control(known, default_path()), _bus(lambda word: json.dumps(answer(known, word)), face):
        yield


def _bus(told: Callable[[str], str], face: Face) -> AbstractContextManager[object]:
    if not hasattr(face, "acts"):  # on a terminal there is no desktop
        return nullcontext()
    from voicecare.cue.bus import Bus

    return Bus(told)


def _console(model: ViewModel, run: LiveRun) -> Face:
    from rich.console import Console

    from voicecare.cue.console import ConsoleFace

    return ConsoleFace(model, Console(), on_quit=run.stop)


def _desktop(model: ViewModel, run: LiveRun, diary: Diary | None, language: str) -> Face:
    from voicecare.cue.windowing import has_screen, prepare_platform

    try:
        from voicecare.commands.window import window
    except ImportError as error:
        raise InputError(
            f"the cue window needs PySide6 ({error}); pip install 'voicecare[live]', or use --console"
        ) from error
    if not has_screen():
        raise InputError("there is no desktop to show the cue window on; start from a desktop, or use --console")
    prepare_platform()
    return window(model, run, diary, language)


def _diary() -> Diary | None:
    """Open the agent's diary; without it the calls are heard all the same, and care is away."""
    from voicecare.commands.diaries import opened

    try:
        return opened(None)
    except VoicecareError as error:
        sys.stderr.write(f"voicecare: {' '.join(str(error).split())}; care is away until then\n")
        return None


def with_own_level(diary: Diary, config: Config) -> Config:
    """Settings with the level that the agent's answers led to; the session keeps them, so a replay is the same."""
    from voicecare.care.ledger import Ledger

    return Ledger(diary, config).config(config)
