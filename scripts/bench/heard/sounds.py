"""Sounds of a phone line in which nobody speaks, made from a seed, minutes of each.

All at 16 kHz, full scale ±1, as they arrive at the phone; `lines.heard.phone` then codes them. Recorded music is hold
music that a Debian package brings (asterisk-moh-opsound-wav, CC BY-SA 3.0: installed by name, never part of this
project); without it that row is left out and said so. Babble is people, far from the phone: measured, not promised.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import soundfile
import soxr

from scripts.bench.corpora.voices import voices
from scripts.bench.lines.levels import Waveform, add, at_dbfs
from scripts.bench.lines.music import MUSIC_DBFS, melody, music
from scripts.bench.lines.noise import babble, pink
from voicecare.timebase import RATE_HZ

Maker: TypeAlias = Callable[[int, np.random.Generator], Waveform]
RECORDED = Path("/usr/share/asterisk/moh")
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
        "white noise -50 dBFS": lambda n, rng: at_dbfs(rng.standard_normal(n), -50),
        "white noise -35 dBFS": lambda n, rng: at_dbfs(rng.standard_normal(n), -35),
        "pink noise -50 dBFS": lambda n, rng: at_dbfs(pink(n, RATE_HZ, rng), -50),
        "pink noise -38 dBFS": lambda n, rng: at_dbfs(pink(n, RATE_HZ, rng), -38),
        "pink noise -28 dBFS": lambda n, rng: at_dbfs(pink(n, RATE_HZ, rng), -28),
        "room with gain control": room,
        "hum": hum,
        "digital silence": lambda n, _: np.zeros(n),
        "line idle": lambda n, rng: at_dbfs(rng.standard_normal(n), -76),
    }
    if recorded_files():
        kinds["music, recorded"] = recorded
    if (data / "emotion").is_dir():
        kinds["babble of six (people)"] = Babble(data)
    return kinds


def recorded_files() -> list[Path]:
    """The hold music at hand; none where the package is not installed."""
    return sorted(RECORDED.glob("*.wav"))


def recorded(size: int, rng: np.random.Generator) -> Waveform:
    """Hold music from a random place on, one piece after the other."""
    pieces: list[Waveform] = []
    while sum(piece.size for piece in pieces) < size:
        file = recorded_files()[len(pieces) % len(recorded_files())]
        audio, rate_hz = soundfile.read(file)
        wide = soxr.resample(audio, rate_hz, RATE_HZ)
        first = int(rng.integers(max(1, wide.size // 3)))
        pieces.append(wide[first:])
    return at_dbfs(np.concatenate(pieces)[:size], MUSIC_DBFS)


def tones(size: int, rng: np.random.Generator) -> Waveform:
    """One pure tone after another, 100 to 3,000 Hz, 0.2 to 3 s, with pauses."""
    return _in_turn(size, rng, (0.2, 3.0), (0.1, 1.0), lambda t, _: np.sin(2 * np.pi * 100 * 30 ** rng.random() * t))


def sweeps(size: int, rng: np.random.Generator) -> Waveform:
    """Tones that rise or fall through the voice's own range and beyond, 0.3 to 2 s each."""

    def sweep(t: Waveform, length_s: float) -> Waveform:
        low_hz, high_hz = rng.permutation((100 * 4 ** rng.random(), 400 * 8 ** rng.random()))
        return np.asarray(np.sin(2 * np.pi * (low_hz * t + (high_hz - low_hz) * t**2 / (2 * length_s))))

    return _in_turn(size, rng, (0.3, 2.0), (0.2, 1.0), sweep)


def dtmf(size: int, rng: np.random.Generator) -> Waveform:
    """Keys pressed by hand: 0.1 to 0.3 s, two tones each."""

    def key(t: Waveform, _: float) -> Waveform:
        low_hz, high_hz = DTMF_HZ[rng.integers(len(DTMF_HZ))]
        return 0.5 * (np.sin(2 * np.pi * low_hz * t) + np.sin(2 * np.pi * high_hz * t))

    return _in_turn(size, rng, (0.1, 0.3), (0.1, 0.6), key)


def _in_turn(
    size: int,
    rng: np.random.Generator,
    length_s: tuple[float, float],
    pause_s: tuple[float, float],
    make: Callable[[Waveform, float], Waveform],
) -> Waveform:
    out, at_s = np.zeros(size), 0.3
    while at_s < size / RATE_HZ:
        lasts_s = float(rng.uniform(*length_s))
        t = np.arange(round(lasts_s * RATE_HZ)) / RATE_HZ
        edge = np.minimum(np.minimum(t, lasts_s - t) * 200, 1)
        add(out, at_s, make(t, lasts_s) * edge, 0.1 * 10 ** (rng.uniform(-10, 6) / 20))
        at_s += lasts_s + float(rng.uniform(*pause_s))
    return out


def cadence(size: int, hz: tuple[int, ...], on_off_s: tuple[float, float]) -> Waveform:
    """A tone of the network, on and off."""
    t = np.arange(size) / RATE_HZ
    tones = sum(np.sin(2 * np.pi * one * t) for one in hz)
    return np.asarray(0.1 * tones * (np.mod(t, sum(on_off_s)) < on_off_s[0]))


def typing(size: int, rng: np.random.Generator) -> Waveform:
    """Bouts of strokes, five to eight a second, each a blow and a softer release, over a quiet room."""
    out = at_dbfs(pink(size, RATE_HZ, rng), -60)
    at_s = 0.5
    while at_s < size / RATE_HZ:
        for _ in range(int(rng.integers(4, 25))):
            add(out, at_s, _stroke(rng), 0.15 * rng.uniform(0.4, 1.2))
            add(out, at_s + float(rng.uniform(0.05, 0.1)), _stroke(rng), 0.06)
            at_s += float(rng.uniform(0.12, 0.2))
        at_s += float(rng.uniform(0.4, 3.0))
    return out


def _stroke(rng: np.random.Generator) -> Waveform:
    t = np.arange(RATE_HZ // 40) / RATE_HZ
    body = np.sin(2 * np.pi * rng.uniform(250, 900) * t) * np.exp(-t * 300)
    return rng.standard_normal(t.size) * np.exp(-t * 350) + 0.7 * body


def breath(size: int, rng: np.random.Generator) -> Waveform:
    """In and out at the microphone, every 3 to 5 s: noise shaped by an open mouth, 35 to 25 dB below full scale."""
    out = at_dbfs(pink(size, RATE_HZ, rng), -66)
    at_s = 0.5
    while at_s < size / RATE_HZ:
        for lasts_s in (float(rng.uniform(0.6, 1.2)), float(rng.uniform(0.8, 1.6))):
            noise = rng.standard_normal(round(lasts_s * RATE_HZ))
            hz = np.fft.rfftfreq(noise.size, 1 / RATE_HZ)
            mouth = sum(np.exp(-(((hz - f) / w) ** 2)) for f, w in ((600, 300), (1_500, 500), (2_700, 800)))
            shaped = np.fft.irfft(np.fft.rfft(noise) * (mouth + 0.02), noise.size)
            swell = np.sin(np.pi * np.arange(noise.size) / noise.size) ** 1.5
            add(out, at_s, at_dbfs(shaped, 0) * swell, 10 ** (rng.uniform(-35, -25) / 20))
            at_s += lasts_s + float(rng.uniform(0.2, 0.5))
        at_s += float(rng.uniform(1.0, 2.0))
    return out


def room(size: int, rng: np.random.Generator) -> Waveform:
    """A room's noise that gain control lifts towards -30 dBFS and lets go again, several dB up and down."""
    noise = pink(size, RATE_HZ, rng)
    every = 4 * RATE_HZ
    knots_db = rng.uniform(-45, -30, size // every + 2)
    gain_db = np.interp(np.arange(size) / every, np.arange(knots_db.size), knots_db)
    return np.asarray(noise * 10 ** (gain_db / 20))


def hum(size: int, rng: np.random.Generator) -> Waveform:
    """Mains: 50 Hz and its harmonics, and a little noise."""
    t = np.arange(size) / RATE_HZ
    mains = np.asarray(sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in range(1, 16)))
    return at_dbfs(mains, -38) + at_dbfs(rng.standard_normal(size), -62)


class Babble:
    """Six talkers at once, none of them near: calm clips of six speakers, 15 dB below speech at the phone."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __call__(self, size: int, rng: np.random.Generator) -> Waveform:
        """Make it."""
        cast = voices(self._data)
        chosen = [cast[number].talk() for number in rng.permutation(len(cast))[:6]]
        return at_dbfs(np.asarray(babble(size, chosen, rng), np.float64), -38)
