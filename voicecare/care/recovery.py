"""Tells whether a caller who was worked up was calm again before the call ended, and whether the call was hard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicecare.care.seen import CallSeen
from voicecare.config import SENSITIVITY_HIGH

STAY_S = 30.0
"""Back in the usual band for so long before the end of the call: what a recovery is (the specification of care)."""
LAG_S = 12.0
"""How long the estimate keeps a voice up that has come down: it is smoothed over 6 to 10 s of caller speech, and
callers speak half of the time. Taken off when the length of the calm end is asked (plateau 0 to 20)."""
LASTED_S = 4.0
"""Strain must have been high for so long, in seconds of call; less is a word said loudly."""
STEP_S = 6.0
"""An estimate speaks for the call until the next one, at most for this long: in longer pauses nothing is known."""
HARD_S = 60.0
"""A call is hard from so much strain above the threshold, in seconds of call (the specification of care) ..."""
TOP = max(SENSITIVITY_HIGH.values())
"""... or from a peak that is high at any sensitivity, and that did not recover."""
NEAR_S = 10.0
"""A cue asks for what was heard shortly before."""
ABOUT_S = 30.0
"""A cue that rests on words, too, may come with strain that is up but not high: where it is so within this long."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """One caller's way back: when strain was first high, and when it had eased for good, in seconds of the call."""

    rose_s: float
    eased_s: float
    calm_s: float


def recovery(call: CallSeen) -> Recovery | None:
    """Find the recovery of a call, or None where strain was never up, or had not eased before the end."""
    risen = _risen(call)
    if risen is None:
        return None
    rose_s, up = risen
    last_up = max(e.at_s for e in call.strain if e.value >= up)
    eased_s = next((e.at_s for e in call.strain if e.at_s > last_up and e.value <= call.low), None)
    if eased_s is None:
        return None
    after = [e for e in call.strain if e.at_s >= eased_s]
    calm_s = call.length_s - eased_s + LAG_S
    if calm_s < STAY_S or after[-1].value > call.low:
        return None
    return Recovery(rose_s, eased_s, call.length_s - eased_s)


def _risen(call: CallSeen) -> tuple[float, float] | None:
    """When strain rose, and the strain from which it was up; None where it did not.

    A merry voice rises, too: so a cue must have asked for an acknowledgement, and no friendly words spoken against it.
    """
    asked_s = [cue.at_s for cue in call.cues if cue.about == "strain" and not cue.friendly]
    high = next((at_s for at_s, lasted_s in _spells(call) if lasted_s >= LASTED_S), None)
    if high is not None and any(at_s >= high - NEAR_S for at_s in asked_s):
        return high, call.high
    up_s = (one.at_s for one in call.strain if one.value >= call.low)
    up = next((at_s for at_s in up_s if any(abs(at_s - asked) <= ABOUT_S for asked in asked_s)), None)
    return None if up is None else (up, call.low)


def strained_s(call: CallSeen) -> float:
    """How long the caller's strain was high, in seconds of the call."""
    return sum(
        min(STEP_S, after - estimate.at_s)
        for estimate, after in zip(call.strain, _next(call), strict=True)
        if estimate.value >= call.high
    )


def is_hard(call: CallSeen) -> bool:
    """Whether a call was a hard one: long strain, or a very high one that stayed; and not a merry caller's."""
    if not any(cue.about == "strain" and not cue.friendly for cue in call.cues):
        return False
    if strained_s(call) >= HARD_S:
        return True
    peak = max((estimate.value for estimate in call.strain), default=0.0)
    return peak >= TOP and recovery(call) is None


def _spells(call: CallSeen) -> Iterator[tuple[float, float]]:
    """Each spell from high to eased: when it began, and for how long strain was high within it."""
    began: float | None = None
    lasted_s = 0.0
    for estimate, after in zip(call.strain, _next(call), strict=True):
        if estimate.value >= call.high:
            began = estimate.at_s if began is None else began
            lasted_s += min(STEP_S, after - estimate.at_s)
        elif estimate.value <= call.low and began is not None:
            yield began, lasted_s
            began, lasted_s = None, 0.0
    if began is not None:
        yield began, lasted_s


def _next(call: CallSeen) -> Sequence[float]:
    """When each estimate is followed by another, or the end of the call."""
    return [*(estimate.at_s for estimate in call.strain[1:]), call.length_s][: len(call.strain)]
