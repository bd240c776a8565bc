"""Agreement of raters, against figures of two published programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.qa.agreement import agreement

NAN = np.nan
# Krippendorff's own example (2011): four coders, twelve units, some not coded.
CODED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)
# Nearly everybody says yes: alpha speaks of no agreement where nine of ten answers are the same.
ONE_SIDED = np.array([[1] * 9 + [0], [1] * 8 + [0, 1]], float)


def test_alpha_and_ac1_of_the_textbook_example():
    measured = agreement(CODED)
    assert measured.alpha.value == pytest.approx(0.743421, abs=1e-6)
    assert measured.ac1.value == pytest.approx(0.77544, abs=1e-5)  # irrCAC 0.4.4
    assert measured.calls == 11


def test_alpha_knows_order_and_distance():
    assert agreement(CODED, "ordinal").alpha.value == pytest.approx(0.815388, abs=1e-6)
    assert agreement(CODED, "interval").alpha.value == pytest.approx(0.849107, abs=1e-6)


def test_ac1_stays_where_one_answer_dominates():
    measured = agreement(ONE_SIDED)
    assert measured.alpha.value == pytest.approx(-0.05556, abs=1e-5)
    assert measured.ac1.value == pytest.approx(0.7561, abs=1e-4)
    assert measured.percent.value == pytest.approx(0.8)


def test_intervals_hold_the_value_and_shrink_with_more_calls():
    few, many = agreement(CODED), agreement(np.tile(CODED, 10))
    for measured in (few, many):
        assert measured.ac1.low <= measured.ac1.value <= measured.ac1.high
    assert many.ac1.high - many.ac1.low < 0.5 * (few.ac1.high - few.ac1.low)


def test_the_same_ratings_give_the_same_interval():
    assert agreement(CODED) == agreement(CODED)


@pytest.mark.parametrize("table", [np.full((2, 4), NAN), np.zeros((0, 0)), np.array([[1.0, NAN], [NAN, 2.0]])])
def test_without_two_ratings_of_a_call_nothing_is_known(table):
    measured = agreement(table)
    assert (measured.calls, measured.alpha.value, measured.ac1.value) == (0, None, None)


def test_where_every_answer_is_the_same_alpha_is_not_known_and_agreement_is_whole():
    measured = agreement(np.ones((3, 5)))
    assert measured.alpha.value is None
    assert measured.ac1.value == 1.0


ratings = st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, NAN]), min_size=6, max_size=6), min_size=2, max_size=4).map(
    np.array
)


@settings(max_examples=60, deadline=None)
@given(ratings, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_is_what_the_krippendorff_package_says(table, level):
    import krippendorff

    measured = agreement(table, level, draws=2)
    known = table[~np.isnan(table)]
    pairable = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    if len(np.unique(known)) < 2 or len(np.unique(pairable[~np.isnan(pairable)])) < 2:
        return
    assert measured.alpha.value == pytest.approx(krippendorff.alpha(table, level_of_measurement=level), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(ratings, st.randoms())
def test_neither_the_order_of_raters_nor_of_calls_matters(table, draw):
    rows, columns = list(range(len(table))), list(range(table.shape[1]))
    draw.shuffle(rows)
    draw.shuffle(columns)
    here, there = agreement(table, draws=2), agreement(table[rows][:, columns], draws=2)
    for name in ("alpha", "ac1", "percent"):
        a, b = getattr(here, name).value, getattr(there, name).value
        assert a == pytest.approx(b) if a is not None else b is None
