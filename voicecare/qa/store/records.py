"""What the store gives and takes: one frozen record a row, named as its columns are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Status: TypeAlias = Literal["queued", "running", "done", "failed", "none"]
Version: TypeAlias = Literal["heard", "corrected"]
Verdict: TypeAlias = Literal["agree", "disagree", "correct", "add", "withdraw"]
Target: TypeAlias = Literal["event", "cue", "speaker", "word", "call"]
Plain: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call to add: what its recording is, and what is known of it from names or a manifest.

    content_hash: sha256 of the recording, in hex; the identity of the call. files: the agent's first where there are
    two. agent_channel: "left", "right" or "own file". retained: whether the caller stayed a customer. arm: of a trial,
    such as "shown" or "shadow". extra: what else a manifest said.
    """

    content_hash: str
    call_id: str
    files: tuple[str, ...]
    agent_channel: str
    sort_at: datetime
    size_bytes: int = 0
    agent: str | None = None
    queue: str | None = None
    caller_ref: str | None = None
    started_at: datetime | None = None
    offset_s: float = 0.0
    raw: str | None = None
    lane: str = "replay"
    csat: float | None = None
    nps: float | None = None
    retained: bool | None = None
    arm: str | None = None
    extra: Plain = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the store has it. status: of its newest work; current: the result that is shown."""

    id: int
    content_hash: str
    call_id: str
    agent: str | None
    queue: str | None
    caller_ref: str | None
    started_at: datetime | None
    sort_at: datetime
    agent_channel: str
    files: tuple[str, ...]
    offset_s: float
    raw: str | None
    size_bytes: int
    lane: str
    csat: float | None
    nps: float | None
    retained: bool | None
    arm: str | None
    extra: Plain
    duration_s: float | None
    language: str | None
    status: Status
    current: int | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A call of a list, with the figures of its current result (empty where there are none)."""

    call: Call
    figures: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list; `after` asks for the next one, None at its end."""

    rows: tuple[Listed, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """A line of the ledger: one call with one choice of settings and models, and what became of it."""

    id: int
    result_hash: str
    call: int
    settings: Plain
    models: Plain
    state: Status
    reason: str
    tries: int
    worker: str | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    wall_s: float | None
    complete: bool | None
    words: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened in a call: times in samples; seq: its place among the events of the document."""

    id: int
    result: int
    call: int
    seq: int
    type: str
    kind: str
    party: str | None
    start: int
    end: int
    decided: int
    floor: str | None
    data: Plain


@dataclass(frozen=True, slots=True)
class CueRow:
    """A cue of a call; seq: as EventRow's. because: as in the document."""

    id: int
    result: int
    call: int
    seq: int
    cue: int
    kind: str
    at: int
    cleared_at: int | None
    cleared_by: str | None
    shown: bool
    because: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class NewReview:
    """What a person says of one thing of a call.

    ref: which one, e.g. "event:17" by the event's seq; "" for a thing that voicecare missed. kind: of the event or cue
    as it was, or as it is added. start, end: samples. value: the correction, e.g. {"kind": …, "by": …} or {"text": …}.
    replaces: the id of the review that this one takes the place of; `withdraw` leaves nothing in its place.
    """

    call: int
    result: int | None
    reviewer: str
    verdict: Verdict
    target: Target
    ref: str = ""
    kind: str = ""
    start: int | None = None
    end: int | None = None
    value: Plain = field(default_factory=dict)
    comment: str = ""
    replaces: int | None = None
    origin: str = "page"


@dataclass(frozen=True, slots=True)
class Review:
    """A review as it was made; as NewReview."""

    id: int
    made_at: datetime
    call: int
    result: int | None
    reviewer: str
    verdict: Verdict
    target: Target
    ref: str
    kind: str
    start: int | None
    end: int | None
    value: Plain
    comment: str
    replaces: int | None
    origin: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a call, or on a moment of it (samples); one that replaces another, or removes it, is a new one."""

    id: int
    call: int
    reviewer: str
    made_at: datetime
    at: int | None
    body: str
    replaces: int | None
    removed: bool


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a scorecard's form; body: in the shape of Amazon Connect's evaluation forms."""

    id: int
    name: str
    version: int
    title: str
    body: Plain
    made_at: datetime
    made_by: str
    retired: bool


@dataclass(frozen=True, slots=True)
class NewScorecard:
    """A rating of a call by a form. answers: RefId -> {"value", "source", "comment"}; blind: others' were not seen."""

    call: int
    form: int
    rater: str
    answers: Plain
    result: int | None = None
    blind: bool = False
    score: float | None = None
    potential: float | None = None
    finished: bool = True
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A rating as it was made; as NewScorecard."""

    id: int
    made_at: datetime
    call: int
    form: int
    rater: str
    answers: Plain
    result: int | None
    blind: bool
    score: float | None
    potential: float | None
    finished: bool
    replaces: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A call in a sample: of which stratum, with which probability 0..1 it was to be drawn."""

    call: int
    place: int
    stratum: str
    probability: float


@dataclass(frozen=True, slots=True)
class Sample:
    """A drawing of calls out of a frame of so many. kind: "random" or "worth_a_look"."""

    id: int
    name: str
    kind: str
    made_at: datetime
    made_by: str
    seed: int
    frame: int
    definition: Plain


@dataclass(frozen=True, slots=True)
class View:
    """Filters a person saved under a name; query: as `CallQuery.plain` gives them."""

    id: int
    owner: str
    name: str
    query: Plain
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was written from the store."""

    id: int
    path: str
    kind: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That a call was erased: when, why ("asked", "retention") and how many files went with it."""

    content_hash: str
    erased_at: datetime
    why: str
    files: int
