"""Notices that the channels may be the wrong way round: the "caller" opens the call as an agent does."""

from __future__ import annotations

from collections import Counter

from voicecare.speech.words.phrasebook import ListKind, PhraseBook
from voicecare.types import Health, Heard, Party

GREETING: tuple[ListKind, ...] = ("greeting",)
CALLING: tuple[ListKind, ...] = ("request", "trouble")
"""What whoever takes the call says, and what whoever makes it says."""


class Sides:
    """Says once a call (`swapped_legs`) that the words fit the other way round better.

    An utterance counts once for each of the two. It takes a greeting, an offer of help or a closing on the caller's leg
    and none on the agent's, and beside it either a second one, or a complaint or a reason for calling by the "agent".
    A call in which the agent is the one who rings a company is told so, too: it is a suspicion, never a correction.
    A language without a phrase list says nothing.
    """

    def __init__(self, phrases: PhraseBook) -> None:
        self._phrases = phrases
        self._greets: Counter[Party] = Counter()
        self._calls: Counter[Party] = Counter()
        self._told = False

    def push(self, heard: Heard) -> list[Health]:
        """Take a hearing; one of an utterance that goes on says nothing."""
        phrases = self._phrases.of(heard.language)
        if self._told or phrases is None or not heard.final or not heard.text:
            return []
        normal = phrases.normal(list(heard.text) if phrases.joined else heard.text.split())
        self._greets[heard.channel] += any(phrases.find(kind, normal) for kind in GREETING)
        self._calls[heard.channel] += any(phrases.find(kind, normal) for kind in CALLING)
        greets = self._greets["caller"]
        if not greets or self._greets["agent"]:
            return []
        calls = self._calls["agent"] > self._calls["caller"]
        if greets < 2 and not calls:
            return []
        self._told = True
        return [Health(heard.arrived, "swapped_legs", 1)]
