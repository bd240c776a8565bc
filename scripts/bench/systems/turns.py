"""What each system makes of the turns of a call: our chain with each detector, and the peers under the same rules."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scripts.bench.calls.happened import Heard, Legs, Said
from scripts.bench.lines.frames import FRAME_S
from scripts.bench.systems.peers import HOP_S, call_ai_metrics, hysteresis, plain, webrtc
from voicecare.backends.silero import SileroDetector
from voicecare.backends.webrtc import WebrtcDetector, WebrtcVoicing
from voicecare.config import Config
from voicecare.ports import VoiceDetector
from voicecare.speech.activity.bleed import Bleed, LeakProof
from voicecare.speech.activity.loudness import Loudness
from voicecare.speech.activity.periodicity import Periodicity
from voicecare.speech.life.listening import Listening
from voicecare.speech.turns.conversation import Conversation
from voicecare.timebase import HOP, seconds
from voicecare.types import PARTIES, Floats, Segment, TurnEvent

OURS = ("both", "silero", "webrtc")
PEERS = ("plain silero .5/.35", "plain webrtcvad 2", "call-ai-metrics")


@dataclass(frozen=True, slots=True)
class Views:
    """What the detectors say of a call, hop by hop; computed once, used by every system."""

    said: dict[str, list[tuple[float, float]]]
    cpu_s: dict[str, float]


def look(legs: Floats, systems: Sequence[str]) -> Views:
    """Run the detectors that the systems need over a call."""
    whole = np.ascontiguousarray(legs[:, : legs.shape[1] // HOP * HOP])
    vad = Config().vad
    makers: dict[str, Callable[[], VoiceDetector]] = {
        "both": lambda: SileroDetector(vad, slowed=Periodicity()),
        "silero": lambda: SileroDetector(vad),
        "webrtc": WebrtcDetector,
    }
    said: dict[str, list[tuple[float, float]]] = {}
    cpu_s: dict[str, float] = {}
    for name, make in makers.items():
        if name not in systems and not (name == "silero" and any(s.startswith("plain silero") for s in systems)):
            continue
        detector, begun = make(), time.process_time()
        said[name] = list(detector.over(whole))
        cpu_s[name] = time.process_time() - begun
    return Views(said, cpu_s)


def hear(system: str, legs: Floats, views: Views) -> Heard:
    """What one system makes of a call."""
    if system == "call-ai-metrics":
        return call_ai_metrics(legs)
    if system == "plain webrtcvad 2":
        return plain([webrtc(leg) for leg in legs], FRAME_S)
    if system.startswith("plain silero"):
        probabilities = np.array(views.said["silero"])
        return plain([hysteresis(probabilities[:, row], 0.5, 0.35) for row in range(2)], HOP_S)
    config, length = Config(), len(views.said[system]) * HOP
    witness = WebrtcVoicing() if system == "both" else None
    voice = LeakProof(Repeated(views.said[system]), Bleed(config.bleed))
    listening = Listening(config, voice, Loudness(config.vad), witness)
    conversation = Conversation(config.vad, config.turns)
    said: list[Segment | TurnEvent] = []
    for at, noted in enumerate(listening.over(np.ascontiguousarray(legs[:, :length]))):
        said += conversation.push(at * HOP, *noted.said).events
    said += conversation.finish(length).events
    return heard_of(said)


class Repeated:
    """A voice detector that says again what it said."""

    name = "repeated"

    def __init__(self, probabilities: Iterable[tuple[float, float]]) -> None:
        self._next: Iterator[tuple[float, float]] = iter(probabilities)

    def over(self, stretch: Floats) -> list[tuple[float, float]]:
        """What it said of the next hops."""
        return list(itertools.islice(self._next, stretch.shape[1] // HOP))


def heard_of(said: Iterable[Segment | TurnEvent]) -> Heard:
    """What our chain told, in seconds."""
    said = list(said)
    legs: Legs = {
        party: [
            (seconds(s.span.start), seconds(s.span.end)) for s in said if isinstance(s, Segment) and s.channel == party
        ]
        for party in PARTIES
    }
    first: dict[int, TurnEvent] = {}
    for event in (e for e in said if isinstance(e, TurnEvent)):
        # An event is told when decided and once more when its end is known: the last word, the first moment.
        known = first.get(event.id, event)
        first[event.id] = dataclasses.replace(event, decided_at=known.decided_at)
    events = tuple(
        Said(e.kind, e.by, seconds(e.span.start), seconds(e.decided_at)) for e in first.values() if e.by is not None
    )
    overlap = sum(seconds(e.span.length) for e in first.values() if e.kind == "overlap")
    return Heard(legs, overlap, events)
