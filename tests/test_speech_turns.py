"""Turn-taking by its definitions: tables of who speaks when, and the property that streaming changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from talk import Talk, kinds, last_sayings, talk, turn_events

from voicecare.config import TurnConfig
from voicecare.speech.turns.turns import Turns
from voicecare.speech.turns.utterances import Utterances
from voicecare.timebase import RATE_HZ, Span, samples
from voicecare.types import PARTIES, other

JUDGED = ("interruption", "backchannel", "early_reply", "dual_start")


@pytest.mark.parametrize(
    ("agent", "caller", "expected"),
    [
        ("2-5", "0-8", [("interruption", "agent", 2.0)]),
        ("2-3", "0-8", [("backchannel", "agent", 2.0)]),
        ("2-3.01", "0-8", [("interruption", "agent", 2.0)]),
        ("2-2.4 2.8-3.4", "0-8", [("interruption", "agent", 2.0)]),
        ("2-2.4 2.9-3.4", "0-8", [("backchannel", "agent", 2.0), ("backchannel", "agent", 2.9)]),
        ("7.6-12", "0-8", [("early_reply", "agent", 7.6)]),
        ("7.5-12", "0-8", [("early_reply", "agent", 7.5)]),
        ("7.4-12", "0-8", [("interruption", "agent", 7.4)]),
        ("7.4-8.2", "0-8", [("interruption", "agent", 7.4)]),
        ("7.8-8.2", "0-8", [("early_reply", "agent", 7.8)]),
        ("0.2-6", "0-5", [("dual_start", "agent", 0.2)]),
        ("0.25-6", "0-5", [("dual_start", "agent", 0.25)]),
        ("0.9-6", "0-5", [("dual_start", "agent", 0.9)]),
        ("1.0-6", "0-5", [("interruption", "agent", 1.0)]),
        ("0-8", "3-5", [("interruption", "caller", 3.0)]),
        ("0-8", "3-3.6 5-5.7", [("backchannel", "caller", 3.0), ("backchannel", "caller", 5.0)]),
        ("8.1-9", "0-8", []),
        ("8-9", "0-8", []),
    ],
)
def test_each_definition_holds_at_its_boundary(agent, caller, expected):
    assert kinds(turn_events(talk(agent, caller)), *JUDGED) == expected


def test_an_inner_pause_of_the_speaker_is_not_the_end_of_the_turn():
    events = turn_events(talk(agent="3.1-6", caller="0-3 3.4-8"))
    assert kinds(events, *JUDGED) == [("interruption", "agent", 3.1)]


def test_floor_is_taken_by_the_one_who_goes_on_and_kept_by_the_one_who_does():
    (taken,) = [e for e in last_sayings(turn_events(talk("2-9", "0-4"))) if e.kind == "interruption"]
    (kept,) = [e for e in last_sayings(turn_events(talk("2-4", "0-9"))) if e.kind == "interruption"]
    assert (taken.floor, kept.floor) == ("taken", "kept")
    assert (taken.span, kept.span) == (Span(samples(2.0), samples(4.0)), Span(samples(2.0), samples(4.0)))


def test_overlap_is_every_stretch_in_which_both_speak_and_talk_over_a_long_one():
    events = turn_events(talk("2-3.5 6-6.5", "0-9"))
    assert kinds(events, "overlap", "talk_over") == [
        ("overlap", "agent", 2.0),
        ("overlap", "agent", 6.0),
        ("talk_over", "agent", 2.0),
    ]
    lengths = [e.span.length / RATE_HZ for e in last_sayings(events) if e.kind == "overlap"]
    assert lengths == [1.5, 0.5]


def test_an_interruption_is_decided_within_1_2_s_where_the_starter_goes_on():
    events = turn_events(talk("2-5", "0-8"))
    first = next(e for e in events if e.kind == "interruption")
    assert not first.closed
    assert first.decided_at - first.span.start <= samples(1.2)


def test_words_that_only_acknowledge_turn_a_short_interruption_into_a_backchannel():
    utterances, turns = Utterances(samples(0.5)), Turns(TurnConfig(), iter(range(1, 9)))
    utterances.begin("caller", 0)
    utterances.extend("caller", samples(9.0))
    turns.begin([utterances.begin("agent", samples(3.0))], utterances)
    utterances.extend("agent", samples(4.3))
    (said,) = [e for e in turns.push(samples(4.3)) if e.kind == "interruption"]
    (revised,) = turns.acknowledge_only("agent", Span(samples(3.0), samples(4.3)), samples(5.0))
    assert (revised.id, revised.kind) == (said.id, "backchannel")


def test_words_never_excuse_a_long_interruption():
    utterances, turns = Utterances(samples(0.5)), Turns(TurnConfig(), iter(range(1, 9)))
    utterances.begin("caller", 0)
    utterances.extend("caller", samples(9.0))
    turns.begin([utterances.begin("agent", samples(3.0))], utterances)
    utterances.extend("agent", samples(4.6))
    turns.push(samples(4.6))
    assert turns.acknowledge_only("agent", Span(samples(3.0), samples(4.6)), samples(5.0)) == []


def joined(stretches):
    """Utterances of one party: silences under half a second stay inside."""
    whole = []
    for stretch in stretches:
        if whole and stretch.start - whole[-1].end < samples(0.5):
            whole[-1] = Span(whole[-1].start, stretch.end)
        else:
            whole.append(stretch)
    return whole


def by_definition(speech: Talk):
    """The definitions applied to finished utterances, written down without regard to time."""
    found = []
    for party in PARTIES:
        for b in joined(speech[party]):
            for a in joined(speech[other(party)]):
                if not a.start < b.start < a.end:
                    continue
                if b.start - a.start < samples(0.25):
                    kind = "dual_start"
                elif b.length <= samples(1.0) and b.end <= a.end:
                    kind = "backchannel"
                elif a.end - b.start <= samples(0.5):
                    kind = "early_reply"
                else:
                    kind = "interruption" if b.start - a.start >= samples(1.0) else "dual_start"
                found.append((kind, party, b.start, min(a.end, b.end)))
    return sorted(found)


@st.composite
def talks(draw) -> Talk:
    """Random two-party talk of up to six stretches a party, edges on any sample."""
    speech: Talk = {"agent": [], "caller": []}
    for party in PARTIES:
        at = draw(st.integers(0, 3 * RATE_HZ))
        for _ in range(draw(st.integers(0, 6))):
            length = draw(st.integers(RATE_HZ // 10, 3 * RATE_HZ))
            speech[party].append(Span(at, at + length))
            at += length + draw(st.integers(RATE_HZ // 5, 2 * RATE_HZ))
    return speech


@settings(max_examples=60, deadline=None)
@given(talks())
def test_streamed_events_equal_the_definitions_applied_to_the_finished_utterances(speech):
    events = last_sayings(turn_events(speech))
    streamed = [(e.kind, e.by, e.span.start, e.span.end) for e in events if e.kind in JUDGED and e.by is not None]
    assert sorted(streamed) == by_definition(speech)


@settings(max_examples=30, deadline=None)
@given(talks())
def test_an_event_once_decided_keeps_its_kind_and_its_party(speech):
    said = {}
    for event in turn_events(speech):
        assert said.setdefault(event.id, (event.kind, event.by)) == (event.kind, event.by)


@settings(max_examples=30, deadline=None)
@given(talks())
def test_swapping_the_channels_swaps_every_by_and_nothing_else(speech):
    swapped = {"agent": speech["caller"], "caller": speech["agent"]}

    def seen(events, flip):
        return sorted(
            (e.kind, str(other(e.by) if flip and e.by else e.by), e.span, e.decided_at, e.closed) for e in events
        )

    assert seen(turn_events(swapped), flip=True) == seen(turn_events(speech), flip=False)


@settings(max_examples=30, deadline=None)
@given(talks())
def test_overlap_adds_up_to_the_time_both_utterances_share(speech):
    total = sum(e.span.length for e in last_sayings(turn_events(speech)) if e.kind == "overlap")
    pairs = [(a, b) for a in joined(speech["agent"]) for b in joined(speech["caller"])]
    assert total == sum(a.overlap(b) for a, b in pairs)


@settings(max_examples=30, deadline=None)
@given(talks(), st.integers(1, 100))
def test_leading_silence_shifts_every_turn_by_as_much(speech, hops):
    shift = hops * 512
    later = {party: [Span(s.start + shift, s.end + shift) for s in speech[party]] for party in PARTIES}
    plain = [(e.kind, e.by, e.span.start + shift, e.decided_at + shift) for e in turn_events(speech)]
    moved = [(e.kind, e.by, e.span.start, e.decided_at) for e in turn_events(later)]
    assert [m for m in moved if m[0] != "long_silence"] == [p for p in plain if p[0] != "long_silence"]
