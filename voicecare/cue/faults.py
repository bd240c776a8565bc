"""What is wrong with the hearing of this call and what is only worth knowing, kept from news to news."""

from __future__ import annotations

from voicecare.catalogue.catalogue import Catalogue
from voicecare.catalogue.terminal import one_line
from voicecare.types import Health

LONGEST_NAME = 40
"""Of a device, in letters: names come from outside, and a small window has to hold them."""
ADVICE = (
    "swapped_legs",
    "cue_limit",
    "leak",
    "quiet_leg",
    "noisy_leg",
    "no_words",
    "not_understood",
    "language",
    "no_sentiment",
    "no_phrases",
    "no_redaction_rules",
    "not_kept",
    "began_anew",
    "whole_output",
)
"""What is told beside "listening", for those who ask."""
_NO_FAULT = ("caller_silent", *ADVICE)
_AT_REST = ("agent_server_gone", "caller_server_gone", "stage_failed")
"""What is wrong although no call runs: the next one would not be noticed. A silent microphone is closed, not broken."""
_BY_KIND = ("leak", "quiet_leg", "noisy_leg", "not_understood", "swapped_legs", "cue_limit", "whole_output")
_BY_LANGUAGE = ("language", "no_sentiment", "no_phrases", "no_redaction_rules")


class Faults:
    """Follows the news of voicecare itself."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: dict[str, Health] = {}

    def push(self, event: Health) -> None:
        """Take news; those that change nothing on screen are let go."""
        if event.kind == "stage_failed":  # its note is a word to say, or names the part that failed
            self._known[event.note if event.note in ADVICE else event.kind] = event
        elif event.kind in ("not_listening", "silent_leg"):
            self._known[event.note or event.kind] = event
        elif event.kind == "listening":
            self._known.pop(event.note, None)
        elif event.kind in _BY_KIND or event.kind in _BY_LANGUAGE:
            self._known[event.kind] = event

    def forget(self, *codes: str) -> None:
        """These are over; without a code, all are."""
        for code in codes or tuple(self._known):
            self._known.pop(code, None)

    @property
    def caller_silent(self) -> bool:
        """Whether nothing has come of the caller for a while."""
        return "caller_silent" in self._known

    def deafness(self) -> str | None:
        """Why nobody listens to the call, in words; a silent caller is no fault, a leak is advice."""
        return next((self._say(code) for code in self._known if code not in _NO_FAULT), None)

    def at_rest(self) -> str | None:
        """Why the next call would not be heard, in words."""
        return next((self._say(code) for code in self._known if code in _AT_REST), None)

    def advice(self) -> tuple[str, ...]:
        """What is worth knowing, in words."""
        return tuple(self._say(code) for code in ADVICE if code in self._known)

    def _say(self, code: str) -> str:
        event = self._known[code]
        names = {name: one_line(str(value))[:LONGEST_NAME] for name, value in event.details.items()}
        names["language"] = self._catalogue.language_name(event.note)
        return self._catalogue.say("live", code, **names)
