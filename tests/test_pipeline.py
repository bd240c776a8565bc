"""The promise of one pipeline: block size, later audio and speed change nothing; swapped legs swap their names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from edges import Scribe, blocks, edges, sound
from hypothesis import given, settings
from hypothesis import strategies as st
from talk import Talk, talk

from voicecare.config import Config
from voicecare.engine import Engine
from voicecare.lanes import LiveLane, LoggedLane, NoLane, ReplayLane
from voicecare.session import Header, SessionWriter, read
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import HOP, RATE_HZ, Samples, Span, samples
from voicecare.types import Arousal, Health, Heard, Segment, Sentiment, TurnEvent, other

HEADER = Header("0", "live", (), 16_000, "right", "loud", "scribe")


def run(source, lane=None, ahead=1):
    return list(Engine(Pipeline(Config(), edges()), lane or NoLane(), ahead).run(source))


@st.composite
def calls(draw) -> Talk:
    """Up to a minute of two people talking."""
    speech: Talk = {"agent": [], "caller": []}
    for party in ("agent", "caller"):
        at: Samples = draw(st.integers(0, 2 * RATE_HZ))
        for _ in range(draw(st.integers(0, 5))):
            length = draw(st.integers(RATE_HZ // 5, 4 * RATE_HZ))
            speech[party].append(Span(at, at + length))
            at += length + draw(st.integers(RATE_HZ // 4, 2 * RATE_HZ))
    return speech


@settings(max_examples=25, deadline=None)
@given(calls(), st.lists(st.integers(1, 5000), min_size=1, max_size=5), st.integers(1, 99))
def test_neither_block_size_nor_how_far_detectors_listen_ahead_changes_events(speech, sizes, ahead):
    audio = sound(speech)
    whole = run(blocks(audio), ReplayLane(Scribe(), samples(1.5)))
    assert run(blocks(audio, sizes), ReplayLane(Scribe(), samples(1.5)), ahead) == whole


@settings(max_examples=25, deadline=None)
@given(calls(), st.floats(0.1, 0.9), st.integers(0, 99))
def test_later_audio_never_changes_earlier_events(speech, share, seed):
    audio = sound(speech)
    cut = int(audio.shape[1] * share) // HOP * HOP
    changed = audio.copy()
    changed[:, cut:] = np.random.default_rng(seed).normal(0, 0.1, changed[:, cut:].shape)

    def until_cut(audio):
        engine = Engine(Pipeline(Config(), edges()), ReplayLane(Scribe(), samples(1.5)))
        events = []
        for event in engine.run(blocks(audio)):
            if engine.now > cut:
                break
            events.append(event)
        return events

    assert until_cut(changed) == until_cut(audio)


@settings(max_examples=25, deadline=None)
@given(calls())
def test_swapping_the_legs_swaps_every_by_of_the_turns_and_every_channel_of_the_segments(speech):
    def seen(events, flip):
        turns = [
            (e.kind, str(other(e.by) if flip and e.by else e.by), e.span, e.decided_at)
            for e in events
            if isinstance(e, TurnEvent)
        ]
        segments = [
            ("segment", other(e.channel) if flip else e.channel, e.span, e.decided_at)
            for e in events
            if isinstance(e, Segment)
        ]
        return sorted([*turns, *segments])

    audio = sound(speech)
    assert seen(run(blocks(audio[::-1])), flip=True) == seen(run(blocks(audio)), flip=False)


@pytest.mark.parametrize("seed", range(8))
def test_a_live_run_with_jitter_replays_from_its_session_to_the_identical_events(tmp_path, seed):
    speech = talk(agent="0.5-3 5-9 12-14 19-22", caller="2.2-5 8-12.4 13-18 21-26")
    audio = sound(speech, seed=seed)
    lane = LiveLane(Scribe(jitter_s=0.02, seed=seed), bound=2)
    with SessionWriter(tmp_path / "s.jsonl", HEADER) as writer:
        live = []
        for event in Engine(Pipeline(Config(), edges()), lane).run(blocks(audio)):
            writer.write(event)
            live.append(event)
        writer.end(audio.shape[1], complete=True)
    session = read(tmp_path / "s.jsonl")
    said = [
        e for e in session.events if isinstance(e, Heard) or (isinstance(e, Health) and e.kind == "recogniser_behind")
    ]
    assert any(isinstance(e, Heard) for e in said)
    assert run(blocks(audio, (480,)), LoggedLane(said)) == live == list(session.events)


def test_every_stretch_of_the_callers_voice_counts_once_however_often_it_was_viewed():
    pipeline, viewed = Pipeline(Config(), edges()), []
    pipeline._arousal.push_voice = lambda heard: viewed.append((heard.span.start, heard.span.end)) or []
    for start, end in ((0, 4), (0, 6), (0, 6), (0, 8), (9, 12)):
        pipeline.push_heard(Heard("caller", Span(start, end), "", (), "en", 0.9, (0.5,), final=False, arrived=end))
    assert viewed == [(0, 4), (4, 6), (6, 8), (9, 12)]


def test_strain_and_sentiment_come_from_the_caller_alone():
    audio = sound(talk(agent="0-20 21-40"))
    events = run(blocks(audio), ReplayLane(Scribe(), 0))
    assert [e for e in events if isinstance(e, Heard)]
    assert not [e for e in events if isinstance(e, Arousal | Sentiment)]
    assert all(e.voice is None for e in events if isinstance(e, Heard))


def test_the_types_leave_no_place_for_the_agents_feelings():
    for word in (Arousal, Sentiment):
        assert "channel" not in word.__dataclass_fields__
        assert "by" not in word.__dataclass_fields__


def test_a_gap_is_told_once_with_its_length():
    audio = sound(talk(caller="0-4"))
    hops = list(blocks(audio))
    lost = [type(b)(b.start, np.zeros_like(b.samples), gap=True) if 20 <= i < 30 else b for i, b in enumerate(hops)]
    (gap,) = [e for e in run(lost) if isinstance(e, Health)]
    assert (gap.kind, gap.at, gap.amount) == ("gap", 20 * HOP, 10 * HOP)


@pytest.fixture(scope="module")
def demo_audio():
    import soundfile
    import soxr

    path = Path(__file__).parents[1] / "voicecare" / "demo" / "call.flac"
    audio, rate_hz = soundfile.read(path, dtype="float32", frames=8000 * 40)
    return np.ascontiguousarray(soxr.resample(audio, rate_hz, 16_000).T[::-1])


@pytest.mark.parametrize("vad", ["silero", "webrtc", "both"])
def test_with_the_real_models_block_size_and_swap_hold_too(demo_audio, vad):
    from voicecare.assembly import Choices, build_edges

    def real(source, ahead=1):
        pipeline = Pipeline(Config(), build_edges(Config(), Choices(vad, words=False)))
        return list(Engine(pipeline, NoLane(), ahead).run(source))

    def turns(events, flip):
        return sorted(
            (e.kind, str(other(e.by) if flip and e.by else e.by), e.span) for e in events if isinstance(e, TurnEvent)
        )

    whole = real(blocks(demo_audio))
    assert [e for e in whole if isinstance(e, Arousal) and e.value is not None]
    assert real(blocks(demo_audio, (480, 160, 4096))) == whole
    assert real(blocks(demo_audio), ahead=7) == whole
    assert real(blocks(demo_audio), ahead=1_000) == whole
    assert turns(real(blocks(demo_audio[::-1])), flip=True) == turns(whole, flip=False)
