"""Which sound of a live call may be kept: what was heard, and of which all that must not be kept is known."""

from __future__ import annotations

from voicecare.config import WordsConfig
from voicecare.ports import Lane
from voicecare.speech.redaction import exchange, redaction
from voicecare.speech.redaction.redaction import MUTE_GAP_S, MUTE_MARGIN_S
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, Delivery, Heard, Party, Request

PATIENCE_S = exchange.PATIENCE_S + redaction.PATIENCE_S
"""A stretch whose words have not come after this long is silenced: its recogniser failed, fell behind or gave up. What
redaction holds back because more of a number may come is told before."""
REACH_S = 4.0
"""How much further back than the longest request an utterance may reach: its padding, and what its end takes to be
decided (`Endpointing.keep`)."""


class Clearing:
    """A lane beside which it is known of which speech the words were asked for and have not been told.

    Sound is clear once every utterance it belongs to was told, redacted; and what lies shortly before a hidden stretch
    only with that stretch, because more of a number may have been said there.
    """

    def __init__(self, lane: Lane, config: WordsConfig) -> None:
        self.name = lane.name
        self._lane = lane
        self._open: dict[Party, list[Span]] = {party: [] for party in PARTIES}
        self._begun: dict[Party, Samples] = {}  # where an utterance begins of which only a part was told
        self._unasked = samples(config.max_request_s + 4 * config.pad_s + REACH_S)
        self._margin = samples(MUTE_GAP_S + 2 * MUTE_MARGIN_S)

    def submit(self, request: Request) -> None:
        """Pass a request on."""
        if request.final and request.want_words:
            self._open[request.channel].append(request.span)
        self._lane.submit(request)

    def due(self, now: Samples) -> list[Delivery]:
        """Pass on what is told."""
        return self._told(self._lane.due(now))

    def close(self, now: Samples) -> list[Delivery]:
        """Pass on what is left."""
        return self._told(self._lane.close(now))

    def abandon(self) -> None:
        """Drop what waits."""
        self._lane.abandon()

    @property
    def pending(self) -> Samples | None:
        """Where the oldest utterance begins whose words were not told, or not all; None where there is none."""
        starts = [span.start for spans in self._open.values() for span in spans]
        return min([*starts, *self._begun.values()], default=None)

    def clear(self, now: Samples) -> Samples:
        """Up to where sound may be kept at audio time `now`, while the call goes on."""
        oldest = min((span.start for spans in self._open.values() for span in spans), default=now)
        return min(now - self._unasked, oldest) - self._margin

    def given_up(self, before: Samples) -> list[tuple[Party, Span]]:
        """The stretches that ended before `before` and were not told; they are not waited for any longer."""
        gone = [(party, span) for party, spans in self._open.items() for span in spans if span.end < before]
        for party, span in gone:
            self._open[party].remove(span)
        return gone

    def _told(self, deliveries: list[Delivery]) -> list[Delivery]:
        for told in deliveries:
            if isinstance(told, Heard) and not told.final and told.words:
                self._begun.setdefault(told.channel, told.span.start)
            elif isinstance(told, Heard) and told.final:
                self._begun.pop(told.channel, None)
                self._open[told.channel] = [
                    rest for span in self._open[told.channel] for rest in _without(span, told.span)
                ]
        return deliveries


def _without(span: Span, told: Span) -> list[Span]:
    """What is left of a stretch; the beginning of an utterance may be told before its rest."""
    parts = (
        Span(span.start, max(span.start, min(span.end, told.start))),
        Span(min(span.end, max(span.start, told.end)), span.end),
    )
    return [part for part in parts if part.length]
