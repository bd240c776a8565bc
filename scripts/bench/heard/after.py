"""What a system hears when there is no clip, and right after: sounds that are no speech, and speech that follows them.

After music or silence a detector may be deaf for a while. Every start is a clip laid after 40 s of music (with a pause
of 3 s, and with none) or 10 s of silence; what counts is how long the voice talks before anybody hears it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.bench.corpora.arousal import Clip
from scripts.bench.heard.clips import alone, as_caller, load
from scripts.bench.heard.sounds import Maker, recorded, recorded_files, sounds
from scripts.bench.heard.truth import Truth
from scripts.bench.lines.frames import FRAME_S, FRAMES_PER_S, bridged, frames_of, runs
from scripts.bench.lines.heard import LINES, phone, send
from scripts.bench.lines.music import music
from scripts.bench.systems.speech import System, Told
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

PIECE_S = 120
MUSIC_S, PAUSE_S, SILENCE_S = 40.0, 3.0, 10.0
FIRST_S = 1.0
UTTERANCE_GAP_S, HOP_S = 0.49, 0.05


@dataclass(frozen=True, slots=True)
class Start:
    """One voice that begins. lost_s: until it is heard; first_second: the share heard of its first second.

    decided_s: until its utterance was known, from its true start; both are the clip's length where it is never heard.
    """

    lost_s: float
    first_second: float
    decided_s: float


def non_speech(data: Path, minutes: float, systems: dict[str, System]) -> dict[str, dict[str, float]]:
    """The share of each kind of sound that each system tells as speech, in the caller's leg."""
    found: dict[str, dict[str, float]] = {}
    for number, (kind, make) in enumerate(sounds(data).items()):
        rng = np.random.default_rng((number, 11))
        told_s = dict.fromkeys(systems, 0.0)
        whole_s = 0.0
        while whole_s < minutes * 60:
            size = round(min(PIECE_S, minutes * 60 - whole_s) * RATE_HZ)
            legs = as_caller(phone(make(size, rng)))
            whole_s += size / RATE_HZ
            for system, hear in systems.items():
                told_s[system] += sum(end - start for start, end in hear(legs).spans["caller"])
        found[kind] = {system: round(told / whole_s, 4) for system, told in told_s.items()}
        print(f"  {kind:<26}" + "".join(f"{found[kind][s]:>14.3f}" for s in systems), flush=True)
    return found


def starts(clips: Sequence[Clip], systems: dict[str, System]) -> dict[str, dict[str, list[Start]]]:
    """Every clip after everything that may come before it: what, then system, then the starts in order of clips."""
    found: dict[str, dict[str, list[Start]]] = {}
    for clip in clips:
        for before, legs, truth in _begun(clip):
            for system, hear in systems.items():
                found.setdefault(before, {}).setdefault(system, []).append(_start(hear(legs), truth))
    return found


def _begun(clip: Clip) -> Iterator[tuple[str, Floats, Truth]]:
    spoken, clip_truth = alone(*load(clip.path), before_s=0.0)
    kinds: dict[str, Maker] = {"synthetic": music}
    if recorded_files():
        kinds["recorded"] = recorded
    rng = np.random.default_rng((clip.seed, 5))
    voice = send(spoken, clip_truth.sure, LINES["-10 dBFS"], rng)
    pause = phone(rng.standard_normal(round(PAUSE_S * RATE_HZ)) * 1e-4)
    for kind, make in kinds.items():
        before = phone(make(round(MUSIC_S * RATE_HZ), rng))
        yield f"{kind} music, 3 s pause", *_joined((before, pause), voice, clip_truth)
        yield f"{kind} music, no pause", *_joined((before,), voice, clip_truth)
    silence = np.zeros(round(SILENCE_S * RATE_HZ), np.float32)
    yield "digital silence", *_joined((silence,), voice, clip_truth)
    noise = phone(rng.standard_normal(silence.size) * 1e-4)
    yield "line noise", *_joined((noise,), voice, clip_truth)
    yield "nothing", *_joined((silence[: RATE_HZ // 2],), voice, clip_truth)


def _joined(before: Sequence[Floats], voice: Floats, truth: Truth) -> tuple[Floats, Truth]:
    leg = np.concatenate((*before, voice))
    return as_caller(leg), truth.padded(sum(piece.size for piece in before) / RATE_HZ, 0.0)


def _start(told: Told, truth: Truth) -> Start:
    begins = int(np.flatnonzero(truth.sure)[0])
    begins_s, ends_s = begins * FRAME_S, truth.sure.size * FRAME_S
    heard = frames_of(told.spans["caller"], truth.sure.size)
    reached = np.flatnonzero(heard[begins:] & truth.sure[begins:])
    first = truth.sure.copy()
    first[begins + round(FIRST_S * FRAMES_PER_S) :] = False
    # What was known before the voice begins counts only if that utterance reaches into the voice.
    talked = bridged(heard, UTTERANCE_GAP_S, 0.0)
    from_s = next((a * FRAME_S for a, b in runs(talked) if b > begins), ends_s)
    known = [
        decided_s for start_s, decided_s in told.onsets["caller"] if start_s >= from_s - HOP_S and decided_s <= ends_s
    ]
    return Start(
        lost_s=round(float(reached[0]) * FRAME_S if reached.size else ends_s - begins_s, 3),
        first_second=round(float((heard & first).sum() / first.sum()), 3),
        decided_s=round(max(0.0, min(known) - begins_s) if known else ends_s - begins_s, 3),
    )
