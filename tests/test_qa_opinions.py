"""What reviewers say of a call: the last opinion stands, events stay, and numbers come in two versions."""

from __future__ import annotations

import pytest
import report_samples as calls
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.errors import UsageError
from voicecare.qa.accuracy import accuracy, tally, unweighted
from voicecare.qa.opinions import WHOLE, Opinion, checked, corrected, from_marks, standing, targets
from voicecare.qa.sampling import Drawn
from voicecare.report.annotation import LABELS, Mark, marks
from voicecare.report.numbers import numbers
from voicecare.timebase import samples
from voicecare.types import Arousal, Cue, Heard, Segment, Sentiment

CALL = calls.heated()
NAMES = dict(targets(CALL))


def name_of(kind: str) -> str:
    """The name of the first event of a kind."""
    return next(key for key, event in NAMES.items() if getattr(event, "kind", None) == kind)


def words(text: str) -> str:
    """The name of the stretch of words that holds a text."""
    return next(key for key, event in NAMES.items() if isinstance(event, Heard) and text in event.text)


def read(*opinions: Opinion):
    return corrected(CALL, standing(opinions))


def test_without_an_opinion_nothing_changes():
    assert corrected(CALL, {}) == CALL
    assert read(Opinion(name_of("interruption"), "agree")).events == CALL.events


def test_the_last_opinion_stands_and_one_taken_back_leaves_nothing():
    key = name_of("interruption")
    first, second = Opinion(key, "disagree"), Opinion(key, "agree")
    assert standing([first, second]) == {key: second}
    assert standing([first, Opinion(key, "withdraw")]) == {}


def test_a_wrong_interruption_is_not_counted_and_an_added_one_is():
    wrong = read(Opinion(name_of("interruption"), "disagree"))
    assert numbers(wrong).agent.interruptions == 0
    added = read(Opinion("new:1", "add", "interruption", "caller", samples(50.0)))
    assert numbers(added).caller.interruptions == 1
    assert numbers(CALL).agent.interruptions == 1


def test_an_event_is_corrected_to_another_kind_party_and_moment():
    right = read(Opinion(name_of("interruption"), "correct", "backchannel", "caller", samples(28.5)))
    assert (numbers(right).agent.interruptions, numbers(right).caller.backchannels) == (0, 2)


def test_corrected_words_keep_their_stretch_and_the_times_of_words_where_their_number_is_the_same():
    key = words("One moment")
    same = read(Opinion(key, "correct", text="One minute, I see the booking there."))
    (heard,) = [e for e in same.events if isinstance(e, Heard) and "One minute" in e.text]
    assert [w.span for w in heard.words] == [w.span for w in NAMES[key].words]
    fewer = read(Opinion(key, "correct", text="One moment"))
    (heard,) = [e for e in fewer.events if isinstance(e, Heard) and e.text == "One moment"]
    assert (heard.words[0].span.start, heard.words[-1].span.end) == (heard.span.start, heard.span.end)


def test_what_moves_to_the_agent_takes_every_estimate_of_it_away():
    key = words("The system!")
    event = NAMES[key]
    moved = read(Opinion(key, "correct", by="agent"))
    (heard,) = [e for e in moved.events if isinstance(e, Heard) and "The system!" in e.text]
    assert (heard.channel, heard.voice) == ("agent", None)
    assert not [e for e in moved.events if isinstance(e, Sentiment)]
    inside = [e for e in moved.events if isinstance(e, Arousal) and 2 * e.span.overlap(event.span) > e.span.length]
    assert inside == []
    speech = [e for e in moved.events if isinstance(e, Segment) and e.span == event.span]
    assert [e.channel for e in speech] == ["agent"]


def test_a_cue_that_was_shown_stays_shown_whatever_is_said_of_it():
    assert numbers(read(Opinion(name_of("acknowledge"), "disagree"))).cues == numbers(CALL).cues


@pytest.mark.parametrize(
    ("opinion", "said"),
    [
        (Opinion("turn:999", "agree"), "no 'turn:999'"),
        (Opinion("call", "perhaps"), "no verdict"),
        (Opinion("new:1", "add", "interruption"), "and when"),
        (Opinion("new:1", "add", "interruption", None, 5), "who began"),
        (Opinion("new:1", "add", "joy", "agent", 5), "cannot be given"),
        (Opinion("new:1", "add", "interruption", "agent", samples(76)), "1:15 long"),
        (Opinion("new:1", "add", "interruption", "nobody", 5), "no party"),
        (Opinion("call", "add", "interruption", "agent", 5), "new name"),
        (Opinion("call", "agree", text="x" * 5000), "4000"),
        (Opinion("new:" + "x" * 99, "agree"), "too long"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(opinion, said):
    with pytest.raises(UsageError, match=said):
        checked(opinion, CALL)


def test_a_corrected_file_becomes_opinions_that_read_as_the_file_does():
    right = [Mark(samples(28.1), "interruption by caller"), Mark(samples(60.0), "backchannel by agent")]
    found = read(*from_marks(CALL, marks(CALL), right))
    assert sorted(m.text for m in marks(found)) == sorted(m.text for m in right)


corrections = st.lists(st.builds(Mark, st.integers(0, 75 * 16_000), st.sampled_from(LABELS)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(corrections)
def test_whatever_a_file_says_the_call_then_reads_so(right):
    found = read(*from_marks(CALL, marks(CALL), right))
    assert sorted(m.text for m in marks(found)) == sorted(m.text for m in right)


def test_a_call_counts_once_it_was_heard_whole():
    assert tally(CALL, standing([Opinion(name_of("interruption"), "disagree")])) is None
    counts = tally(CALL, standing([Opinion(WHOLE, "agree")]))
    assert (counts["interruption"].told, counts["interruption"].right) == (1, 1)
    assert counts["words"].told == counts["words"].right > 100


def test_wrong_missed_and_corrected_are_counted_by_kind():
    counts = tally(
        CALL,
        standing(
            [
                Opinion(WHOLE, "agree"),
                Opinion(name_of("interruption"), "correct", "backchannel"),
                Opinion("new:1", "add", "interruption", "agent", samples(50.0)),
                Opinion(name_of("acknowledge"), "disagree"),
                Opinion(words("One moment"), "correct", by="caller", text="One moment, I see a booking"),
            ]
        ),
    )
    told = {kind: (t.told, t.right, t.missed) for kind, t in counts.items()}
    assert told["interruption"] == (1, 0, 1)
    assert told["backchannel"] == (1, 1, 1)
    assert told["acknowledge"] == (1, 0, 0)
    assert told["speaker"] == (15, 14, 1)
    said = counts["words"]
    assert (said.told - said.right, said.missed) == (2, 1)  # "the", "here" are not in; "a" was missed


def test_precision_and_recall_are_weighted_by_what_a_call_stands_for():
    good = tally(CALL, standing([Opinion(WHOLE, "agree")]))
    bad = tally(CALL, standing([Opinion(WHOLE, "agree"), Opinion(name_of("interruption"), "disagree")]))
    rows = {row.kind: row for row in accuracy([(Drawn("a", "x", 0.1), good), (Drawn("b", "x", 1.0), bad)])}
    assert rows["interruption"].precision.value == pytest.approx(10 / 11)
    assert rows["interruption"].precision.low <= 10 / 11 <= rows["interruption"].precision.high
    alone = {row.kind: row for row in accuracy([(unweighted("a"), good), (unweighted("b"), bad)])}
    assert alone["interruption"].precision.value == pytest.approx(0.5)
    assert "dual_start" not in alone


def test_cues_go_by_the_same_names_as_in_the_document():
    from voicecare.report.document import document

    rows = document(CALL)["events"]
    for key, event in NAMES.items():
        row = rows[int(key.partition(":")[2])]
        assert row["type"] == key.partition(":")[0]
        assert not isinstance(event, Cue) or row["id"] == event.id
