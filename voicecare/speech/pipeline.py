"""The one pipeline of live and replay: two inputs (audio hops, and what was heard), one ordered list of events.

Wiring only. No stage reads a clock: `now` is the end of the last hop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from voicecare.config import Config
from voicecare.ports import CueStage, EdgeDetector, PitchTracker, SentimentScorer, VoiceDetector, VoicingDetector
from voicecare.speech.activity.clarity import Clarity
from voicecare.speech.activity.offset import OffsetRemover
from voicecare.speech.cues.cues import Cues
from voicecare.speech.life.listening import Listening
from voicecare.speech.life.phases import Noted
from voicecare.speech.redaction.redaction import has_rules
from voicecare.speech.strain.arousal import ArousalHead, ArousalTracker
from voicecare.speech.strain.prosody import Prosody
from voicecare.speech.turns.conversation import Conversation, Step
from voicecare.speech.words.endpointing import Endpointing
from voicecare.speech.words.language import Language, PhraseBook
from voicecare.speech.words.noticing import Understood
from voicecare.speech.words.sides import Sides
from voicecare.timebase import HOP, Samples, Span
from voicecare.types import (
    PARTIES,
    Arousal,
    AudioBlock,
    CallPhase,
    Event,
    Health,
    HealthKind,
    Heard,
    Pace,
    Phase,
    Phrase,
    Request,
    Segment,
    Sentiment,
    TurnEvent,
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


@dataclass(frozen=True, slots=True, eq=False)
class Listened:
    """One hop without its offset, and what the detectors say of it."""

    block: AudioBlock
    noted: Noted


class Pipeline:
    """Turns a call into events and requests for slow work.

    cues: what decides the agent's cues; None takes the product's own by the configuration.
    """

    def __init__(self, config: Config, edges: Edges, cues: CueStage | None = None) -> None:
        self._offset = OffsetRemover()
        self._clarity = Clarity(config.clarity)
        self._listening = Listening(config, edges.voice, edges.edge_detector, edges.witness)
        self._conversation = Conversation(config.vad, config.turns)
        self._endpointing = Endpointing(config.words)
        self._prosody = Prosody(config.strain, edges.pitch)
        self._arousal = ArousalTracker(config.strain, edges.arousal_head)
        self._language = Language(edges.phrases, edges.sentiment, config=config.words)
        self._cues: CueStage = Cues(config.cues) if cues is None else cues
        self._now: Samples = 0
        self._told_phase: Phase = "talk"
        self._held: CallPhase | None = None
        self._waits_since: Samples | None = None
        self._voiced: Samples = 0
        self._gap: Health | None = None
        self._met = False
        self._language_told = False
        self._understood = Understood(config.words)
        self._sides = Sides(edges.phrases)
        self._redacts = config.words.redact

    def listen(self, blocks: Sequence[AudioBlock]) -> list[Listened]:
        """Take the next hops of both legs; each of what is returned is then pushed, in order.

        Only the detectors listen ahead. They know nothing of words and cues, so it does not matter how far.
        """
        stretch = self._offset.over(np.concatenate([block.samples for block in blocks], axis=1))
        hops = (stretch[:, at : at + HOP] for at in range(0, stretch.shape[1], HOP))
        return [
            Listened(AudioBlock(block.start, hop, block.gap), noted)
            for block, hop, noted in zip(blocks, hops, self._listening.over(stretch), strict=True)
        ]

    def push_audio(self, listened: Listened) -> list[Output]:
        """Take the next hop of both legs, listened to."""
        block = listened.block
        now = self._now = block.end
        out: list[Output] = [*self._gaps(block), *self._phase(listened.noted.phase)]
        (agent, caller), frames = listened.noted.said
        if self._held is not None:
            agent = caller = 0.0
        step = self._conversation.push(block.start, (agent, caller), frames)
        self._endpointing.keep(block)
        self._take(step, out)
        for party in PARTIES:
            utterance = self._conversation.open(party)
            if utterance is not None:
                out += self._endpointing.grown(utterance, now)
        agent_speaks, caller_speaks = self.speaking
        self._meets(agent_speaks)
        if self._waits(listened.noted.waits, out):
            # Music is neither the caller's voice nor the noise of the caller's line.
            caller_speaks = False
            self._clarity.wait()
        else:
            out += self._clarity.push(block.samples, now, speaks=(agent_speaks, caller_speaks))
            leg = block.samples[PARTIES.index("caller")]
            for frame in self._prosody.push(leg, caller_speaks, block.start):
                for estimate in self._arousal.push(frame):
                    self._tell(estimate, out)
        out += self._cues.hop(now, HOP, agent_speaks=agent_speaks, caller_speaks=caller_speaks)
        out += self._cues.kept_away()
        return out

    def push_heard(self, heard: Heard) -> list[Output]:
        """Take what the recogniser made of an earlier request."""
        heard = self._understood.believed(heard)
        out: list[Output] = [heard, *self._noticed(heard), *self._understood.push(heard), *self._sides.push(heard)]
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

    @property
    def speaking(self) -> tuple[bool, bool]:
        """Whether agent and caller spoke in the last hop."""
        agent, caller = (self._conversation.speaking(party) for party in PARTIES)
        return agent, caller

    def push_phase(self, phase: CallPhase) -> list[Output]:
        """Take a phase that is known otherwise than by sound: the softphone's, or what the agent asked for.

        From a "hold" to the next phase nobody is heard: on hold an agent speaks to colleagues, not to the caller.
        """
        self._held = phase if phase.phase == "hold" else None
        self._told_phase = phase.phase
        return [phase]

    def _phase(self, by_sound: Phase | None) -> list[CallPhase]:
        """What is heard of the call's phase, unless it is known that it is on hold."""
        if by_sound is None or self._held is not None or by_sound == self._told_phase:
            return []
        self._told_phase = by_sound
        return [CallPhase(self._now, by_sound, "sound")]

    def _meets(self, agent_speaks: bool) -> None:  # noqa: FBT001 - a fact, not a mode
        """With the agent's first words the two have met: who spoke before may have been a machine, and is no baseline.

        Menus, "your call is being connected" and rings that are a voice come before them, a caller's calm start after.
        """
        if self._met or not agent_speaks or self._conversation.open("agent") is None:
            return
        self._met = True
        self._arousal.begin_anew()
        self._prosody.begin_anew()

    def _waits(self, by_sound: bool, out: list[Output]) -> bool:  # noqa: FBT001 - a fact, not a mode
        """Whether one party waits in this hop."""
        if not by_sound and self._held is None:
            self._waits_since = None
            return False
        self._waits_since = self._now if self._waits_since is None else self._waits_since
        for event in self._conversation.wait(self._waits_since, self._now):
            self._tell(event, out)
        return True

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
            self._gap = Health(start, "gap", block.end - start)
            return []
        told = [] if self._gap is None else [self._gap]
        self._gap = None
        return told
