"""The live view for a terminal: what the pill would say, with the last minute of both legs and of the strain."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from voicecare.catalogue.terminal import legible
from voicecare.cue.ending import ended_by_signals
from voicecare.cue.view import View
from voicecare.cue.viewmodel import ViewModel
from voicecare.timebase import Samples, Span, clock, samples
from voicecare.types import PARTIES, Arousal, Cue, Event, Health, Party, Segment

WIDTH = 60
COLUMN: Samples = samples(1.0)
REFRESH_S = 0.25
_MARKS = {
    "dot": "●", "circle": "●", "triangle": "▲", "square": "■", "ring": "◌", "bar": "‖", "moon": "☾", "cross": "×",
    "check": "✓",
}  # fmt: skip
_STYLES = {"calm": "cyan", "watch": "yellow", "high": "bold red", "muted": "dim"}
_LEVELS = "▁▂▃▄▅▆▇█"


class ConsoleFace:
    """Shows a live call on a terminal; where there is none, prints a line for each cue and each fault.

    on_quit: asked by a Ctrl-C to end the call.
    """

    def __init__(self, model: ViewModel, console: Console, *, on_quit: Callable[[], None]) -> None:
        self._model = model
        self._console = console
        self._on_quit = on_quit
        self._lock = threading.Lock()
        self._speech: dict[Party, deque[Span]] = {party: deque(maxlen=200) for party in PARTIES}
        self._strain: deque[tuple[Samples, float]] = deque(maxlen=200)
        self._at: Samples = 0
        self._said: tuple[str, tuple[str, ...]] | None = None

    def begin(self) -> None:
        """A call begins; called in the engine's thread."""
        with self._lock:
            self._model.new_call()
            self._speech = {party: deque(maxlen=200) for party in PARTIES}
            self._strain.clear()
            self._at = 0

    def push(self, event: Event) -> None:
        """Take an event; called in the engine's thread."""
        with self._lock:
            self._model.push(event)
            if isinstance(event, Segment):
                self._speech[event.channel].append(event.span)
            elif isinstance(event, Arousal) and event.value is not None:
                self._strain.append((event.at, event.value))
            if isinstance(event, (Cue, Health)) and not self._console.is_terminal:
                self._print_line(event.at)

    def beat(self, at: Samples) -> None:
        """The call has been heard to `at`; called in the engine's thread."""
        with self._lock:
            first = not self._model.begun
            self._model.beat(time.perf_counter())
            self._at = at
            if first and not self._console.is_terminal:
                self._print_line(at)

    def run(self, work: Callable[[], None]) -> None:
        """Do `work` in a thread of its own and draw until it is done; what it raises is raised here.

        After a Ctrl-C the work is still waited for: what it keeps of the call is written at its end.
        """
        # Not `Thread.join`: interrupted by a Ctrl-C it takes the thread for ended (before Python 3.13).
        done = threading.Event()
        with ThreadPoolExecutor(1, "engine") as engine:
            working = engine.submit(work)
            working.add_done_callback(lambda _: done.set())
            with ended_by_signals(self._on_quit):
                self._draw_until(done)
        working.result()

    def _draw_until(self, done: threading.Event) -> None:
        if not self._console.is_terminal:
            done.wait()
            return
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            while not done.wait(REFRESH_S):
                live.update(self.picture(time.perf_counter()), refresh=True)

    def picture(self, now_s: float) -> Panel:
        """Draw the state of things."""
        with self._lock:
            view = self._model.view(now_s)
            lanes = [self._speech_lane("caller", "magenta"), self._speech_lane("agent", "cyan"), self._strain_lane()]
        return Panel(
            Group(*_words(view), Text(), *lanes), title="voicecare", subtitle=clock(self._at), width=WIDTH + 14
        )

    def _print_line(self, at: Samples) -> None:
        view = self._model.view(time.perf_counter())
        said = (view.headline, view.told)
        if said == self._said:
            return
        self._said = said
        line = ": ".join((view.headline, "; ".join(view.told))) if view.told else view.headline
        self._console.print(legible(f"{clock(at):>7}  {line}"), soft_wrap=True, markup=False, highlight=False)

    def _speech_lane(self, party: Party, style: str) -> Text:
        first = self._first()
        cells = [False] * WIDTH
        for span in self._speech[party]:
            for column in range((span.start - first) // COLUMN, (span.end - first) // COLUMN + 1):
                if 0 <= column < WIDTH:
                    cells[column] = True
        name = self._model.catalogue.say("party", party)
        return Text(f"{name:>8} ") + Text("".join("█" if cell else "·" for cell in cells), style=style)

    def _strain_lane(self) -> Text:
        first = self._first()
        cells = [" "] * WIDTH
        for at, value in self._strain:
            column = (at - first) // COLUMN
            if 0 <= column < WIDTH:
                cells[column] = _LEVELS[min(7, int(value * 8))]
        return Text(f"{self._model.catalogue.say('live', 'strain'):>8} ") + Text("".join(cells), style="yellow")

    def _first(self) -> Samples:
        """The oldest moment shown, on a whole column."""
        return max(0, self._at // COLUMN - WIDTH + 1) * COLUMN


def _words(view: View) -> list[Text]:
    headline = Text(f" {_MARKS[view.shape]} {view.headline}", style=_STYLES[view.tone])
    return [headline, *(Text(f"   {line}", style="dim") for line in view.told)]
