"""What phone lines do to a call: noise, leak, level, gain control, codecs, lost packets, tones.

Each condition is one thing done on top of an ordinary G.711 line, so that a table of conditions shows what costs what.
Noise is measured against the level of speech, not of the whole leg.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import soxr

from scripts.bench.calls.timed import RATE_HZ, SPEECH_DBFS, Call, Floats, Voice
from scripts.bench.lines.line import code

LINE_HZ = 8_000
Noise: TypeAlias = Literal["none", "pink", "babble", "keyboard", "hum"]
Coding: TypeAlias = Literal["wide", "pcm", "mulaw", "alaw", "amr", "opus"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One kind of line.

    level_db: of speech, against -23 dBFS. leak_db: the other leg, 40 ms late, in this one; room_db: the caller's voice
    in the agent's leg only, from a loudspeaker through a room. loss: share of 20 ms packets.
    idle_dbfs: the line's own noise. tones_s: ring-back and hold music on the caller's leg before the call.
    """

    coding: Coding = "mulaw"
    level_db: float = 0.0
    noise: Noise = "none"
    snr_db: float = 60.0
    leak_db: float | None = None
    room_db: float | None = None
    loss: float = 0.0
    agc: bool = False
    suppression: bool = False
    idle_dbfs: float = -65.0
    tones_s: float = 0.0


CONDITIONS: dict[str, Condition] = {
    "wide": Condition("wide"),
    "clean": Condition("pcm"),
    "g711": Condition("mulaw"),
    "alaw": Condition("alaw"),
    "amr": Condition("amr"),
    "opus": Condition("opus"),
    "quiet-20dB": Condition(level_db=-20.0),
    "agc": Condition(agc=True, noise="pink", snr_db=25.0),
    "pink-15dB": Condition(noise="pink", snr_db=15.0),
    "pink-5dB": Condition(noise="pink", snr_db=5.0),
    "babble-15dB": Condition(noise="babble", snr_db=15.0),
    "keyboard-15dB": Condition(noise="keyboard", snr_db=15.0),
    "hum-15dB": Condition(noise="hum", snr_db=15.0),
    "leak-20dB": Condition(leak_db=-20.0),
    "leak-30dB": Condition(leak_db=-30.0),
    "room-20dB": Condition(room_db=-20.0),
    "room-10dB": Condition(room_db=-10.0),
    "loss-5%": Condition(loss=0.05),
    "suppressed": Condition(suppression=True, noise="pink", snr_db=25.0),
    "tones": Condition(tones_s=24.0),
}


def send(call: Call, condition: Condition, others: Sequence[Voice], rng: np.random.Generator) -> Call:
    """Send both legs through a condition; float32 at 8 kHz, or 16 kHz where the condition is wide.

    others: speakers who take no part, for babble. The truth moves only where tones come before the call.
    """
    before = round(condition.tones_s * RATE_HZ)
    legs = np.pad(call.legs, ((0, 0), (before, 0)))
    truth = {party: [(a + before, b + before) for a, b in spans] for party, spans in call.truth.items()}
    if before:
        legs[1, :before] += _tones(before)
    legs = np.stack([leg + _noise(leg.size, condition, others, rng) for leg in legs])
    if condition.suppression:
        legs = np.stack([_suppressed(leg) for leg in legs])
    if condition.agc:
        legs = np.stack([_agc(leg) for leg in legs])
    legs *= 10 ** (condition.level_db / 20)
    if condition.leak_db is not None:
        late = np.pad(legs, ((0, 0), (RATE_HZ // 25, 0)))[::-1, : legs.shape[1]]
        legs = legs + late * 10 ** (condition.leak_db / 20)
    if condition.room_db is not None:
        legs[0] += through_a_room(legs[1], rng) * 10 ** (condition.room_db / 20)
    legs = legs + rng.standard_normal(legs.shape) * 10 ** (condition.idle_dbfs / 20)
    if condition.coding != "wide":
        legs = np.stack([_line(leg, condition.coding) for leg in legs])
    if condition.loss:
        legs = np.stack([_lose(leg, condition.loss, rng) for leg in legs])
    return Call(np.clip(legs, -1, 1).astype(np.float32), truth)


def rate_hz(condition: Condition) -> int:
    """The rate of what `send` returns."""
    return RATE_HZ if condition.coding == "wide" else LINE_HZ


def _line(leg: Floats, coding: Coding) -> Floats:
    narrow = soxr.resample(leg.astype(np.float64), RATE_HZ, LINE_HZ)
    if coding == "opus":
        return _opus(narrow)
    if coding in ("mulaw", "alaw", "amr"):
        return code(np.clip(narrow, -1, 1), "mulaw" if coding == "mulaw" else "alaw" if coding == "alaw" else "amr")
    return narrow


def _opus(narrow: Floats) -> Floats:
    """Opus at 12 kbit/s, in an Ogg file that knows its own delay."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as out:
        stream = out.add_stream("libopus", rate=LINE_HZ, layout="mono")
        stream.bit_rate = 12_000
        frame = av.AudioFrame.from_ndarray((np.clip(narrow, -1, 1) * 32767).astype(np.int16)[None], "s16", "mono")
        frame.sample_rate = LINE_HZ
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)
    file.seek(0)
    with av.open(file) as coded:
        rate = coded.streams.audio[0].rate
        pieces = [f.to_ndarray().ravel() for f in coded.decode(audio=0)]
    decoded = soxr.resample(np.concatenate(pieces).astype(np.float64), rate, LINE_HZ)
    return np.pad(decoded, (0, max(0, narrow.size - decoded.size)))[: narrow.size]


def _noise(n: int, condition: Condition, others: Sequence[Voice], rng: np.random.Generator) -> Floats:
    if condition.noise == "none":
        return np.zeros(n, np.float32)
    if condition.noise == "babble":
        noise = sum(_talk(n, voice, rng) for voice in others[:6])
    elif condition.noise == "keyboard":
        noise = _keyboard(n, rng)
    elif condition.noise == "hum":
        t = np.arange(n) / RATE_HZ
        noise = sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in range(1, 12)) + 0.1 * rng.standard_normal(n)
    else:
        spectrum = np.fft.rfft(rng.standard_normal(n))
        hz = np.fft.rfftfreq(n, 1 / RATE_HZ)
        noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(hz, 50.0)), n)
    return (noise * (10 ** ((SPEECH_DBFS - condition.snr_db) / 20) / np.sqrt(np.mean(np.square(noise))))).astype("f4")


def _talk(n: int, voice: Voice, rng: np.random.Generator) -> Floats:
    clips = [voice.clips[i][0] for i in rng.permutation(len(voice.clips))]
    return np.roll(np.resize(np.concatenate(clips), n), int(rng.integers(n)))


def _keyboard(n: int, rng: np.random.Generator) -> Floats:
    """Bouts of 5 to 20 key strokes, six a second, two clicks a stroke."""
    noise = np.zeros(n + RATE_HZ)
    click = np.exp(-np.arange(RATE_HZ // 50) / (0.003 * RATE_HZ))
    at = 0.0
    while at < n:
        for _ in range(int(rng.integers(5, 20))):
            for offset, gain in ((0.0, 1.0), (rng.uniform(0.06, 0.1), 0.5)):
                place = int(at + offset * RATE_HZ)
                if place < n:
                    struck = rng.standard_normal(click.size) * click * gain * rng.uniform(0.5, 1.5)
                    noise[place : place + click.size] += struck
            at += rng.uniform(0.1, 0.25) * RATE_HZ
        at += rng.uniform(0.5, 4.0) * RATE_HZ
    return noise[:n]


def _tones(n: int) -> Floats:
    """Ring-back (440 + 480 Hz, 2 s of 6) for half the time, then synthetic hold music: a broken chord a second."""
    t = np.arange(n) / RATE_HZ
    ring = (np.sin(2 * np.pi * 440 * t) + np.sin(2 * np.pi * 480 * t)) * (t % 6 < 2)
    chords = []
    since = np.arange(RATE_HZ) / RATE_HZ
    for root_hz in (262.0, 220.0, 175.0, 196.0):
        partials = [(root_hz * step * k, k) for step in (1.0, 1.26, 1.5, 2.0) for k in (1, 2, 3)]
        tones = sum(np.sin(2 * np.pi * hz * since) / k**2 for hz, k in partials)
        chords.append(tones * np.minimum(since * 50, 1) * np.exp(-since * 3))
    music = np.resize(np.concatenate(chords), n)
    return (0.05 * np.where(t < n / RATE_HZ / 2, ring, music / 2)).astype("f4")


def through_a_room(leg: Floats, rng: np.random.Generator) -> Floats:
    """Direct sound after 30 ms and 70 ms of decaying reflections, a quarter of a second to -60 dB; level kept."""
    tail = np.arange(RATE_HZ * 7 // 100)
    response = np.concatenate(
        (np.zeros(RATE_HZ * 3 // 100), rng.standard_normal(tail.size) * 0.15 * np.exp(-tail / 580))
    )
    response[RATE_HZ * 3 // 100] = 1.0
    response /= np.sqrt(np.sum(np.square(response)))
    size = leg.size + response.size
    return np.fft.irfft(np.fft.rfft(leg, size) * np.fft.rfft(response, size), size)[: leg.size].astype("f4")


def _suppressed(leg: Floats) -> Floats:
    """A noise gate as headsets have: 20 dB down where 20 ms are within 10 dB of the noise, opened over 50 ms."""
    n = leg.size // 320 * 320
    level_db = 10 * np.log10(np.mean(np.square(leg[:n].reshape(-1, 320)), axis=1) + 1e-12)
    wide = np.convolve(level_db > np.percentile(level_db, 20) + 10, np.ones(5), "same") > 0
    gain = np.repeat(np.where(wide, 1.0, 0.1), 320)
    gain = np.convolve(np.pad(gain, (0, leg.size - n), mode="edge"), np.ones(320) / 320, "same")
    return (leg * gain).astype("f4")


def _agc(leg: Floats) -> Floats:
    """Towards -20 dBFS over about 1 s, by at most 18 dB."""
    n = leg.size // 160 * 160
    power = np.mean(np.square(leg[:n].reshape(-1, 160)), axis=1)
    smooth, slow = 0.01, np.empty(power.size)
    for i, now in enumerate(power):
        smooth += 0.01 * (now - smooth)
        slow[i] = smooth
    gain = np.clip(0.1 / np.sqrt(slow + 1e-8), 10 ** (-18 / 20), 10 ** (18 / 20))
    return (leg * np.pad(np.repeat(gain, 160), (0, leg.size - n), mode="edge")).astype("f4")


def _lose(leg: Floats, share: float, rng: np.random.Generator) -> Floats:
    """Packets of 20 ms lost in bursts of two on average: a lost one is the last one again, at half its level."""
    leg = leg.copy()
    lost = False
    for start in range(160, leg.size - 160, 160):
        lost = bool(rng.random() < (0.5 if lost else share / 2 / (1 - share)))
        if lost:
            leg[start : start + 160] = 0.5 * leg[start - 160 : start]
    return leg
