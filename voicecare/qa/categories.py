"""What happened in a call, as named categories with their moments: for forms that answer themselves and for exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Stretch = tuple[float, float]

CATEGORIES = (
    "AgentInterrupted",
    "CallerInterrupted",
    "TalkOver",
    "LongSilence",
    "StrainRose",
    "RiseAcknowledged",
    "RiseUnacknowledged",
    "RiseUnresolved",
    "RiseRecovered",
    "AgentAcknowledged",
    "AgentApologised",
    "AgentThanked",
    "CallerThanked",
)
"""Every category there is. They tell what was done and said; none tells how the agent felt."""
_PHRASES = {
    ("agent", "acknowledgement"): "AgentAcknowledged",
    ("agent", "apology"): "AgentApologised",
    ("agent", "thanks"): "AgentThanked",
    ("caller", "gratitude"): "CallerThanked",
}
_TURNS = {"talk_over": "TalkOver", "long_silence": "LongSilence"}


def categories(document: Mapping[str, Any]) -> dict[str, list[Stretch]]:
    """The categories that occur in a call, from its document, each with its stretches in seconds."""
    found: dict[str, list[Stretch]] = {}

    def add(name: str, start_s: float, end_s: float) -> None:
        found.setdefault(name, []).append((start_s, end_s))

    for event in document["events"]:
        if event["type"] == "turn" and event["kind"] == "interruption" and event["by"]:
            add("AgentInterrupted" if event["by"] == "agent" else "CallerInterrupted", event["start_s"], event["end_s"])
        elif event["type"] == "turn" and event["kind"] in _TURNS:
            add(_TURNS[event["kind"]], event["start_s"], event["end_s"])
        elif event["type"] == "phrase" and (event["channel"], event["kind"]) in _PHRASES:
            add(_PHRASES[event["channel"], event["kind"]], event["start_s"], event["end_s"])
    end_s = document["call"]["duration_s"]
    for rise in document["summary"]["strain"]["rises"] or ():
        until_s = end_s if rise["eased_s"] is None else rise["eased_s"]
        add("StrainRose", rise["rose_s"], until_s)
        add("RiseUnacknowledged" if rise["acknowledged_s"] is None else "RiseAcknowledged", rise["rose_s"], until_s)
        if rise["eased_s"] is None:
            add("RiseUnresolved", rise["rose_s"], end_s)
        if rise["eased_after_s"] is not None:
            add("RiseRecovered", rise["eased_after_s"], until_s)
    return found
