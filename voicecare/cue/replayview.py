"""What a terminal shows while a call is replayed: a progress bar, what happened, and the call at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from voicecare.catalogue.catalogue import Catalogue
from voicecare.catalogue.terminal import legible
from voicecare.timebase import RATE_HZ, Samples, Span, clock
from voicecare.types import Arousal, CallPhase, Cue, Event, Health, Party, Phrase, Segment, TurnEvent

PARTY_COLOURS = {"caller": "magenta", "agent": "cyan"}
_LEVELS = "▁▂▃▄▅▆▇█"
_WIDEST = 100
_TOLD_TURNS = ("interruption", "talk_over", "long_silence")


class ReplayView:
    """Follows one replay; use as a context manager and hand `event` and `hop` to the replay.

    length: of the call in samples, or None where the file does not say.
    """

    def __init__(self, console: Console, catalogue: Catalogue, title: str, length: Samples | None) -> None:
        self._console = console
        self._catalogue = catalogue
        self._seen: list[Event] = []
        self._told: set[tuple[str, int]] = set()
        self._next_tick: Samples = 0
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[at]}"),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task(title, total=length, at="0:00")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def hop(self, now: Samples) -> None:
        """The replay has reached `now`; the bar moves once a second of call."""
        if now >= self._next_tick:
            self._next_tick = now + RATE_HZ
            self._progress.update(self._task, completed=now, at=clock(now))

    def event(self, event: Event) -> None:
        """Tell what a listener would want to know at once."""
        self._seen.append(event)
        line = self._line(event)
        if line is not None:
            self._progress.console.print(line, soft_wrap=True)

    def glance(self, end: Samples) -> None:
        """Print the whole call as four lanes, a column every few seconds."""
        if end <= 0:
            return
        width = max(20, min(_WIDEST, self._console.width - 10))
        for name, lane, colour in self._lanes(end, width):
            self._console.print(Text(f"{name:>8} ") + Text(lane, style=colour), no_wrap=True, overflow="crop")
        ends = f"0:00{clock(end):>{width - 4}}"
        self._console.print(Text(f"{'':>8} {ends}", style="dim"), no_wrap=True, overflow="crop")

    def _line(self, event: Event) -> Text | None:
        if isinstance(event, TurnEvent) and event.kind in _TOLD_TURNS:
            if ("turn", event.id) in self._told or (event.kind == "long_silence" and not event.closed):
                return None
            self._told.add(("turn", event.id))
            return self._at(event.span.start, self._turn(event), PARTY_COLOURS.get(event.by or "", "dim"))
        if isinstance(event, Cue) and event.shown and event.cleared_at is None:
            why = "; ".join(self._catalogue.reason(reason) for reason in event.because)
            return self._at(event.at, f"▲ {self._catalogue.cue(event.kind)}: {why}", "bold yellow")
        if isinstance(event, Cue) and event.cleared_by in ("heeded", "eased") and event.cleared_at is not None:
            done = self._catalogue.say("page", f"cue_{event.cleared_by}", first=clock(event.cleared_at))
            return self._at(event.cleared_at, f"✓ {self._catalogue.cue(event.kind)}: {done}", "green")
        if isinstance(event, Phrase) and event.kind in ("acknowledgement", "gratitude"):
            said = self._say(event.kind, by=self._party(event.channel), text=event.text)
            return self._at(event.span.start, said, "dim")
        if isinstance(event, CallPhase) and event.phase in ("hold", "ringing", "talk"):
            return self._at(event.at, self._say(event.phase), "dim")
        if isinstance(event, Health):
            return self._at(event.at, f"! {self._catalogue.health(event)}", "bold red")
        return None

    def _turn(self, event: TurnEvent) -> str:
        by = {} if event.by is None else {"by": self._party(event.by)}
        return self._say(event.kind, length_s=event.span.length / RATE_HZ, **by)

    def _party(self, who: Party) -> str:
        return self._catalogue.say("explain", who)

    def _say(self, code: str, **fields: str | float) -> str:
        return self._catalogue.say("terminal", code, **fields)

    def _at(self, at: Samples, words: str, style: str) -> Text:
        return Text(f"{clock(at):>7}  ", style="dim") + Text(legible(words), style=style)  # a transcript holds anything

    def _lanes(self, end: Samples, width: int) -> list[tuple[str, str, str]]:
        column = end / width
        speech = {
            party: [e.span for e in self._seen if isinstance(e, Segment) and e.channel == party]
            for party in ("caller", "agent")
        }
        strain = [(e.at, e.value) for e in self._seen if isinstance(e, Arousal) and e.value is not None]
        cues = {int(e.at / column) for e in self._seen if isinstance(e, Cue) and e.shown and e.cleared_at is None}
        return [
            ("caller", _speech_lane(speech["caller"], width, column), PARTY_COLOURS["caller"]),
            ("agent", _speech_lane(speech["agent"], width, column), PARTY_COLOURS["agent"]),
            ("strain", _strain_lane(strain, width, column), "yellow"),
            ("cues", "".join("▲" if i in cues else " " for i in range(width)), "bold yellow"),
        ]


def _speech_lane(spans: Sequence[Span], width: int, column: float) -> str:
    shares = [0.0] * width
    for span in spans:
        for i in range(int(span.start / column), min(width, int(span.end / column) + 1)):
            shares[i] += max(0.0, min(span.end, (i + 1) * column) - max(span.start, i * column)) / column
    return "".join("█" if share > 0.6 else "▌" if share > 0.15 else " " for share in shares)


def _strain_lane(values: Sequence[tuple[Samples, float]], width: int, column: float) -> str:
    peaks: list[float | None] = [None] * width
    for at, value in values:
        i = min(width - 1, int(at / column))
        peaks[i] = max(value, peaks[i] or 0.0)
    return "".join(" " if peak is None else _LEVELS[min(7, int(peak * 8))] for peak in peaks)
