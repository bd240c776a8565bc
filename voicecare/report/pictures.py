"""What a call sounds like, as pictures small enough for a page: mel spectrograms of both legs, the caller's pitch.

librosa draws them, a stretch at a time, so that memory does not grow with the call. Pitch is drawn for the caller
alone, as strain is. Pictures are for looking at: no estimate rests on them.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from voicecare.errors import OutputError
from voicecare.report.rows import common, union
from voicecare.timebase import HOP, HOP_S, RATE_HZ, Samples, Span
from voicecare.types import PARTIES, AudioBlock, Floats, Party, Segment

Pixels: TypeAlias = npt.NDArray[np.uint8]

BANDS = 40
"""Mel bands over BAND_HZ, what a phone line carries; more would leave some bands without an FFT bin."""
BAND_HZ = (100.0, 3800.0)
WINDOW = 1024
DEPTH_DB = 55.0
"""How far below a leg's loudest moments the picture goes black."""
MOST_COLUMNS = 8192
"""Beyond this many, two columns become one: 4 min of call at 32 ms, 8 h at 4.1 s."""
STRETCH_HOPS = 1024
"""How much audio is looked at together, 33 s; a power of two, so that merged columns never straddle two stretches."""
PITCH_HZ = (60.0, 500.0)
PERIODIC = 0.5
"""A frame is voiced where it is this like itself one period later (normalised correlation; noise stays below 0.3)."""
SEMITONES_APART = 2.5
SHORTEST_RUN = 4
"""Pitch that does not stay within SEMITONES_APART from frame to frame for so long, 128 ms, is the tracker's error."""


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Columns of equal length over the whole call, ready to be drawn.

    column_s: seconds a column stands for. mel: party -> uint8 (columns, BANDS), low bands first, 0 quiet to 255 loud.
    pitch: uint8 (columns,), 0 where there is none, 1 to 255 the caller's pitch on a logarithmic scale over PITCH_HZ.
    """

    column_s: float
    mel: dict[Party, Pixels]
    pitch: Pixels


def pictures(blocks: Iterable[AudioBlock], segments: Iterable[Segment]) -> Pictures:
    """Draw a call; `segments` say where the caller speaks, which is where pitch is looked for.

    blocks: the call once more, from sample 0, as it was heard.

    Raises:
        OutputError: librosa, when first used, keeps what it compiles for the next time, and the disk is full.
    """
    speech = union(s.span for s in segments if s.channel == "caller")
    columns = _Columns()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numba and librosa warn of their own insides
        with _compiling():
            import librosa

        for start, samples in _stretches(blocks):
            with _compiling():
                power = librosa.feature.melspectrogram(
                    y=samples,
                    sr=RATE_HZ,
                    n_fft=WINDOW,
                    hop_length=HOP,
                    center=False,
                    n_mels=BANDS,
                    fmin=BAND_HZ[0],
                    fmax=BAND_HZ[1],
                )
                pitch_hz = _pitch_hz(samples[PARTIES.index("caller")], start, speech, librosa.yin)
                columns.add(librosa.power_to_db(power, top_db=None), pitch_hz)
    return columns.finish()


@contextlib.contextmanager
def _compiling() -> Iterator[None]:
    """Compiled code that cannot be kept is said as any other result that finds no room."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot draw the page's pictures: {error.strerror}; free some space") from error


class _Columns:
    """Collects columns, and halves their number whenever there are too many."""

    def __init__(self) -> None:
        self._hops = 1
        self._decibels = [np.empty((2, BANDS, 0), np.float32)]
        self._pitch_hz = [np.empty(0, np.float32)]
        self._count = 0

    def add(self, decibels: Floats, pitch_hz: Floats) -> None:
        """Take the columns of one stretch: float32 (2, BANDS, n) and (n,), NaN where there is no pitch."""
        self._decibels.append(_merged(decibels, self._hops))
        self._pitch_hz.append(_merged(pitch_hz, self._hops))
        self._count += self._pitch_hz[-1].size
        if self._count > MOST_COLUMNS:
            self._hops *= 2
            self._decibels = [_merged(np.concatenate(self._decibels, axis=-1), 2)]
            self._pitch_hz = [_merged(np.concatenate(self._pitch_hz), 2)]
            self._count = self._pitch_hz[0].size

    def finish(self) -> Pictures:
        """Quantise what was collected."""
        decibels = np.concatenate(self._decibels, axis=-1)
        pitch_hz = np.concatenate(self._pitch_hz)
        low, high = PITCH_HZ
        height = np.log(np.clip(np.nan_to_num(pitch_hz, nan=low), low, high) / low) / np.log(high / low)
        pitch = np.where(np.isnan(pitch_hz), 0, 1 + np.rint(254 * height)).astype(np.uint8)
        mel = {who: _shades(leg) for who, leg in zip(PARTIES, decibels, strict=True)}
        return Pictures(self._hops * HOP_S, mel, pitch)


def _shades(decibels: Floats) -> Pixels:
    if not decibels.size:
        return np.empty((0, BANDS), np.uint8)
    loud_db = max(float(np.percentile(decibels, 99.5)), -40.0)  # a silent leg (-100 dB) stays black
    shades: Pixels = np.rint(255 * np.clip((decibels.T - loud_db) / DEPTH_DB + 1, 0, 1)).astype(np.uint8)
    return shades


def _merged(columns: Floats, by: int) -> Floats:
    """Average `by` neighbouring columns into one, leaving NaN out."""
    if by == 1 or not columns.size:
        return columns
    short = -columns.shape[-1] % by
    padded = np.pad(columns, [*[(0, 0)] * (columns.ndim - 1), (0, short)], constant_values=np.nan)
    groups = padded.reshape(*columns.shape[:-1], -1, by)
    known = ~np.isnan(groups)
    summed, count = np.where(known, groups, 0).sum(axis=-1), known.sum(axis=-1)
    return np.where(count > 0, summed / np.maximum(count, 1), np.nan).astype(np.float32)


def _stretches(blocks: Iterable[AudioBlock]) -> Iterator[tuple[Samples, Floats]]:
    """Cut the call into stretches of STRETCH_HOPS hops, each with the samples its last window needs from the next."""
    start, step, reach = 0, STRETCH_HOPS * HOP, STRETCH_HOPS * HOP + WINDOW - HOP
    waiting: list[Floats] = []
    length = 0
    for block in blocks:
        waiting.append(block.samples)
        length += block.samples.shape[1]
        if length >= reach:
            joined = np.concatenate(waiting, axis=1)
            yield start, joined[:, :reach]
            waiting, start = [joined[:, step:]], start + step
            length -= step
    if length:
        joined = np.concatenate(waiting, axis=1)
        hops = -(-length // HOP)
        yield start, np.pad(joined, [(0, 0), (0, (hops - 1) * HOP + WINDOW - length)])


def _pitch_hz(leg: Floats, start: Samples, speech: list[Span], yin: Callable[..., Floats]) -> Floats:
    """Track F0 within the caller's speech; float32, one a hop, NaN elsewhere and where frames disagree."""
    frames = np.lib.stride_tricks.sliding_window_view(leg, WINDOW)[::HOP]
    pitch_hz = np.full(len(frames), np.nan, np.float32)
    for span in common(speech, [Span(start, start + len(frames) * HOP)]):
        first, last = (span.start - start) // HOP, (span.end - start) // HOP
        if last - first < SHORTEST_RUN:
            continue
        voice = leg[first * HOP : (last - 1) * HOP + WINDOW]
        track = yin(
            voice, fmin=PITCH_HZ[0], fmax=PITCH_HZ[1], sr=RATE_HZ, frame_length=WINDOW, hop_length=HOP, center=False
        )
        track[_likeness(frames[first:last], track) < PERIODIC] = np.nan
        pitch_hz[first:last] = _runs(track)
    return pitch_hz


def _likeness(frames: Floats, track_hz: Floats) -> Floats:
    """Correlate each frame's first half with what follows one period later; 0 in silence."""
    lag = np.rint(RATE_HZ / track_hz).astype(int)
    half = WINDOW // 2
    here = frames[:, :half]
    later = np.take_along_axis(frames, lag[:, None] + np.arange(half), axis=1)
    energy = np.sqrt(np.sum(here * here, axis=1) * np.sum(later * later, axis=1))
    likeness: Floats = np.sum(here * later, axis=1) / np.maximum(energy, 1e-9)
    return likeness


def _runs(track: Floats) -> Floats:
    """Keep only what holds together: runs of SHORTEST_RUN frames or more without a gap or a leap."""
    leaps = ~(np.abs(12 * np.diff(np.log2(track))) <= SEMITONES_APART)  # also where either side is NaN
    edges = np.r_[0, np.flatnonzero(leaps) + 1, track.size]
    lengths = np.repeat(np.diff(edges), np.diff(edges))
    return np.where(lengths >= SHORTEST_RUN, track, np.nan).astype(np.float32)
