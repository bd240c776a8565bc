"""Recordings that tests write and read: what they hold is known to the sample."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import soundfile

av = pytest.importorskip("av")

LENGTH_S = 3.0


@cache
def speechlike(rate_hz, seed, length_s=LENGTH_S):
    """Syllables of band-limited noise: rich enough to line up, soft enough for any codec."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(length_s * rate_hz)) / rate_hz
    voice = sum(
        np.sin(2 * np.pi * hz * t + rng.uniform(0, 6) + 3 * np.sin(2 * np.pi * 2.3 * t)) / hz**0.5
        for hz in rng.uniform(200, 1_500, 12)
    )
    return (0.3 * voice / np.abs(voice).max() * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t + seed))).astype(np.float32)


@cache
def call(rate_hz, length_s=LENGTH_S):
    """Left and right of a stereo file, shape (n, 2)."""
    return np.stack([speechlike(rate_hz, 1, length_s), speechlike(rate_hz, 2, length_s)], axis=1)


def write_av(path, samples, rate_hz, codec, *, bit_rate=64_000, codec_rate_hz=None, **container):
    layout = "mono" if samples.ndim == 1 else "stereo"
    with av.open(str(path), "w", options=container) as file:
        stream = file.add_stream(codec, rate=codec_rate_hz or rate_hz)
        stream.layout, stream.bit_rate = layout, bit_rate
        pcm = np.ascontiguousarray((samples * 32_767).astype(np.int16).reshape(1, -1))
        for start in range(0, pcm.shape[1], 8_000):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm[:, start : start + 8_000]), "s16", layout)
            frame.sample_rate, frame.pts = rate_hz, start // (1 if layout == "mono" else 2)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def read(recording):
    return np.concatenate([block.samples for block in recording], axis=1)


def lag_and_level(heard, meant):
    """Where `heard` lies against `meant`, in samples, and how loud it is there (1 = the same)."""
    size = 2 ** (len(heard) + len(meant)).bit_length()
    shared = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(meant, size)))
    lag = int(shared.argmax())
    return (lag if lag < size // 2 else lag - size), float(shared.max() / np.sum(meant**2))


def cut(path, share=0.6):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return path


def wav(tmp_path, samples, rate_hz=8_000, name="call.wav"):
    path = tmp_path / name
    soundfile.write(path, samples, rate_hz)
    return path
