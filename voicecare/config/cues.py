"""Settings of the cues: from what strain, with what signs, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from voicecare.config.bounds import Count, Polarity, Ratio, Score, Seconds, Share

Sensitivity: TypeAlias = Literal["low", "normal", "high"]
SENSITIVITIES: tuple[Sensitivity, ...] = get_args(Sensitivity)


@dataclass(frozen=True, slots=True)
class CueConfig:
    """When a cue may show."""

    high: Share = 0.62
    """Strain at or above this is high; `with_sensitivity` moves it. `SENSITIVITY_HIGH` says what each level costs."""
    low: Share = 0.5
    """Strain at or below this has eased; an ordinary caller's strain lies at .3, nine tenths of the time below .54."""
    sustained_s: Seconds = 0.3
    """Strain must stay high for this much caller speech where words or voice are signs of distress, too; the estimate
    itself already rests on some 4 s ..."""
    unsure_s: Seconds = 1.0
    """... without a sign of distress beside arousal, nor one of joy (.5 s: half a second sooner, 4 false cues of joyful
    callers for 2; 2 s: a second later) ..."""
    unread_s: Seconds = 2.0
    """... while the words of this very stretch are not known yet, where words are (joyful callers of built calls: 2
    false cues, 4 without; plateau 1.5 to 4; from 3 on one in 18 fearful callers is lost) ..."""
    neutral_s: Seconds = 3.0
    """... where they are known and speak neither of trouble nor of joy (.2 s later for angry callers than 1 s) ..."""
    pleased_s: Seconds = 4.0
    """... with one sign of joy, such as a voice that sounds pleased, or thanks (joyful callers without words: 5 false
    cues in 1.2 h at 4 s and at 3, 10 at 2, 16 with no such rule; other seeds: 5 in .6 h at 3 s) ..."""
    strange_s: Seconds = 6.0
    """... where neither words nor voice are signs of distress and this caller's own calm is not known: callers in
    general stand in for it, and a lively one passes for upset (4 s: one cue in .6 h of ordinary speech, 6 none) ..."""
    joyful_s: Seconds = 10.0
    """... with two; three that agree (the words, twice, and the voice) keep the cue away."""
    signs_s: Seconds = 15.0
    """Words are signs for this much caller speech: some three utterances."""
    joyful_at: Polarity = 0.5
    """Sentiment at or above this is a sign of joy."""
    trouble_at: Polarity = -0.6
    """One utterance with sentiment at or below this is a sign of distress; two do from `negative_at` on."""
    negative_at: Polarity = -0.2
    stirred: Share = 0.45
    """Words of trouble in two utterances ask for an acknowledgement from this strain on (28 of 30 angry callers of
    built calls, 27 from `low` on)."""
    tone_pleased: Score = 0.5
    """A voice that leans this far (`Arousal.tone`) sounds pleased (at 0 no fewer false cues, anger later) ..."""
    tone_tense: Score = -0.5
    """... or tense."""
    rising_per_10s: Score = 0.6
    """A rise this steep counts as high before the level is reached; gentler slopes are a calm caller's wandering."""
    negative_utterances: Count = 2
    pace_ratio: Ratio = 1.25
    yield_s: Seconds = 1.0
    """Floor the agent must leave to the caller to clear `slow_down`."""
    min_gap_s: Seconds = 45.0
    max_per_call: Count = 6
    """Cues at hand when a call begins, and the most that may be spent at once ..."""
    refill_s: Seconds = 600.0
    """... and after how much of the call one of them comes back; 0 never. A call of up to ten minutes has six; of two
    hours, eighteen: without it an unlucky ten minutes would leave the rest of a long call without a word."""
    hold_s: Seconds = 1.5
    """How long a cue may wait for the agent to finish a word."""
    expire_s: Seconds = 30.0
    """Long enough for the agent to finish a sentence of acknowledgement and for its words to be heard."""
    remember_s: Seconds = 90.0
    """How long an interruption that raised no cue may still be named in the reasons of the next one."""
    well_held: bool = True
    shadow: bool = False


SENSITIVITY_HIGH: dict[Sensitivity, float] = {"low": 0.72, "normal": 0.62, "high": 0.56}
"""The strain that raises a cue at each sensitivity: three points of one curve (scripts/bench/cues.py).

Prosody alone, 27 heated callers of built calls (models/arousal.md): low notices 24 of them after 5.2 s of their speech,
normal 26 after 4.8 s, high 26 after 4.4 s. With no sign asked for beside arousal 7.2 h of calm speech raised no cue at
.66 and 2 at .60; asking for signs can only take some away.
"""
