"""The break offer: seldom, after hard calls, and silent when it is not wanted."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.care.rest import Rest, RestRules

RULES = RestRules()
MINUTE_S = 60.0


def ready(now_s=0.0):
    rest = Rest()
    rest.begin_shift(now_s, again=False)
    return rest


def test_nothing_is_due_before_a_hard_call():
    rest = ready()
    assert not rest.is_due(10.0)
    rest.hard_call(10.0)
    assert rest.is_due(13.0)


def test_a_hard_call_is_not_spoken_of_a_quarter_of_an_hour_later():
    rest = ready()
    rest.hard_call(0.0)
    assert rest.is_due(14 * MINUTE_S)
    assert not rest.is_due(16 * MINUTE_S)


def test_two_refusals_in_a_row_bring_two_hours_of_silence():
    rest = ready()
    for start_s in (0.0, 31 * MINUTE_S):
        rest.hard_call(start_s)
        rest.offered(start_s)
        rest.declined(start_s)
    rest.hard_call(100 * MINUTE_S)
    assert not rest.is_due(100 * MINUTE_S)
    rest.hard_call(152 * MINUTE_S)
    assert rest.is_due(152 * MINUTE_S)


def test_a_pause_of_ones_own_counts_as_taken():
    rest = ready()
    rest.hard_call(0.0)
    rest.call_begins(299.0)
    assert rest.is_due(299.0)
    rest.call_begins(300.0)
    assert not rest.is_due(600.0)


def test_after_a_restart_within_the_shift_one_offer_is_left_and_none_at_once():
    rest = Rest()
    rest.begin_shift(0.0, again=True)
    rest.hard_call(20 * MINUTE_S)
    assert not rest.is_due(20 * MINUTE_S)
    rest.hard_call(31 * MINUTE_S)
    assert rest.is_due(31 * MINUTE_S)
    rest.offered(31 * MINUTE_S)
    rest.hard_call(90 * MINUTE_S)
    assert not rest.is_due(90 * MINUTE_S)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(1, 4_000), st.sampled_from(["take", "refuse", "ignore"])), max_size=60))
def test_never_more_than_four_a_shift_nor_two_in_half_an_hour(steps):
    rest, now_s, offers = ready(), 0.0, []
    for after_s, answer in steps:
        now_s += after_s
        rest.hard_call(now_s)
        if rest.is_due(now_s):
            rest.offered(now_s)
            offers.append(now_s)
            if answer == "take":
                rest.taken()
            elif answer == "refuse":
                rest.declined(now_s)
    assert len(offers) <= RULES.most
    assert all(later - sooner >= RULES.every_s for sooner, later in pairwise(offers))
