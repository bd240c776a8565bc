"""Packs a call's sound for a page to carry."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

from voicecare.timebase import RATE_HZ, Span
from voicecare.types import PARTIES, AudioBlock, Floats, Party

MEDIA_TYPE = "audio/webm"
BIT_RATE = 48_000
"""For both legs: clear at telephone band and above; 6 kB a second, a third of what FLAC takes of quiet lines."""


def opus(call: Iterable[AudioBlock], muted: Mapping[Party, Sequence[Span]]) -> bytes:
    """Code both legs as two-channel Opus in WebM at 16 kHz, caller left, agent right; about 6 kB a second.

    muted: the stretches of each leg that are silenced, because something was said in them that must not be kept.
    """
    import av
    import numpy as np

    packed = io.BytesIO()
    with av.open(packed, "w", format="webm") as file:
        stream = file.add_stream("libopus", rate=RATE_HZ, layout="stereo")
        stream.bit_rate = BIT_RATE
        # Each leg keeps its own sound: joint coding would let a loud leg be heard on a silent one.
        stream.options = {"application": "voip", "mapping_family": "255"}
        for block in call:
            both = np.ascontiguousarray(_silenced(block, muted)[::-1].T, np.float32).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(both, format="flt", layout="stereo")
            frame.sample_rate, frame.pts = RATE_HZ, block.start
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return packed.getvalue()


def _silenced(block: AudioBlock, muted: Mapping[Party, Sequence[Span]]) -> Floats:
    samples = block.samples
    here = Span(block.start, block.end)
    for party, spans in muted.items():
        for shared in filter(None, map(here.shared, spans)):
            if samples is block.samples:
                samples = samples.copy()
            samples[PARTIES.index(party), shared.start - here.start : shared.end - here.start] = 0.0
    return samples
