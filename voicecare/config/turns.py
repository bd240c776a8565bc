"""Settings of turn-taking: what counts as an interruption, a reply, a silence."""

from __future__ import annotations

from dataclasses import dataclass

from voicecare.config.bounds import Seconds


@dataclass(frozen=True, slots=True)
class TurnConfig:
    """Turn-taking; definitions are fixed by docs/events.md, numbers from conversation analysis (notes of the field)."""

    merge_gap_s: Seconds = 0.5
    """Silences shorter than this stay inside an utterance (the scoring convention of the project)."""
    dual_start_s: Seconds = 0.25
    """Both began at once: human reaction time is about 0.2 s (Heldner & Edlund 2010)."""
    backchannel_s: Seconds = 1.0
    """Longest backchannel by sound alone (VAP: segments of at most 1 s; PriMock57: median 0.74 s)."""
    length_error_s: Seconds = 0.015
    """A length is measured to within this: only what outlasts `backchannel_s` by more is surely no backchannel. On the
    semi-real calls stretches of .8 to 1.3 s measure within .015 s. With .04 two interruptions in a hundred of the built
    calls, 1.02 and 1.03 s long, were taken for backchannels."""
    start_error_s: Seconds = 0.01
    """A start is measured to within a frame of sound, 10 ms: only who surely held the floor for `held_floor_s` was
    interrupted. Of eleven false ones in sixteen hours of agreeable talk five were dual starts a second apart."""
    backchannel_words_s: Seconds = 1.5
    """Longest backchannel where every word is an acknowledgement."""
    early_reply_s: Seconds = 0.5
    """A start in the last half second of the other's utterance is eager, not rude (1,205 of 1,846 in PriMock57)."""
    held_floor_s: Seconds = 1.0
    """How long one must have spoken to be interrupted."""
    talk_over_s: Seconds = 1.0
    long_silence_s: Seconds = 5.0
    monologue_s: Seconds = 60.0
