"""Replays a recorded call through the one engine and gives its session."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import Protocol, TypeGuard

from voicecare import __version__
from voicecare.assembly import Choices, build_edges, build_intake, build_recogniser, for_call, model_versions
from voicecare.audio.files.layout import LayoutMeter
from voicecare.config import Config
from voicecare.engine import Engine
from voicecare.errors import OutputError, StageError, failure_boundary
from voicecare.growing import Growing
from voicecare.lanes import LoggedLane, NoLane, ReplayLane
from voicecare.ports import Lane, Recogniser
from voicecare.session import Header, Session, SessionWriter
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import Samples, samples
from voicecare.types import AudioBlock, CallPhase, Delivery, Event, Health, Heard

REPLAY_THREADS = 2
"""A replay waits for its recogniser, so the recogniser may use the second core meanwhile."""


REPLAY_AHEAD = 32
"""Hops listened to at once, 1 s: from there on longer stretches are hardly faster."""


class Recorded(Protocol):
    """A call on disk; `voicecare.audio.files.recording.Recording` is one."""

    sources: tuple[str, ...]
    rate_hz: int
    length: Samples | None
    started: str | None
    offset_s: float

    def __iter__(self) -> Iterator[AudioBlock]: ...

    def health(self, at: Samples) -> list[Health]:
        """Say what is wrong with the files, once they were read to the end."""


class Replay:
    """Replays calls with one set of models: build once, `run` as often as there are calls.

    ahead: how many hops are listened to at once; one where the call comes no faster than it is spoken.
    threads: of the recogniser; its words are the same with any number.
    lane: where it works; by default beside the loop.

    Raises:
        UsageError: a choice is not allowed.
        InputError: a model is missing.
    """

    def __init__(
        self,
        config: Config,
        choices: Choices,
        *,
        ahead: int = REPLAY_AHEAD,
        threads: int = REPLAY_THREADS,
        lane: type[ReplayLane] = ReplayLane,
    ) -> None:
        self._config = config
        self._ahead, self._lane = ahead, lane
        self._choices = choices
        self._recogniser: Recogniser | None = None
        self.failure: StageError | None = None
        """What ended the last call before its end, its cause kept; None where nothing failed."""
        if choices.words:
            self._recogniser = build_recogniser(config, choices, threads)

    def run(
        self,
        recording: Recorded,
        *,
        agent_channel: str,
        place: Growing | None = None,
        on_event: Callable[[Event], None] | None = None,
        on_hop: Callable[[Samples], None] | None = None,
        synthetic: bool = False,
    ) -> Session:
        """Hear one call to its end; where a stage fails, to there: the session is incomplete, `failure` says why.

        agent_channel: "left", "right" or "own file", for the record. place: where the session is written while it
            grows; to keep it is the caller's business. on_event, on_hop: told of every event and of the audio time
            after every hop.

        Raises:
            OutputError: the session cannot be written; what was written of it is removed.
        """
        lane: Lane = NoLane()
        if self._recogniser is not None:
            lag = samples(self._config.words.replay_lag_s)
            lane = self._lane(for_call(self._recogniser), lag, build_intake(self._config))
        header = self._header(recording, lane.name, agent_channel, synthetic=synthetic)
        with failure_boundary():
            pipeline = Pipeline(self._config, build_edges(self._config, self._choices))
        engine = Engine(pipeline, lane, self._ahead)
        self.failure = None
        events: list[Event] = []
        complete = True
        with ExitStack() as stack:
            writer = None if place is None else stack.enter_context(SessionWriter(place, header))
            try:
                for event in stack.enter_context(closing(self._heard(engine, recording, on_hop))):
                    complete = complete and not (isinstance(event, Health) and event.kind in _CUT_SHORT)
                    events.append(event)
                    if writer is not None:
                        writer.write(event)
                    if on_event is not None:
                        on_event(event)
                end = engine.now if recording.length is None else min(engine.now, recording.length)
                if writer is not None:
                    writer.end(end, complete=complete)
            except OutputError:
                if place is not None:
                    place.discard()
                raise
        return Session(header, tuple(events), end, complete)

    def _heard(
        self, engine: Engine, recording: Recorded, on_hop: Callable[[Samples], None] | None
    ) -> Generator[Event, None, None]:
        """Run the engine; a failed stage or a recording cut short becomes the last event, never silence."""
        meter = LayoutMeter()
        try:
            yield from engine.run(_watched(recording, meter, on_hop))
        except StageError as error:
            self.failure = error
            yield Health(engine.now, "stage_failed", 1, details={"error": error.note})
            return
        yield from meter.report().health(engine.now)
        yield from recording.health(engine.now)

    def _header(self, recording: Recorded, lane: str, agent_channel: str, *, synthetic: bool) -> Header:
        return Header(
            voicecare=__version__,
            lane="replay" if lane == "none" else lane,
            sources=recording.sources,
            rate_hz=recording.rate_hz,
            agent_channel=agent_channel,
            vad=self._choices.vad,
            recogniser=None if self._recogniser is None else self._recogniser.name,
            models=model_versions(self._recogniser),
            config=dataclasses.asdict(self._config),
            synthetic=synthetic,
            started=recording.started,
            offset_s=recording.offset_s,
        )


def replay_logged(session: Session, source: Iterable[AudioBlock], config: Config, vad: Choices) -> list[Event]:
    """Replay the audio of a recorded session with what it heard, when it heard it: the agent's cues, exactly."""
    deliveries = [event for event in session.events if was_told(event)]
    pipeline = Pipeline(config, build_edges(config, vad))
    return list(Engine(pipeline, LoggedLane(deliveries), REPLAY_AHEAD).run(source))


def was_told(event: Event) -> TypeGuard[Delivery]:
    """Whether the engine was told of this, rather than finding it out by itself."""
    if isinstance(event, CallPhase):
        return event.because != "sound" or event.phase == "ended"  # sound alone ends no call inside an engine
    return isinstance(event, Heard) or (isinstance(event, Health) and event.kind == "recogniser_behind")


_CUT_SHORT = ("truncated", "stage_failed")


def _watched(recording: Recorded, meter: LayoutMeter, on_hop: Callable[[Samples], None] | None) -> Iterator[AudioBlock]:
    for block in recording:
        meter.push(block)
        yield block
        if on_hop is not None:
            on_hop(block.end)
