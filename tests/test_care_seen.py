"""What care may see of a call: no word of the agent's gets through, whatever the call holds."""

from __future__ import annotations

import dataclasses
import typing

import pytest
import report_samples as calls
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.care import seen as seen_module
from voicecare.care import thanks as thanks_module
from voicecare.care.seen import CallSeen, seen
from voicecare.care.thanks import CallerSaid
from voicecare.config import CueConfig
from voicecare.timebase import Span, samples
from voicecare.types import Cue, Heard, Phrase, Reason

AGENT = "zyxagent"


def texts_of(value):
    """Every text in a value, at any depth."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for entry in dataclasses.fields(value):
            yield from texts_of(getattr(value, entry.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["agent", "caller"]), st.text(max_size=40), st.floats(0, 500)),
        max_size=12,
    )
)
def test_no_text_of_the_agent_gets_through(said):
    events = []
    for who, text, at_s in said:
        words = f"{AGENT} thank you so much for your help {text}" if who == "agent" else text
        span = Span(samples(at_s), samples(at_s + 1))
        events += [
            Heard(who, span, words, (), "en", 0.9, None, final=True, arrived=span.end),
            Phrase(who, "thanks", span.end, span, words),
        ]
        if who == "agent":
            because = (Reason("acknowledged", (span.start,), None, words),)
            events.append(Cue(len(events), "slow_down", span.end, because, span.end + 1))
    call = seen(events, samples(600), CueConfig())
    assert not [text for text in texts_of(call) if AGENT in text]


def test_the_callers_thanks_are_the_only_words():
    call = seen(calls.heated().events, calls.heated().end, CueConfig())
    said = [line[3] for line in calls.HEATED]
    told = [text for text in texts_of(call) if len(text.split()) > 2]
    assert set(told) <= {thanks.text for thanks in call.thanks}
    assert all(any(text in line for line in said) for text in told)


def test_of_every_type_only_thanks_have_room_for_a_sentence():
    free = {
        (name, entry)
        for name, cls in vars(seen_module).items()
        if dataclasses.is_dataclass(cls) and cls.__module__ == seen_module.__name__
        for entry, kind in typing.get_type_hints(cls).items()
        if kind is str
    }
    assert free == set()
    assert {entry for entry, kind in typing.get_type_hints(thanks_module.Thanks).items() if kind is str} == {
        "text",
        "language",
    }


def test_the_agents_words_cannot_be_put_where_the_callers_belong():
    with pytest.raises(ValueError, match="caller"):
        CallerSaid(0.0, "thank you", "en", by="agent")  # type: ignore[arg-type]


def test_cues_and_turns_come_as_they_ended_and_in_seconds():
    call = seen(calls.heated().events, calls.heated().end, CueConfig())
    assert [(cue.about, cue.at_s, cue.cleared_by) for cue in call.cues] == [
        ("interruption", 29.2, "heeded"),
        ("strain", 37.4, "heeded"),
    ]
    assert [turn.end_s for turn in call.turns if turn.kind == "interruption"] == [30.2]
    assert isinstance(call, CallSeen)
    assert call.length_s == 75.0
