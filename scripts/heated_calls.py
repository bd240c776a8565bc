"""Calls with a known heated stretch, or none: labelled clips laid out as two-party calls and sent through phone lines.

In the manner of data/heated: agent and caller take turns of one to three clips; a calm caller only says calm clips, a
heated one is angry for 30 to 50 s in the middle. What makes calm callers hard is added on purpose: steps of level,
gain control, noise, a joyful clip now and then, other codecs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import phone_line
from arousal_corpora import CALM, Clip
from phone_line import RATE_HZ, Floats

Party = Literal["agent", "caller"]
HEAT_S = (30.0, 50.0)
JOYFUL_SHARE = 0.04
"""How many of a calm caller's clips are joyful (a laugh, a thank-you), never two in a row."""


@dataclass(frozen=True, slots=True)
class Built:
    """A call: samples float32 (2, n) at 16 kHz, row 0 the agent; truth as in data/heated."""

    samples: Floats
    truth: dict[str, object]


def build(clips: list[Clip], seed: int, *, heated: bool, length_s: float = 150.0, codec: phone_line.Codec | None = None) -> Built:
    """Build one call from two different speakers of one corpus; the same seed gives the same call."""
    rng = np.random.default_rng(seed)
    caller, agent = rng.choice(sorted({clip.speaker for clip in clips}), 2, replace=False)
    heat = _heat(rng, length_s) if heated else None
    legs = {"agent": np.zeros(int(length_s * RATE_HZ), np.float32), "caller": np.zeros(int(length_s * RATE_HZ), np.float32)}
    said: dict[Party, list[Clip]] = {
        "agent": [c for c in clips if c.speaker == agent and c.emotion in CALM],
        "caller": [c for c in clips if c.speaker == caller and c.emotion in CALM],
    }
    angry = [c for c in clips if c.speaker == caller and c.emotion == "anger"]
    joyful = [c for c in clips if c.speaker == caller and c.emotion == "happiness"]
    segments: list[dict[str, object]] = []
    at_s, party, was_joy = 1.0, "agent", True
    while True:
        for _ in range(int(rng.integers(1, 4))):
            hot = party == "caller" and heat is not None and heat[0] <= at_s < heat[1]
            joy = party == "caller" and not heated and not was_joy and joyful and rng.random() < JOYFUL_SHARE
            was_joy = bool(joy)
            clip = rng.choice(angry if hot else joyful if joy else said[party])  # type: ignore[arg-type]
            audio = clip.speech()
            start = int(at_s * RATE_HZ)
            if start + audio.size > legs["agent"].size:
                return _sent(legs, segments, heat, str(caller), heated, rng, codec)
            legs[party][start : start + audio.size] += audio * (0.1 / phone_line.rms(audio))
            segments.append({"channel": party, "start": round(at_s, 3), "end": round(at_s + audio.size / RATE_HZ, 3), "emotion": clip.emotion})
            at_s += audio.size / RATE_HZ + rng.uniform(0.15, 0.45)
        at_s += rng.uniform(-0.3, 0.8)
        party = "caller" if party == "agent" else "agent"


def _heat(rng: np.random.Generator, length_s: float) -> tuple[float, float]:
    start = float(rng.uniform(0.33, 0.42) * length_s)
    return start, start + float(rng.uniform(*HEAT_S))


def _sent(legs, segments, heat, caller, heated, rng, codec):  # noqa: ANN001, ANN202
    caller_leg = legs["caller"]
    step_at = None
    if not heated and rng.random() < 0.4:
        step_at = float(rng.uniform(0.3, 0.8) * caller_leg.size / RATE_HZ)
        caller_leg[int(step_at * RATE_HZ) :] *= 10 ** (rng.choice([-8.0, 8.0]) / 20)
    line = phone_line.draw(rng, codec)
    sent = np.stack([phone_line.send_call(legs["agent"], phone_line.draw(rng, "mulaw"), rng), phone_line.send_call(caller_leg, line, rng)])
    spoken = [s for s in segments if s["channel"] == "caller"]
    spans = []
    if heat is not None:
        hot = [s for s in spoken if s["emotion"] == "anger"]
        spans = [[hot[0]["start"], hot[-1]["end"]]] if hot else []
    truth = {"caller": caller, "kind": "heated" if heated else "calm", "agc": line.agc, "snr_db": line.snr_db, "codec": line.codec, "gain_step_at": step_at, "aroused": spans, "segments": segments}
    return Built(sent, truth)
