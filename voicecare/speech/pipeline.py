"""The one pipeline of live and replay: two inputs (audio hops, and what was heard), one ordered list of events.

Wiring only. No stage reads a clock: `now` is the end of the last hop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from voicecare.config import Config
from voicecare.speech.arousal import ArousalHead, ArousalTracker
from voicecare.speech.clarity import Clarity
from voicecare.speech.conversation import Conversation, Step
from voicecare.speech.cues import Cues
from voicecare.speech.endpointing import Endpointing
from voicecare.speech.hearing import Hearing
from voicecare.speech.language import Language, PhraseBook
from voicecare.speech.noticing import Understood
from voicecare.speech.offset import OffsetRemover
from voicecare.speech.prosody import Prosody
from voicecare.speech.redaction import has_rules
from voicecare.timebase import HOP, Samples, Span
from voicecare.types import (
    PARTIES,
    Arousal,
    AudioBlock,
    EdgeDetector,
    Event,
    Health,
    HealthKind,
    Heard,
    Pace,
    Phrase,
    PitchTracker,
    Request,
    Segment,
    Sentiment,
    SentimentScorer,
    TurnEvent,
    VoiceDetector,
    VoicingDetector,
)

Output: TypeAlias = Event | Request


@dataclass(frozen=True, slots=True)
class Edges:
    """The models the core is handed; apps build them.

    edge_detector: sharpens the voice detector's edges, or None. witness: vouches for voices the detector hardly hears,
    or None. sentiment: None where no scorer speaks the language.
    """

    voice: VoiceDetector
    edge_detector: EdgeDetector | None
    witness: VoicingDetector | None
    pitch: PitchTracker
    arousal_head: ArousalHead
    phrases: PhraseBook
    sentiment: SentimentScorer | None


class Pipeline:
    """Turns a call into events and requests for slow work."""

    def __init__(self, config: Config, edges: Edges) -> None:
        self._offset = OffsetRemover()
        self._clarity = Clarity(config.clarity)
        self._hearing = Hearing(config, edges.voice, edges.edge_detector, edges.witness)
        self._conversation = Conversation(config.vad, config.turns)
        self._endpointing = Endpointing(config.words)
        self._prosody = Prosody(config.strain, edges.pitch)
        self._arousal = ArousalTracker(config.strain, edges.arousal_head)
        self._language = Language(edges.phrases, edges.sentiment, config=config.words)
        self._cues = Cues(config.cues)
        self._now: Samples = 0
        self._voiced: Samples = 0
        self._gap: Health | None = None
        self._language_told = False
        self._understood = Understood(config.words)
        self._redacts = config.words.redact

    def push_audio(self, block: AudioBlock) -> list[Output]:
        """Take the next hop of both legs."""
        now = self._now = block.end
        out: list[Output] = [*self._gaps(block)]
        block = replace(block, samples=self._offset.push(block.samples))
        step = self._conversation.push(block.start, *self._hearing.push(block.samples))
        self._endpointing.keep(block)
        self._take(step, out)
        for party in PARTIES:
            utterance = self._conversation.open(party)
            if utterance is not None:
                out += self._endpointing.grown(utterance, now)
        agent_speaks, caller_speaks = (self._conversation.speaking(party) for party in PARTIES)
        out += self._clarity.push(block.samples, now, speaks=(agent_speaks, caller_speaks))
        caller = block.samples[PARTIES.index("caller")]
        for frame in self._prosody.push(caller, caller_speaks, block.start):
            for estimate in self._arousal.push(frame):
                self._tell(estimate, out)
        out += self._cues.hop(now, HOP, agent_speaks=agent_speaks, caller_speaks=caller_speaks)
        return out

    def push_heard(self, heard: Heard) -> list[Output]:
        """Take what the recogniser made of an earlier request."""
        out: list[Output] = [heard, *self._noticed(heard), *self._understood.push(heard)]
        if heard.voice is not None:
            fresh = self._unheard(heard)
            for estimate in self._arousal.push_voice(fresh) if fresh.span.length else ():
                self._tell(estimate, out)
        for said in self._language.push(heard):
            self._tell(said, out)
        if heard.final and self._language.only_acknowledgement(heard.text, heard.language):
            for event in self._conversation.acknowledge_only(heard.channel, heard.span, self._now):
                self._tell(event, out)
        return out

    def _noticed(self, heard: Heard) -> list[Health]:
        """Say once which language the call is in, and what is not read in it."""
        if not heard.settles or self._language_told:
            return []
        self._language_told = True
        kinds: list[HealthKind] = ["language", *self._language.unread(heard.language)]
        if self._redacts and not has_rules(heard.language):
            kinds.append("no_redaction_rules")
        return [Health(heard.arrived, kind, note=heard.language) for kind in kinds]

    def _unheard(self, heard: Heard) -> Heard:
        """A view of the voice counts for speech not viewed before: long utterances are viewed while they last."""
        start = min(max(heard.span.start, self._voiced), heard.span.end)
        self._voiced = max(self._voiced, heard.span.end)
        return replace(heard, span=Span(start, heard.span.end))

    def last_requests(self) -> list[Output]:
        """The audio is over: end the conversation and ask for the words still missing."""
        out: list[Output] = [*self._gaps(None)]
        self._take(self._conversation.finish(self._now), out)
        return out

    def finish(self) -> list[Output]:
        """The call is over and every answer is in."""
        out: list[Output] = []
        for estimate in self._arousal.finish():
            self._tell(estimate, out)
        out += self._cues.finish(self._now)
        return out

    def _take(self, step: Step, out: list[Output]) -> None:
        for event in step.events:
            self._tell(event, out)
            if isinstance(event, Segment):
                out += self._endpointing.push(event, self._now)
        for utterance in step.closed:
            out += self._endpointing.close(utterance.by, self._now)

    def _tell(self, event: Segment | TurnEvent | Arousal | Sentiment | Phrase | Pace, out: list[Output]) -> None:
        out.append(event)
        if not isinstance(event, Segment):
            out += self._cues.push(event, self._now)

    def _gaps(self, block: AudioBlock | None) -> list[Health]:
        """One event a gap, told when it is over: where it began and how long it was."""
        if block is not None and block.gap:
            start = block.start if self._gap is None else self._gap.at
            self._gap = Health(start, "gap", block.end - start, "audio was lost")
            return []
        told = [] if self._gap is None else [self._gap]
        self._gap = None
        return told
