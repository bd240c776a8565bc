"""How far a night is, in one line."""

from __future__ import annotations

from voicecare.catalogue.catalogue import Catalogue
from voicecare.qa.batch.night import Tally
from voicecare.timebase import clock, samples

SURE_S = 5.0
"""No time that is left is told before: the first calls also wait for the models."""


def line(tally: Tally, elapsed_s: float, catalogue: Catalogue) -> str:
    """Say it: "132 of 1,000, 11 × real time, 0:42 left, 3 failed"."""
    over = tally.before + tally.done + len(tally.failed)
    parts = [catalogue.say("batch", "so_far", over=f"{over:,}", calls=f"{max(tally.calls, over):,}")]
    if tally.done and elapsed_s > 0:
        parts.append(catalogue.say("batch", "speed", value=tally.heard_s / elapsed_s))
    if tally.done_bytes and elapsed_s >= SURE_S:
        left_s = elapsed_s * (tally.size_bytes - tally.done_bytes) / tally.done_bytes
        parts.append(catalogue.say("batch", "left", time=clock(samples(left_s))))
    if tally.failed:
        parts.append(catalogue.say("batch", "failed", count=len(tally.failed)))
    return catalogue.say("join", "comma").join(parts)
