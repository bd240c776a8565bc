"""The phone lines training and benches send clean speech through: 8 kHz, a codec, a level, a gain control, noise.

A line is drawn from a seeded generator, so every clip meets another handset, level and noise, and every run the same.
Levels and noise are wider than notes of call recorders show on purpose: absolute level must carry no weight.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import soxr

Floats: TypeAlias = npt.NDArray[np.float32]
Codec: TypeAlias = Literal["mulaw", "alaw", "amr", "none"]
CODECS: tuple[Codec, ...] = get_args(Codec)
RATE_HZ = 16_000
LINE_HZ = 8_000


@dataclass(frozen=True, slots=True)
class Line:
    """One phone line. level_dbfs: RMS of the speech; snr_db: in-band white noise; agc: slow automatic gain control."""

    codec: Codec
    level_dbfs: float
    snr_db: float
    agc: bool


WIDE = Line("none", -20.0, 60.0, agc=False)
"""No line at all: wide band, at a plain level."""


def draw(rng: np.random.Generator, codec: Codec | None = None) -> Line:
    """Draw a line: -38 to -12 dBFS RMS, 15 to 40 dB SNR, gain control in a third, G.711 mostly."""
    drawn: Codec = codec or ("mulaw", "alaw", "amr")[rng.choice(3, p=[0.5, 0.25, 0.25])]
    return Line(drawn, float(rng.uniform(-38, -12)), float(rng.uniform(15, 40)), bool(rng.random() < 1 / 3))


def send(samples: Floats, line: Line, rng: np.random.Generator) -> Floats:
    """Send 16 kHz speech through a line; float32 of the same length, 16 kHz, full scale ±1."""
    level = 10 ** (line.level_dbfs / 20) / (rms(samples) + 1e-9)
    if line.codec == "none":
        return np.clip(samples * level, -1, 1).astype(np.float32)
    narrow = soxr.resample(samples.astype(np.float64), RATE_HZ, LINE_HZ)
    narrow = _band_pass(narrow)
    narrow = _agc(narrow) if line.agc else narrow
    narrow *= 10 ** (line.level_dbfs / 20) / (rms(narrow) + 1e-9)
    noise = _band_pass(rng.standard_normal(narrow.size))
    narrow += noise * (rms(narrow) / (rms(noise) + 1e-9) * 10 ** (-line.snr_db / 20))
    coded = code(np.clip(narrow, -1, 1), line.codec)
    wide = soxr.resample(coded, LINE_HZ, RATE_HZ).astype(np.float32)
    return np.pad(wide, (0, max(0, samples.size - wide.size)))[: samples.size]


def send_call(leg: Floats, line: Line, rng: np.random.Generator) -> Floats:
    """Send a whole leg of a call: as `send`, but level and noise are set by its speech, not by its pauses."""
    speaking = np.abs(leg) > 0
    share = float(np.mean(speaking)) or 1.0
    quieter_db = 10 * np.log10(share)
    whole = Line(line.codec, line.level_dbfs + quieter_db, line.snr_db + quieter_db, line.agc)
    return send(leg, whole, rng)


def code(narrow: npt.NDArray[np.float64], codec: Codec) -> npt.NDArray[np.float64]:
    """Code and decode 8 kHz speech: 8-bit G.711 (companding formulas) or AMR-NB at 7.4 kbit/s."""
    if codec == "mulaw":
        pressed = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
        return np.sign(pressed) * (256 ** np.abs(pressed) - 1) / 255
    if codec == "alaw":
        loud = np.abs(narrow)
        scale = 1 + np.log(87.6)
        pressed = np.where(loud < 1 / 87.6, 87.6 * loud / scale, (1 + np.log(np.maximum(87.6 * loud, 1))) / scale)
        pressed = np.round(pressed * 127) / 127
        opened = np.where(pressed < 1 / scale, pressed * scale / 87.6, np.exp(pressed * scale - 1) / 87.6)
        return np.sign(narrow) * opened
    if codec == "amr":
        return _amr(narrow)
    return narrow


def _amr(narrow: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    import av

    encoder = av.CodecContext.create("libopencore_amrnb", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = LINE_HZ, "mono", "s16", 7_400
    decoder = av.CodecContext.create("amrnb", "r")
    decoder.sample_rate, decoder.layout = LINE_HZ, "mono"
    padded = np.pad(narrow, (0, -narrow.size % 160 + 320))
    pcm = (np.clip(padded, -1, 1) * 32767).astype(np.int16).reshape(-1, 160)
    packets = []
    for number, frame_pcm in enumerate(pcm):
        frame = av.AudioFrame.from_ndarray(frame_pcm[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = LINE_HZ, number * 160
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    decoded = [out.to_ndarray().ravel() for packet in packets for out in decoder.decode(packet)]
    # The coder looks ahead 5 ms; its output comes that much late.
    return np.concatenate(decoded).astype(np.float64)[40 : 40 + narrow.size]


def _agc(narrow: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Bring speech slowly (1 s) towards one level, by at most 18 dB, as conference bridges do."""
    from scipy.signal import lfilter

    decay = np.exp(-1 / (1.0 * LINE_HZ))
    power = lfilter([1 - decay], [1, -decay], narrow**2, zi=[decay * np.mean(narrow[: LINE_HZ // 2] ** 2)])[0]
    gain = 0.1 / np.sqrt(power + 1e-8)
    return narrow * np.clip(gain, 10 ** (-18 / 20), 10 ** (18 / 20))


@functools.cache
def _filter() -> npt.NDArray[np.float64]:
    from scipy.signal import butter

    return np.asarray(butter(4, [300, 3_400], "band", fs=LINE_HZ, output="sos"))


def _band_pass(narrow: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    from scipy.signal import sosfilt

    return np.asarray(sosfilt(_filter(), narrow))


def rms(samples: npt.NDArray[np.floating]) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
