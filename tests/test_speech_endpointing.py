"""What the recogniser is asked for: whole utterances, never too long, with the right audio."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from talk import spans

from voicecare.config import WordsConfig
from voicecare.speech.turns.utterances import Utterance
from voicecare.speech.words.endpointing import Endpointing
from voicecare.timebase import HOP, RATE_HZ, Span, samples
from voicecare.types import AudioBlock, Party, Segment


def requests(speech: str, seconds: float = 40.0, party: Party = "caller"):
    """The final requests of one party's speech."""
    return [request for request in all_requests(speech, seconds, party) if request.final]


def all_requests(speech: str, seconds: float = 40.0, party: Party = "caller", config: WordsConfig | None = None):
    """Stream one party's speech; every sample holds its own time, so that audio can be checked against its span."""
    endpointing, segments, asked = Endpointing(config or WordsConfig()), spans(speech), []
    open_: Utterance | None = None
    for start in range(0, samples(seconds), HOP):
        ramp = np.arange(start, start + HOP, dtype=np.float32)
        endpointing.keep(AudioBlock(start, np.stack([ramp, ramp])))
        now = start + HOP
        for span in segments:
            if start <= span.start < now and open_ is None:
                open_ = Utterance(party, span.start, span.start)
            if open_ and span.start < now and span.end > start:
                open_.reach = min(span.end, now)
            if start < span.end <= now:
                asked += endpointing.push(Segment(party, span, now), now)
        if open_:
            asked += endpointing.grown(open_, now)
            if now - open_.reach >= samples(0.5):
                asked += endpointing.close(party, now)
                open_ = None
    return asked


def test_an_utterance_is_asked_for_once_with_its_pauses_and_a_little_room():
    (request,) = requests("1-2 2.3-4")
    assert (request.span.start, request.span.end) == (samples(0.8), samples(4.2))
    assert request.want_voice


def test_the_audio_asked_for_is_the_audio_of_the_span():
    for request in [*all_requests("1-2 2.3-4 6-20 21-21.5"), *all_requests("1-9", party="agent")]:
        assert np.array_equal(request.audio, np.arange(request.span.start, request.span.end, dtype=np.float32))


def test_too_little_speech_is_not_asked_for():
    assert requests("1-1.3") == []
    assert len(requests("1-1.25 1.5-1.75")) == 1


@pytest.mark.parametrize("speech", ["1-30", "1-11 11.3-25", "1-5 5.2-9 9.4-12.4 12.6-30"])
def test_long_speech_is_cut_before_the_recognisers_window_is_full_and_nothing_is_asked_twice(speech):
    asked = requests(speech)
    room = samples(0.4) + 2 * HOP
    assert all(r.span.length <= samples(12.0) + room for r in asked)
    assert all(a.span.end - b.span.start <= room for a, b in pairwise(asked))
    heard = np.zeros(samples(40.0), bool)
    for request in asked:
        heard[request.span.start : request.span.end] = True
    assert all(heard[s.start : s.end].all() for s in spans(speech))


def test_only_what_a_request_may_need_is_kept():
    endpointing = Endpointing(WordsConfig())
    for start in range(0, 300 * RATE_HZ, HOP):
        endpointing.keep(AudioBlock(start, np.zeros((2, HOP), np.float32)))
    kept = sum(block.samples.shape[1] for block in endpointing._blocks)
    assert kept <= samples(20.0)


def test_the_agents_stretches_never_ask_for_the_voice():
    endpointing = Endpointing(WordsConfig())
    endpointing.keep(AudioBlock(0, np.zeros((2, RATE_HZ * 2), np.float32)))
    endpointing.push(Segment("agent", Span(0, RATE_HZ), RATE_HZ), RATE_HZ)
    (request,) = endpointing.close("agent", 2 * RATE_HZ)
    assert not request.want_voice


@pytest.mark.parametrize(("party", "words", "voice"), [("agent", True, False), ("caller", False, True)])
def test_of_a_long_utterance_what_was_said_so_far_is_asked_for_every_two_seconds(party, words, voice):
    parts = [request for request in all_requests("1-10", party=party) if not request.final]
    assert [(r.want_words, r.want_voice) for r in parts] == [(words, voice)] * 3
    assert {r.span.start for r in parts} == {samples(0.8)}
    assert [r.span.end // RATE_HZ for r in parts] == [5, 7, 9]


def test_of_a_short_utterance_nothing_is_asked_before_its_end():
    assert all(request.final for request in all_requests("1-4.9"))


def test_after_a_cut_the_words_so_far_begin_anew():
    asked = all_requests("1-20", party="agent")
    cut = next(r for r in asked if r.final)
    assert next(r for r in asked if r.span.start > cut.span.start).span.start >= cut.span.end - samples(0.4) - 2 * HOP


def test_partial_work_can_be_switched_off():
    assert all(request.final for request in all_requests("1-9", config=WordsConfig(interim_s=0.0)))
