"""What `replay` and `demo` do: open calls, replay them, show them and write their faces."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from voicecare import saving
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.options import one_of
from voicecare.commands.outputs import STDOUT, Faces, placed
from voicecare.config import Config, with_sensitivity
from voicecare.config.settings import load
from voicecare.errors import UsageError, VoicecareError
from voicecare.terminal import complain, legible
from voicecare.timebase import samples
from voicecare.types import Heard, Segment

if TYPE_CHECKING:
    from rich.console import Console

    from voicecare.audio.files.recording import Recording, Side
    from voicecare.replay import Replay
    from voicecare.report.page import AudioClip
    from voicecare.report.pictures import Pictures
    from voicecare.session import Session

DEMO_CALL = "call.flac"


@dataclass(frozen=True, slots=True)
class CallOptions:
    """The options of `replay` as they were typed; empty means not given."""

    agent_channel: str = "right"
    agent: str = ""
    caller: str = ""
    json: str = ""
    html: str = ""
    csv: str = ""
    session: str = ""
    words: bool = True
    vad: str = "both"
    model: str = ""
    language: str = ""
    sensitivity: str = "normal"
    with_audio: bool = False
    config: str = ""
    cue_language: str = "en"


@dataclass(frozen=True, slots=True)
class _Call:
    """One call to replay: its files, which side the agent is on, and where its results go."""

    title: str
    inputs: tuple[Path, ...]
    faces: Faces
    session: Path | None

    @property
    def results(self) -> list[Path]:
        return [*self.faces.files, *([] if self.session is None else [self.session])]


def replay_calls(names: list[str], options: CallOptions) -> int:
    """Replay every call; return 0, or 1 where some of several calls failed or a recording was cut short.

    Raises:
        UsageError: options that do not go together.
        InputError, OutputError: the only call cannot be read or its results not be written.
    """
    calls = _calls(names, options)
    catalogue = Catalogue.load(options.cue_language)
    saving.check_all(
        (path for call in calls for path in call.results), (path for call in calls for path in call.inputs)
    )
    replayer = _replayer(options)
    console = _console(options)
    code = 0
    for call in calls:
        try:
            code = max(code, _replay_one(call, options, replayer, catalogue, console))
        except VoicecareError as error:
            if len(calls) == 1:
                raise
            complain(str(error))
            code = 1
    return code


def replay_demo(options: CallOptions) -> int:
    """Replay the synthetic call that ships, tell its story and write its page."""
    from voicecare.audio.files.recording import open_recording

    catalogue = Catalogue.load(options.cue_language)
    faces = _faces(options)
    saving.check_all(faces.files, ())
    console = _console(options)
    with as_file(files("voicecare") / "demo" / DEMO_CALL) as path:
        console.print("A call made for this demo: two synthetic voices, no real person.\n")
        recording = open_recording(path)
        session = _watch(_replayer(options), recording, "right", catalogue, console, synthetic=True)
        _tell(session, catalogue, console)
        _write(faces, session, recording, catalogue, options)
    if faces.html is not None:
        console.print(f"\nThe page of this call: {legible(str(faces.html))}", soft_wrap=True)
    return 0


def _calls(names: list[str], options: CallOptions) -> list[_Call]:
    if bool(options.agent) != bool(options.caller):
        raise UsageError("--agent FILE and --caller FILE go together: one mono file for each party")
    if options.agent and names:
        raise UsageError(f"give either a two-channel recording ({names[0]}) or --agent and --caller, not both")
    if options.agent_channel not in ("left", "right"):
        raise UsageError(f"--agent-channel {options.agent_channel}: not known; choose left, right")
    if options.with_audio and not options.html:
        raise UsageError("--with-audio puts the sound into the page: it needs --html FILE")
    if options.agent:
        pair = (Path(options.agent), Path(options.caller))
        session = Path(options.session) if options.session else None
        return [_Call(f"{pair[0].name} + {pair[1].name}", pair, _faces(options), session)]
    if not names:
        raise UsageError("no recording given; try: voicecare replay CALL.wav --html call.html, or voicecare demo")
    paths = [Path(name) for name in names]
    several = len(paths) > 1
    return [
        _Call(
            path.name,
            (path,),
            _planned(path, options, several=several),
            placed(options.session, path, ".jsonl", several=several),
        )
        for path in paths
    ]


def _planned(path: Path, options: CallOptions, *, several: bool) -> Faces:
    if not several:
        return _faces(options)
    return Faces(
        json=placed(options.json, path, ".json", several=True),
        html=placed(options.html, path, ".html", several=True),
        csv=placed(options.csv, path, ".csv", several=True),
    )


def _faces(options: CallOptions) -> Faces:
    def path(name: str) -> Path | None:
        return Path(name) if name else None

    return Faces(path(options.json), path(options.html), path(options.csv))


def _settings(options: CallOptions) -> Config:
    settings = load(Path(options.config)) if options.config else Config()
    return with_sensitivity(settings, options.sensitivity)


def _replayer(options: CallOptions) -> Replay:
    from voicecare.assembly import VAD_NAMES, Choices
    from voicecare.replay import Replay

    choices = Choices(
        vad=one_of(VAD_NAMES, options.vad, "--vad"),
        words=options.words,
        model=options.model or None,
        language=options.language or None,
    )
    return Replay(_settings(options), choices)


def _console(options: CallOptions) -> Console:
    from rich.console import Console

    return Console(stderr=options.json == str(STDOUT), highlight=False, emoji=False, markup=False)


def _open(call: _Call, options: CallOptions) -> Recording:
    from voicecare.audio.files.recording import open_pair, open_recording

    if len(call.inputs) == 2:
        return open_pair(*call.inputs)
    side: Side = "left" if options.agent_channel == "left" else "right"
    return open_recording(call.inputs[0], agent_channel=side)


def _replay_one(call: _Call, options: CallOptions, replayer: Replay, catalogue: Catalogue, console: Console) -> int:
    from voicecare.audio.files.layout import refuse_copies

    recording = _open(call, options)
    refuse_copies(recording)
    console.print(legible(call.title), style="bold", soft_wrap=True)
    side = "own file" if len(call.inputs) == 2 else options.agent_channel
    session = _watch(replayer, recording, side, catalogue, console, path=call.session)
    _tell(session, catalogue, console)
    try:
        _write(call.faces, session, recording, catalogue, options)
    except VoicecareError:
        if call.session is not None:
            call.session.unlink(missing_ok=True)
        raise
    return 0 if session.complete else 1


def _watch(
    replayer: Replay,
    recording: Recording,
    side: str,
    catalogue: Catalogue,
    console: Console,
    *,
    path: Path | None = None,
    synthetic: bool = False,
) -> Session:
    from voicecare.cue.replayview import ReplayView

    length = None if recording.length_s is None else samples(recording.length_s)
    with ReplayView(console, catalogue, "listening", length) as view:
        session = replayer.run(
            recording,
            agent_channel=side,
            session_path=path,
            on_event=view.event,
            on_hop=view.hop,
            synthetic=synthetic,
        )
    view.glance(session.end)
    return session


def _tell(session: Session, catalogue: Catalogue, console: Console) -> None:
    from voicecare.report.numbers import numbers

    console.print()
    console.print(" ".join(catalogue.story(beat) for beat in numbers(session).story), soft_wrap=True)


def _write(faces: Faces, session: Session, recording: Recording, catalogue: Catalogue, options: CallOptions) -> None:
    def pictures() -> Pictures:
        from voicecare.report.pictures import pictures as draw

        return draw(recording, (event for event in session.events if isinstance(event, Segment)))

    def audio() -> AudioClip | None:
        from voicecare.audio.files.clip import MEDIA_TYPE, flac
        from voicecare.report.page import AudioClip
        from voicecare.speech.redaction.redaction import muted

        if not options.with_audio:
            return None
        hidden = muted(event for event in session.events if isinstance(event, Heard))
        return AudioClip(MEDIA_TYPE, flac(recording, hidden))

    faces.write(session, catalogue, pictures, audio)
