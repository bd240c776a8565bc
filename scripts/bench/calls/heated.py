"""Calls with a known heated stretch, or none: labelled clips laid out as two-party calls and sent through phone lines.

In the manner of data/heated: agent and caller take turns of one to three clips; a calm caller only says calm clips, a
heated one is angry (or afraid) for 30 to 50 s in the middle, an elated one joyful for as long. What makes calm callers
hard is added on purpose: steps of level, gain control, noise, a joyful clip now and then, other codecs.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from scripts.bench.calls.call import Call, CallBuilder
from scripts.bench.corpora.arousal import CALM, Clip
from scripts.bench.lines import phone
from scripts.bench.lines.codecs import Codec
from scripts.bench.lines.levels import amplitude, rms
from voicecare.timebase import RATE_HZ
from voicecare.types import Party

Feeling = Literal["anger", "fear", "happiness"]
"""What a caller whose voice rises in mid-call is filled with; the corpora's own names."""
SPEECH_RMS = 0.1
HEAT_S = (30.0, 50.0)
STEP_CALLS, STEPS_DB = 0.4, (-8.0, 8.0)
"""How many calm callers' level steps in mid-call, and by how much."""
JOYFUL_CALLS, JOYFUL_SHARE = 1 / 4, 0.08
"""How many calm callers are joyful now and then, and how many of their clips are, never two in a row."""


def build(
    clips: list[Clip],
    seed: int,
    *,
    heated: bool,
    length_s: float = 150.0,
    codec: Codec | None = None,
    feeling: Feeling = "anger",
    joyful: bool | None = None,
) -> Call:
    """Build one call from two different speakers of one corpus; the same seed gives the same call.

    feeling: of a heated caller; happiness makes an elated one, in whose call nothing is to be noticed. joyful: whether
    a caller who is not heated is joyful now and then; None leaves it to the seed.
    """
    rng = np.random.default_rng(seed)
    caller, agent = rng.choice(sorted({clip.speaker for clip in clips}), 2, replace=False)
    heat = _heat(rng, length_s) if heated else None
    if heated:
        kind = {"anger": "heated", "fear": "fearful", "happiness": "elated"}[feeling]
    else:
        drawn = rng.random() < JOYFUL_CALLS
        kind = "joyful" if (drawn if joyful is None else joyful) else "calm"
    call = CallBuilder(int(length_s * RATE_HZ))
    said: dict[Party, list[Clip]] = {
        "agent": [c for c in clips if c.speaker == agent and c.emotion in CALM],
        "caller": [c for c in clips if c.speaker == caller and c.emotion in CALM],
    }
    risen = [c for c in clips if c.speaker == caller and c.emotion == feeling]
    merry = [c for c in clips if c.speaker == caller and c.emotion == "happiness"]
    segments: list[dict[str, Any]] = []
    at_s, was_joy = 1.0, True
    party: Party = "agent"
    while True:
        for _ in range(int(rng.integers(1, 4))):
            hot = party == "caller" and heat is not None and heat[0] <= at_s < heat[1]
            joy = party == "caller" and kind == "joyful" and not was_joy and merry and rng.random() < JOYFUL_SHARE
            was_joy = bool(joy)
            choice = risen if hot else merry if joy else said[party]
            clip = choice[int(rng.integers(len(choice)))]
            audio = clip.speech()
            start = int(at_s * RATE_HZ)
            if not call.fits(start, audio.size):
                return _sent(call, {"caller": str(caller), "kind": kind}, segments, rng, codec)
            call.lay(party, start, np.asarray(audio * (SPEECH_RMS / rms(audio)), np.float32), [(0, audio.size)])
            end_s = at_s + audio.size / RATE_HZ
            segments.append(
                {"channel": party, "start": round(at_s, 3), "end": round(end_s, 3), "emotion": clip.emotion}
            )
            at_s = end_s + float(rng.uniform(0.15, 0.45))
        at_s += float(rng.uniform(-0.3, 0.8))
        party = "caller" if party == "agent" else "agent"


def _heat(rng: np.random.Generator, length_s: float) -> tuple[float, float]:
    start = float(rng.uniform(0.33, 0.42) * length_s)
    return start, start + float(rng.uniform(*HEAT_S))


def _sent(
    call: CallBuilder,
    who: dict[str, str],
    segments: list[dict[str, Any]],
    rng: np.random.Generator,
    codec: Codec | None,
) -> Call:
    """Step the level, send both legs through their lines and write down the truth."""
    step_at = None
    if who["kind"] in ("calm", "joyful") and rng.random() < STEP_CALLS:
        step_at = float(rng.uniform(0.3, 0.8) * call.length / RATE_HZ)
        call.leg("caller")[int(step_at * RATE_HZ) :] *= amplitude(float(rng.choice(STEPS_DB)))
    line = phone.draw(rng, codec)
    clean = call.call()
    sent = [
        phone.send_call(clean.legs[0], phone.draw(rng, "mulaw"), rng),
        phone.send_call(clean.legs[1], line, rng),
    ]
    hot = [s for s in segments if s["channel"] == "caller" and s["emotion"] in ("anger", "fear")]
    story = {
        **who,
        "codec": line.codec,
        "snr_db": line.snr_db,
        "agc": line.agc,
        "gain_step_at": step_at,
        "aroused": [[hot[0]["start"], hot[-1]["end"]]] if hot else [],
        "segments": segments,
    }
    return Call(np.stack(sent), clean.truth, story)
