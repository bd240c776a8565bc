"""How far events and their corrections agree: what counts as the same event, and what becomes of the others."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_samples import header, heated, segment, turn

from voicecare.report import elan
from voicecare.report.annotation import LABELS, Mark, compare, differences, marked_spans, marks
from voicecare.report.elan import NotAnEafError
from voicecare.session import Session
from voicecare.timebase import RATE_HZ, samples

CALL = Session(
    header(),
    (
        segment("caller", 0.5, 12.0),
        segment("agent", 8.0, 20.0),
        turn(1, "interruption", "agent", 8.0, 12.0),
        turn(2, "overlap", "agent", 8.0, 12.0),
        turn(3, "backchannel", "caller", 15.0, 15.5),
        turn(4, "dual_start", None, 17.0, 18.0),
    ),
    samples(20.0),
    complete=True,
)


def mark(at_s: float, text: str) -> Mark:
    return Mark(samples(at_s), text)


def test_marks_are_the_judged_events_that_somebody_started():
    assert marks(CALL) == [mark(8.0, "interruption by agent"), mark(15.0, "backchannel by caller")]
    assert [span.length for _, span in marked_spans(CALL)] == [samples(4.0), samples(0.5)]


def test_a_session_agrees_with_itself():
    told = marks(heated())
    assert all(a.precision == a.recall == a.f1 == 1.0 for a in compare(told, told))
    assert differences(told, told) == []


def test_a_deleted_mark_costs_precision_and_an_added_one_recall():
    told = marks(CALL)
    corrected = [told[0], mark(17.0, "interruption by agent")]
    by_text = {a.text: a for a in compare(told, corrected)}
    interruption, backchannel = by_text["interruption by agent"], by_text["backchannel by caller"]
    assert (interruption.precision, interruption.recall, interruption.f1) == (1.0, 0.5, pytest.approx(2 / 3))
    assert (backchannel.precision, backchannel.recall, backchannel.f1) == (0.0, None, 0.0)
    assert [d.code for d in differences(told, corrected)] == ["extra", "missed"]


@pytest.mark.parametrize(("moved_s", "common"), [(0.35, 1), (0.36, 0)])
def test_a_mark_moved_a_little_is_the_same_event(moved_s, common):
    told = [mark(8.0, "interruption by agent")]
    moved = [dataclasses.replace(told[0], at=samples(8.0 + moved_s))]
    assert compare(told, moved)[0].common == common


@pytest.mark.parametrize(
    ("corrected", "code"),
    [
        ("interruption by caller", "wrong_party"),
        ("backchannel by agent", "wrong_kind"),
        ("backchannel by caller", "wrong_kind"),
    ],
)
def test_an_event_under_another_name_is_told_as_such_and_not_twice(corrected, code):
    told, theirs = [mark(8.0, "interruption by agent")], [mark(8.1, corrected)]
    (difference,) = differences(told, theirs)
    assert (difference.code, difference.told, difference.corrected) == (code, told[0], theirs[0])


MARKS = st.lists(st.builds(Mark, st.integers(0, 20 * RATE_HZ), st.sampled_from(LABELS)), max_size=15)


@settings(max_examples=300)
@given(MARKS, MARKS)
def test_every_mark_is_either_agreed_on_or_named_in_one_difference(told, corrected):
    common = sum(row.common for row in compare(told, corrected))
    found = differences(told, corrected)
    assert common + sum(d.told is not None for d in found) == len(told)
    assert common + sum(d.corrected is not None for d in found) == len(corrected)


@settings(max_examples=100)
@given(MARKS, MARKS)
def test_swapping_the_two_swaps_precision_and_recall(told, corrected):
    ours = {a.text: (a.precision, a.recall, a.f1) for a in compare(told, corrected)}
    theirs = {a.text: (a.recall, a.precision, a.f1) for a in compare(corrected, told)}
    assert ours == theirs


@pytest.mark.parametrize("encoding", ["shift_jis", "gb2312", "big5", "euc-kr", "utf-7", "hex", "no-such"])
def test_an_eaf_in_an_encoding_expat_does_not_take_is_refused_with_what_to_do(encoding):
    with pytest.raises(NotAnEafError, match="save it as UTF-8"):
        elan.parse(f'<?xml version="1.0" encoding="{encoding}"?><ANNOTATION_DOCUMENT/>'.encode())
