"""Built calls are given words that fit each clip, misheard, and delivered as a recogniser would."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from scripts.bench.calls.spoken import Line, Script, Scripted, words_of
from voicecare.timebase import Span, samples
from voicecare.types import Request

HELD = Line("caller", Span(samples(2.0), samples(4.0)), "it is working now")
LINES = [Line("agent", Span(0, samples(2.0)), "one moment please"), HELD]


def request(start_s: float, end_s: float, party="caller", *, want_words: bool = True) -> Request:
    span = Span(samples(start_s), samples(end_s))
    return Request(party, span, np.zeros(span.length, np.float32), span.end, want_words=want_words)


def test_a_line_is_heard_where_its_middle_is_and_nowhere_else():
    assert [word.text for word in words_of(LINES, "caller", Span(samples(1.9), samples(4.2)))] == HELD.text.split()
    assert words_of(LINES, "caller", Span(0, samples(2.9))) == ()
    assert words_of(LINES, "agent", Span(samples(2.0), samples(9.0))) == ()


def test_words_lie_in_order_within_their_clip():
    words = words_of(LINES, "caller", Span(0, samples(9.0)))
    assert words[0].span.start == HELD.span.start
    assert words[-1].span.end == HELD.span.end
    assert all(a.span.end == b.span.start for a, b in pairwise(words))


def test_the_stand_in_delivers_words_only_where_they_are_wanted():
    stand_in = Scripted(LINES)
    assert stand_in.hear(request(1.9, 4.2)).text == HELD.text
    assert stand_in.hear(request(1.9, 4.2, want_words=False)).text == ""
    assert stand_in.hear(request(1.9, 4.2)).voice is None


@pytest.mark.data
def test_lines_fit_the_emotion_and_the_two_parts_share_none(data_dir):
    chosen, held = (set(sum(Script(data_dir, part)._lines.values(), ())) for part in ("chosen", "held"))
    assert len(chosen & held) <= 0.01 * len(held)  # a few comments were written twice
    truth = {
        "segments": [
            {"channel": "caller", "start": 0.0, "end": 2.0, "emotion": "anger"},
            {"channel": "agent", "start": 2.0, "end": 4.0, "emotion": "neutral"},
        ]
    }
    script = Script(data_dir, "held")
    script._mishearing._rate = 0.0
    kind, _ = script.lines(truth, 1, sarcastic=True)
    assert kind.text in script._lines["sarcastic"]
    assert script.lines(truth, 1) == script.lines(truth, 1)
