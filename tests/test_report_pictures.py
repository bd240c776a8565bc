"""What librosa draws is where it should be, and stays small however long the call."""

from __future__ import annotations

import numpy as np
import pytest

from voicecare.report.pictures import BANDS, PITCH_HZ, pictures
from voicecare.report.pictures import _Columns as Columns
from voicecare.timebase import HOP, RATE_HZ, Span, samples
from voicecare.types import AudioBlock, Segment


def blocks(legs: np.ndarray, size: int = HOP) -> list[AudioBlock]:
    return [AudioBlock(start, legs[:, start : start + size]) for start in range(0, legs.shape[1], size)]


def voice(pitch_hz: float, seconds: float) -> np.ndarray:
    at = np.arange(samples(seconds)) / RATE_HZ
    return sum(0.1 / k * np.sin(2 * np.pi * k * pitch_hz * at) for k in range(1, 12)).astype(np.float32)


def spoken(start_s: float, end_s: float, who: str = "caller") -> Segment:
    return Segment(who, Span(samples(start_s), samples(end_s)), 0)


def call(caller: np.ndarray) -> np.ndarray:
    return np.stack([np.zeros_like(caller), caller])


def test_the_callers_pitch_is_drawn_where_the_caller_speaks_and_nowhere_else():
    legs = call(np.concatenate([voice(180, 2), voice(180, 2), np.zeros(samples(1), np.float32)]))
    drawn = pictures(blocks(legs), [spoken(1, 3), spoken(0, 5, "agent")])
    at_s = np.flatnonzero(drawn.pitch) * drawn.column_s
    assert 0.9 <= at_s.min() <= 1.1
    assert 2.8 <= at_s.max() <= 3.1
    low, high = PITCH_HZ
    hz = low * (high / low) ** ((drawn.pitch[drawn.pitch > 0] - 1.0) / 254)
    assert np.abs(12 * np.log2(hz / 180)).max() < 0.5


def test_a_hiss_has_no_pitch():
    hiss = np.diff(np.random.default_rng(3).standard_normal(samples(3) + 1)).astype(np.float32) * 0.05
    assert (pictures(blocks(call(hiss)), [spoken(0, 3)]).pitch > 0).mean() < 0.05


def test_pitch_does_not_jump_at_the_seam_between_two_stretches():
    legs = call(voice(150, 40))
    drawn = pictures(blocks(legs), [spoken(0, 40)])
    seam = round(1024 * HOP / RATE_HZ / drawn.column_s)
    assert (drawn.pitch[seam - 5 : seam + 5] > 0).all()
    assert np.ptp(drawn.pitch[seam - 5 : seam + 5].astype(int)) <= 2


def test_a_spectrogram_is_dark_in_silence_and_light_in_speech():
    silence = np.zeros(samples(1), np.float32)
    mel = pictures(blocks(call(np.concatenate([silence, voice(200, 1), silence]))), []).mel
    assert mel["caller"].shape[1] == BANDS
    columns = mel["caller"].max(axis=1)
    assert columns[:28].max() == 0
    assert columns[35:60].min() > 200
    assert mel["agent"].max() == 0


def test_the_size_of_the_blocks_does_not_change_the_picture():
    legs = call(voice(140, 3.217))
    by_hop, by_chunk = (pictures(blocks(legs, size), [spoken(0, 3.2)]) for size in (HOP, 4096))
    assert (by_hop.pitch == by_chunk.pitch).all()
    assert (by_hop.mel["caller"] == by_chunk.mel["caller"]).all()


@pytest.mark.parametrize("length", [0, 1, HOP, HOP + 1])
def test_scraps_of_call_can_be_drawn(length):
    drawn = pictures(blocks(np.zeros((2, length), np.float32)), [Segment("caller", Span(0, length), 0)])
    assert drawn.pitch.shape == (-(-length // HOP),)


def test_columns_merge_in_pairs_when_a_call_runs_on():
    columns = Columns()
    for _ in range(20):
        columns.add(np.full((2, BANDS, 1024), -20, np.float32), np.full(1024, 100, np.float32))
    drawn = columns.finish()
    assert len(drawn.pitch) == 20 * 1024 / 4
    assert drawn.column_s == pytest.approx(4 * HOP / RATE_HZ)
    assert len(set(drawn.pitch)) == 1
