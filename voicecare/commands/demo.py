"""`voicecare demo`: the call that ships, replayed, told and drawn."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import typer

from voicecare import saving
from voicecare.assembly import Choices
from voicecare.audio.files.recording import open_recording
from voicecare.catalogue.catalogue import Catalogue
from voicecare.commands.options import HtmlOption, JsonOption, LanguageOption
from voicecare.commands.outputs import Faces, one_stream
from voicecare.commands.showing import console_beside, tell, watch, write_faces
from voicecare.config import Config
from voicecare.recorded import Replay

DEMO_CALL = "call.flac"


def demo(
    html: HtmlOption = Path("demo-call.html"),
    json: JsonOption = None,
    cue_language: LanguageOption = "en",
) -> None:
    """Replay the call that ships (synthetic) and write its page."""
    catalogue = Catalogue.load(cue_language)
    faces = Faces(json=json, html=html)
    console = console_beside(stdout_taken=one_stream((json, html)))
    saving.check_all(faces.files, ())
    with as_file(files("voicecare") / "demo" / DEMO_CALL) as path, saving.Together() as results:
        console.print("A call made for this demo: two synthetic voices, no real person.\n")
        recording = open_recording(path)
        session = watch(Replay(Config(), Choices()), recording, "right", catalogue, console, synthetic=True)
        tell(session, catalogue, console)
        write_faces(faces, results, session, recording, catalogue)
        results.keep()
    if faces.html in faces.files:
        console.print(f"\nThe page of this call: {faces.html}", soft_wrap=True)
    raise typer.Exit(0 if session.complete else 1)
