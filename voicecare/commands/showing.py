"""What `replay` and `demo` show of a call and write of it: the call as it goes, its story, its faces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from voicecare import saving
from voicecare.audio.files.recording import Recording
from voicecare.catalogue.catalogue import Catalogue
from voicecare.catalogue.terminal import complain, one_line
from voicecare.commands.outputs import Faces
from voicecare.cue.replayview import ReplayView
from voicecare.growing import Growing
from voicecare.recorded import Replay
from voicecare.report.numbers import numbers
from voicecare.session import Session
from voicecare.speech.redaction.redaction import muted
from voicecare.timebase import Span, samples
from voicecare.types import Heard, Party, Segment

if TYPE_CHECKING:
    from voicecare.report.page import AudioClip
    from voicecare.report.pictures import Pictures


def console_beside(*, stdout_taken: bool) -> Console:
    """The terminal to show a call on, or standard error where a result goes to standard output."""
    return Console(stderr=stdout_taken, highlight=False, emoji=False, markup=False)


def watch(
    replayer: Replay,
    recording: Recording,
    side: str,
    catalogue: Catalogue,
    console: Console,
    *,
    place: Growing | None = None,
    synthetic: bool = False,
) -> Session:
    """Replay a call and show it meanwhile."""
    length = None if recording.length_s is None else samples(recording.length_s)
    with ReplayView(console, catalogue, "listening", length) as view:
        session = replayer.run(
            recording,
            agent_channel=side,
            place=place,
            on_event=view.event,
            on_hop=view.hop,
            synthetic=synthetic,
        )
    view.glance(session.end)
    if replayer.failure is not None:
        complain(f"{', '.join(recording.sources)}: {replayer.failure}")
    return session


def tell(session: Session, catalogue: Catalogue, console: Console) -> None:
    """Tell a call in one to three sentences."""
    console.print()
    console.print(" ".join(one_line(catalogue.story(beat)) for beat in numbers(session).story), soft_wrap=True)


def write_faces(
    faces: Faces,
    results: saving.Together,
    session: Session,
    recording: Recording,
    catalogue: Catalogue,
    *,
    with_audio: bool = False,
) -> None:
    """Write the faces of a call with its pictures, and its sound where that was asked for.

    Raises:
        OutputError: a file cannot be written.
    """

    def pictures() -> Pictures:
        from voicecare.report.pictures import pictures as draw

        return draw(recording, (event for event in session.events if isinstance(event, Segment)))

    def audio() -> AudioClip | None:
        from voicecare.audio.files.clip import MEDIA_TYPE, opus
        from voicecare.report.page import AudioClip

        if not with_audio:
            return None
        hidden: Mapping[Party, Sequence[Span]] = muted(event for event in session.events if isinstance(event, Heard))
        return AudioClip(MEDIA_TYPE, opus(recording, hidden))

    faces.write(results, session, catalogue, pictures, audio)
