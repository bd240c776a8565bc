"""Packs a call's sound for a page to carry."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

from voicecare.timebase import RATE_HZ, Span
from voicecare.types import PARTIES, AudioBlock, Floats, Party

MEDIA_TYPE = "audio/flac"


def flac(call: Iterable[AudioBlock], muted: Mapping[Party, Sequence[Span]]) -> bytes:
    """Code both legs as two-channel FLAC of 16 bit at 16 kHz, caller left, agent right; about 19 kB a second.

    muted: the stretches of each leg that are silenced, because something was said in them that must not be kept.
    """
    import soundfile

    packed = io.BytesIO()
    with soundfile.SoundFile(packed, "w", RATE_HZ, 2, "PCM_16", format="FLAC") as file:
        for block in call:
            file.write(_silenced(block, muted)[::-1].T)
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
