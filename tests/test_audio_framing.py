"""Hops are the same however the audio arrives."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.audio.joining.framing import Framer
from voicecare.timebase import HOP


def noise(length):
    return np.random.default_rng(7).standard_normal((2, length)).astype(np.float32)


def framed(samples, cuts):
    framer = Framer()
    blocks = []
    edges = [0, *sorted(cuts), samples.shape[1]]
    for start, end in pairwise(edges):
        blocks += framer.push(samples[:, start:end])
    return blocks + framer.finish(), framer


@given(st.integers(0, 5_000).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n), max_size=20))))
def test_the_size_of_input_blocks_never_changes_the_hops(case):
    length, cuts = case
    samples = noise(length)
    at_once, _ = framed(samples, [])
    in_pieces, framer = framed(samples, cuts)
    assert framer.length == length
    assert [block.start for block in in_pieces] == [block.start for block in at_once] == list(range(0, length, HOP))
    for one, other in zip(at_once, in_pieces, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)


@given(st.integers(1, 3 * HOP))
def test_the_last_hop_is_padded_with_zeros_and_everything_before_is_what_came_in(length):
    samples = noise(length)
    blocks, _ = framed(samples, [])
    joined = np.concatenate([block.samples for block in blocks], axis=1)
    np.testing.assert_array_equal(joined[:, :length], samples)
    assert not joined[:, length:].any()
    assert all(block.samples.shape == (2, HOP) and block.samples.dtype == np.float32 for block in blocks)


def test_audio_that_ends_on_a_hop_leaves_nothing_behind():
    framer = Framer()
    assert len(framer.push(noise(2 * HOP))) == 2
    assert framer.finish() == []


@given(st.integers(0, 3 * HOP), st.integers(1, 3 * HOP), st.integers(0, 3 * HOP))
def test_exactly_the_hops_that_touch_a_gap_are_marked(before, lost, after):
    framer = Framer()
    blocks = (
        framer.push(noise(before))
        + framer.push(np.zeros((2, lost), np.float32), gap=True)
        + framer.push(noise(after))
        + framer.finish()
    )
    assert framer.length == before + lost + after
    for block in blocks:
        assert block.gap == (block.start < before + lost and block.end > before)


def test_what_was_heard_beside_a_gap_is_kept_and_the_gap_itself_is_zero():
    framer = Framer()
    heard = noise(100)
    framer.push(heard)
    (block,) = framer.push(np.zeros((2, HOP - 100), np.float32), gap=True)
    np.testing.assert_array_equal(block.samples[:, :100], heard)
    assert not block.samples[:, 100:].any()


@pytest.mark.parametrize("length", [HOP, HOP - 1, 2 * HOP])
def test_a_device_may_use_its_buffer_again(length):
    framer = Framer()
    buffer = np.ones((2, length), np.float32)
    blocks = framer.push(buffer)
    buffer[:] = 9
    blocks += framer.finish()
    assert max(block.samples.max() for block in blocks) == 1


def test_an_empty_block_is_no_event():
    framer = Framer()
    assert framer.push(noise(0)) == []
    assert framer.finish() == []


def test_anything_but_two_legs_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match=r"expected shape \(2, n\), got \(1, 512\)"):
        Framer().push(noise(HOP)[:1])
