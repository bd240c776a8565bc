"""LocalAgreement: of an utterance still going on, only the words two hearings in a row agree on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from voicecare.types import PARTIES, Heard, Party, Word


class Agreement:
    """Turns partial hearings into what can be believed of them (LocalAgreement-2, Liu et al. 2020, Macháček 2023).

    Each partial hearing covers the utterance from its start to now. Words that the last two hearings begin with alike
    are agreed, and stay so until the utterance is over. The final hearing passes as it is: it heard everything.
    """

    def __init__(self) -> None:
        self._before: dict[Party, Heard | None] = dict.fromkeys(PARTIES)
        self._agreed: dict[Party, tuple[Word, ...]] = dict.fromkeys(PARTIES, ())

    def push(self, heard: Heard) -> Heard:
        """Return the hearing cut down to the agreed words; a final one unchanged.

        A hearing that starts elsewhere is of another utterance and begins anew. The text may be empty.
        """
        party = heard.channel
        before = self._before[party]
        if before is None or heard.final or before.span.start != heard.span.start:
            self._before[party], self._agreed[party] = (None if heard.final else heard), ()
            return heard if heard.final else _cut(heard, ())
        known = self._agreed[party]
        agreed = (*known, *_alike(before.words[len(known) :], heard.words[len(known) :]))
        self._before[party], self._agreed[party] = heard, agreed
        return _cut(heard, agreed)


def _alike(before: Sequence[Word], now: Sequence[Word]) -> list[Word]:
    """The words both begin with, as the later hearing has them; case and punctuation do not count."""
    agreed: list[Word] = []
    for old, new in zip(before, now, strict=False):
        if _plain(old.text) != _plain(new.text):
            break
        agreed.append(new)
    return agreed


def _cut(heard: Heard, words: tuple[Word, ...]) -> Heard:
    return dataclasses.replace(heard, text=" ".join(word.text for word in words), words=words)


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
