"""The arithmetic every figure rests on is that of the textbook."""

import numpy as np
import pytest

from scripts.bench.measures.classes import auc, calibration_error, uar
from scripts.bench.measures.intervals import poisson_interval, wilson_interval


def test_area_under_the_curve_and_recall_are_those_of_the_textbook():
    truth = np.array([True, True, False, False, False])
    assert auc(truth, np.array([3.0, 1.0, 2.0, 0.0, 0.0])) == pytest.approx(5 / 6)
    assert uar(truth, np.array([True, False, True, False, False])) == pytest.approx((1 / 2 + 2 / 3) / 2)


def test_intervals_are_those_of_the_textbook():
    assert poisson_interval(0) == pytest.approx((0.0, 3.689), abs=1e-3)
    assert poisson_interval(5) == pytest.approx((1.623, 11.668), abs=1e-3)
    assert wilson_interval(4, 5) == pytest.approx((0.376, 0.964), abs=1e-3)
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_a_probability_that_is_right_as_often_as_it_says_has_no_calibration_error():
    told = np.repeat([0.25, 0.75], 400)
    right = np.tile(np.repeat([True, False], 100), 4)
    right[:400], right[400:] = np.arange(400) % 4 == 0, np.arange(400) % 4 != 0
    assert calibration_error(told, right) == pytest.approx(0.0)
    assert calibration_error(told, ~right) == pytest.approx(0.5)
