"""Good files of every kind that voicecare reads: what mutations start from."""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, cast, get_args

import numpy as np

from voicecare.config import Config
from voicecare.config.settings import to_toml
from voicecare.report.elan import eaf
from voicecare.report.textgrid import textgrid
from voicecare.session import Header, Session, SessionWriter
from voicecare.timebase import Span, samples
from voicecare.types import Arousal, Cue, Event, Health, Heard, Party, Phrase, Reason, Segment, TurnEvent, Word

Family: TypeAlias = Literal["audio", "textgrid", "eaf", "toml", "session", "names"]
FAMILIES: tuple[Family, ...] = get_args(Family)
LENGTH_S = 0.6
"""Long enough for several blocks and frames of every coding, short enough for thousands."""
SOUNDFILE = (
    ("WAV", "PCM_16"),
    ("WAV", "PCM_U8"),
    ("WAV", "ULAW"),
    ("WAV", "FLOAT"),
    ("WAV", "IMA_ADPCM"),
    ("RF64", "PCM_16"),
    ("W64", "PCM_16"),
    ("AIFF", "PCM_16"),
    ("AU", "ALAW"),
    ("CAF", "ALAC_16"),
    ("CAF", "PCM_16"),
    ("FLAC", "PCM_16"),
    ("OGG", "VORBIS"),
    ("OGG", "OPUS"),
    ("MP3", "MPEG_LAYER_III"),
)
AV = (("mp4", "aac"), ("matroska", "aac"), ("webm", "libopus"), ("wav", "pcm_mulaw"), ("asf", "wmav2"), ("adts", "aac"))


@cache
def seeds(family: Family) -> tuple[bytes, ...]:
    """Good files of one kind; of "names", a good session."""
    if family == "audio":
        return (*_by_soundfile(), *_by_av())
    if family == "textgrid":
        return (textgrid(call()).encode(), textgrid(call()).encode("utf-16"))
    if family == "eaf":
        return (eaf(call()).encode(),)
    if family == "toml":
        return (to_toml(Config()).encode(), b"[cues]\nmin_gap_s = 10\nwell_held = false\n")
    return (session_bytes(),)


@cache
def session_bytes() -> bytes:
    """The call as a session on disk."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "call.jsonl"
        told = call()
        with SessionWriter(path, told.header) as writer:
            for event in told.events:
                writer.write(event)
            writer.end(told.end, complete=True)
        return path.read_bytes()


@cache
def call() -> Session:
    """A short heated call with every type of event."""
    lines: list[tuple[Party, float, float, str]] = [
        ("agent", 0.5, 4.0, "Thank you for calling, how can I help you?"),
        ("caller", 4.5, 12.0, "I have been waiting for an hour and nobody came"),
        ("agent", 10.5, 14.0, "I am sorry to hear that"),
        ("caller", 15.0, 18.0, "thank you"),
    ]
    events: list[Event] = []
    for who, start_s, end_s, text in lines:
        span = Span(samples(start_s), samples(end_s))
        words = tuple(Word(word, span, 0.9) for word in text.split())
        voice = (0.2, -0.3) if who == "caller" else None
        events.append(Segment(who, span, span.end))
        events.append(Heard(who, span, text, words, "en", 0.8, voice, final=True, arrived=span.end))
    high = Reason("strain_high", (samples(8.0),), 0.8, "words")
    span = Span(samples(10.5), samples(12.0))
    events += [Arousal(samples(s), Span(0, samples(s)), 0.1 * s % 1, 0.8, 0.1, (high,)) for s in (5.0, 6.0, 8.0, 11.0)]
    events += [
        TurnEvent(1, "interruption", "agent", span, samples(11.5), "taken"),
        TurnEvent(2, "talk_over", "agent", span, samples(12.0)),
        Phrase("agent", "apology", samples(14.5), span, "I am sorry"),
        Cue(1, "slow_down", samples(11.6), (high,), samples(40.0), samples(15.0), "heeded"),
        Health(samples(16.0), "gap", samples(0.5), "lost"),
        Health(samples(20.0), "silent_leg", samples(3.0), "the caller's channel holds no sound"),
    ]
    header = Header(
        "0.1.0", "replay", ("call.wav",), 8_000, "right", "both", "tiny.en", {"a": "b"}, {"cues": {"high": 0.6}}
    )
    return Session(header, tuple(events), samples(20.0), complete=True)


def _sound(rate_hz: int) -> np.ndarray:
    draw = np.random.default_rng(7)
    return draw.normal(0.0, 0.05, (round(LENGTH_S * rate_hz), 2)).astype(np.float32)


def _by_soundfile() -> list[bytes]:
    import soundfile

    made = []
    for container, coding in SOUNDFILE:
        rate_hz = 48_000 if coding == "OPUS" else 16_000 if "MPEG" in coding else 8_000
        out = io.BytesIO()
        soundfile.write(out, _sound(rate_hz), rate_hz, format=container, subtype=coding)
        made.append(out.getvalue())
    return made


def _by_av() -> list[bytes]:
    import av

    made = []
    for container, coding in AV:
        rate_hz = 8_000 if coding.startswith("pcm") else 48_000
        out = io.BytesIO()
        with av.open(out, "w", format=container) as target:
            target.metadata["title"] = "call"
            stream = cast("av.AudioStream", target.add_stream(coding, rate=rate_hz, layout="stereo"))
            stream.bit_rate = 64_000
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(_sound(rate_hz).T), format="fltp", layout="stereo")
            frame.sample_rate = rate_hz
            target.mux(stream.encode(frame))
            target.mux(stream.encode(None))
        made.append(out.getvalue())
    return made
