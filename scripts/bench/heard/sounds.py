"""Sounds of a phone line in which nobody speaks, made from a seed, minutes of each.

All at 16 kHz, full scale ±1, as they arrive at the phone; `hearing_lines.phone` then codes them. Recorded music is hold
music that a Debian package brings (asterisk-moh-opsound-wav, CC BY-SA 3.0: installed by name, never part of this
project); without it that row is left out and said so. Babble is people, far from the phone: measured, not promised.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from scripts.bench.calls.timed import voices
from scripts.bench.lines.line import RATE_HZ

Sound: TypeAlias = npt.NDArray[np.float64]
Maker: TypeAlias = Callable[[int, np.random.Generator], Sound]
RECORDED = Path("/usr/share/asterisk/moh")
MUSIC_DBFS = -22.0
CHORDS_HZ = ((220.0, 277.2, 329.6), (196.0, 246.9, 293.7), (174.6, 220.0, 261.6), (164.8, 207.7, 246.9))
SCALE_HZ = (440.0, 493.9, 554.4, 587.3, 659.3, 740.0, 830.6, 880.0)
DTMF_HZ = tuple((low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477))


def sounds(data: Path) -> dict[str, Maker]:
    """Every kind by name."""
    kinds: dict[str, Maker] = {
        "music, synthetic": music,
        "music, melody alone": melody,
        "tones": tones,
        "sweeps": sweeps,
        "dtmf": dtmf,
        "ring-back US": lambda n, _: cadence(n, (440, 480), (2.0, 4.0)),
        "ring-back EU": lambda n, _: cadence(n, (425,), (1.0, 4.0)),
        "busy": lambda n, _: cadence(n, (425,), (0.5, 0.5)),
        "fax": lambda n, _: cadence(n, (1100,), (0.5, 3.0)),
        "typing": typing,
        "breath": breath,
        "white noise -50 dBFS": lambda n, rng: _at(rng.standard_normal(n), -50),
        "white noise -35 dBFS": lambda n, rng: _at(rng.standard_normal(n), -35),
        "pink noise -50 dBFS": lambda n, rng: _at(pink(n, RATE_HZ, rng), -50),
        "pink noise -38 dBFS": lambda n, rng: _at(pink(n, RATE_HZ, rng), -38),
        "pink noise -28 dBFS": lambda n, rng: _at(pink(n, RATE_HZ, rng), -28),
        "room with gain control": room,
        "hum": hum,
        "digital silence": lambda n, _: np.zeros(n),
        "line idle": lambda n, rng: _at(rng.standard_normal(n), -76),
    }
    if recorded_files():
        kinds["music, recorded"] = recorded
    if (data / "emotion").is_dir():
        kinds["babble of six (people)"] = Babble(data)
    return kinds


def music(size: int, rng: np.random.Generator) -> Sound:
    """Chords, a bass, a melody that wanders over a scale with vibrato, and drums; another tempo every 20 s."""
    return _at(_joined(size, _bars, rng), MUSIC_DBFS)


def melody(size: int, rng: np.random.Generator) -> Sound:
    """One instrument alone, rich in harmonics, with vibrato: the music most like a voice."""
    return _at(_joined(size, _tune, rng), MUSIC_DBFS)


def _joined(size: int, make: Callable[[int, np.random.Generator], Sound], rng: np.random.Generator) -> Sound:
    piece = min(size, 20 * RATE_HZ)
    return np.concatenate([make(piece, rng) for _ in range(-(-size // piece))])[:size]


def _bars(size: int, rng: np.random.Generator) -> Sound:
    out = _tune(size, rng) * 0.5
    beat_s = float(rng.uniform(0.35, 0.7))
    for number, start_s in enumerate(np.arange(0, size / RATE_HZ, beat_s)):
        chord = CHORDS_HZ[number // 4 % len(CHORDS_HZ)]
        for hz in chord:
            _add(out, start_s, _note(hz, beat_s * 1.5, 4.0, 4), 0.25)
        if number % 2 == 0:
            _add(out, start_s, _note(chord[0] / 2, beat_s * 2, 2.0, 3), 0.5)
        drum = rng.standard_normal(RATE_HZ // 8) * np.exp(-np.arange(RATE_HZ // 8) / (0.02 * RATE_HZ))
        _add(out, start_s + (beat_s / 2 if number % 2 else 0.0), drum, 0.15)
    return out


def _tune(size: int, rng: np.random.Generator) -> Sound:
    out = np.zeros(size)
    at_s, step = 0.0, int(rng.integers(len(SCALE_HZ)))
    octave = float(rng.choice((0.5, 1.0)))
    while at_s < size / RATE_HZ:
        length_s = float(rng.choice((0.2, 0.4, 0.4, 0.8)))
        step = int(np.clip(step + rng.integers(-2, 3), 0, len(SCALE_HZ) - 1))
        if rng.random() < 0.9:
            _add(out, at_s, _note(SCALE_HZ[step] * octave, length_s, 1.5, 8, vibrato=0.006), 0.5)
        at_s += length_s
    return out


def _note(hz: float, length_s: float, decay: float, partials: int, vibrato: float = 0.0) -> Sound:
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * hz * (t + vibrato / (2 * np.pi * 5.5) * np.sin(2 * np.pi * 5.5 * t))
    shape = np.minimum(t * 60, 1) * np.exp(-decay * t) * np.minimum((length_s - t) * 60, 1)
    return shape * sum(np.sin(k * phase) / k for k in range(1, partials + 1) if k * hz < 7_500)


def _add(out: Sound, start_s: float, sound: Sound, gain: float) -> None:
    start = round(start_s * RATE_HZ)
    stop = min(out.size, start + sound.size)
    if stop > start:
        out[start:stop] += gain * sound[: stop - start]


def recorded_files() -> list[Path]:
    """The hold music at hand; none where the package is not installed."""
    return sorted(RECORDED.glob("*.wav"))


def recorded(size: int, rng: np.random.Generator) -> Sound:
    """Hold music from a random place on, one piece after the other."""
    pieces: list[Sound] = []
    while sum(piece.size for piece in pieces) < size:
        file = recorded_files()[len(pieces) % len(recorded_files())]
        audio, rate_hz = soundfile.read(file)
        wide = soxr.resample(audio, rate_hz, RATE_HZ)
        first = int(rng.integers(max(1, wide.size // 3)))
        pieces.append(wide[first:])
    return _at(np.concatenate(pieces)[:size], MUSIC_DBFS)


def tones(size: int, rng: np.random.Generator) -> Sound:
    """One pure tone after another, 100 to 3,000 Hz, 0.2 to 3 s, with pauses."""
    return _in_turn(size, rng, (0.2, 3.0), (0.1, 1.0), lambda t, _: np.sin(2 * np.pi * 100 * 30 ** rng.random() * t))


def sweeps(size: int, rng: np.random.Generator) -> Sound:
    """Tones that rise or fall through the voice's own range and beyond, 0.3 to 2 s each."""

    def sweep(t: Sound, length_s: float) -> Sound:
        low_hz, high_hz = rng.permutation((100 * 4 ** rng.random(), 400 * 8 ** rng.random()))
        return np.sin(2 * np.pi * (low_hz * t + (high_hz - low_hz) * t**2 / (2 * length_s)))

    return _in_turn(size, rng, (0.3, 2.0), (0.2, 1.0), sweep)


def dtmf(size: int, rng: np.random.Generator) -> Sound:
    """Keys pressed by hand: 0.1 to 0.3 s, two tones each."""

    def key(t: Sound, _: float) -> Sound:
        low_hz, high_hz = DTMF_HZ[rng.integers(len(DTMF_HZ))]
        return 0.5 * (np.sin(2 * np.pi * low_hz * t) + np.sin(2 * np.pi * high_hz * t))

    return _in_turn(size, rng, (0.1, 0.3), (0.1, 0.6), key)


def _in_turn(
    size: int,
    rng: np.random.Generator,
    length_s: tuple[float, float],
    pause_s: tuple[float, float],
    make: Callable[[Sound, float], Sound],
) -> Sound:
    out, at_s = np.zeros(size), 0.3
    while at_s < size / RATE_HZ:
        lasts_s = float(rng.uniform(*length_s))
        t = np.arange(round(lasts_s * RATE_HZ)) / RATE_HZ
        edge = np.minimum(np.minimum(t, lasts_s - t) * 200, 1)
        _add(out, at_s, make(t, lasts_s) * edge, 0.1 * 10 ** (rng.uniform(-10, 6) / 20))
        at_s += lasts_s + float(rng.uniform(*pause_s))
    return out


def cadence(size: int, hz: tuple[int, ...], on_off_s: tuple[float, float]) -> Sound:
    """A tone of the network, on and off."""
    t = np.arange(size) / RATE_HZ
    return 0.1 * sum(np.sin(2 * np.pi * one * t) for one in hz) * (np.mod(t, sum(on_off_s)) < on_off_s[0])


def pink(size: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """Pink noise of RMS 1, flat below 50 Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(size))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.fft.rfftfreq(size, 1 / rate_hz), 50.0)), size)
    return noise / np.sqrt(np.mean(np.square(noise)))


def typing(size: int, rng: np.random.Generator) -> Sound:
    """Bouts of strokes, five to eight a second, each a blow and a softer release, over a quiet room."""
    out = _at(pink(size, RATE_HZ, rng), -60)
    at_s = 0.5
    while at_s < size / RATE_HZ:
        for _ in range(int(rng.integers(4, 25))):
            _add(out, at_s, _stroke(rng), 0.15 * rng.uniform(0.4, 1.2))
            _add(out, at_s + float(rng.uniform(0.05, 0.1)), _stroke(rng), 0.06)
            at_s += float(rng.uniform(0.12, 0.2))
        at_s += float(rng.uniform(0.4, 3.0))
    return out


def _stroke(rng: np.random.Generator) -> Sound:
    t = np.arange(RATE_HZ // 40) / RATE_HZ
    body = np.sin(2 * np.pi * rng.uniform(250, 900) * t) * np.exp(-t * 300)
    return rng.standard_normal(t.size) * np.exp(-t * 350) + 0.7 * body


def breath(size: int, rng: np.random.Generator) -> Sound:
    """In and out at the microphone, every 3 to 5 s: noise shaped by an open mouth, 35 to 25 dB below full scale."""
    out = _at(pink(size, RATE_HZ, rng), -66)
    at_s = 0.5
    while at_s < size / RATE_HZ:
        for lasts_s in (float(rng.uniform(0.6, 1.2)), float(rng.uniform(0.8, 1.6))):
            noise = rng.standard_normal(round(lasts_s * RATE_HZ))
            hz = np.fft.rfftfreq(noise.size, 1 / RATE_HZ)
            mouth = sum(np.exp(-(((hz - f) / w) ** 2)) for f, w in ((600, 300), (1_500, 500), (2_700, 800)))
            shaped = np.fft.irfft(np.fft.rfft(noise) * (mouth + 0.02), noise.size)
            swell = np.sin(np.pi * np.arange(noise.size) / noise.size) ** 1.5
            _add(out, at_s, _at(shaped, 0) * swell, 10 ** (rng.uniform(-35, -25) / 20))
            at_s += lasts_s + float(rng.uniform(0.2, 0.5))
        at_s += float(rng.uniform(1.0, 2.0))
    return out


def room(size: int, rng: np.random.Generator) -> Sound:
    """A room's noise that gain control lifts towards -30 dBFS and lets go again, several dB up and down."""
    noise = pink(size, RATE_HZ, rng)
    every = 4 * RATE_HZ
    knots_db = rng.uniform(-45, -30, size // every + 2)
    gain_db = np.interp(np.arange(size) / every, np.arange(knots_db.size), knots_db)
    return noise * 10 ** (gain_db / 20)


def hum(size: int, rng: np.random.Generator) -> Sound:
    """Mains: 50 Hz and its harmonics, and a little noise."""
    t = np.arange(size) / RATE_HZ
    return _at(sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in range(1, 16)), -38) + _at(
        rng.standard_normal(size), -62
    )


class Babble:
    """Six talkers at once, none of them near: calm clips of six speakers, 15 dB below speech at the phone."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __call__(self, size: int, rng: np.random.Generator) -> Sound:
        """Make it."""
        cast = voices(self._data)
        out = np.zeros(size)
        for number in rng.permutation(len(cast))[:6]:
            clips = cast[number].clips
            talk = np.concatenate([clips[i][0] for i in rng.permutation(len(clips))])
            out += np.roll(np.resize(talk, size), int(rng.integers(size)))
        return _at(out, -38)


def _at(sound: Sound, dbfs: float) -> Sound:
    """The sound at a level (RMS)."""
    return sound * (10 ** (dbfs / 20) / (np.sqrt(np.mean(np.square(sound))) + 1e-12))
