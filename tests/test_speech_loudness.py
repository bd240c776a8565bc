"""What is loud on a leg depends on that leg alone, and on nothing a recorder changes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.config import VadConfig
from voicecare.speech.activity.loudness import FRAME, Loudness
from voicecare.timebase import RATE_HZ, samples


def line(noise_dbfs, *bursts, length_s=6.0, burst_dbfs=-20.0):
    """Noise of a level, and louder noise in stretches given in seconds."""
    rng = np.random.default_rng(0)
    audio = rng.standard_normal(samples(length_s)) * 10 ** (noise_dbfs / 20)
    for start_s, end_s in bursts:
        span = slice(samples(start_s), samples(end_s))
        audio[span] += rng.standard_normal(span.stop - span.start) * 10 ** (burst_dbfs / 20)
    return audio.astype(np.float32)


def frames_of(leg, cut=512):
    """All frames of a leg, the other leg silent."""
    stage = Loudness(VadConfig())
    pieces = [np.stack((leg[i : i + cut], np.zeros_like(leg[i : i + cut]))) for i in range(0, leg.size, cut)]
    return [frame for piece in pieces for frame in stage.frames(piece)[0]]


def loud(leg, cut=512):
    """The loud frames of a leg as runs in frames."""
    frames = np.array([frame is True for frame in frames_of(leg, cut)], int)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], frames, [0]))))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def test_a_sound_is_loud_from_its_first_frame_to_its_last():
    assert loud(line(-60, (2.0, 3.0), (4.0, 4.5))) == [(200, 300), (400, 450)]


@pytest.mark.parametrize("gain_db", [-12, -3, 3, 12])
def test_once_a_voice_was_heard_its_gain_changes_nothing(gain_db):
    leg = line(-60, (2.0, 3.0), (4.0, 4.5), burst_dbfs=-25)
    assert loud(leg * np.float32(10 ** (gain_db / 20)))[-1] == loud(leg)[-1] == (400, 450)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 2_000))
def test_it_does_not_matter_how_the_call_is_cut(cut):
    leg = line(-60, (0.5, 0.9), length_s=1.5)
    assert loud(leg, cut=cut) == loud(leg)


def test_a_noisy_leg_does_not_say_where_it_is_silent():
    leg = line(-38, (2.0, 3.0))
    assert set(frames_of(leg)[10:200]) == {None}
    assert set(frames_of(leg)[200:300]) == {True}


def test_a_spliced_or_muted_leg_does_not_pass_for_a_quiet_one():
    leg = line(-60, (4.0, 5.0))
    leg[samples(1.0) : samples(1.5)] = 0
    assert loud(leg)[-1] == (400, 500)


def test_what_lies_far_below_the_partys_voice_is_not_its_sound():
    leg = line(-75, (2.0, 3.0))
    leg += line(-120, (4.0, 5.0), burst_dbfs=-65)
    assert loud(leg) == [(200, 300)]


def test_frames_are_told_as_they_are_completed():
    stage, told = Loudness(VadConfig()), 0
    for _ in range(10):
        agent, caller = stage.frames(np.zeros((2, 512), np.float32))
        assert len(agent) == len(caller)
        told += len(agent)
    assert told == 10 * 512 // FRAME
    assert RATE_HZ // FRAME == 100
