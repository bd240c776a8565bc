import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecare.config import VadConfig
from voicecare.speech.activity.loudness import FRAME
from voicecare.speech.activity.vad import Onset, VoiceActivity
from voicecare.timebase import HOP, Span
from voicecare.types import Party, Segment

CONFIG = VadConfig(on=0.5, off=0.35, min_speech_s=0.1, hang_s=0.2, rise=0.05, sure=0.7, lead_s=0.096, edge_lead_s=0.8)
"""In hops of 32 ms: told after 4 at .9, over after 7 of silence, looked back for up to 3, with an edge detector 25."""


def told(agent, caller=(), config=CONFIG, frames=None):
    """All that is said of two lists of probabilities, one a hop, and what was being said after every hop."""
    stage, said = VoiceActivity(config), []
    hops = max(len(agent), len(caller))
    agent, caller = ([*p, *[0.0] * (hops - len(p))] for p in (agent, caller))
    done = 0
    for i in range(hops):
        edges = None
        if frames is not None:
            due = min((i + 1) * HOP // FRAME, len(frames))
            edges = (frames[done:due], frames[done:due])
            done = due
        said += stage.push(i * HOP, (agent[i], caller[i]), edges)
    return [*said, *stage.finish()]


def spans(said, channel: Party = "agent"):
    return [e.span for e in said if isinstance(e, Segment) and e.channel == channel]


def onsets(said, channel: Party = "agent"):
    return [e for e in said if isinstance(e, Onset) and e.channel == channel]


def hops(start, end):
    return Span(start * HOP, end * HOP)


def frames_of(*runs, total=400):
    """10 ms frames, voiced in the given runs of seconds."""
    return [any(a <= i * 0.01 < b for a, b in runs) for i in range(total)]


def test_speech_is_told_once_when_it_has_lasted_and_once_when_it_is_over():
    said = told([0.0] * 10 + [0.9] * 20 + [0.0] * 10)
    assert said == [
        Onset("agent", 10 * HOP, 14 * HOP),
        Segment("agent", hops(10, 30), 37 * HOP),
    ]


def test_the_two_parties_do_not_touch_each_other():
    agent, caller = [0.0] * 5 + [0.9] * 10 + [0.0] * 20, [0.0] * 8 + [0.9] * 12 + [0.0] * 15
    both = told(agent, caller)
    assert spans(both, "agent") == spans(told(agent), "agent")
    assert spans(both, "caller") == [hops(8, 20)]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_burst_shorter_than_a_tenth_of_a_second_is_never_told(length):
    assert told([0.0] * 5 + [0.99] * length + [0.0] * 20) == []


def test_what_is_less_certain_must_last_longer():
    """.4 above the threshold for 4 hops is as much evidence as .1 for 16."""
    assert [e.decided_at // HOP for e in onsets(told([0.9] * 20))] == [4]
    assert [e.decided_at // HOP for e in onsets(told([0.6] * 20))] == [16]


def test_speech_goes_on_between_the_two_thresholds_but_does_not_start_there():
    assert spans(told([0.0] * 5 + [0.9] * 10 + [0.4] * 10 + [0.9] * 5 + [0.0] * 9)) == [hops(5, 30)]
    assert spans(told([0.0] * 5 + [0.4] * 20)) == []


@pytest.mark.parametrize(("silence", "segments"), [(6, 1), (7, 2)])
def test_a_silence_as_long_as_the_hang_ends_the_speech(silence, segments):
    assert len(spans(told([0.9] * 10 + [0.0] * silence + [0.9] * 10 + [0.0] * 9))) == segments


def test_speech_starts_where_the_probability_left_the_ground():
    assert spans(told([0.0] * 10 + [0.1, 0.3, *[0.9] * 10] + [0.0] * 9)) == [hops(10, 22)]


def test_a_probability_that_never_rests_moves_a_start_by_no_more_than_the_lead():
    assert spans(told([0.1] * 10 + [0.9] * 10 + [0.0] * 9)) == [hops(7, 20)]


def test_speech_ends_where_the_detector_was_last_close_to_its_peak():
    assert spans(told([0.9] * 10 + [0.5, 0.4, 0.36] + [0.0] * 9)) == [hops(0, 10)]


def test_faint_speech_is_judged_by_its_own_peak():
    assert spans(told([0.55] * 40 + [0.0] * 9)) == [hops(0, 40)]


def test_speech_starts_with_the_sound_it_is_found_in():
    said = told([0.02] * 20 + [0.9] * 20 + [0.0] * 9, frames=frames_of((0.25, 1.4)))
    assert spans(said)[0].start == round(0.25 * 16_000)
    assert onsets(said)[0].start == spans(said)[0].start


def test_a_start_reaches_back_over_the_closure_of_a_plosive_and_over_no_pause():
    speech = [0.02] * 20 + [0.9] * 20 + [0.0] * 9
    assert spans(told(speech, frames=frames_of((0.4, 0.5), (0.56, 1.4))))[0].start == round(0.4 * 16_000)
    assert spans(told(speech, frames=frames_of((0.4, 0.5), (0.57, 1.4))))[0].start == round(0.57 * 16_000)


@pytest.mark.parametrize(("typed_s", "start_s", "end_s"), [(2.0, 13.44, 14.08), (0.2, 13.4, 14.11)])
def test_a_keystroke_beside_a_word_is_no_part_of_it_and_a_plosive_is(typed_s, start_s, end_s):
    """Short bursts are keystrokes only where somebody was typing in the pauses."""
    typing = [(12.0 + t / 10, 12.0 + t / 10 + 0.029) for t in range(round(typed_s * 10))]
    beside = [(13.4, 13.4189), (14.099, 14.109)]
    speech = [0.001] * 420 + [0.9] * 20 + [0.001] * 40
    typing = [(begin - 1.5, end - 1.5) for begin, end in typing]
    said = told(speech, frames=frames_of(*typing, *beside, (13.44, 14.08), total=1500))
    assert spans(said) == [Span(round(start_s * 16_000), round(end_s * 16_000))]


def test_a_leg_that_sounds_while_nobody_speaks_is_no_guide_to_edges():
    """Gain control lifts the noise of every pause: the sound before and after a word is not the word."""
    noise = [(t, t + 2.5) for t in range(0, 12, 3)]
    speech = [0.001] * 420 + [0.9] * 20 + [0.001] * 40
    quiet, lifted = (told(speech, frames=frames_of(*runs, (13.2, 14.3), total=1500)) for runs in ([], noise))
    assert spans(quiet) == [Span(round(13.2 * 16_000), round(14.3 * 16_000))]
    assert spans(lifted) == [hops(420, 440)]


def test_a_start_lies_where_the_sound_is_even_within_the_hop():
    said = told([0.0] * 20 + [0.9] * 20 + [0.0] * 9, frames=frames_of((0.66, 1.4)))
    assert spans(said)[0].start == round(0.66 * 16_000)


def test_sound_that_has_been_there_all_along_moves_no_start():
    said = told([0.0] * 40 + [0.9] * 20 + [0.0] * 9, frames=frames_of((0.0, 4.0)))
    assert spans(said)[0].start == 40 * HOP


def test_sound_a_detector_gives_no_chance_at_all_is_not_the_partys():
    """The other's voice leaking in: it is loud, and known not to be theirs."""
    said = told([0.0] * 20 + [0.9] * 20 + [0.0] * 9, frames=frames_of((0.2, 1.5)))
    assert spans(said) == [hops(20, 40)]


def test_where_there_is_no_sound_there_is_no_speech():
    assert told([0.9] * 40, frames=frames_of()) == []


@pytest.mark.parametrize(("sound_until_s", "end_s"), [(1.40, 1.40), (1.16, 1.16), (4.00, 1.28)])
def test_speech_ends_with_its_sound_unless_that_never_stops(sound_until_s, end_s):
    speech = [0.001] * 20 + [0.9] * 20 + [0.001] * 40  # the detector hears it until 1.28 s
    assert spans(told(speech, frames=frames_of((0.64, sound_until_s))))[0].end == round(end_s * 16_000)


def test_a_call_that_ends_in_mid_speech_ends_the_speech():
    assert told([0.9] * 10) == [Onset("agent", 0, 4 * HOP), Segment("agent", hops(0, 10), 10 * HOP)]
    assert told([0.9] * 3) == []


def test_speaking_follows_the_last_hop():
    stage = VoiceActivity(CONFIG)
    seen = []
    for i, p in enumerate([0.0, 0.4, 0.6, 0.4, 0.2, 0.4]):
        stage.push(i * HOP, (p, 0.0))
        seen.append(stage.speaking("agent"))
    assert seen == [False, False, True, True, False, True]
    stage.finish()
    assert not stage.speaking("agent")


# Whatever a detector says, these hold.

PROBABILITIES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.03, 0.1, 0.4, 0.6, 0.95]), st.integers(1, 12)), max_size=12
).map(lambda runs: [p for p, n in runs for _ in range(n)])
FRAMES = st.lists(st.tuples(st.booleans(), st.integers(1, 60)), min_size=1, max_size=12).map(
    lambda runs: [voiced for voiced, n in runs for _ in range(n)]
)


def steps(agent, caller, frames):
    """The stage after every hop, with what it said in it."""
    stage = VoiceActivity(CONFIG)
    total, done = max(len(agent), len(caller)), 0
    frames = None if frames is None else [*frames, *[False] * (total * 4)]
    for i in range(total):
        edges = None
        if frames is not None:
            due = (i + 1) * HOP // FRAME
            edges, done = (frames[done:due], frames[done:due]), due
        hop = tuple(p[i] if i < len(p) else 0.0 for p in (agent, caller))
        yield stage, stage.push(i * HOP, hop, edges), (i + 1) * HOP
    yield stage, stage.finish(), total * HOP


@given(PROBABILITIES, PROBABILITIES, st.none() | FRAMES)
def test_segments_come_in_order_apart_and_after_their_onset(agent, caller, frames):
    starts, last = {"agent": None, "caller": None}, {"agent": 0, "caller": 0}
    for _, said, now in steps(agent, caller, frames):
        for event in said:
            assert event.decided_at == now
            if isinstance(event, Onset):
                assert starts[event.channel] is None
                assert last[event.channel] <= event.start < now
                starts[event.channel] = event.start
            else:
                assert event.span.start == starts[event.channel]
                assert event.span.length >= HOP
                starts[event.channel], last[event.channel] = None, event.span.end
    assert set(starts.values()) == {None}


@given(PROBABILITIES, PROBABILITIES, st.none() | FRAMES)
def test_nothing_is_taken_back(agent, caller, frames):
    """An utterance lasts at least to its reach, and no speech starts before what is settled."""
    reach, settled = {"agent": 0, "caller": 0}, 0
    for stage, said, _ in steps(agent, caller, frames):
        for event in said:
            if isinstance(event, Onset):
                assert event.start >= settled
            else:
                assert event.span.end >= reach[event.channel]
                reach[event.channel] = 0
        assert stage.settled >= settled
        settled = stage.settled
        for channel, before in reach.items():
            now = stage.reach(channel)
            assert now is None or now >= before
            reach[channel] = now or 0


@given(PROBABILITIES, PROBABILITIES, st.none() | FRAMES)
def test_swapping_the_legs_swaps_the_parties_and_nothing_else(agent, caller, frames):
    one = [e for _, said, _ in steps(agent, caller, frames) for e in said]
    two = [e for _, said, _ in steps(caller, agent, frames) for e in said]
    swapped = [dataclasses.replace(e, channel="caller" if e.channel == "agent" else "agent") for e in two]
    key = lambda e: (e.decided_at, e.channel, isinstance(e, Onset))  # noqa: E731
    assert sorted(one, key=key) == sorted(swapped, key=key)


@given(PROBABILITIES, st.integers(1, 40))
def test_leading_silence_shifts_everything_and_changes_nothing(agent, silence):
    shift = silence * HOP
    plain = [e for e in told(agent) if isinstance(e, Segment)]
    later = [e for e in told([0.0] * silence + agent) if isinstance(e, Segment)]
    moved = [Segment("agent", Span(e.span.start + shift, e.span.end + shift), e.decided_at + shift) for e in plain]
    assert later == moved
