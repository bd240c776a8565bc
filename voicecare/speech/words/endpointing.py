"""Cuts each leg into stretches for the recogniser, at the ends of utterances."""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecare.config import WordsConfig
from voicecare.speech.turns.utterances import Utterance
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, AudioBlock, Floats, Party, Request, Segment


class Endpointing:
    """Keeps the last seconds of both legs and asks for words at the end of each utterance.

    An utterance longer than `max_request_s` is cut at its inner pauses, or hard where it has none. Stretches with less
    than `min_voiced_s` of speech are not asked for: the recogniser invents words there (measured: notes on inventions).
    Only the caller's stretches ask for the encoder's view.

    Of an utterance that goes on for twice `interim_s`, what was said so far is asked for every `interim_s`: the agent's
    words, the view of the caller's voice. It is partial work a lane may drop: the request at the end covers it.
    """

    def __init__(self, config: WordsConfig) -> None:
        self._pad = samples(config.pad_s)
        self._longest = samples(config.max_request_s)
        self._least = samples(config.min_voiced_s)
        self._interim = samples(config.interim_s)
        self._blocks: deque[AudioBlock] = deque()
        self._segments: dict[Party, list[Span]] = {"agent": [], "caller": []}
        self._asked: dict[Party, Samples] = {"agent": 0, "caller": 0}
        self._begun: dict[Party, Span | None] = {"agent": None, "caller": None}

    def keep(self, block: AudioBlock) -> None:
        """Remember one hop of both legs; older than any request can reach is forgotten."""
        self._blocks.append(block)
        reach = self._longest + 4 * self._pad + samples(2.0)
        while block.end - self._blocks[0].end > reach:
            self._blocks.popleft()

    def push(self, segment: Segment, now: Samples) -> list[Request]:
        """A stretch of speech has ended; asks for what has grown too long to wait for the utterance's end."""
        party = segment.channel
        waiting = self._segments[party]
        requests: list[Request] = []
        if waiting and segment.span.end - waiting[0].start > self._longest:
            requests += self._ask(party, now)
        self._segments[party].append(segment.span)
        return requests

    def grown(self, utterance: Utterance, now: Samples) -> list[Request]:
        """An utterance goes on; ask for what it brought, and cut it before the recogniser's window is full."""
        party = utterance.by
        waiting = self._segments[party]
        since = max(self._asked[party], waiting[0].start if waiting else utterance.start)
        if utterance.reach - since < self._longest:
            return self._part(party, since, min(utterance.reach, now), now)
        start = max(self._asked[party], waiting[-1].end if waiting else utterance.start)
        self._segments[party].append(Span(start, max(start, utterance.reach)))
        return self._ask(party, now)

    def close(self, party: Party, now: Samples) -> list[Request]:
        """The utterance is over."""
        return self._ask(party, now)

    def _part(self, party: Party, since: Samples, reach: Samples, now: Samples) -> list[Request]:
        """Partial work on an utterance that began at `since`, once there is enough of it that is new."""
        begun = self._begun[party] or Span(since, since)
        if not self._interim or reach - begun.start < 2 * self._interim or reach - begun.end < self._interim:
            return []
        self._begun[party] = Span(begun.start, reach)
        span = Span(max(begun.start - self._pad, self._blocks[0].start), reach)
        audio, caller = self._audio(party, span), party == "caller"
        # Views of short pieces would be quicker still, but they scatter: two more cues in a calm call of four minutes.
        return [Request(party, span, audio, now, final=False, want_words=not caller, want_voice=caller)]

    def _ask(self, party: Party, now: Samples) -> list[Request]:
        # A hard cut may already have asked for the beginning of the segment that ends only now.
        asked = self._asked[party]
        spans = [Span(max(s.start, asked), s.end) for s in self._segments[party] if s.end > asked]
        self._segments[party] = []
        self._begun[party] = None
        if not spans or sum(s.length for s in spans) < self._least:
            return []
        self._asked[party] = spans[-1].end
        span = Span(max(0, spans[0].start - self._pad), min(now, spans[-1].end + self._pad))
        span = Span(max(span.start, self._blocks[0].start), span.end)
        audio = self._audio(party, span)
        return [Request(party, span, audio, now, want_voice=party == "caller")]

    def _audio(self, party: Party, span: Span) -> Floats:
        row = PARTIES.index(party)
        pieces = [b.samples[row] for b in self._blocks if b.end > span.start and b.start < span.end]
        first = next(b.start for b in self._blocks if b.end > span.start)
        joined = np.concatenate(pieces)
        return np.ascontiguousarray(joined[span.start - first : span.end - first], dtype=np.float32)
