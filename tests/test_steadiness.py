"""What changes nothing in what people hear must change nothing in what is told of their turns.

Not quite all: where one party starts within some milliseconds of the other's end, there is a response gap or there is
none, and a word the detector is not sure of may answer or not. The gaps before and after one word a call may differ;
nothing else may.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import soundfile
import soxr

from scripts.bench.lines.conditions import CONDITIONS
from scripts.bench.lines.line import send
from voicecare.assembly import Choices, build_edges
from voicecare.audio.files.recording import open_recording
from voicecare.config import Config
from voicecare.speech.activity.hearing import Hearing
from voicecare.speech.turns.conversation import Conversation
from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import TurnEvent

pytestmark = [pytest.mark.data, pytest.mark.soak]
CALLS = ("day1_consultation01_t0", "day2_consultation03_t30", "day2_consultation05_t60", "day4_consultation05_t100")
LENGTH_S = 90
MOVED_S = 0.06


def turns(legs, shift=0):
    """The turn events of two legs at 16 kHz: kind, party, start and end in seconds, told as if begun at `shift`."""
    config = Config()
    edges = build_edges(config, Choices(words=False))
    hearing = Hearing(config, edges.voice, edges.edge_detector, edges.witness)
    conversation, said = Conversation(config.vad, config.turns), []
    hops = legs.shape[1] // HOP
    for i in range(hops):
        hop = np.ascontiguousarray(legs[:, i * HOP : (i + 1) * HOP], np.float32)
        said += conversation.push(i * HOP, *hearing.push(hop)).events
    said += conversation.finish(hops * HOP).events
    last = {event.id: event for event in said if isinstance(event, TurnEvent)}
    return [
        (e.kind, e.by, (e.span.start - shift) / RATE_HZ, (e.span.end - shift) / RATE_HZ)
        for e in last.values()
        if e.span.end - shift < (LENGTH_S - 2) * RATE_HZ
    ]


def assert_same(reference, other):
    """Every event has a partner within 60 ms in the other list, but for the response gaps of one word."""

    def alone(some, others):
        return [
            e
            for e in some
            if not any(e[:2] == o[:2] and abs(e[2] - o[2]) <= MOVED_S and abs(e[3] - o[3]) <= MOVED_S for o in others)
        ]

    lost, new = alone(reference, other), alone(other, reference)
    assert len(reference) > 10
    assert [e for e in (*lost, *new) if e[0] != "response_gap"] == []
    assert max(len(lost), len(new)) <= 2


@pytest.fixture(scope="module")
def calls(data_dir):
    """The calls as a replay hears them, at 16 kHz, agent first; and their turns."""
    heard = {}
    for name in CALLS:
        path = data_dir / "calls" / "semi-real" / f"{name}.L-caller.R-agent.ulaw.8k.wav"
        blocks = [block.samples for block in open_recording(path, agent_channel="right")]
        legs = np.concatenate(blocks, axis=1)[:, : LENGTH_S * RATE_HZ]
        audio, _ = soundfile.read(path, dtype="float32", frames=LENGTH_S * 8_000)
        heard[name] = (legs, audio.T[::-1], turns(legs))
    return heard


def captured(legs):
    """As a sound card gives it: played at 48 kHz, taken up at 16 kHz, begun within another hop."""
    played = soxr.resample(legs.T, RATE_HZ, 48_000)
    return soxr.resample(np.pad(played, ((731, 0), (0, 0))), 48_000, RATE_HZ).T


def coded(narrow, coding):
    """Coded once more, decoded, and brought to 16 kHz."""
    line = dataclasses.replace(CONDITIONS[coding], idle_dbfs=-120.0)
    # `send` takes 16 kHz and adds the line's own noise, here none.
    wide = soxr.resample(narrow.T, 8_000, RATE_HZ).T
    return soxr.resample(send(wide, line.steps([]), np.random.default_rng(0)).T, 8_000, RATE_HZ).T


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("offset", [160, 352])
def test_where_in_a_hop_a_call_begins_moves_no_turn(calls, name, offset):
    legs, _, reference = calls[name]
    assert_same(reference, turns(np.pad(legs, ((0, 0), (offset, 0))), offset))


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("gain_db", [-3.0, -0.5, 3.0])
def test_a_louder_or_quieter_call_has_the_same_turns(calls, name, gain_db):
    legs, _, reference = calls[name]
    assert_same(reference, turns(np.clip(legs * 10 ** (gain_db / 20), -1, 1)))


@pytest.mark.parametrize("name", CALLS)
def test_a_sound_card_in_between_moves_no_turn(calls, name):
    legs, _, reference = calls[name]
    assert_same(reference, turns(captured(legs), round(731 / 3)))


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("coding", ["g711", "alaw", "amr", "opus"])
def test_another_coding_moves_no_turn(calls, name, coding):
    _, narrow, reference = calls[name]
    assert_same(reference, turns(coded(narrow, coding)))
