"""The words of voicecare: the frozen data that flows.

Every time is in samples at 16 kHz from the start of the call (`timebase.Samples`). `span` is when a thing was true,
`decided_at` (or `at`, `arrived`) when it was known; the difference is the latency every report can show.
Strain, sentiment and the encoder's view carry no channel: they exist for the caller alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from voicecare.timebase import Samples, Span

Floats: TypeAlias = npt.NDArray[np.float32]

Party: TypeAlias = Literal["agent", "caller"]
PARTIES: tuple[Party, Party] = ("agent", "caller")
"""The order of the rows of `AudioBlock.samples`."""


def other(party: Party) -> Party:
    """The one across the line."""
    return "caller" if party == "agent" else "agent"


# What comes in.


@dataclass(frozen=True, slots=True, eq=False)
class AudioBlock:
    """One hop of both legs.

    samples: float32, shape (2, HOP), row 0 the agent, row 1 the caller, full scale ±1.
    gap: some or all of these samples were lost; those are zeros.
    """

    start: Samples
    samples: Floats
    gap: bool = False

    @property
    def end(self) -> Samples:
        """The first sample after this block."""
        return self.start + int(self.samples.shape[1])


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word on the call's clock; confidence 0..1."""

    text: str
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recogniser made of one stretch of one leg.

    text, words: redacted before they are delivered; empty where the gate refused (silence, noise, invention).
    voice: the encoder's view of the caller, already projected to the few numbers the strain head needs (a projection
        cannot identify anyone; the full vector never leaves the recogniser). None for the agent, always.
    final: False while the utterance goes on: the words two hearings agree on, or a view of the voice alone.
    arrived: the audio clock when it was delivered to the pipeline.
    language: a code such as "de"; "" while the language of the call is not sure yet. settles: it became so with this
        hearing.
    """

    channel: Party
    span: Span
    text: str
    words: tuple[Word, ...]
    language: str
    confidence: float
    voice: tuple[float, ...] | None
    final: bool
    arrived: Samples
    settles: bool = False


# What goes out.


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one party's speech, as voice activity hears it."""

    channel: Party
    span: Span
    decided_at: Samples


TurnKind: TypeAlias = Literal[
    "interruption",
    "backchannel",
    "early_reply",
    "dual_start",
    "overlap",
    "talk_over",
    "long_silence",
    "monologue",
    "response_gap",
]


@dataclass(frozen=True, slots=True)
class TurnEvent:
    """Something that happened between the parties; definitions in docs/events.md.

    An event is said when it is decided and, if its end was not known then, once more with the same `id` when it is
    `closed`. `by` is the one who started it (None where nobody did). `floor` is who kept it: `kept` by the one who
    was speaking, `taken` by the one who started; None until known or where it has no meaning.
    """

    id: int
    kind: TurnKind
    by: Party | None
    span: Span
    decided_at: Samples
    floor: Literal["taken", "kept"] | None = None
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason behind an estimate or a cue, in a form every language can word.

    code: a key of the message catalogue, e.g. "spoke_over_caller", "pitch_up".
    at: the moments it speaks of. value: its number, in the unit the code implies (docs/events.md).
    """

    code: str
    at: tuple[Samples, ...] = ()
    value: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Arousal:
    """The caller's strain, 0..1, relative to the caller's own start of call; None where voicecare does not know.

    confidence: 0..1. trend: change of value per 10 s of caller speech.
    span: the stretch of call the evidence comes from; at: when it was known.
    tone: what the sound of the voice leans to, above 0 pleased, below 0 tense (anger, fear), relative to the caller's
        own start, in standard deviations of aroused speech; None where not known. It ranks, it decides nothing alone.
    """

    at: Samples
    span: Span
    value: float | None
    confidence: float
    trend: float
    because: tuple[Reason, ...] = ()
    tone: float | None = None


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How the caller's words read: value -1..1 (negative below 0), of one utterance."""

    at: Samples
    span: Span
    value: float
    label: Literal["negative", "neutral", "positive"]
    confidence: float
    because: tuple[Reason, ...] = ()


PhraseKind: TypeAlias = Literal[
    "acknowledgement",
    "paraphrase",
    "thanks",
    "apology",
    "positive",
    "negative",
    "gratitude",
    "solved",
    "farewell",
    "trouble",
]


ANSWERS: frozenset[PhraseKind] = frozenset({"acknowledgement", "apology"})
"""What of the agent's words answers a caller's strain: cues, looking back and the report all ask this one set.

A paraphrase alone does not: reading back an address is one, too. Neither do thanks and praise.
"""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that count: the agent acknowledged, thanked, apologised; the caller thanked, complained or took leave."""

    channel: Party
    kind: PhraseKind
    at: Samples
    span: Span
    text: str

    @property
    def answers(self) -> bool:
        """Whether it answers the caller's strain."""
        return self.channel == "agent" and self.kind in ANSWERS


@dataclass(frozen=True, slots=True)
class Pace:
    """A party's pace over its last utterances in words a minute; `relative` to its own this call (1 = as usual)."""

    channel: Party
    at: Samples
    span: Span
    pace_wpm: float
    relative: float


CueKind: TypeAlias = Literal["slow_down", "acknowledge", "slow_down_acknowledge", "well_held"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One discreet cue; said when it is shown and once more with the same `id` when it is cleared.

    cleared_by: "heeded" (the agent did it), "eased" (strain fell), "expired", "replaced" or None while it stands.
    shown: False in shadow mode or while snoozed (logged, not shown).
    """

    id: int
    kind: CueKind
    at: Samples
    because: tuple[Reason, ...]
    expires_at: Samples
    cleared_at: Samples | None = None
    cleared_by: Literal["heeded", "eased", "expired", "replaced"] | None = None
    shown: bool = True


HealthKind: TypeAlias = Literal[
    "gap",
    "overflow",
    "recogniser_behind",
    "stage_failed",
    "truncated",
    "silent_leg",
    "quiet_leg",
    "noisy_leg",
    "leak",
    "not_listening",
    "listening",
    "language",
    "no_sentiment",
    "no_phrases",
    "no_redaction_rules",
    "not_understood",
    "cue_limit",
    "swapped_legs",
    "whole_output",
]


@dataclass(frozen=True, slots=True)
class Health:
    """How well voicecare itself is doing; `amount` is samples for gaps and counts elsewhere.

    note: which of its kind, as a code of docs/events.md (a cause, a party, a language) or ""; never a sentence: the
        catalogue words it. details: what the words need beside it, each named with its unit, e.g. "missing_s".
    "language" says in `note` which language the call is in; "no_sentiment" and "no_phrases" what is not read in it;
    "no_redaction_rules" that every run of digits is hidden in it, because nothing tells secrets from other words.
    "not_understood": of most of the caller's speech no words were believed. "cue_limit": the limit of cues kept one
    away, whose need `note` names. "swapped_legs": the caller's leg opens the call as an agent would.
    "whole_output": the caller's leg is all that the output plays, other programs too.
    "silent_leg": `amount` is how long the leg had been silent by then, 0 where all along.
    """

    at: Samples
    kind: HealthKind
    amount: int = 0
    note: str = ""
    details: dict[str, str | float] = field(default_factory=dict, hash=False)


Phase: TypeAlias = Literal["rest", "ringing", "talk", "hold", "ended"]
"""What the telephone does: nothing, it rings, two people talk, one of them waits, the call is over."""


@dataclass(frozen=True, slots=True)
class CallPhase:
    """The call entered another phase.

    at: from when on. because: who knew: the streams of the softphone, what was heard, or whoever asked (the agent,
    another program). "rest" is shown only, "ringing" too unless it was heard: a record begins with the call.
    """

    at: Samples
    phase: Phase
    because: Literal["softphone", "sound", "asked"]


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """Slow work the pipeline asks of a lane: hear this stretch of one leg.

    audio: float32 at 16 kHz, shape (span.length,), raw level. at: the audio clock when it was asked.
    want_words: False asks only for the encoder's view. want_voice: only ever True for the caller.
    """

    channel: Party
    span: Span
    audio: Floats
    at: Samples
    final: bool = True
    want_words: bool = True
    want_voice: bool = False


Delivery: TypeAlias = Heard | Health | CallPhase
"""What a lane hands over: words, news of its own state, or (out of a session) what was known of the call's phase."""

Event: TypeAlias = Segment | TurnEvent | Heard | Arousal | Sentiment | Phrase | Pace | Cue | CallPhase | Health
