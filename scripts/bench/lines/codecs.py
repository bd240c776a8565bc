"""What coding and decoding does to 8 kHz speech: G.711 by its companding formulas, AMR-NB and Opus by FFmpeg."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Literal, TypeAlias, cast, get_args

import numpy as np
import soxr

from scripts.bench.lines.levels import Waveform
from scripts.bench.lines.line import LINE_HZ

Codec: TypeAlias = Literal["mulaw", "alaw", "amr", "opus", "none"]
CODECS: tuple[Codec, ...] = get_args(Codec)


def code(narrow: Waveform, codec: Codec) -> Waveform:
    """Code and decode 8 kHz speech within full scale: 8-bit G.711, AMR-NB at 7.4 kbit/s or Opus at 12 kbit/s."""
    through: dict[Codec, Callable[[Waveform], Waveform]] = {"mulaw": _mulaw, "alaw": _alaw, "amr": _amr, "opus": _opus}
    return narrow if codec == "none" else through[codec](narrow)


def _mulaw(narrow: Waveform) -> Waveform:
    pressed = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
    return np.asarray(np.sign(pressed) * (256 ** np.abs(pressed) - 1) / 255)


def _alaw(narrow: Waveform) -> Waveform:
    loud = np.abs(narrow)
    scale = 1 + np.log(87.6)
    pressed = np.where(loud < 1 / 87.6, 87.6 * loud / scale, (1 + np.log(np.maximum(87.6 * loud, 1))) / scale)
    pressed = np.round(pressed * 127) / 127
    opened = np.where(pressed < 1 / scale, pressed * scale / 87.6, np.exp(pressed * scale - 1) / 87.6)
    return np.asarray(np.sign(narrow) * opened)


def _amr(narrow: Waveform) -> Waveform:
    import av

    encoder = cast("Any", av.CodecContext.create("libopencore_amrnb", "w"))
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = LINE_HZ, "mono", "s16", 7_400
    decoder = cast("Any", av.CodecContext.create("amrnb", "r"))
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


def _opus(narrow: Waveform) -> Waveform:
    """Through an Ogg file, which knows its own delay."""
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
    with av.open(file, "r") as coded:
        rate_hz = coded.streams.audio[0].rate
        pieces = [f.to_ndarray().ravel() for f in coded.decode(audio=0)]
    decoded = soxr.resample(np.concatenate(pieces).astype(np.float64), rate_hz, LINE_HZ)
    return np.pad(decoded, (0, max(0, narrow.size - decoded.size)))[: narrow.size]
