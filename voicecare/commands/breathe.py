"""`voicecare breathe`: a pacer for a breath between calls; nothing of it is kept."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from voicecare.commands.options import LanguageOption, one_of
from voicecare.errors import InputError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from voicecare.care.pacer import Breath, Pacer, Phase
    from voicecare.catalogue.catalogue import Catalogue

WIDTH = 24
FRAME_S = 0.1


def breathe(
    pattern: Annotated[
        str, typer.Option(metavar="NAME", help="4-6: slow, out longer than in. sigh: a second small breath in.")
    ] = "4-6",
    in_s: Annotated[float | None, typer.Option("--in", metavar="S", help="Your own numbers, 2 to 12 s ...")] = None,
    out_s: Annotated[float | None, typer.Option("--out", metavar="S", help="... for in and out.")] = None,
    minutes: Annotated[int, typer.Option(metavar="N", help="1, 3 or 5; what helps most is five.")] = 5,
    tone: Annotated[bool, typer.Option("--tone", help="A quiet tone that rises and falls with it.")] = False,  # noqa: FBT002
    still: Annotated[bool, typer.Option("--still", help="Less motion: a bar of steps.")] = False,  # noqa: FBT002
    console: Annotated[bool, typer.Option("--console", help="On the terminal.")] = False,  # noqa: FBT002
    cue_language: LanguageOption = "en",
) -> None:
    """Pace your breath for a few minutes between calls; any key ends it, and nothing is kept."""
    from voicecare.care.pacer import MINUTES, PATTERNS, Pacer, own
    from voicecare.catalogue.catalogue import Catalogue

    if minutes not in MINUTES:
        raise UsageError(f"--minutes {minutes}: choose {', '.join(map(str, MINUTES))}")
    if (in_s is None) != (out_s is None):
        raise UsageError("--in and --out go together: how long you breathe in, and out")
    named = PATTERNS[one_of(list(PATTERNS), pattern, "--pattern")]
    chosen = named if in_s is None or out_s is None else own(in_s, out_s)
    pacer, catalogue = Pacer(chosen, minutes), Catalogue.load(cue_language, "agent")
    play, hush = _sound() if tone else (None, None)
    try:
        if console:
            from voicecare.commands.showing import console_beside

            _on_terminal(pacer, catalogue, console_beside(stdout_taken=False), play)
        else:
            _in_window(pacer, catalogue, play, still=still)
    finally:
        if hush is not None:
            hush()


def _sound() -> tuple[Callable[[Phase], None], Callable[[], None]]:
    from voicecare.audio.devices.tone import Speaker
    from voicecare.care.pacer import tone

    speaker = Speaker()
    return lambda phase: speaker.play(tone(phase)), speaker.stop


def _in_window(pacer: Pacer, catalogue: Catalogue, play: Callable[[Phase], None] | None, *, still: bool) -> None:
    from voicecare.cue.windowing import has_screen, prepare_platform

    try:
        from PySide6.QtWidgets import QApplication

        from voicecare.care.screen.look import palette_of, reduces_motion
        from voicecare.care.screen.pacer import PacerWindow
        from voicecare.cue import placement
    except ImportError as error:
        raise InputError(
            f"the window needs PySide6 ({error}); pip install 'voicecare[live]', or use --console"
        ) from error
    if not has_screen():
        raise InputError("there is no desktop to show the pacer on; start from a desktop, or use --console")
    prepare_platform()
    application = QApplication.instance() or QApplication(["voicecare"])
    place = placement.load(placement.default_path())
    window = PacerWindow(
        pacer,
        catalogue,
        palette_of(place),
        scale=place.scale,
        reduced_motion=still or place.reduced_motion or reduces_motion(),
        play=play,
    )
    window.over.connect(application.quit)
    signal.signal(signal.SIGINT, lambda _number, _frame: window.close())
    window.begin()
    application.exec()


def _on_terminal(pacer: Pacer, catalogue: Catalogue, console: Console, play: Callable[[Phase], None] | None) -> None:
    """A bar and words; where there is no terminal a line for each phase."""
    from rich.live import Live

    begun_s, number = time.perf_counter(), -1
    # Ctrl-C is how a terminal ends it, and no mistake.
    with contextlib.suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False, transient=True) as live:
        while (breath := pacer.at(time.perf_counter() - begun_s)) is not None:
            if breath.number != number:
                number = breath.number
                if play is not None:
                    play(pacer.pattern[number % len(pacer.pattern)])
                if not console.is_terminal:
                    console.print(catalogue.say("pacer", breath.kind))
            live.update(_line(breath, catalogue), refresh=console.is_terminal)
            time.sleep(max(0.0, min(FRAME_S, begun_s + breath.ends_s - time.perf_counter())))
    console.print(catalogue.say("pacer", "done"))


def _line(breath: Breath, catalogue: Catalogue) -> str:
    full = round(breath.size * WIDTH)
    sign = {"out": "▼", "hold": "‖"}.get(breath.kind, "▲")
    return f" {sign} {'█' * full}{'·' * (WIDTH - full)}  {catalogue.say('pacer', breath.kind)}"
